"""Drawing in design units on a pygame surface of any size; smooth shapes and text come from Pillow and are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pygame
from PIL import Image, ImageDraw

from kiosk import lettering
from kiosk.ui import layout as layouts
from kiosk.ui import theme
from kiosk.ui.layout import Box as Box
from kiosk.ui.layout import Layout
from kiosk.ui.theme import Colour, Palette

SMOOTH = 4
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Target:
    """Something to touch: its rectangle in pixels of the surface, and what a touch means."""

    rect: pygame.Rect
    action: object


class Canvas:
    """One frame under construction. `pressed` is the action whose target is under the finger; without a layout the
    surface is the reference screen's."""

    def __init__(
        self,
        surface: pygame.Surface,
        pressed: object = None,
        layout: Layout | None = None,
        palette: Palette = theme.NORMAL,
    ) -> None:
        self.surface = surface
        self.pressed = pressed
        self.layout = layout or layouts.nearest(surface.get_size(), theme.DIAGONAL_IN)
        self.palette = palette
        self.targets: list[Target] = []
        self.texts: list[tuple[str, int]] = []
        self.text_boxes: list[tuple[str, pygame.Rect]] = []
        self.scale = self.layout.scale

    def use(self, layout: Layout) -> None:
        """Draw in this layout of the same surface from now on."""
        self.layout, self.scale = layout, layout.scale

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    def at(self, x: float, y: float) -> tuple[int, int]:
        return round(x * self.scale), round(y * self.scale)

    def rect(self, box: Box) -> pygame.Rect:
        left, top = self.at(box.x, box.y)
        right, bottom = self.at(box.right, box.bottom)
        return pygame.Rect(left, top, max(1, right - left), max(1, bottom - top))

    def fill(self, colour: Colour) -> None:
        self.surface.fill(colour)

    def band(self, y: float, height: float, colour: Colour) -> None:
        """A band over the whole width of the surface."""
        top = self.at(0, y)[1]
        bottom = self.at(0, y + height)[1]
        self.surface.fill(colour, pygame.Rect(0, top, self.surface.get_width(), bottom - top))

    def panel(
        self, box: Box, colour: Colour, *, radius: float = theme.RADIUS, border: Colour | None = None, width: float = 4
    ) -> None:
        """A rectangle with round corners."""
        rect = self.rect(box)
        if border:
            self.surface.blit(_rounded(rect.size, self.px(radius), border), rect)
            inner = rect.inflate(-2 * self.px(width), -2 * self.px(width))
            self.surface.blit(_rounded(inner.size, max(1, self.px(radius) - self.px(width)), colour), inner)
        else:
            self.surface.blit(_rounded(rect.size, self.px(radius), colour), rect)

    def ticket(self, box: Box, colour: Colour, notch_y: float) -> None:
        """A slip of paper with a notch at either side, `notch_y` below its top, as where it is torn off."""
        rect = self.rect(box)
        self.surface.blit(_ticket(rect.size, self.px(theme.RADIUS), colour, self.px(notch_y), self.px(20)), rect)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        size = self.px(radius * 2)
        left, top = self.at(x - radius, y - radius)
        self.surface.blit(_rounded((size, size), size // 2, colour), (left, top))

    def half(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """The right half of a disc."""
        steps = [math.pi * (at / 24 - 0.5) for at in range(25)]
        self.polygon([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in steps], colour)

    def polygon(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled shape; its corners in design units."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = min(xs), min(ys)
        size = (self.px(max(xs) - left), self.px(max(ys) - top))
        local = tuple(((x - left) * self.scale, (y - top) * self.scale) for x, y in points)
        self.surface.blit(_polygon(size, local, colour), self.at(left, top))

    def text(
        self, x: float, y: float, text: str, size: int, colour: Colour, *, bold: bool = False, align: Align = "left"
    ) -> float:
        """One line with its upper edge at `y`; returns the y below it."""
        if text:
            picture = _text(text, self.px(size), colour, bold)
            left, top = self.at(x, y)
            shift = {"left": 0, "centre": picture.get_width() // 2, "right": picture.get_width()}[align]
            self.surface.blit(picture, (left - shift, top))
            self.texts.append((text, size))
            self.text_boxes.append((text, picture.get_rect(topleft=(left - shift, top))))
        return y + lettering.line_height(size)

    def block(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: Colour,
        width: float,
        *,
        bold: bool = False,
        align: Align = "left",
        lines: int = 2,
    ) -> float:
        """Text broken into at most `lines` lines of `width`, smaller where it must be; returns the y below it."""
        fitted, broken = fit(text, size, width, bold, lines)
        for line in broken:
            y = self.text(x, y, line, fitted, colour, bold=bold, align=align)
        return y

    def target(self, box: Box, action: object) -> bool:
        """Make `box` touchable; whether it is under the finger now."""
        self.targets.append(Target(self.rect(box), action))
        return self.pressed == action


@lru_cache(maxsize=4096)
def fit(text: str, size: int, width: float, bold: bool, lines: int) -> tuple[int, tuple[str, ...]]:
    """`lettering.fit` in design units, remembered. Its steps are of two: from an even size they end at MIN_TEXT."""
    size -= size % 2
    fitted, broken = lettering.fit(text, size, int(width), bold=bold, lines=lines, least=theme.MIN_TEXT)
    return fitted, tuple(broken)


@lru_cache(maxsize=192)
def _text(text: str, size: int, colour: Colour, bold: bool) -> pygame.Surface:
    return _tinted(lettering.mask(text, size, bold=bold), colour)


@lru_cache(maxsize=96)
def _rounded(size: tuple[int, int], radius: int, colour: Colour) -> pygame.Surface:
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH), 0)
    box = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * SMOOTH, fill=255)
    return _tinted(mask.resize(size, Image.Resampling.BOX), colour)


@lru_cache(maxsize=32)
def _ticket(size: tuple[int, int], radius: int, colour: Colour, notch_y: int, notch: int) -> pygame.Surface:
    width, height = size[0] * SMOOTH, size[1] * SMOOTH
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), radius * SMOOTH, fill=255)
    y, r = notch_y * SMOOTH, notch * SMOOTH
    for x in (0, width):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=0)
    step, dot = 28 * SMOOTH * size[0] // 900, 4 * SMOOTH * size[0] // 900
    for x in range(r + step, width - r - step // 2, step):
        draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=0)
    return _tinted(mask.resize(size, Image.Resampling.BOX), colour)


@lru_cache(maxsize=64)
def _polygon(size: tuple[int, int], points: tuple[tuple[float, float], ...], colour: Colour) -> pygame.Surface:
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH), 0)
    ImageDraw.Draw(mask).polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=255)
    return _tinted(mask.resize(size, Image.Resampling.BOX), colour)


def _tinted(mask: Image.Image, colour: Colour) -> pygame.Surface:
    picture = Image.new("RGBA", mask.size, (*colour, 0))
    picture.putalpha(mask)
    surface = pygame.image.frombytes(picture.tobytes(), picture.size, "RGBA")
    # in the screen's own byte order a blit takes a tenth of the time
    return surface.convert_alpha() if pygame.display.get_surface() else surface
