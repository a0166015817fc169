"""Reading pictures as a person would: labels by tesseract, heights by counting pixels."""

from __future__ import annotations

import io
import re

import pytesseract
from PIL import Image, ImageChops, ImageOps

LABEL = re.compile(r"[A-Z][0-9]{3,4}|([A-Z])\1[0-9]{2,4}")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without I, O and Q, of which an office file is warned."""
HEIGHTS = (90, 120, 40, 60)
"""In pixels: tesseract was made for letters of a page and reads huge ones better at some sizes than at others."""
METRES = 10.0
"""From how far a call must be readable (C1)."""
SCREEN_WIDTH_MM = 1217.7
"""A 55 inch screen of 16:9."""


def wall_text_mm(distance_m: float) -> float:
    """Least height of capitals on a wall (ADA 703.5.5: 51 mm to 4.57 m, then 3.2 mm for each 305 mm more)."""
    return 51.0 if distance_m <= 4.57 else 51.0 + (distance_m - 4.57) / 0.305 * 3.2


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def huge_call(screen: Image.Image) -> Image.Image:
    """The label of the announced call: the tallest line on the card that fills the left of the screen."""
    width, height = screen.size
    ground = screen.getpixel((round(width * 0.04), round(height * 0.4)))
    difference = ImageChops.difference(screen, Image.new("RGB", screen.size, ground)).convert("L")
    card = difference.point(lambda value: 255 if value < 8 else 0).getbbox() or (0, 0, width, height)
    lines = _lines(ImageOps.invert(difference.crop(card)))
    return lines[0] if lines else screen


def read_label(line: Image.Image) -> str | None:
    """The label that tesseract reads in a picture of one line, dark on light; the word of most of its readings."""
    grey = ImageOps.autocontrast(ImageOps.grayscale(line))
    box = _ink_box(grey)
    readings = [label for height in HEIGHTS if (label := _read(grey.crop(box), height))] if box else []
    return max(readings, key=readings.count) if readings else None


def _read(ink: Image.Image, height: int) -> str | None:
    small = ink.resize((max(1, round(ink.width * height / ink.height)), height))
    whole = ImageOps.expand(small, 25, fill=255)
    if whole.width > 12 * height:
        return None  # a sentence
    text = pytesseract.image_to_string(whole, config=f"--psm 7 -c tessedit_char_whitelist={LETTERS}0123456789")
    found = LABEL.fullmatch(text.strip())
    return found[0] if found else None


def _ink_box(grey: Image.Image) -> tuple[int, int, int, int] | None:
    return grey.point(lambda value: 255 if value < 128 else 0).getbbox()


def glyph_height(line: Image.Image) -> int:
    """Height in pixels of what is written in a picture of one line, dark on light."""
    box = _ink_box(ImageOps.autocontrast(ImageOps.grayscale(line)))
    return 0 if box is None else box[3] - box[1]


def printed_label(paper: Image.Image) -> str | None:
    """The label on a picture of a ticket: the tallest line that reads as one."""
    labels = (read_label(line) for line in _lines(ImageOps.grayscale(paper)))
    return next((label for label in labels if label), None)


def _lines(grey: Image.Image) -> list[Image.Image]:
    """The lines of text of a picture, dark on light, the tallest first."""
    dark = grey.point(lambda value: 255 if value < 128 else 0)
    column = dark.resize((1, dark.height), Image.Resampling.BOX).tobytes()
    spans, start = [], None
    for y, inked in enumerate([*(value > 0 for value in column), False]):
        if inked and start is None:
            start = y
        elif not inked and start is not None:
            spans.append((start, y))
            start = None
    spans.sort(key=lambda span: span[0] - span[1])
    return [grey.crop((0, max(0, top - 8), grey.width, bottom + 8)) for top, bottom in spans]
