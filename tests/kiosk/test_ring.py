"""The ring around the choice at hand (B10, WCAG 1.4.11)."""

from __future__ import annotations

import pygame
import pytest

from kiosk import flow
from kiosk.ui import ring, theme
from kiosk.ui.canvas import Target

PAPER = (247, 244, 237)


@pytest.mark.parametrize("scale", [0.25, 1.0])
def test_only_the_choice_at_hand_is_ringed_dark_and_light(scale: float) -> None:
    surface = pygame.Surface((round(theme.WIDTH * scale), round(theme.HEIGHT * scale)))
    surface.fill(PAPER)
    first, second = (pygame.Rect(100 * scale, y * scale, 800 * scale, 200 * scale) for y in (300, 900))
    targets = [Target(first, flow.Dismiss()), Target(second, flow.ToggleAssisted())]
    assert ring.draw(surface, targets, flow.ToggleAssisted())
    middle = second.top + second.height // 2
    across = [tuple(surface.get_at((x, middle)))[:3] for x in range(second.left)]
    assert {ring.DARK, ring.LIGHT} <= set(across)
    assert theme.contrast(ring.DARK, ring.LIGHT) >= 3
    untouched = [tuple(surface.get_at((x, first.centery)))[:3] for x in range(first.left)]
    assert set(untouched) == {PAPER}


def test_without_a_choice_nothing_is_drawn() -> None:
    surface = pygame.Surface((108, 192))
    surface.fill(PAPER)
    assert not ring.draw(surface, [Target(pygame.Rect(10, 10, 50, 50), flow.Dismiss())], flow.ToggleAssisted())
    assert tuple(surface.get_at((8, 30)))[:3] == PAPER
