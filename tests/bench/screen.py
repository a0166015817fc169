"""A waiting-room screen whose pictures are told: the display's own parts, and a line on stdout for each new picture.

A line is JSON: `at` (perf_counter_ns after the picture was shown), `drawing` (the ns that it took), `labels` (the huge
one first), `changed` (whether its pixels differ from those of the picture before).
"""

from __future__ import annotations

import json
import signal
import sys
import zlib
from collections.abc import Sequence
from time import perf_counter_ns

import pygame

from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.device import DeviceLink, will_of
from display import view
from display.draw.pen import Pen
from display.inbox import Inbox, Stop, subscribe
from display.loop import Display, Name
from display.pictures import Photographer
from display.report import Reporter
from display.screen import Screen
from display.sound import Player
from tests.bench.bare import SCREEN


class ToldScreen(Screen):
    """Says when a picture with other labels has been shown."""

    def __init__(self) -> None:
        super().__init__(SCREEN, headless=True)
        self._clock = SystemClock()
        self._display: Display | None = None
        self._labels: list[str] = []
        self._pixels = 0
        self._begun = 0

    def tells_of(self, display: Display) -> None:
        self._display = display

    def pen(self) -> Pen:
        self._begun = perf_counter_ns()
        return super().pen()

    def commit(self) -> None:
        super().commit()
        at = perf_counter_ns()
        labels = self._drawn()
        if labels == self._labels:
            return
        surface = pygame.display.get_surface()
        pixels = zlib.crc32(surface.get_buffer().raw) if surface else 0
        line = {"at": at, "drawing": at - self._begun, "labels": labels, "changed": pixels != self._pixels}
        self._labels, self._pixels = labels, pixels
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    def _drawn(self) -> list[str]:
        """The labels of the picture that has just been made from the display's state."""
        if self._display is None:
            return []
        picture = view.compose(self._display.state, self._clock.monotonic(), self._clock.now(), "")
        if not isinstance(picture, view.BoardView):
            return []
        huge = [picture.huge.label] if picture.huge else []
        return huge + [call.label for call in picture.calls]


def main(arguments: Sequence[str]) -> int:
    """`arguments`: site, device, URL of the broker with user and password. Until SIGTERM."""
    site, device_id, url = arguments
    link = Client(Broker.parse(url), client_id=f"numeretto-{site}-{device_id}", will=will_of(site, device_id))
    device = DeviceLink(link, site, device_id)
    inbox = Inbox()
    signal.signal(signal.SIGTERM, lambda *_: inbox.put(Stop()))
    subscribe(link, device, site, inbox)
    player, screen = Player(), ToldScreen()
    display = Display(
        Name(site, device_id, "bench"),
        SystemClock(),
        screen,
        player,
        inbox,
        Reporter(device.status),
        Photographer(device.frame),
        lambda: None,
    )
    screen.tells_of(display)
    display.turn()
    link.start()
    player.open()
    display.run()
    link.stop()
    return 0
