"""What a full redraw of a screen costs: every pixel drawn anew with a call that was not there before, and shown.

Beside it the least that can be: the same surface filled once and copied to the window. In processor time, on the path
without a graphics processor, by a process of its own: a screen has one layout, and a window that nobody shares.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

import pygame

from dispatcher.wire.messages import Board, BoardCall, DisplayConfig, Heartbeat, QueueLength, Slide
from display import board, outfit, view
from display.scenes import scene
from display.screen import Screen
from tests.bench.figures import ROUNDS, Figure, Round, median
from tests.display.gallery import photograph

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SIZES = {"1080p": ((1920, 1080), 4.0, 6.0), "4K": ((3840, 2160), 16.0, 4.0)}
"""Pixels, the promised milliseconds, and how many times the bare surface a redraw may cost."""
LAYOUTS = ("call", "list", "split", "zone", "counter", "totem", "split with a picture", "split with a page")
"""What is drawn anew; the totem on an upright surface."""
PAGE = "# Che cosa portare\n- Un documento d'identità valido\n- Una fotografia recente\n\nSenza documento no."
WARM = 12
"""Redraws before it is measured: the first ones open fonts and draw letters that are kept from then on."""


def measure(samples: int, rounds: int = ROUNDS) -> list[Figure]:
    """By size the median redraw of the slowest of LAYOUTS, in milliseconds."""
    figures = []
    for name, (size, most_ms, limit) in SIZES.items():
        command = [sys.executable, "-m", "tests.bench.redraw", *map(str, (*size, samples, rounds))]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])
        done = tuple(Round(value, raw, value / raw) for value, raw, _layout in told)
        slowest = min(told)[2]
        kept = "kept" if min(one.value for one in done) <= most_ms else "NOT KEPT"
        against = f"fill + copy; slowest: {slowest}; promised {most_ms:g} ms: {kept}"
        figures.append(Figure(f"full redraw, {name}", "ms", against, done, limit))
    return figures


def main(size: tuple[int, int], samples: int, rounds: int) -> None:
    """Print the rounds as JSON: a list of (redraw, bare) in milliseconds, and which layout that was."""
    done = [_round(size, samples, 1000 * turn) for turn in range(rounds)]
    sys.stdout.write(json.dumps(done) + "\n")


def _round(size: tuple[int, int], samples: int, first: int) -> tuple[float, float, str]:
    slowest = (0.0, "")
    raw: list[float] = []
    for layout in LAYOUTS:
        screen = Screen(size if layout != "totem" else (size[1], size[0]), headless=True)
        bare, redraw = _bare(screen), _redraw(screen, layout)
        for number in range(WARM):
            redraw(first + number)
        drawn = []
        for number in range(WARM, WARM + samples):
            drawn.append(redraw(first + number))
            raw.append(bare())
        slowest = max(slowest, (median(drawn), layout))
    return slowest[0] * 1e3, median(raw) * 1e3, slowest[1]


def _redraw(screen: Screen, layout: str) -> Callable[[int], float]:
    config = _config(layout)

    def redraw(number: int) -> float:
        """Seconds from a view to the shown picture; each has another number."""
        picture = view.compose(_state(config, number), 0.0, AT, "bench")
        if not isinstance(picture, view.BoardView):
            raise TypeError("there is no board to draw")
        begun = process_time()
        scene(picture.layout).draw(outfit.dress(screen.pen(), config), picture)
        screen.commit()
        return process_time() - begun

    return redraw


def _bare(screen: Screen) -> Callable[[], float]:
    surface = pygame.Surface(screen.size).convert()

    def bare() -> float:
        begun = process_time()
        surface.fill((12, 24, 36))
        window = pygame.display.get_surface()
        if window is not None:
            window.blit(surface, (0, 0))
        pygame.display.flip()
        return process_time() - begun

    return bare


def _config(case: str) -> DisplayConfig:
    layout, _with, beside = case.partition(" with a ")
    slides = {"picture": (Slide(id="hills", picture=photograph()),), "page": (Slide(id="bring", text={"it": PAGE}),)}
    return DisplayConfig(
        site_name="Camera di commercio",
        zone="Europe/Rome",
        languages=("it", "en"),
        layout=layout,
        services={"register": {"it": "Registro delle imprese", "en": "Company register"}},
        counters=tuple("1234") if layout in ("zone", "counter") else None,
        counter_names={name: name for name in "1234"},
        arrow="left" if layout == "zone" else None,
        slides=slides.get(beside, ()),
    )


def _state(config: DisplayConfig, number: int) -> board.State:
    calls = tuple(
        BoardCall(
            call_id=f"c{number - back}",
            label=f"A{(number - back) % 1000:03}",
            service="register",
            counter=str(1 + back % 4),
            counter_name=str(1 + back % 4),
            called_at=AT,
        )
        for back in range(8)
    )
    queues = (QueueLength(service="register", waiting=number % 30, wait_low_s=600, wait_high_s=1080),)
    state = board.State(started=0.0, linked=True)
    moment = board.Moment(0.0, AT)
    for message in (
        config,
        Board(epoch="e", revision=number + 10, at=AT, calls=calls, queues=queues),
        Heartbeat(epoch="e", revision=number + 10, at=AT),
    ):
        state = board.receive(state, message, moment)
    return state


if __name__ == "__main__":
    width, height, count, turns = map(int, sys.argv[1:])
    main((width, height), count, turns)
