"""Who is next, by the text of the rules alone. Every question is answered by sorting all tickets anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Row:
    """A ticket as a line of a table."""

    name: str
    service: str
    letter: str
    number: int
    appointment: bool
    state: str
    queued_at: datetime
    assisted: bool = False
    callable_from: datetime | None = None
    priority_from: datetime | None = None
    lane: str | None = None
    scheduled: datetime | None = None
    arrived: datetime | None = None
    called_at: datetime | None = None
    missed_at: datetime | None = None
    calls: int = 0
    absences: int = 0
    was_called_early: bool = False
    asked_for_more: bool = False
    rejoined: int = 0
    only_for: str | None = None

    def can_be_called(self, now: datetime) -> bool:
        return (
            self.state in ("booked", "waiting", "parked")
            and self.callable_from is not None
            and self.callable_from <= now
        )

    def has_priority(self, now: datetime) -> bool:
        return self.lane is not None and self.priority_from is not None and self.priority_from <= now


@dataclass
class Desk:
    """A counter."""

    name: str
    services: list[str]
    ranked: bool
    mode: str
    state: str = "closed"
    holds: str | None = None
    free_since: datetime | None = None
    last_lane: str | None = None


@dataclass
class Hall:
    """All tickets and counters."""

    rows: dict[str, Row] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)

    def for_desk(self, desk: Desk, now: datetime) -> list[Row]:
        """All tickets that could be called to a counter now."""
        found = []
        for row in self.rows.values():
            if not row.can_be_called(now):
                continue
            elsewhere = row.only_for is not None and self.desks[row.only_for].state != "closed"
            if row.only_for == desk.name or (row.service in desk.services and not elsewhere):
                found.append(row)
        return found

    def not_yet_due(self, desk: Desk, now: datetime) -> list[Row]:
        """Group 3: checked in, before their time, and not called early before."""
        return [
            row
            for row in self.rows.values()
            if row.state == "booked"
            and row.appointment
            and row.service in desk.services
            and row.arrived is not None
            and row.scheduled is not None
            and row.scheduled > now
            and row.callable_from is not None
            and row.callable_from > now
            and not row.was_called_early
        ]

    def pressed(self, desk: Desk, now: datetime) -> tuple[Row, str | None] | None:
        """Who is called by a press of next, and the lane that the counter remembers then."""
        found = self._ordered(desk, now)
        if found is not None:
            return found
        early = sort_ties(self.not_yet_due(desk, now))
        early.sort(key=lambda row: row.scheduled or now)
        return (early[0], desk.last_lane) if early else None

    def by_itself(self, desk: Desk, now: datetime) -> tuple[Row, str | None] | None:
        """Who is called by the system, by the counter's mode."""
        if desk.mode == "manual":
            return None
        if desk.mode == "auto":
            return self._ordered(desk, now)
        due = [
            row
            for row in self.for_desk(desk, now)
            if row.appointment
            and row.lane == "P"
            and row.priority_from is not None
            and row.scheduled is not None
            and row.scheduled <= now
        ]
        due = sort_ties(due)
        due.sort(key=lambda row: row.priority_from or now)
        return (due[0], desk.last_lane) if due else None

    def free_desks(self) -> list[Desk]:
        """In the order in which the system calls for them."""
        free = [desk for desk in self.desks.values() if desk.state == "open" and desk.holds is None]
        free.sort(key=lambda desk: desk.name)
        free.sort(key=lambda desk: desk.free_since.timestamp() if desk.free_since else 0.0)
        free.sort(key=lambda desk: len(desk.services))
        return free

    def _ordered(self, desk: Desk, now: datetime) -> tuple[Row, str | None] | None:
        everybody = sort_ties(self.for_desk(desk, now))
        first = [row for row in everybody if row.has_priority(now)]
        first.sort(key=lambda row: row.priority_from or now)
        of_right = [row for row in first if row.lane == "P"]
        of_wait = [row for row in first if row.lane == "L"]
        if of_right and of_wait:
            return (of_wait[0], "L") if desk.last_lane == "P" else (of_right[0], "P")
        if first:
            return first[0], None
        if not everybody:
            return None
        everybody.sort(key=lambda row: row.queued_at)
        if desk.ranked:
            everybody.sort(key=lambda row: -1 if row.only_for == desk.name else desk.services.index(row.service))
        return everybody[0], desk.last_lane


def sort_ties(rows: Iterable[Row]) -> list[Row]:
    """Fewer calls; appointment before walk-in; earlier in the queue; lower number; letter: least important first."""
    ordered = list(rows)
    ordered.sort(key=lambda row: row.letter)
    ordered.sort(key=lambda row: row.number)
    ordered.sort(key=lambda row: row.queued_at)
    ordered.sort(key=lambda row: not row.appointment)
    ordered.sort(key=lambda row: row.calls)
    return ordered
