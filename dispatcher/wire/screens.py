"""The office's eye on its screens: the last small picture of each, asked for over the broker, and what it last said.

Nothing is stored and nothing is asked unless somebody looks.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatcher.wire import topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import DeviceDo, DeviceStatus

log = logging.getLogger(__name__)

WIDTH = 640
ASK_EVERY_S = 2.0
FRESH_S = 10.0
ANSWERS_WITHIN_S = 6.0
"""A screen that is on line and has been asked for so long without an answer hangs."""
MOST_BYTES = 4 * 1024 * 1024
_OURS = "thumbnail-"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Picture:
    """A PNG of a screen. `number` counts them from 1; `at` is the office time at which it came."""

    png: bytes
    number: int
    at: datetime
    came: float
    """In wall seconds of the clock's `monotonic`."""


class Screens:
    """Of the screens `ids` of a site. May be asked from any thread."""

    def __init__(self, link: Link, site: str, ids: Iterable[str], clock: Clock) -> None:
        self._link = link
        self._site = site
        self._clock = clock
        self._ids = tuple(ids)
        self._changed = threading.Condition()
        self._pictures: dict[str, Picture] = {}
        self._statuses: dict[str, DeviceStatus] = {}
        self._asked: dict[str, float] = {}
        self._waits_since: dict[str, float] = {}
        for screen in self._ids:
            link.subscribe(topics.device(site, screen, "frame"), self._frame)

    def note(self, screen: str, status: DeviceStatus) -> None:
        """What a screen says of itself now."""
        with self._changed:
            self._statuses[screen] = status
            if not status.online:
                self._waits_since.pop(screen, None)

    def status(self, screen: str) -> DeviceStatus | None:
        """What the screen said last, since this program runs; None when it said nothing."""
        with self._changed:
            return self._statuses.get(screen)

    def last(self, screen: str) -> Picture | None:
        """The newest picture that came, however old."""
        with self._changed:
            return self._pictures.get(screen)

    def ask(self, screen: str) -> bool:
        """Ask for a new picture unless that was done less than ASK_EVERY_S ago; whether it was asked for."""
        if screen not in self._ids:
            return False
        now = self._clock.monotonic()
        with self._changed:
            before = self._asked.get(screen)
            if before is not None and now - before < ASK_EVERY_S:
                return False
            self._asked[screen] = now
            if before is None or now - before > FRESH_S:
                self._waits_since.pop(screen, None)  # nobody has looked in the meantime
            self._waits_since.setdefault(screen, now)
        order = DeviceDo(request_id=f"{_OURS}{uuid.uuid4().hex}", action="frame", width=WIDTH)
        payload = order.model_dump_json(include={"request_id", "action", "width"}).encode()
        return self._link.publish(topics.device(self._site, screen, "do"), payload)

    def picture(self, screen: str, wait_s: float) -> Picture | None:
        """A picture not older than FRESH_S; else the newest that there is after `wait_s`, None when there is none."""
        if self._is_fresh(screen):
            return self.last(screen)
        self.ask(screen)
        with self._changed:
            self._changed.wait_for(lambda: self._is_fresh(screen), wait_s)
            return self._pictures.get(screen)

    def answers(self, screen: str) -> bool:
        """False when it has been asked for pictures for ANSWERS_WITHIN_S and none has come."""
        with self._changed:
            since = self._waits_since.get(screen)
        return since is None or self._clock.monotonic() - since < ANSWERS_WITHIN_S

    def _is_fresh(self, screen: str) -> bool:
        picture = self._pictures.get(screen)
        return picture is not None and self._clock.monotonic() - picture.came < FRESH_S

    def _frame(self, message: Incoming) -> None:
        found = topics.parse_device(message.topic)
        # Others ask too, for larger ones.
        if found is None or not (message.correlation or b"").startswith(_OURS.encode()):
            return
        if not message.payload.startswith(_PNG) or len(message.payload) > MOST_BYTES:
            log.warning("event=picture_unreadable device=%s bytes=%d", found[1], len(message.payload))
            return
        with self._changed:
            before = self._pictures.get(found[1])
            self._waits_since.pop(found[1], None)
            self._pictures[found[1]] = Picture(
                message.payload,
                before.number + 1 if before else 1,
                self._clock.now(),
                self._clock.monotonic(),
            )
            self._changed.notify_all()
