"""A picture as a printer's logo: scaled down to its paper, in black and white."""

from __future__ import annotations

import hashlib
from pathlib import Path

from firmware_config.escpos import MOST_BYTES
from firmware_config.model import Picture

DITHERS = ("floyd-steinberg", "threshold")
_BLACK_BELOW = 128
_NOTE = "numeretto"


def picture(file: Path, *, width: int, dither: str = "floyd-steinberg") -> Picture:
    """`file` at most `width` dots wide, never enlarged. Raises ValueError with a sentence, or OSError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as opened:
            source = opened.convert("RGBA")
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{file.name} is no picture that can be read: {error}") from error
    paper = Image.new("RGBA", source.size, "white")
    paper.alpha_composite(source)
    grey = paper.convert("L")
    if grey.width > width:
        grey = grey.resize((width, max(1, round(grey.height * width / grey.width))), Image.Resampling.LANCZOS)
    if dither == "threshold":
        grey = grey.point([0 if level < _BLACK_BELOW else 255 for level in range(256)])
    spread = Image.Dither.FLOYDSTEINBERG if dither == "floyd-steinberg" else Image.Dither.NONE
    wide = Image.new("1", ((grey.width + 7) // 8 * 8, grey.height), 1)
    wide.paste(grey.convert("1", dither=spread), (0, 0))
    data = bytes(byte ^ 0xFF for byte in wide.tobytes())
    if len(data) > MOST_BYTES:
        raise ValueError(f"{file.name} is {wide.height} dots high: at most {MOST_BYTES // (wide.width // 8)} go in")
    digest = hashlib.sha256(b"%dx%d " % wide.size + data).hexdigest()[:32]
    return Picture(wide.width, wide.height, data, digest)


def note(one: Picture) -> str:
    """What is kept beside a logo in the printer, so that its content is known again."""
    return f"{_NOTE} {one.width}x{one.height} {one.digest}"


def about(kept: str | None) -> str:
    """A kept note for people."""
    parts = (kept or "").split()
    if len(parts) != 3 or parts[0] != _NOTE:
        return "content unknown"
    return f"{parts[1].replace('x', '×')} {parts[2][:8]}"
