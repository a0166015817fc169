"""Sizes on the wall: millimetres of a screen, and how tall text must be to be read from afar."""

from __future__ import annotations

from dataclasses import dataclass

SCREEN_HEIGHT_MM = 685.0
"""A 55-inch screen of 16:9 (1218 by 685 mm), the size that the layouts are reckoned for."""

READING_DISTANCE_M = 10.0


def text_height_mm(distance_m: float) -> float:
    """The least capital height for a reader at `distance_m`: 51 mm to 4.57 m, then 3.2 mm per 305 mm (ADA 703.5.5)."""
    return 51.0 + max(0.0, distance_m - 4.57) / 0.305 * 3.2


@dataclass(frozen=True)
class Screen:
    """A surface of `width` by `height` pixels, `height_mm` tall on the wall."""

    width: int
    height: int
    height_mm: float = SCREEN_HEIGHT_MM

    @property
    def unit(self) -> float:
        """Pixels in one unit of the layouts, which are drawn for 1920 by 1080 (upright: 1080 by 1920)."""
        if self.width >= self.height:
            return min(self.width / 1920, self.height / 1080)
        return min(self.width / 1080, self.height / 1920)

    def mm(self, pixels: float) -> float:
        return pixels * self.height_mm / self.height

    def pixels(self, mm: float) -> float:
        return mm * self.height / self.height_mm
