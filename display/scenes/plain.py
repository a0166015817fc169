"""Screens without a board: waiting, in trouble, or saying who they are."""

from __future__ import annotations

import pygame

from display.draw.pen import Pen
from display.scenes.furniture import CAPITAL
from display.view import PlainView


def draw_plain(pen: Pen, view: PlainView) -> None:
    """The headings below each other, the first one large; the detail at the foot."""
    pen.fill(pen.theme.background)
    middle, width = pen.screen.width // 2, pen.screen.width - 2 * pen.u(80)
    pitch = pen.u(160 if view.remedies else 96)
    base = pen.screen.height // 2 - pitch * (len(view.headings) - 1) // 2
    for place, heading in enumerate(view.headings):
        size = pen.u(68 if place == 0 else 50)
        colour = pen.theme.text if place == 0 else pen.theme.soft
        pen.text(heading, size, (middle, base + place * pitch), colour, side="centre", width=width)
    for place, remedy in enumerate(view.remedies):
        under = (middle, base + place * pitch + pen.u(54))
        pen.text(remedy, pen.u(32), under, pen.theme.soft, side="centre", width=width)
    foot = pen.screen.height - pen.u(56)
    pen.text(view.detail, pen.u(30), (middle, foot), pen.theme.soft, side="centre", width=width)


def draw_identity(pen: Pen, name: str, detail: str) -> None:
    """A band across the picture with the name of the screen, so that it can be found in the room."""
    band = pygame.Rect(0, 0, pen.screen.width, pen.u(420))
    band.centery = pen.screen.height // 2
    pen.box(band, pen.theme.counter)
    width, size = band.width - 2 * pen.u(80), pen.u(220)
    colour = pen.theme.background
    base = band.centery + round(size * CAPITAL / 2) - pen.u(30)
    pen.text(name, size, (band.centerx, base), colour, weight="bold", side="centre", width=width)
    pen.text(detail, pen.u(40), (band.centerx, band.bottom - pen.u(44)), colour, side="centre", width=width)
