"""C2: a screen and a loudspeaker that comes and goes."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pygame
import pytest

from dispatcher.wire import topics
from dispatcher.wire.device import DeviceLink
from display.inbox import SpeakerGone
from display.loop import Display, Name
from display.pictures import Photographer
from display.report import Reporter
from display.sound import Player
from tests.display.samples import SITE, heartbeat
from tests.display.test_loop import FragileScreen, Room


@pytest.fixture
def room() -> Iterator[Room]:
    yield Room(FragileScreen((1920, 1080), headless=True))
    pygame.display.quit()


class Plug(Player):
    """A loudspeaker that can be pulled out and put in."""

    plugged = False

    @property
    def works(self) -> bool:
        return self._channel is not None

    def open(self) -> None:
        if self.plugged:
            super().open()
        else:
            self._again_at, self.fault = math.inf, "no such device"


def test_screen_without_a_loudspeaker_finds_one_within_a_minute_and_survives_its_loss(room: Room) -> None:
    """C2: nobody starts it again; the office reads of it as long as it lasts."""
    player = Plug()
    player.open()
    room.display = Display(
        Name(SITE, "hall", "127.0.0.1:1883"),
        room.clock,
        room.screen,
        player,
        room.inbox,
        Reporter(DeviceLink(room.link, SITE, "hall").status),
        Photographer(lambda _png, _request: None),
        lambda: None,
    )

    def told() -> tuple[str, list[str]]:
        return room.status["voice"], [each["code"] for each in room.status["problems"]]

    def pass_time(seconds: int) -> None:
        for _second in range(0, seconds, 2):
            room.say(topics.heartbeat(SITE), heartbeat(5, at=room.clock.now()))
            assert room.turn(seconds=2) <= 60

    room.begin()
    assert told() == ("none", ["no_audio"])
    player.plugged = True
    pass_time(58)
    assert told() == ("none", ["no_audio"])
    pass_time(4)
    assert told() == ("chime", [])
    player.plugged = False
    room.inbox.put(SpeakerGone())
    pass_time(2)
    assert told() == ("none", ["no_audio"])
    player.plugged = True
    pass_time(64)
    assert told() == ("chime", [])
    pygame.mixer.quit()
