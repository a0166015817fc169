"""The screen in a real window on an X server in memory: full size, as it is drawn, kept from blanking (C1)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from display.draw.theme import Theme
from tests.display.monitors import x_server
from tests.display.office import CLOCK, MOSQUITTO, DisplayProcess, PrivateBroker, Script, until
from tests.display.samples import call
from tests.display.test_app import label_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed"),
    pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed"),
]
SIZE = (1280, 720)
READY_WITHIN_S = 2.0
WHO = ("--site", "torino", "--id", "hall", "--broker", "mqtt://127.0.0.1:1")
ASKED = """
import pygame
from display.screen import Screen
Screen((640, 360), fullscreen=True)
print(pygame.mouse.get_visible(), pygame.display.get_allow_screensaver())
"""


@dataclass
class Desktop:
    """An X server that keeps its picture in a file."""

    display: str
    picture: Path

    def seen(self) -> Image.Image:
        """What its monitor shows now, from its frame buffer (XWD, 32 bits a pixel, blue first)."""
        data = self.picture.read_bytes()
        head, colours = int.from_bytes(data[:4], "big"), int.from_bytes(data[76:80], "big")
        first = head + colours * 12
        stride = int.from_bytes(data[48:52], "big")
        return Image.frombuffer("RGB", SIZE, data[first : first + stride * SIZE[1]], "raw", "BGRX", stride, 1)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    folder = tmp_path / "x"
    folder.mkdir()
    with x_server(tmp_path, "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-fbdir", str(folder)) as display:
        yield Desktop(display, folder / "Xvfb_screen0")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[PrivateBroker, Script]]:
    broker = PrivateBroker(tmp_path)
    broker.start()
    script = Script(broker.url)
    yield broker, script
    script.stop()
    broker.kill()


def test_full_screen_shows_what_is_drawn(
    desktop: Desktop, office: tuple[PrivateBroker, Script], tmp_path: Path
) -> None:
    broker, script = office
    script.settings(layout="call")
    script.board(call("A051", at=datetime.now(UTC)))
    began = CLOCK.monotonic()
    screen = DisplayProcess(broker.url, tmp_path, "--fullscreen", display=desktop.display)
    try:
        assert until(screen.ready.exists)
        took_s = CLOCK.monotonic() - began
        assert until(lambda: script.shown() == 1)
        status = script.statuses[-1]
        assert (status["resolution"], status["video"]) == ("1280x720", "x11")
        assert until(lambda: label_of(desktop.seen()) == "A051")
        assert desktop.seen().tobytes() == script.frame().tobytes(), "no frame, nothing beside it"
        script.beats = False
        assert until(lambda: desktop.seen().getpixel((8, 8)) == Theme().alarm)
        assert took_s < READY_WITHIN_S * (1 + os.getloadavg()[0]), f"{took_s:.1f} s"
        code, _took_s = screen.end(5)
        assert code == 0
    finally:
        screen.kill()


def test_two_monitors_that_lie_on_top_of_each_other_are_refused_and_said(tmp_path: Path) -> None:
    with x_server(tmp_path, "-screen", "0", "1280x720x24", "-screen", "1", "1024x768x24") as display:
        ended = subprocess.run(
            [sys.executable, "-m", "display.app", *WHO, "--also", "stairs", "--fullscreen"],
            env={**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": ""},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert (ended.returncode, "on top of each other" in ended.stderr) == (1, True), ended.stderr


def test_monitor_that_is_not_there_and_way_that_does_not_work_are_said(desktop: Desktop) -> None:
    for more, text in ((["--monitor", "3"], "there is no monitor 3: 1 found"), (["--video", "kmsdrm"], "groups video")):
        ended = subprocess.run(
            [sys.executable, "-m", "display.app", *WHO, *more],
            env={**os.environ, "DISPLAY": desktop.display, "SDL_VIDEODRIVER": ""},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (ended.returncode, text in ended.stderr) == (1, True), ended.stderr


def test_full_screen_has_no_pointer_and_does_not_let_the_machine_blank_it(desktop: Desktop) -> None:
    env = {**os.environ, "DISPLAY": desktop.display, "SDL_VIDEODRIVER": "x11", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    told = subprocess.run(
        [sys.executable, "-c", ASKED], env=env, capture_output=True, text=True, timeout=30, check=True
    )
    assert told.stdout.split()[-2:] == ["False", "False"]
