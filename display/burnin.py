"""Against burning in: the whole picture wanders a few pixels, one step in minutes, never while a call is new. Pure."""

from __future__ import annotations

from functools import cache

EVERY_S = 180.0
REACH = 4
"""So many steps the picture goes to each side; a step is a pixel at 1080 lines and more where they are more."""


@cache
def _walk() -> tuple[tuple[int, int], ...]:
    """All places of the square around the middle, from there outwards, each beside the one before."""
    x = y = 0
    places, side, turn = [(0, 0)], 1, 0
    total = (2 * REACH + 1) ** 2
    while len(places) < total:
        step_x, step_y = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn % 4]
        for _ in range(side):
            x, y = x + step_x, y + step_y
            if max(abs(x), abs(y)) <= REACH:
                places.append((x, y))
        turn += 1
        side += turn % 2 == 0
    return tuple(places[:total])


def place(age_s: float, height: int) -> tuple[int, int]:
    """Where the picture is to stand, in pixels from its own place, `age_s` seconds after the start."""
    walk = _walk()
    at = int(age_s // EVERY_S) % (2 * len(walk) - 2)
    x, y = walk[at if at < len(walk) else 2 * len(walk) - 2 - at]
    pixels = max(1, round(height / 1080))
    return x * pixels, y * pixels
