"""Which times of a service can be booked (E10).

Slots follow each other in real time from the start of a span: on the days when the clock changes none begins in an hour
that does not exist, and the repeated hour has its slots twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dispatcher.engine.days import ONE_DAY
from dispatcher.engine.hours import spans_on
from dispatcher.engine.model import Service


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for an appointment. `start` is aware and carries the local offset; `free` is never below 0."""

    start: datetime
    free: int


def slots(
    service: Service,
    first: date,
    last: date,
    *,
    zone: ZoneInfo,
    now: datetime,
    taken: Mapping[datetime, int],
    bound: bool = True,
) -> list[Slot]:
    """The slots that begin on the local days `first` to `last`, both inclusive, in order; full ones with `free` 0.

    `taken` counts places by UTC start. Past slots are left out. When `bound`, so are those sooner than `lead` and those
    after the local day on which `horizon` ends.
    """
    earliest = now + service.lead if bound else now
    if bound:
        last = min(last, (now + service.horizon).astimezone(zone).date())
    return [
        Slot(start.astimezone(zone), max(0, service.places - taken.get(start, 0)))
        for start in _starts(service, first, last, zone)
        if start >= earliest
    ]


def is_slot(service: Service, start: datetime, zone: ZoneInfo) -> bool:
    """Whether an aware instant is the beginning of one of the service's slots, free or not, past or not."""
    day = start.astimezone(zone).date()
    return start.astimezone(UTC) in _starts(service, day, day, zone)


def _starts(service: Service, first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
    """UTC starts in order, chosen by the local day on which each begins."""
    if not service.appointments:
        return
    day = first - ONE_DAY  # its last span may run past midnight
    while day <= last:
        for start, end in spans_on(service, day, zone):
            while start + service.slot <= end:
                if first <= start.astimezone(zone).date() <= last:
                    yield start
                start += service.slot
        day += ONE_DAY
