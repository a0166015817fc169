"""The choice at hand, on the screen: for who uses the four keys and sees (B10)."""

from __future__ import annotations

from collections.abc import Iterable

import pygame

from kiosk.ui import theme
from kiosk.ui.canvas import Target

DARK: theme.Colour = (17, 31, 41)
LIGHT: theme.Colour = (255, 190, 77)
WIDTH = 16
"""Design units; half of it dark and half light, so that it stands out from whatever is around it (WCAG 1.4.11)."""


def draw(surface: pygame.Surface, targets: Iterable[Target], action: object) -> bool:
    """A ring around what a touch with this meaning would hit; False when there is no such target."""
    found = False
    width, height = surface.get_size()
    scale = min(width / theme.WIDTH, height / theme.HEIGHT)
    half = max(2, round(WIDTH / 2 * scale))
    radius = round(theme.RADIUS * scale)
    for target in targets:
        if target.action == action:
            found = True
            outer = target.rect.inflate(4 * half, 4 * half)
            pygame.draw.rect(surface, DARK, outer, half, border_radius=radius + 2 * half)
            inner = target.rect.inflate(2 * half, 2 * half)
            pygame.draw.rect(surface, LIGHT, inner, half, border_radius=radius + half)
    return found
