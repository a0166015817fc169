"""Colours of a screen, and mixtures of them."""

from __future__ import annotations

from dispatcher.wire.looks import Colour, Theme, contrast

__all__ = ["Colour", "Theme", "blend", "contrast"]


def blend(low: Colour, high: Colour, share: float) -> Colour:
    """`low` at share 0, `high` at 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue
