"""From a screen's size to where things stand on it. Pure: no pygame.

A design unit is the same length on every screen, so that letters and targets keep their size in millimetres and what
changes is how much fits: fewer services on a page, fewer words. On screens larger than the reference what is read
grows; what is touched does not where there is much of it, so that all of it stays within reach of the lower edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.ui import theme

LEAST_SHORT, LEAST_LONG = 505, 860
"""The smallest screen, in units, that holds a keypad with keys of 20 mm: 10.1 inches, of whatever shape."""
REACH_MM = 295.0
"""What is touched stands within so much above the lower edge of the screen: mounted with that edge at up to 825 mm, all
of it is below 1120 mm (EN 301 549 8.3.3, over an obstruction) and above 380 mm."""


GROWN = 1.05
"""Below it the units are those of the reference: the shape of the screen alone makes such a difference."""


class TooSmall(ValueError):
    """The screen cannot hold one service in letters that can be read; the message says what is needed."""


@dataclass(frozen=True)
class Box:
    """A rectangle in design units."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def inset(self, by: float) -> Box:
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def rows(self, count: int, gap: float) -> tuple[Box, ...]:
        """This box cut into `count` rows of the same height."""
        height = (self.h - (count - 1) * gap) / max(1, count)
        return tuple(Box(self.x, self.y + at * (height + gap), self.w, height) for at in range(count))

    def columns(self, count: int, gap: float) -> tuple[Box, ...]:
        width = (self.w - (count - 1) * gap) / max(1, count)
        return tuple(Box(self.x + at * (width + gap), self.y, width, self.h) for at in range(count))

    def grid(self, columns: int, rows: int, gap: float) -> tuple[Box, ...]:
        """Row by row."""
        return tuple(cell for row in self.rows(rows, gap) for cell in row.columns(columns, gap))

    def from_bottom(self, height: float, gap: float) -> tuple[Box, Box]:
        """What is above, and a strip of `height` at the bottom."""
        return (
            Box(self.x, self.y, self.w, self.h - height - gap),
            Box(self.x, self.y + self.h - height, self.w, height),
        )


@dataclass(frozen=True)
class Layout:
    """A screen of `width` × `height` units at `scale` pixels a unit; `foot_h` of it is kept free at the bottom.

    `growth` is how much larger its units are than those of the reference; `large`: the same screen for what is read.
    """

    width: float
    height: float
    scale: float
    foot_h: float = 0.0
    growth: float = 1.0
    large: Layout | None = None

    def within_reach(self) -> Layout:
        """The same screen for what is touched: with the reference's units, of which more are within reach."""
        if self.growth < GROWN:
            return self
        by = self.growth
        return Layout(self.width * by, self.height * by, self.scale / by, self.foot_h * by, large=self)

    @property
    def reading(self) -> float:
        """How much larger than here what is read may be written."""
        return self.large.growth if self.large else 1.0

    @property
    def wide(self) -> bool:
        """Landscape."""
        return self.width > self.height

    @property
    def small(self) -> bool:
        """Labels of buttons give way to signs, and what is rarely needed stands one touch further."""
        return min(self.width, self.height) < 700

    @property
    def margin(self) -> float:
        return 20 if self.small else 48

    @property
    def gap(self) -> float:
        return 12 if self.small else 24

    @property
    def header_h(self) -> float:
        """The band with the office and the time."""
        if self.large:
            return self.large.header_h * self.reading
        if self.wide:
            return 70 if self.small else 132
        return 118 if self.small else 250 if self.height > 1500 and self.width > 1000 else 176

    @property
    def body(self) -> Box:
        """All below the header, within the margins."""
        top = self.header_h + (self.gap if self.small else 40)
        return Box(
            self.margin, top, self.width - 2 * self.margin, self.height - top - max(self.margin, self.foot_h + 10)
        )

    @property
    def reach_y(self) -> float:
        """Nothing above this is to be touched."""
        return max(0.0, self.height - REACH_MM * theme.UNITS_PER_MM / self.growth)

    @property
    def reach(self) -> Box:
        """The part of the body in which things are touched."""
        body = self.body
        top = max(body.y, self.reach_y)
        return Box(body.x, top, body.w, body.bottom - top)


def measure(pixels: tuple[int, int], diagonal_in: float) -> Layout:
    """The layout of a screen of that diagonal. Raises TooSmall."""
    found = _measure(pixels, diagonal_in)
    short, long = sorted((found.width, found.height))
    if short < LEAST_SHORT or long < LEAST_LONG:
        width, height = (side / theme.UNITS_PER_MM for side in (found.width, found.height))
        raise TooSmall(
            f"a screen of {diagonal_in:g} inches ({width:.0f} x {height:.0f} mm) is too small for text of 6 mm and "
            'buttons of 20 mm: use one of 10.1 inches or more, and say its size with screen = "10.1in"'
        )
    return found


def nearest(pixels: tuple[int, int], diagonal_in: float) -> Layout:
    """The layout of a screen; one that is too small is drawn as the smallest that is not."""
    found = _measure(pixels, diagonal_in)
    short, long = sorted((found.width, found.height))
    shrink = min(1.0, short / LEAST_SHORT, long / LEAST_LONG)
    return Layout(found.width / shrink, found.height / shrink, found.scale * shrink, growth=found.growth * shrink)


def _measure(pixels: tuple[int, int], diagonal_in: float) -> Layout:
    width, height = pixels
    per_unit = math.hypot(width, height) / (diagonal_in * theme.MM_PER_IN) / theme.UNITS_PER_MM
    scale = max(per_unit, min(width, height) / theme.WIDTH)
    return Layout(width / scale, height / scale, scale, growth=scale / per_unit)
