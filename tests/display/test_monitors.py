"""One program on the two monitors of one computer, on X11 and on Wayland, each screen full on its own (C1)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.display.monitors import LEFT, RIGHT, compositor, seen_on, two_monitors
from tests.display.office import MOSQUITTO, DisplayProcess, PrivateBroker, Script, until
from tests.display.samples import NINE, call
from tests.display.test_app import label_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed"),
]


def needs(*programs: str) -> pytest.MarkDecorator:
    lost = [each for each in programs if shutil.which(each) is None]
    return pytest.mark.skipif(bool(lost), reason=f"not installed: {', '.join(lost)}")


@needs("Xorg", "xrandr")
@pytest.mark.skipif(os.geteuid() != 0, reason="an X server that is no X client needs root")
def test_each_monitor_of_an_x_server_has_its_own_full_screen(tmp_path: Path) -> None:
    with two_monitors(tmp_path) as display:
        shows(tmp_path, lambda: seen_on(display), RIGHT, "x11", display=display)


@needs("weston", "weston-screenshooter", "Xvfb")
def test_each_monitor_of_a_wayland_desktop_has_its_own_full_screen(tmp_path: Path) -> None:
    with compositor(tmp_path) as desktop:
        shows(tmp_path, desktop.seen, LEFT, "wayland", wayland=desktop.socket)


def shows(folder: Path, seen: Callable[[], Image.Image], right: tuple[int, int], way: str, **where: Any) -> None:
    """Each monitor shows, without an edge or a pointer, what its screen has drawn; and the next call, at once."""
    broker = PrivateBroker(folder)
    broker.start()
    hall, stairs = Script(broker.url), Script(broker.url, device="stairs", beats=False)
    hall.settings(layout="call")
    stairs.settings(layout="call", counters=("2",))
    hall.board(call("A051", "1", at=datetime.now(UTC)), call("B062", "2", at=NINE))
    screens = DisplayProcess(broker.url, folder, "--also", "stairs", "--fullscreen", **where)

    def both() -> tuple[Image.Image, Image.Image]:
        whole = seen()
        corner = LEFT[0] + right[0], right[1]
        return whole.crop((0, 0, *LEFT)), whole.crop((LEFT[0], 0, *corner))

    def as_drawn() -> bool:
        pairs = zip(both(), (hall.frame(), stairs.frame()), strict=True)
        return all(one.size == two.size and not ImageChops.difference(one, two).getbbox() for one, two in pairs)

    try:
        assert until(screens.ready.exists), (folder / "display.log").read_text()
        assert until(lambda: hall.shown() == 1 and stairs.shown() == 1)
        said = [(each.statuses[-1]["resolution"], each.statuses[-1]["video"]) for each in (hall, stairs)]
        assert said == [(f"{width}x{height}", way) for width, height in (LEFT, right)]
        assert until(as_drawn)
        assert [label_of(each) for each in both()] == ["A051", "B062"]
        hall.board(call("A052", "1", at=datetime.now(UTC)), call("B062", "2", at=NINE))
        assert until(lambda: label_of(both()[0]) == "A052")
        assert screens.end(5)[0] == 0
    finally:
        screens.kill()
        hall.stop()
        stairs.stop()
        broker.kill()
