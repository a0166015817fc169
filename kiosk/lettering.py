"""Text of all scripts as pictures: Pillow with RAQM shaping and the fonts of the fontpkg packages.

Pillow's fonts are not safe for two threads at once (the screen and the ticket): one lock for both.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
from PIL import Image, ImageDraw, ImageFont, features

_LOCK = threading.RLock()
_VARIABLE = {
    "noto": (fontpkg_noto_sans.ROOT, "NotoSans[wdth,wght].ttf"),
    "arabic": (fontpkg_noto_sans_arabic.ROOT, "NotoSansArabic[wdth,wght].ttf"),
    "devanagari": (fontpkg_noto_sans_devanagari.ROOT, "NotoSansDevanagari[wdth,wght].ttf"),
}


class NoShaping(RuntimeError):
    """Pillow cannot shape text here; the message says what to install."""


def check_shaping() -> None:
    """Raises NoShaping when right-to-left and joined scripts would come out wrong."""
    if not (features.check("raqm") and features.check("fribidi")):
        raise NoShaping("Pillow cannot shape text: install the Debian package libfribidi0")


def measure(text: str, size: int, *, bold: bool = False) -> int:
    """The width of one line in pixels."""
    with _LOCK:
        return round(_font(_family(text), size, bold).getlength(text))


def line_height(size: int) -> int:
    """The height of a line, the same for all scripts."""
    return round(size * 1.3)


def mask(text: str, size: int, *, bold: bool = False) -> Image.Image:
    """One line as a picture of opacities (mode L), `line_height(size)` high, the base line at 78 % of it."""
    with _LOCK:
        font = _font(_family(text), size, bold)
        width = max(1, round(font.getlength(text)) + 2)
        picture = Image.new("L", (width, line_height(size)), 0)
        ImageDraw.Draw(picture).text((1, round(line_height(size) * 0.78)), text, fill=255, font=font, anchor="ls")
        return picture


def wrap(text: str, size: int, width: int, *, bold: bool = False) -> list[str]:
    """The text broken at spaces into lines of at most `width` pixels; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fit(
    text: str, size: int, width: int, *, bold: bool = False, lines: int = 1, least: int = 20
) -> tuple[int, list[str]]:
    """The largest size up to `size` at which `text` takes at most `lines` lines of `width` pixels, and these lines."""
    while True:
        broken = wrap(text, size, width, bold=bold)
        fits = len(broken) <= lines and all(measure(line, size, bold=bold) <= width for line in broken)
        if fits or size <= least:
            return size, broken
        size -= 2


def _family(text: str) -> str:
    for character in text:
        point = ord(character)
        if 0x0590 <= point <= 0x08FF or 0xFB1D <= point <= 0xFEFF:
            return "arabic"
        if 0x0900 <= point <= 0x097F:
            return "devanagari"
        if point > 0x024F and character.isalpha():
            return "noto"
    return "atkinson"


@cache
def _font(family: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    if family == "atkinson":
        name = f"AtkinsonHyperlegible-{'Bold' if bold else 'Regular'}.ttf"
        path = Path(fontpkg_atkinson_hyperlegible.ROOT) / "files" / name
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    root, name = _VARIABLE[family]
    font = ImageFont.truetype(Path(root) / "files" / name, size, layout_engine=ImageFont.Layout.RAQM)
    weight = 700 if bold else 400
    # the order of the axes differs from font to font
    font.set_variation_by_axes([weight if axis["name"] == b"Weight" else 100 for axis in font.get_variation_axes()])
    return font
