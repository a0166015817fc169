"""The dispenser's look in one place: colours by role, normal and in high contrast, and the least sizes.

Sizes are design units of a quarter of a millimetre: 1080 × 1920 of them are a portrait screen of 21.5 inches. Capital
letters of MIN_TEXT are 6.2 mm high (EN 301 549 5.1.4 at 0.5 m), and no target is smaller than 20 mm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1080, 1920
DIAGONAL_IN = 21.5
MM_PER_IN = 25.4
UNITS_PER_MM = math.hypot(WIDTH, HEIGHT) / (DIAGONAL_IN * MM_PER_IN)
RADIUS = 28
MIN_TEXT = 38
MIN_TARGET = 84


@dataclass(frozen=True)
class Palette:
    """Each colour by what it is for; `on_…` and `…_soft` are written on the colour before them."""

    name: str
    ground: Colour
    panel: Colour
    ink: Colour
    ink_soft: Colour
    line: Colour
    """Borders, and what is written on a plain button."""
    panel_pressed: Colour
    head: Colour
    on_head: Colour
    head_soft: Colour
    fill: Colour
    """What is touched most: the services."""
    fill_pressed: Colour
    on_fill: Colour
    fill_soft: Colour
    mark: Colour
    mark_pressed: Colour
    on_mark: Colour
    closed: Colour
    on_closed: Colour
    shadow: Colour

    def pairs(self) -> tuple[tuple[Colour, Colour], ...]:
        """Which colour is written on which: checked against 7:1 (WCAG 1.4.6) by a test."""
        return (
            *((ink, ground) for ink in (self.ink, self.ink_soft, self.line) for ground in (self.ground, self.panel)),
            (self.line, self.panel_pressed),
            *((ink, self.head) for ink in (self.on_head, self.head_soft)),
            *((ink, fill) for ink in (self.on_fill, self.fill_soft) for fill in (self.fill, self.fill_pressed)),
            *((self.on_mark, mark) for mark in (self.mark, self.mark_pressed)),
            (self.on_closed, self.closed),
        )

    def edges(self) -> tuple[tuple[Colour, Colour], ...]:
        """Which colour must stand out from which as a shape: 3:1 (WCAG 1.4.11)."""
        return (self.fill, self.ground), (self.line, self.ground)


NORMAL = Palette(
    name="normal",
    ground=(247, 244, 237),
    panel=(255, 255, 255),
    ink=(17, 31, 41),
    ink_soft=(55, 68, 78),
    line=(9, 78, 92),
    panel_pressed=(222, 240, 241),
    head=(6, 52, 63),
    on_head=(255, 255, 255),
    head_soft=(222, 240, 241),
    fill=(9, 78, 92),
    fill_pressed=(5, 48, 58),
    on_fill=(255, 255, 255),
    fill_soft=(222, 240, 241),
    mark=(255, 190, 77),
    mark_pressed=(240, 165, 40),
    on_mark=(17, 31, 41),
    closed=(230, 226, 216),
    on_closed=(62, 68, 72),
    shadow=(226, 221, 209),
)
BLACK, WHITE, YELLOW = (0, 0, 0), (255, 255, 255), (255, 225, 0)
CONTRAST = Palette(
    name="contrast",
    ground=BLACK,
    panel=BLACK,
    ink=WHITE,
    ink_soft=WHITE,
    line=WHITE,
    panel_pressed=(60, 60, 60),
    head=BLACK,
    on_head=YELLOW,
    head_soft=WHITE,
    fill=YELLOW,
    fill_pressed=WHITE,
    on_fill=BLACK,
    fill_soft=BLACK,
    mark=WHITE,
    mark_pressed=(210, 210, 210),
    on_mark=BLACK,
    closed=(45, 45, 45),
    on_closed=WHITE,
    shadow=(110, 110, 110),
)
PALETTES = (NORMAL, CONTRAST)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
