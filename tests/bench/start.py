"""How soon a waiting-room screen that is started shows the true board."""

from __future__ import annotations

from pathlib import Path

from tests.bench.figures import ROUNDS, Figure, small
from tests.display.office import CLOCK, DisplayProcess, PrivateBroker, Script, until
from tests.display.samples import TEN

ALLOWED_S = 2.0


def measure(folder: Path, rounds: int = ROUNDS) -> list[Figure]:
    """From the start of the process until a board is drawn, beside what is allowed."""
    broker = PrivateBroker(folder)
    broker.start()
    script = Script(broker.url)
    try:
        script.settings()
        script.board(*TEN)
        taken = tuple(small(_start(broker.url, folder), ALLOWED_S) for _ in range(rounds))
    finally:
        script.stop()
        broker.kill()
    return [Figure("screen, start until it shows the board", "s", "allowed", taken, 1)]


def _start(url: str, folder: Path) -> float:
    began = CLOCK.monotonic()
    screen = DisplayProcess(url, folder)
    try:
        if not until(screen.ready.exists, every_s=0.005):
            raise TimeoutError("the screen does not show a board")
        return CLOCK.monotonic() - began
    finally:
        screen.kill()
        screen.ready.unlink(missing_ok=True)
