"""Off-line tickets that the dispatcher did not take, on disk (B5): their customers hold the paper and wait, and the
office must be able to find out who they are and why.

One stands there until the dispatcher takes it after all, or the business day turns. Only what was refused for its
service is offered again: a number that the dispatcher does not know of may be somebody else's by then.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import OfflineTicket
from kiosk.journal import replace_file
from kiosk.texts import Words

log = logging.getLogger(__name__)

AGAIN_S = 300.0
"""How often it is tried again."""
MENDABLE = frozenset({"unknown_service"})
"""Reasons that the office can do away with, so that the same ticket is taken."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Refusal:
    """`service_name` is what the paper says; `until` the turn of the day, or a day later when that is not known;
    `epoch` that of the dispatcher's data, None when it is not to be tried again."""

    ticket: OfflineTicket
    service_name: str
    reason: str
    until: datetime
    epoch: str | None = None


class Refusals:
    """May be used from any thread. Without a path they are kept until the program ends."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[Refusal, ...] = ()
        self._next = float("-inf")
        if path is not None:
            self._kept = _read(path)

    def add(
        self, ticket: OfflineTicket, service_name: str, reason: str, *, day_ends: datetime | None, epoch: str | None
    ) -> None:
        """On disk when this returns; raises OSError when it cannot be."""
        until = day_ends or self._clock.now() + A_DAY
        again = epoch if day_ends is not None and reason in MENDABLE else None
        with self._lock:
            others = tuple(one for one in self._kept if one.ticket != ticket)
            self._keep((*others, Refusal(ticket, service_name, reason, until, again)))
            self._next = self._clock.monotonic() + AGAIN_S

    def settled(self, ticket: OfflineTicket) -> None:
        """The dispatcher has taken it after all."""
        with self._lock:
            self._keep(tuple(one for one in self._kept if one.ticket != ticket))

    def open(self) -> tuple[Refusal, ...]:
        """Those of this business day, oldest first; the others are forgotten."""
        now = self._clock.now()
        with self._lock:
            mine = tuple(one for one in self._kept if one.until > now)
            if mine != self._kept:
                try:
                    self._keep(mine)
                except OSError as error:
                    log.warning("event=refusals_not_written reason=%r", str(error))
            return mine

    def to_try(self, epoch: str | None) -> tuple[Refusal, ...]:
        """Those to be offered to the dispatcher again now, at most every AGAIN_S seconds."""
        if epoch is None or self._clock.monotonic() < self._next:
            return ()
        return tuple(one for one in self.open() if one.epoch == epoch)

    def tried(self) -> None:
        self._next = self._clock.monotonic() + AGAIN_S

    def _keep(self, refusals: tuple[Refusal, ...]) -> None:
        if self._path is not None:
            replace_file(self._path, json.dumps([_record(one) for one in refusals]).encode())
        self._kept = refusals


def told(refusals: Iterable[Refusal], words: Words, zone: ZoneInfo, now: datetime) -> str:
    """Who waits with which paper, and why in vain: for the office."""
    by_reason: dict[str, list[str]] = {}
    for one in refusals:
        at = one.ticket.touched_at.astimezone(zone)
        day = "" if at.date() == now.astimezone(zone).date() else f"{words.short_date(at)} "
        who = f"{one.ticket.label} ({one.service_name or one.ticket.service}, {day}{at:%H:%M})"
        by_reason.setdefault(one.reason, []).append(who)
    return "; ".join(f"{', '.join(labels)}: {_why(reason, words)}" for reason, labels in by_reason.items())


def _why(reason: str, words: Words) -> str:
    key = f"problem.offline.why.{reason}"
    return words.say(key) if words.knows(key) else words.say("problem.offline.why.other", code=reason)


def _record(one: Refusal) -> dict[str, Any]:
    return {
        "ticket": one.ticket.model_dump(mode="json"),
        "name": one.service_name,
        "reason": one.reason,
        "until": one.until.isoformat(),
        "epoch": one.epoch,
    }


def _refusal(record: Mapping[str, Any]) -> Refusal:
    ticket, until = OfflineTicket.model_validate(record["ticket"]), datetime.fromisoformat(record["until"])
    return Refusal(ticket, record["name"], record["reason"], until, record["epoch"])


def _read(path: Path) -> tuple[Refusal, ...]:
    try:
        return tuple(_refusal(record) for record in json.loads(path.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("event=refusals_unreadable file=%s reason=%r", path.name, str(error))
        return ()
