"""What wakes the screen: messages from the broker's thread, orders, signals, the window. Nothing is polled."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

import pygame

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Link
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import DeviceDo, DisplayConfig, Menu
from display import board, feed, hearing
from display.mouth import CounterSaid, PeerSaid

log = logging.getLogger(__name__)

_WINDOW_PATIENCE_S = 0.5
"""How long a wait for window events may keep a signal from being seen."""


@dataclass(frozen=True)
class Stop:
    """The program is to end."""


@dataclass(frozen=True)
class Exposed:
    """The window's content was lost and must be shown again."""


@dataclass(frozen=True)
class SpeakerGone:
    """The loudspeaker that was played to is no longer there."""


@dataclass(frozen=True)
class Keep:
    """A picture of the screen is to be kept on this machine."""


@dataclass(frozen=True)
class BadConfig:
    """Settings came that cannot be read; the former ones stay."""

    reason: str


@dataclass(frozen=True)
class ClipsReady:
    """Clips that the next call waits for are there."""


@dataclass(frozen=True)
class For:
    """What concerns one of several screens in this process; `screen` counts from 0."""

    screen: int
    item: Item


_Own = Stop | Exposed | SpeakerGone | Keep | BadConfig | ClipsReady
Item = board.Message | DeviceDo | _Own | PeerSaid | CounterSaid | For


class Putting(Protocol):
    """Where things are put. From any thread."""

    def put(self, item: Item) -> None: ...


class Inbox:
    """Without a window: waits on a queue alone. `put` may be called from any thread and from signal handlers."""

    def __init__(self) -> None:
        # SimpleQueue.put is reentrant, a Condition is not: a signal may strike while the main thread holds its lock.
        self._items: SimpleQueue[Item] = SimpleQueue()

    def put(self, item: Item) -> None:
        self._items.put(item)

    def take(self, timeout_s: float) -> list[Item]:
        """All that has come; waits for the first one up to `timeout_s`."""
        try:
            items = [self._items.get(timeout=max(0.0, timeout_s))]
        except Empty:
            return []
        return items + self._rest()

    def _rest(self) -> list[Item]:
        items: list[Item] = []
        while not self._items.empty():
            items.append(self._items.get())
        return items


class WindowInbox(Inbox):
    """For a window: waits for the window's events, and is woken by one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._woken = pygame.event.custom_type()

    def put(self, item: Item) -> None:
        super().put(item)
        # When SDL's queue is full the screen is awake anyway.
        # What signals bring is found when the wait ends.
        if not isinstance(item, Stop | Keep):
            pygame.event.post(pygame.event.Event(self._woken))

    def take(self, timeout_s: float) -> list[Item]:
        items = self._rest()
        wait_s = 0.0 if items else min(max(timeout_s, 0.001), _WINDOW_PATIENCE_S)
        events = [pygame.event.wait(round(wait_s * 1000))] if wait_s else []
        for event in [*events, *pygame.event.get()]:
            if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
                items.append(Stop())
            elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED):
                items.append(Exposed())
            elif event.type == pygame.AUDIODEVICEREMOVED and not event.iscapture and event.which:
                # 0 is one that nobody plays to
                items.append(SpeakerGone())
        return items + self._rest()


def subscribe(link: Link, device: DeviceLink, site: str, inbox: Putting) -> None:
    """Let all that concerns a screen of `site` come into `inbox`. Unreadable messages are logged and change nothing."""
    feed.follow(link, site, inbox.put)
    link.subscribe(topics.menu(site), lambda message: _menu(inbox, message.payload))
    device.on_config(lambda payload: _config(inbox, payload))
    device.on_do(lambda payload: _do(inbox, payload))
    hearing.follow(link, site, inbox.put)


def _config(inbox: Putting, payload: bytes) -> None:
    if not payload:
        return
    try:
        inbox.put(codec.decode(DisplayConfig, payload, codec.SETTINGS_BYTES))
    except codec.WireError as error:
        log.warning("event=config_unreadable error=%r", str(error))
        inbox.put(BadConfig(str(error)))


def _menu(inbox: Putting, payload: bytes) -> None:
    menu = feed.decoded(Menu, payload)
    if menu is not None:
        inbox.put(menu)


def _do(inbox: Putting, payload: bytes) -> None:
    order = feed.decoded(DeviceDo, payload)
    if order is not None:
        inbox.put(order)
