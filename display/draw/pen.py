"""A pen over one surface: places text by its ink, in units of the layout."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Literal

import pygame
from PIL import Image, ImageDraw

from dispatcher.wire.looks import Face
from display.draw.fonts import Weight, is_rtl
from display.draw.geometry import Screen
from display.draw.lettering import LINE_EMS, Ink, Lettering, fit, from_mask, ink, lines, wrap
from display.draw.pictures import fitted
from display.draw.theme import Colour, Theme

Side = Literal["left", "centre", "right"]
Towards = Literal["left", "right", "up", "down"]
_TURNS = {"right": 0, "up": 90, "left": 180, "down": 270}
_IN_NOTO: dict[Weight, Weight] = {"regular": "noto", "bold": "noto-bold"}
LEAST = 22
"""Units below which text is cut rather than made smaller, unless told otherwise."""


class Pen:
    """Draws on `surface`. All lengths are pixels; `u` makes them from units of the layout."""

    def __init__(self, surface: pygame.Surface, lettering: Lettering, theme: Theme | None = None) -> None:
        self.surface = surface
        self.theme = theme or Theme()
        self.face: Face = "hyperlegible"
        self.logo: str | None = None
        self.rows = 1.0
        """How much taller rows are than usual, as the theme and the distance of the readers ask for."""
        self.readable = 0
        """Pixels to the em that a label needs for the distance of the readers; 0 when that is not known."""
        self.screen = Screen(*surface.get_size())
        self._lettering = lettering
        self._unit = self.screen.unit
        self.needed = 0
        """Pixels of a capital that the distance of the readers asks for; 0 when it is not known."""

    def u(self, units: float) -> int:
        """Pixels of so many units."""
        return round(units * self._unit)

    def fill(self, colour: Colour) -> None:
        self.surface.fill(colour)

    def box(self, rect: pygame.Rect, colour: Colour, radius: int = 0) -> None:
        radius = min(radius, rect.width // 2, rect.height // 2)
        if radius <= 0:
            self.surface.fill(colour, rect)
            return
        self.surface.fill(colour, rect.inflate(0, -2 * radius))
        middle = rect.inflate(-2 * radius, 0)
        self.surface.fill(colour, pygame.Rect(middle.left, rect.top, middle.width, radius))
        self.surface.fill(colour, pygame.Rect(middle.left, rect.bottom - radius, middle.width, radius))
        corners = _corners(radius, colour)
        far_x, far_y = rect.right - radius, rect.bottom - radius
        places = ((rect.left, rect.top), (far_x, rect.top), (rect.left, far_y), (far_x, far_y))
        self.surface.blits(tuple(zip(corners, places, strict=True)), doreturn=False)

    def weight(self, weight: Weight) -> Weight:
        """The weight in the face that the office wants."""
        return _IN_NOTO.get(weight, weight) if self.face == "noto" else weight

    def ink(self, text: str, size: int, weight: Weight) -> Ink:
        """The box of `text` as this pen writes it."""
        return ink(text, size, self.weight(weight))

    def text(
        self,
        text: str,
        size: int,
        place: tuple[int, int],
        colour: Colour,
        *,
        weight: Weight = "regular",
        side: Side = "left",
        width: int | None = None,
        least: int | None = None,
    ) -> pygame.Rect:
        """Write `text` with its base line at `place`, held at its `side`.

        To keep `width` it is made smaller, down to `least` pixels to the em, then cut. Returns the box of the ink.
        """
        weight = self.weight(weight)
        if width is not None:
            text, size = fit(text, size, weight, max(1, width), min(size, least or self.u(LEAST)))
        box = ink(text, size, weight)
        x, y = place
        left = {"left": x, "centre": x - box.width // 2, "right": x - box.width}[side]
        if not box.width:
            return pygame.Rect(left, y, 0, 0)
        self._lettering.draw(self.surface, text, size, colour, weight, (left, y))
        return pygame.Rect(left, y + box.top, box.width, box.height)

    def paragraph(
        self, text: str, size: int, rect: pygame.Rect, colour: Colour, *, weight: Weight = "regular", rows: int = 2
    ) -> None:
        """Write `text` in `rect`, in the middle of its height; in one line, or smaller in up to `rows`.

        It is held at the side at which it begins.
        """
        weight = self.weight(weight)
        lines: tuple[str, ...] = (text,)
        rtl = is_rtl(text)
        if ink(text, size, weight).width > rect.width:
            size = min(size * 3 // 4, rect.height * 2 // 5)
            lines = wrap(text, size, weight, rect.width)
            if len(lines) > rows:
                lines = (*lines[: rows - 1], " ".join(lines[rows - 1 :]))
        pitch = size * 5 // 4
        base = rect.centery - pitch * (len(lines) - 1) // 2 + size * 7 // 20
        x = rect.right if rtl else rect.left
        side: Side = "right" if rtl else "left"
        for row, line in enumerate(lines):
            place = (x, base + row * pitch)
            self.text(line, size, place, colour, weight=weight, side=side, width=rect.width, least=size)

    def block(
        self,
        text: str,
        size: int,
        rect: pygame.Rect,
        colour: Colour,
        *,
        weight: Weight = "label",
        side: Side = "left",
        rows: int = 2,
        least: int | None = None,
    ) -> None:
        """Write `text` in the middle of the height of `rect`, as large as it fits in one line or in up to `rows`.

        It is held at the `side` of `rect`; below `least` pixels to the em it is cut.
        """
        found, largest = lines(text, size, self.weight(weight), rect.width, rect.height, rows)
        size = max(largest, min(size, least or self.u(LEAST)))
        pitch = round(size * LINE_EMS)
        boxes = [self.ink(line, size, weight) for line in found]
        met = max((above.bottom - below.top + size // 16 for above, below in pairwise(boxes)), default=0)
        if met > pitch:
            # Marks above and below the letters of some scripts need more than is usual.
            size = size * pitch // met
        base = rect.centery - pitch * (len(found) - 1) // 2 + round(size * 0.357)
        x = {"left": rect.left, "centre": rect.centerx, "right": rect.right}[side]
        for row, line in enumerate(found):
            place = (x, base + row * pitch)
            self.text(line, size, place, colour, weight=weight, side=side, width=rect.width, least=size * 9 // 10)

    def arrow(self, rect: pygame.Rect, colour: Colour, towards: Towards = "right") -> None:
        """An arrow that fills `rect`."""
        self.surface.blit(_arrow(rect.width, rect.height, colour, towards), rect)

    def picture(self, data: str, rect: pygame.Rect) -> pygame.Rect:
        """Put a picture (base64 of a PNG or JPEG) in the middle of `rect`, as large as it goes; returns its place.

        Raises OSError for one that cannot be read.
        """
        made = fitted(data, rect.size)
        place = made.get_rect(center=rect.center)
        self.surface.blit(made, place)
        return place


@lru_cache(maxsize=32)
def _corners(radius: int, colour: Colour) -> tuple[pygame.Surface, ...]:
    """The four corners of a box with smooth edges: top left, top right, bottom left, bottom right."""
    mask = Image.new("L", (radius * 4, radius * 4))
    ImageDraw.Draw(mask).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
    first = mask.resize((radius, radius), Image.Resampling.BOX)
    across = first.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    below = (each.transpose(Image.Transpose.FLIP_TOP_BOTTOM) for each in (first, across))
    return tuple(from_mask(each, colour) for each in (first, across, *below))


@lru_cache(maxsize=16)
def _arrow(width: int, height: int, colour: Colour, towards: Towards) -> pygame.Surface:
    """Drawn four times as large and made smaller: smooth edges."""
    if towards in ("up", "down"):
        width, height = height, width
    big_w, big_h, stroke = width * 4, height * 4, height * 4 // 6
    mask = Image.new("L", (big_w, big_h))
    draw = ImageDraw.Draw(mask)
    middle, head = big_h // 2, big_h // 2
    draw.rounded_rectangle((0, middle - stroke // 2, big_w - stroke, middle + stroke // 2), stroke // 2, fill=255)
    tip = (big_w - stroke, middle)
    for end in (stroke // 2, big_h - stroke // 2):
        start = (big_w - head - stroke // 2, end)
        draw.line((start, tip), fill=255, width=stroke)
        draw.ellipse((start[0] - stroke // 2, end - stroke // 2, start[0] + stroke // 2, end + stroke // 2), fill=255)
    draw.ellipse((tip[0] - stroke // 2, middle - stroke // 2, tip[0] + stroke // 2, middle + stroke // 2), fill=255)
    small = mask.resize((width, height), Image.Resampling.LANCZOS)
    return from_mask(small.rotate(_TURNS[towards], expand=True), colour)
