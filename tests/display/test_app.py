"""The display as a process over a real mosquitto: from message to pixels and sound, through the loss of the broker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pygame
import pytest
from PIL import Image, ImageChops, ImageStat

from dispatcher.wire.client import Trouble
from dispatcher.wire.program import password_variable
from display import view
from display.app import main
from display.board import State
from display.draw.lettering import Lettering
from display.draw.pen import Pen
from display.draw.theme import Theme
from display.scenes.plain import draw_plain
from display.sound import RATE_HZ
from tests.display import pictures
from tests.display.office import MOSQUITTO, DisplayProcess, PrivateBroker, Script, resident_mb, until
from tests.display.samples import call

pytestmark = pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed")


ENDS_WITHIN_S = 3.0
"""0.2 s on an idle machine; the rest is for one that runs many tests at once."""


@dataclass
class Room:
    broker: PrivateBroker
    script: Script
    display: DisplayProcess

    def label(self) -> str:
        return label_of(self.script.frame())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    broker = PrivateBroker(tmp_path)
    broker.start()
    script = Script(broker.url)
    display = DisplayProcess(broker.url, tmp_path, "--data", str(tmp_path / "kept"))
    try:
        yield Room(broker, script, display)
    finally:
        display.kill()
        script.stop()
        broker.kill()


def label_of(picture: Image.Image) -> str:
    """The huge label that stands on the picture."""
    for colour in (Theme().card, Theme().card_new, Theme().card_stale):
        try:
            left, top, right, bottom = pictures.area_of(picture, colour)
        except AssertionError:
            continue
        if right - left > 600:
            bands = pictures.dark_bands(picture, (left + 40, top + 90, right - 40, bottom - 30), least=100)
            return pictures.read_label(picture, (left + 40, bands[0][0] - 16, right - 40, bands[0][1] + 16))
    return ""


def onsets(samples: array[int]) -> list[float]:
    """The seconds at which sound begins after at least a second and a half of silence."""
    found, quiet = list[float](), RATE_HZ * 2
    block = RATE_HZ // 100
    for first in range(0, len(samples), block):
        if max(map(abs, samples[first : first + block]), default=0) > 300:
            if quiet > RATE_HZ * 3 // 2:
                found.append(first / RATE_HZ)
            quiet = 0
        else:
            quiet += block
    return found


def test_two_calls_at_the_same_instant_are_both_seen_and_heard(room: Room) -> None:
    """C2, C3: one after the other, each with its chime; the process stays small and ends when told."""
    room.script.settings(voice=False)
    first, second = (call(label, counter, at=datetime.now(UTC)) for label, counter in (("A051", "1"), ("B062", "2")))
    room.script.board()
    assert until(room.display.ready.exists)
    assert json.loads(room.display.ready.read_text(encoding="utf-8")) == {"ready": True}
    first, second = (each.model_copy(update={"called_at": datetime.now(UTC)}) for each in (first, second))
    room.script.board(second, first)
    room.script.calls(first, second, first)
    seen = list[str]()

    def both_seen() -> bool:
        label = room.label()
        if label and label not in seen[-1:]:
            seen.append(label)
        return seen[-1:] == ["B062"]

    until(both_seen)
    assert seen[-2:] == ["A051", "B062"]
    assert until(lambda: room.script.shown() == 2)
    assert room.script.statuses[-1]["audio"] == "disk"
    played = array("h")

    def both_heard() -> bool:
        data = room.display.audio.read_bytes()
        played[:] = array("h", data[: len(data) // 2 * 2])
        return len(onsets(played)) == 2

    assert until(both_heard)
    assert resident_mb(room.display.pid) < 110
    code, took_s = room.display.end(5)
    assert (code, took_s < ENDS_WITHIN_S) == (0, True)
    assert until(lambda: room.script.statuses[-1]["online"] is False)


def test_lost_broker_is_shown_as_stale_and_the_true_board_comes_back_by_itself(room: Room) -> None:
    """C6: killed and started anew without its retained messages; an old board that comes late is not shown."""
    room.script.settings()
    room.script.board(call("A051", at=datetime.now(UTC)))
    assert until(lambda: room.script.shown() == 1)
    assert label_of(room.script.frame()) == "A051"
    room.script.beats = False
    room.broker.kill()
    room.broker.start()
    assert until(lambda: room.script.link.connected)
    assert until(lambda: "stale" in room.script.problems())
    stale = room.script.frame()
    assert stale.getpixel((8, 8)) == Theme().alarm
    assert label_of(stale) == "A051"
    room.script.revision = 6
    room.script.board(call("B062", at=datetime.now(UTC)))
    room.script.board(call("C073"), revision=5)
    room.script.beats = True
    assert until(lambda: room.script.shown() == 7 and "stale" not in room.script.problems())
    true = room.script.frame()
    assert true.getpixel((8, 8)) == Theme().background
    assert label_of(true) == "B062"


def test_display_ends_when_told_while_there_is_no_broker(tmp_path: Path) -> None:
    broker = PrivateBroker(tmp_path)
    display = DisplayProcess(broker.url, tmp_path)
    try:
        log = tmp_path / "display.log"
        assert until(lambda: b"event=" in log.read_bytes() or display.audio.exists())
        code, took_s = display.end(5)
        assert (code, took_s < ENDS_WITHIN_S) == (0, True)
    finally:
        display.kill()


def test_screen_that_starts_without_a_broker_says_why_until_there_is_one(tmp_path: Path) -> None:
    """C6, in the morning: what is wrong and what to do, in the four languages; then the board, by itself."""
    broker, kept = PrivateBroker(tmp_path), tmp_path / "kept"
    display = DisplayProcess(broker.url, tmp_path, "--data", str(kept))

    def shown() -> Image.Image:
        for path in kept.glob("*.png"):
            path.unlink()
        os.kill(display.pid, signal.SIGUSR1)
        assert until(lambda: [*kept.glob("*.png")] != [])
        return Image.open(next(kept.glob("*.png"))).convert("RGB")

    pygame.display.init()
    expected = pygame.Surface((1920, 1080))
    state = State(started=0.0, trouble=Trouble.nobody)
    draw_plain(Pen(expected, Lettering()), view.waiting(state, 60.0, f"hall · torino · 127.0.0.1:{broker.port}"))
    try:
        assert until(lambda: (tmp_path / "played.raw").exists())
        wanted = Image.frombytes("RGB", expected.get_size(), pygame.image.tobytes(expected, "RGB"))
        # the same words in the same places; letters are blended a little differently from surface to surface
        assert until(lambda: max(ImageStat.Stat(ImageChops.difference(shown(), wanted)).mean) < 0.5)
        broker.start()
        script = Script(broker.url)
        script.settings()
        script.board(call("A051", at=datetime.now(UTC)))
        assert until(lambda: script.shown() == 1)
        assert label_of(script.frame()) == "A051"
        script.stop()
    finally:
        display.kill()
        broker.kill()


def test_picture_is_kept_on_a_signal(room: Room, tmp_path: Path) -> None:
    """SIGUSR1: a PNG of the screen as it is, also before there is anything to show."""
    room.script.settings()
    room.script.board(call("A051", at=datetime.now(UTC)))
    assert until(lambda: room.script.shown() == 1)
    os.kill(room.display.pid, signal.SIGUSR1)
    kept = tmp_path / "kept"
    assert until(lambda: kept.exists() and [*kept.glob("screen-hall-*Z.png")] != [])
    assert label_of(Image.open(next(kept.glob("*.png"))).convert("RGB")) == "A051"
    assert room.display.alive


def test_display_that_nobody_could_see_is_refused() -> None:
    """SDL would draw into the void without a word."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["SDL_VIDEODRIVER"] = "offscreen"
    ended = subprocess.run(
        [sys.executable, "-m", "display.app", "--site", "torino", "--id", "hall", "--broker", "mqtt://127.0.0.1:1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("numeretto display: ")
    assert "--headless" in ended.stderr


@pytest.mark.parametrize("broker", ["http://127.0.0.1:1", "mqtt://", "nonsense", "mqtt://host:no"])
def test_wrong_broker_is_wrong_usage(broker: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--site", "torino", "--id", "hall", "--broker", broker, "--headless"]) == 2
    assert "write mqtt://host:port" in capsys.readouterr().err


def test_wrong_size_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--site", "torino", "--id", "hall", "--broker", "mqtt://h", "--size", "big"])
    assert ended.value.code == 2


def test_password_comes_from_the_variable_of_the_device() -> None:
    assert password_variable("hall-2.left") == "NUMERETTO_DEVICE_HALL_2_LEFT"
