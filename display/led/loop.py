"""The living LED display: what came changes what is known, a turn brings it to the display and reports. Never polls."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from dispatcher.wire import topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.clock import Clock
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import CounterState
from display import board, feed
from display.led import panel
from display.led.driver import Driver, Port, SerialPort
from display.led.settings import Settings, read
from display.report import Reporter

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 30.0


@dataclass(frozen=True)
class Stop:
    """The program is to end."""


@dataclass(frozen=True)
class BadConfig:
    """Settings came that cannot be read; the former ones stay."""

    reason: str


Item = panel.Message | Settings | BadConfig | Stop
# SimpleQueue.put is reentrant, a Condition is not: a signal may strike while the main thread holds its lock.
Inbox = SimpleQueue[Item]
Opener = Callable[[str, int], Port]
"""Opens the port at a path with a baud rate; raises PortGone."""


@dataclass(frozen=True)
class LedFacts:
    """The report of an LED display."""

    shown_revision: int | None
    shown: str | None
    faults: tuple[tuple[str, str], ...]

    @property
    def extra(self) -> dict[str, Any]:
        return {"shown": self.shown}


class Led:
    """One display. `ready` is called once, when settings have come and were tried."""

    def __init__(
        self, clock: Clock, inbox: Inbox, reporter: Reporter, ready: Callable[[], None], opener: Opener = SerialPort
    ) -> None:
        self._clock = clock
        self._inbox = inbox
        self._reporter = reporter
        self._ready: Callable[[], None] | None = ready
        self._opener = opener
        self._known = panel.nothing(clock.monotonic())
        self._settings: Settings | None = None
        self._driver: Driver | None = None
        self._bad_config = ""
        self._written_at: datetime | None = None
        self._stopping = False

    def run(self) -> None:
        """Until a Stop comes."""
        timeout_s = 0.0
        while not self._stopping:
            for item in self._take(timeout_s):
                self.take(item)
            timeout_s = self.turn()

    def take(self, item: Item) -> None:
        """Let one thing that came change what is known; `turn` shows it."""
        match item:
            case Stop():
                self._stopping = True
            case BadConfig(reason):
                self._bad_config = reason
            case Settings():
                self._settle(item)
            case _:
                self._receive(item)

    def turn(self) -> float:
        """Do what is due now; returns how many seconds nothing will be due if nothing comes."""
        if self._driver is not None and self._settings is not None:
            self._show(self._driver, self._settings)
        if self._ready and (self._driver is not None or self._bad_config):
            self._ready()
            self._ready = None
        facts, monotonic = self._facts(), self._clock.monotonic()
        if self._known.room.linked:
            office = board.office_now(self._known.room, self._clock.now())
            self._reporter.report(facts, monotonic, office, self._written_at)
        return self._next(facts) - monotonic

    def close(self) -> None:
        """Leave the port. The display is left with dashes: nobody keeps its number true any more."""
        if self._driver is not None and self._settings is not None:
            self._driver.close(last=self._settings.face.dashes)

    def _take(self, timeout_s: float) -> list[Item]:
        try:
            items = [self._inbox.get(timeout=max(0.0, timeout_s))]
        except Empty:
            return []
        while not self._inbox.empty():
            items.append(self._inbox.get())
        return items

    def _settle(self, settings: Settings) -> None:
        self._bad_config = ""
        if settings == self._settings:
            return
        self.close()
        self._settings = settings
        self._driver = Driver(settings.face, lambda: self._opener(settings.path, settings.baud), self._clock.monotonic)

    def _receive(self, message: panel.Message) -> None:
        if isinstance(message, board.LinkUp):
            self._reporter.forget()
            if self._driver is not None:
                self._driver.refresh()
        moment = board.Moment(self._clock.monotonic(), self._clock.now(), self._clock.pace)
        self._known = panel.receive(self._known, message, moment)

    def _show(self, driver: Driver, settings: Settings) -> None:
        before = driver.written
        text = panel.text(self._known, settings.counter, settings.face, self._clock.monotonic(), blinks=driver.blinks)
        driver.turn(text)
        if driver.written != before and not driver.faults:
            self._written_at = board.office_now(self._known.room, self._clock.now())
            log.debug("event=led_shown counter=%s text=%r", settings.counter, text)

    def _facts(self) -> LedFacts:
        monotonic = self._clock.monotonic()
        faults = dict(self._driver.faults) if self._driver else {}
        stale = board.is_stale(self._known.room, monotonic)
        if stale:
            faults["stale"] = "The dispatcher is not heard, or its board has not come."
        if self._bad_config:
            faults["config_invalid"] = f"The settings cannot be read: {self._bad_config}"
        well = self._driver is not None and self._driver.written is not None and not self._driver.faults and not stale
        shown = revision = None
        if well and self._settings is not None:
            # The steady text: a report for each blink would say nothing.
            counter, face = self._settings.counter, self._settings.face
            shown = panel.text(self._known, counter, face, monotonic, blinks=False)
            revision = self._known.room.board.revision if self._known.room.board else None
        return LedFacts(revision, shown, tuple(faults.items()))

    def _next(self, facts: LedFacts) -> float:
        """When something is due, in wall seconds, if nothing comes."""
        monotonic = self._clock.monotonic()
        times = [monotonic + LONGEST_WAIT_S]
        if self._driver is not None and self._settings is not None:
            times.append(self._driver.due())
            if self._driver.blinks:
                times.append(panel.next_change(self._known, self._settings.counter, monotonic))
        if self._known.room.linked:
            times.append(self._reporter.due(facts))
        stale_at = board.stale_at(self._known.room)
        times += [stale_at] if stale_at > monotonic else []
        return max(min(times), monotonic)


def subscribe(link: Link, device: DeviceLink, site: str, inbox: Inbox) -> None:
    """Let all that concerns an LED display of `site` come into `inbox`."""
    feed.follow(link, site, inbox.put)
    link.subscribe(topics.counter(site, "+"), lambda message: _counter(inbox, message))
    device.on_config(lambda payload: _config(inbox, payload))


def _counter(inbox: Inbox, message: Incoming) -> None:
    # The number in a lost counter's topic is taken back with an empty message.
    state = feed.decoded(CounterState, message.payload) if message.payload else None
    if state is not None:
        inbox.put(panel.CounterNews(message.topic.rpartition("/")[2], state))


def _config(inbox: Inbox, payload: bytes) -> None:
    if not payload:
        return
    try:
        inbox.put(read(payload))
    except ValueError as error:
        log.warning("event=config_unreadable error=%r", str(error))
        inbox.put(BadConfig(str(error)))
