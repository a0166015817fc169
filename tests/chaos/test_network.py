"""The network of a screen is gone, for ten seconds and for ten minutes (C6): it says so, and comes back by itself.

The screen is a process in a network namespace of its own; its cable is pulled. What it shows meanwhile is seen by the
pictures that it keeps on a signal.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from display.draw.theme import Theme
from tests.chaos.cable import Cable, cable, usable
from tests.chaos.telling import tell
from tests.display.office import CLOCK, MOSQUITTO, DisplayProcess, PrivateBroker, Script, until
from tests.display.samples import call
from tests.display.test_app import label_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed"),
]
BACK_WITHIN_S = 40.0
"""A link that was cut long is tried anew every few seconds, each try for up to five."""


@dataclass
class Room:
    cable: Cable
    script: Script
    display: DisplayProcess
    kept: Path

    def look(self) -> Image.Image:
        """The screen as it is now, without the network."""
        before = set(self.kept.glob("*.png"))
        os.kill(self.display.pid, signal.SIGUSR1)
        assert until(lambda: set(self.kept.glob("*.png")) - before != set())
        [path] = set(self.kept.glob("*.png")) - before
        picture = Image.open(path).convert("RGB")
        path.unlink()
        return picture

    def stale(self) -> bool:
        return self.look().getpixel((8, 8)) == Theme().alarm


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    if not usable():
        pytest.skip("a network namespace needs root and iproute2")
    with cable() as line:
        broker = PrivateBroker(tmp_path, line.here)
        broker.start()
        script = Script(broker.url)
        kept = tmp_path / "kept"
        url = f"mqtt://{line.here}:{broker.port}"
        display = DisplayProcess(url, tmp_path, "--data", str(kept), within=line.within)
        try:
            yield Room(line, script, display, kept)
        finally:
            display.kill()
            script.stop()
            broker.kill()


@pytest.mark.parametrize("seconds", [10, 600])
def test_screen_without_network_says_so_and_ends_on_the_true_board(
    room: Room, seconds: int, pytestconfig: pytest.Config
) -> None:
    script = room.script
    script.settings()
    script.board(call("A051", at=datetime.now(UTC)))
    assert until(lambda: script.shown() == 1)
    room.cable.pull()
    pulled = CLOCK.monotonic()
    assert until(room.stale, 15)
    said_s = CLOCK.monotonic() - pulled
    while CLOCK.monotonic() - pulled < seconds:
        made = call(f"B{script.revision + 1:03d}", at=datetime.now(UTC))
        script.board(made)
        script.calls(made)
        picture = room.look()
        assert picture.getpixel((8, 8)) == Theme().alarm
        assert label_of(picture) == "A051", "what is shown is the last truth"
        until(lambda: False, min(5.0, max(0.0, pulled + seconds - CLOCK.monotonic())))
    last = call("C099", at=datetime.now(UTC))
    script.board(last)
    room.cable.plug()
    plugged = CLOCK.monotonic()
    assert until(lambda: not room.stale(), BACK_WITHIN_S)
    back_s = CLOCK.monotonic() - plugged
    assert until(lambda: script.shown() == script.revision and "stale" not in script.problems())
    assert until(lambda: label_of(room.look()) == "C099", 30)
    revisions = [each["shown_revision"] for each in script.statuses if each.get("shown_revision") is not None]
    assert revisions == sorted(revisions), "never an older one"
    assert room.display.alive
    tell(
        pytestconfig,
        f"network gone for {seconds} s: said after {said_s:.1f} s, true again {back_s:.1f} s after it came",
    )
