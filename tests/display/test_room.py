"""Two screens within earshot, as processes over a real mosquitto: one voice, and the other when it dies (C2)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatcher.wire import codec, topics
from dispatcher.wire.messages import BoardCall
from display.sound import chime
from tests.display.office import MOSQUITTO, PrivateBroker, Script, until
from tests.display.samples import SITE, call, config, event

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed"),
]
CHIME = chime(recall=False, brief=False)


class Speaker:
    """A screen whose sound goes into a file of its own."""

    def __init__(self, url: str, name: str, folder: Path) -> None:
        self.audio = folder / f"{name}.raw"
        self.ready = folder / f"{name}.json"
        environment = {**os.environ, "SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(self.audio)}
        command = [sys.executable, "-m", "display.app", "--site", SITE, "--id", name, "--broker", url]
        command += ["--headless", "--size", "640x360", "--ready-file", str(self.ready)]
        self._log = (folder / f"{name}.log").open("wb")
        self.process = subprocess.Popen(command, env=environment, stderr=self._log)

    def chimes(self) -> int:
        return self.audio.read_bytes().count(CHIME) if self.audio.exists() else 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self._log.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    broker = PrivateBroker(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def script(broker: PrivateBroker) -> Iterator[Script]:
    script = Script(broker.url)
    yield script
    script.stop()


def test_one_of_two_screens_speaks_and_the_other_takes_over_when_it_is_killed(script: Script, tmp_path: Path) -> None:
    names = ("hall", "door")
    room = {"speakers": names, "room_counters": None, "volume": 100, "voice": False}
    for name, counter in zip(names, "13", strict=True):
        told = codec.encode(config(**room, counters=(counter,)))
        script.link.publish(topics.device(SITE, name, "config"), told, retain=True, wait_s=5)
    script.board()
    hall, door = screens = [Speaker(script.url, name, tmp_path) for name in names]
    try:
        assert until(lambda: all(screen.ready.exists() and screen.audio.exists() for screen in screens), 30)
        _call(script, "A001", "1")
        _call(script, "A003", "3")
        assert until(lambda: hall.chimes() == 2, 30)
        assert door.chimes() == 0
        hall.kill()
        _call(script, "A004", "1")
        assert until(lambda: door.chimes() == 1, 30)
    finally:
        for screen in screens:
            screen.kill()


def test_call_is_not_repeated_when_the_broker_is_killed_and_comes_back(
    broker: PrivateBroker, script: Script, tmp_path: Path
) -> None:
    """The dispatcher sends again what it does not know to have arrived; the screen knows that it has said it."""
    told = codec.encode(config(volume=100, voice=False))
    script.link.publish(topics.device(SITE, "hall", "config"), told, retain=True, wait_s=5)
    script.board()
    screen = Speaker(script.url, "hall", tmp_path)
    try:
        assert until(lambda: screen.ready.exists() and screen.audio.exists(), 30)
        first = _call(script, "A001", "1")
        assert until(lambda: screen.chimes() == 1, 30)
        broker.kill()
        broker.start()
        assert until(lambda: script.link.connected, 30)
        script.link.publish(topics.device(SITE, "hall", "config"), told, retain=True, wait_s=5)
        script.board()
        statuses = len(script.statuses)
        assert until(lambda: len(script.statuses) > statuses and script.statuses[-1].get("online") is True, 30)
        script.link.publish(topics.call(SITE), codec.encode(event(first, script.revision)), wait_s=5)
        _call(script, "A002", "2")
        assert until(lambda: screen.chimes() == 2, 30)
        assert until(lambda: script.statuses[-1].get("sounded") == "call-A002")
    finally:
        screen.kill()


def _call(script: Script, label: str, counter: str) -> BoardCall:
    line = call(label, counter, at=datetime.now(UTC))
    script.link.publish(topics.call(SITE), codec.encode(event(line, script.revision)), wait_s=5)
    return line
