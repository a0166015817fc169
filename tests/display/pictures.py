"""Pictures as facts: what an independent reader reads in them, how tall their letters are."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

import pygame
import pytesseract
from PIL import Image, ImageChops, ImageOps

from dispatcher.wire.messages import DisplayConfig
from display.draw.lettering import Lettering
from display.draw.pen import Pen
from display.outfit import dress
from display.scenes import scene
from display.view import BoardView

Box = tuple[int, int, int, int]
_LABEL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def drawn(view: BoardView, size: tuple[int, int] = (1920, 1080), config: DisplayConfig | None = None) -> Image.Image:
    """The picture of a view, in the look of the settings."""
    surface = pygame.Surface(size).convert()
    scene(view.layout).draw(dress(Pen(surface, Lettering()), config), view)
    return of_surface(surface)


def of_surface(surface: pygame.Surface) -> Image.Image:
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))


def of_png(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def read(picture: Image.Image, box: Box, *, allowed: str = "", height: int = 120) -> str:
    """The line that tesseract reads in `box`; `allowed` limits the letters, `height` is what it is made smaller to."""
    part = ImageOps.autocontrast(ImageOps.grayscale(picture.crop(box)))
    if part.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) < 128:
        part = ImageOps.invert(part)
    # Tesseract is made for the size of print: about 60 pixels to a line, with white around.
    part.thumbnail((100_000, height))
    part = ImageOps.expand(part, 24, fill=part.getpixel((0, 0)))
    options = "--psm 7" + (f" -c tessedit_char_whitelist={allowed}" if allowed else "")
    return str(pytesseract.image_to_string(part, config=options)).strip()


def read_page(picture: Image.Image, box: Box) -> str:
    """All lines that tesseract reads in `box`."""
    part = ImageOps.invert(ImageOps.grayscale(picture.crop(box)))
    return " ".join(str(pytesseract.image_to_string(part, lang="eng", config="--psm 6")).split())


def read_label(picture: Image.Image, box: Box) -> str:
    """A label: letters, then digits. To tesseract a zero and the letters O and Q are one shape: the place decides.

    What is read most often in three sizes counts: a single reading now and then doubles a letter.
    """
    readings = [_label(read(picture, box, allowed=_LABEL, height=height)) for height in (120, 90, 70)]
    return Counter(readings).most_common(1)[0][0]


def _label(line: str) -> str:
    text = re.sub(r"[^A-Z0-9]", "", line)
    letters = re.match(r"[A-Z]{0,2}?(?=[0-9OQ]{2,}$)", text)
    cut = letters.end() if letters else 0
    return text[:cut] + re.sub("[OQ]", "0", text[cut:])


def dark_bands(picture: Image.Image, box: Box, *, least: int = 8) -> list[tuple[int, int]]:
    """The bands of rows (first, last) in `box` that have dark ink on a light ground."""
    part = ImageOps.grayscale(picture.crop(box)).point(lambda value: 255 if value < 90 else 0)
    inked = [any(part.crop((0, row, part.width, row + 1)).tobytes()) for row in range(part.height)]
    return _runs(inked, box[1], least)


def ink_box(picture: Image.Image, box: Box) -> Box | None:
    """The bounds of dark ink in `box`, in pixels of the picture."""
    part = ImageOps.grayscale(picture.crop(box)).point(lambda value: 255 if value < 90 else 0)
    found = part.getbbox()
    if found is None:
        return None
    return (found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1])


def area_of(picture: Image.Image, colour: tuple[int, int, int]) -> Box:
    """The bounds of all pixels of exactly that colour."""
    away = ImageChops.difference(picture, Image.new("RGB", picture.size, colour))
    red, green, blue = away.split()
    exact = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda value: 0 if value else 255)
    found = exact.getbbox()
    assert found is not None
    return found


def _runs(inked: Sequence[bool], offset: int, least: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for row, has in enumerate([*inked, False]):
        if has and first is None:
            first = row
        elif not has and first is not None:
            if row - first >= least:
                runs.append((first + offset, row - 1 + offset))
            first = None
    return runs
