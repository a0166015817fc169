"""What becomes of a ticket, by the table of the rules, line by line. False from a function: refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.order import Row


@dataclass
class Settings:
    """A service's settings as far as the table needs them."""

    check_in_required: bool = False
    recalls: int = 3
    interval: timedelta = timedelta(minutes=10)
    walk_in_recalls: int = 1
    longest_wait: timedelta | None = None
    rejoin: str = "end"
    rejoin_within: timedelta = timedelta(hours=2)
    rejoin_times: int = 1


def walk_in(row: Row, settings: Settings) -> None:
    """A new walk-in, its paper still in the printer."""
    row.state, row.callable_from = "printing", None
    by_wait(row, settings)


def by_wait(row: Row, settings: Settings) -> None:
    if row.assisted:
        row.lane, row.priority_from = "P", row.queued_at
    elif settings.longest_wait is None:
        row.lane, row.priority_from = None, None
    else:
        row.lane, row.priority_from = "L", row.queued_at + settings.longest_wait


def paper_is_out(row: Row, now: datetime) -> None:
    row.state, row.callable_from = "waiting", now


def appointment(row: Row, settings: Settings) -> None:
    assert row.scheduled is not None
    row.state, row.lane, row.queued_at = "booked", "P", row.scheduled
    row.callable_from = row.priority_from = None if settings.check_in_required else row.scheduled


def time_passes(row: Row, now: datetime) -> None:
    """Booked and parked read as waiting from `callable_from`."""
    if row.state in ("booked", "parked") and row.callable_from is not None and row.callable_from <= now:
        row.state = "waiting"


def call(row: Row, now: datetime) -> bool:
    if row.state not in ("waiting", "booked", "parked", "missed"):
        return False
    row.state, row.called_at, row.calls = "called", now, row.calls + 1
    return True


def absent(row: Row, settings: Settings, now: datetime) -> bool:
    if row.state != "called":
        return False
    assert row.called_at is not None
    if row.appointment and row.scheduled is not None and row.called_at < row.scheduled:
        row.calls -= 1
        row.was_called_early = True
        row.state, row.lane = "booked", "P"
        never_came = settings.check_in_required and row.arrived is None
        row.callable_from = row.priority_from = None if never_came else row.scheduled
        return True
    row.absences += 1
    if row.absences > (settings.recalls if row.appointment else settings.walk_in_recalls):
        row.state, row.missed_at = "missed", now
        return True
    row.state = "waiting"
    row.callable_from = row.called_at + settings.interval
    if row.appointment and row.lane == "P":
        row.priority_from = row.callable_from
    return True


def park(row: Row, until: datetime | None) -> bool:
    if row.state not in ("called", "serving"):
        return False
    row.state, row.lane, row.only_for = "parked", "P", None
    row.callable_from = row.priority_from = until
    return True


def transfer(row: Row, service: str, settings: Settings, now: datetime, only_for: str | None, priority: bool) -> bool:
    if row.state not in ("called", "serving"):
        return False
    row.state, row.callable_from, row.service, row.only_for = "waiting", now, service, only_for
    if priority:
        row.lane, row.priority_from = "P", now
    elif row.lane != "P" and only_for is None:
        by_wait(row, settings)
    return True


def ten_more(row: Row, now: datetime) -> bool:
    if row.state not in ("booked", "waiting") or row.callable_from is None or row.asked_for_more:
        return False
    row.callable_from = max(now, row.callable_from) + timedelta(minutes=10)
    row.asked_for_more = True
    return True


def come_back(row: Row, now: datetime) -> None:
    """A parked customer returns."""
    row.state, row.lane = "waiting", "P"
    row.callable_from = row.priority_from = now


def check_in(row: Row, settings: Settings, now: datetime) -> bool:
    if row.state == "parked":
        row.arrived = row.arrived or now
        come_back(row, now)
        return True
    if row.state not in ("booked", "waiting") or row.scheduled is None:
        return False
    row.arrived = row.arrived or now
    if row.state == "waiting" and row.absences > 0:
        row.callable_from = min(now, row.callable_from or now)
    elif settings.check_in_required and row.callable_from is None:
        row.callable_from = row.priority_from = max(row.scheduled, now)
    return True


def rejoin(row: Row, settings: Settings, now: datetime) -> bool:
    if row.state == "parked":
        come_back(row, now)
        return True
    if row.state == "waiting" and row.absences > 0:
        row.callable_from = min(now, row.callable_from or now)
        return True
    if row.state != "missed" or settings.rejoin == "never" or row.rejoined >= settings.rejoin_times:
        return False
    if row.missed_at is None or now > row.missed_at + settings.rejoin_within:
        return False
    row.rejoined += 1
    row.state, row.callable_from, row.queued_at = "waiting", now, now
    if settings.rejoin == "priority":
        row.lane, row.priority_from = "P", now
    elif settings.longest_wait is None:
        row.lane, row.priority_from = None, None
    else:
        row.lane, row.priority_from = "L", now + settings.longest_wait
    return True


def closing(row: Row, settings: Settings, now: datetime) -> None:
    """The service of the ticket has closed."""
    if row.state == "parked" or (row.state == "waiting" and not row.appointment):
        row.state = "left"
    elif row.state == "waiting" or (row.state == "booked" and row.scheduled is not None and row.scheduled <= now):
        if row.calls > 0 or (settings.check_in_required and row.arrived is None):
            row.state, row.missed_at = "missed", now
        else:
            row.state = "unserved"
