"""The printer's two fonts, drawn into fixed cells from the Noto Sans that comes with its font package."""

from functools import lru_cache
from pathlib import Path

import fontpkg_noto_sans
from PIL import Image, ImageDraw, ImageFont

# Noto Sans is proportional; this width lets most glyphs stand in a cell of 1:2 without being squeezed.
_WIDTH_AXIS, _REGULAR, _BOLD = 94, 500, 800
# Part of the cell's height that an em takes, and where the baseline stands in it.
_EM, _BASELINE = 0.86, 0.78
_FILL = 0.96


@lru_cache(maxsize=1)
def _file() -> Path:
    files = sorted((Path(fontpkg_noto_sans.ROOT) / "files").glob("NotoSans*.ttf"))
    return next(file for file in files if "Italic" not in file.name)


@lru_cache(maxsize=64)
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_file()), size, layout_engine=ImageFont.Layout.BASIC)
    axes = {axis["name"]: axis for axis in font.get_variation_axes()}
    wanted = {b"Width": _WIDTH_AXIS, b"Weight": _BOLD if bold else _REGULAR}
    font.set_variation_by_axes([wanted.get(name, axis["default"] or 0) for name, axis in axes.items()])
    return font


@lru_cache(maxsize=2048)
def glyph(char: str, wide: int, high: int, *, bold: bool) -> Image.Image:
    """`char` as black (255) on nothing (0) in a cell of `wide` × `high` dots, mode L."""
    em = round(high * _EM)
    font = _font(em, bold=bold)
    advance = max(1, round(font.getlength(char)))
    drawn = Image.new("L", (advance + em, high), 0)
    ImageDraw.Draw(drawn).text((em // 2, round(high * _BASELINE)), char, font=font, fill=255, anchor="ls")
    cell = Image.new("L", (wide, high), 0)
    # A cell may be stretched to n times its height or width; the glyph follows, as the print head would make it.
    stretch = wide / (high / 2)
    target = min(round(advance * stretch), round(wide * _FILL))
    part = drawn.crop((em // 2, 0, em // 2 + advance, high))
    if target != advance:
        part = part.resize((max(1, target), high), Image.Resampling.LANCZOS)
    cell.paste(part, ((wide - part.width) // 2, 0))
    return cell
