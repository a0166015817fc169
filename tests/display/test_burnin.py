"""No picture burns in: all of it wanders a few pixels, a step at a time."""

from __future__ import annotations

from itertools import pairwise

import pygame
import pytest

from display import burnin
from display.screen import Screen


def test_picture_visits_each_place_of_its_square_by_single_steps() -> None:
    places = [burnin.place(step * burnin.EVERY_S, 1080) for step in range(2 * 81)]
    assert places[0] == (0, 0)
    assert len(set(places)) == 81
    assert max(abs(way) for place in places for way in place) == burnin.REACH
    for before, after in pairwise(places):
        assert abs(before[0] - after[0]) + abs(before[1] - after[1]) == 1
    assert burnin.place(burnin.EVERY_S - 0.1, 1080) == (0, 0)
    assert burnin.place(burnin.EVERY_S, 2160) == (2, 0)


@pytest.mark.parametrize("shift", [(0, 0), (3, 2), (-3, -2), (2, -4), (-4, 3)])
def test_what_a_moved_picture_leaves_free_is_its_edge_once_more(shift: tuple[int, int]) -> None:
    """No line of an older picture stays at a border."""
    screen = Screen((320, 180), headless=True)
    try:
        window = pygame.display.get_surface()
        assert window is not None
        window.fill((255, 0, 0))
        back = screen.pen().surface
        for x in range(320):
            for y in range(180):
                back.set_at((x, y), (0, x % 256, y))
        screen.shift = shift
        screen.commit()
        for x in range(320):
            for y in range(180):
                if 8 < x < 312 and 8 < y < 172:
                    continue
                from_x, from_y = min(319, max(0, x - shift[0])), min(179, max(0, y - shift[1]))
                assert tuple(window.get_at((x, y)))[:3] == (0, from_x % 256, from_y), (x, y)
    finally:
        pygame.display.quit()
