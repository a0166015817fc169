"""Sizes on the wall: millimetres of a screen, and how tall text must be to be read from afar."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.wire.looks import text_height_mm, unit_of

__all__ = ["READING_DISTANCE_M", "SCREEN_HEIGHT_MM", "Screen", "text_height_mm"]

SCREEN_HEIGHT_MM = 685.0
"""A 55-inch screen of 16:9 (1218 by 685 mm), the size that the layouts are reckoned for."""

READING_DISTANCE_M = 10.0


@dataclass(frozen=True)
class Screen:
    """A surface of `width` by `height` pixels, `height_mm` tall on the wall."""

    width: int
    height: int
    height_mm: float = SCREEN_HEIGHT_MM

    @property
    def unit(self) -> float:
        """Pixels in one unit of the layouts, which are drawn for 1920 by 1080 (upright: 1080 by 1920)."""
        return unit_of(self.width, self.height)

    def mm(self, pixels: float) -> float:
        return pixels * self.height_mm / self.height

    def pixels(self, mm: float) -> float:
        return mm * self.height / self.height_mm
