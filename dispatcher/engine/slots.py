"""Which times of a service can be booked (E10).

Slots follow each other in real time from the start of a span: on the days when the clock changes none begins in an hour
that does not exist, and the repeated hour has its slots twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatcher.engine.days import ONE_DAY
from dispatcher.engine.hours import spans_on
from dispatcher.engine.model import Service

Busy = tuple[datetime, datetime, int]
"""From when until when (UTC), and how many appointments."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for an appointment. `start` is aware and carries the local offset; `free` is never below 0."""

    start: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Staff that the service shares with others: `places` appointments at once; `busy` are those of all of them."""

    places: int
    busy: Sequence[Busy]


def slots(
    service: Service,
    first: date,
    last: date,
    *,
    zone: ZoneInfo,
    now: datetime,
    taken: Mapping[datetime, int],
    shared: Iterable[Shared] = (),
    bound: bool = True,
) -> list[Slot]:
    """The slots that begin on the local days `first` to `last`, both inclusive, in order; full ones with `free` 0.

    `taken` counts the service's appointments by UTC start, those of the whole of each day. An appointment takes a place
    as long as it lasts, also one that begins between two slots, as after a change of the hours. Past slots are left
    out. When `bound`, so are those sooner than `lead` and those after the local day on which `horizon` ends.
    """
    earliest = now + service.lead if bound else now
    if bound:
        last = min(last, (now + service.horizon).astimezone(zone).date())
    room = _Room(service, taken, shared, zone)
    return [
        Slot(local, room.at(start, local.date()))
        for start, local in _starts(service, first, last, zone)
        if start >= earliest
    ]


def starts_on(service: Service, day: date, zone: ZoneInfo) -> frozenset[datetime]:
    """The starts (UTC) of a local day's slots, free or not, past or not."""
    return frozenset(start for start, _local in _starts(service, day, day, zone))


def is_slot(service: Service, start: datetime, zone: ZoneInfo) -> bool:
    """Whether an aware instant is the beginning of one of the service's slots, free or not, past or not."""
    return start.astimezone(UTC) in starts_on(service, start.astimezone(zone).date(), zone)


def free_at(
    service: Service, start: datetime, *, zone: ZoneInfo, taken: Mapping[datetime, int], shared: Iterable[Shared] = ()
) -> int:
    """How many places are free for an appointment that begins at an instant (UTC), be it a slot or not."""
    return _Room(service, taken, shared, zone).at(start, start.astimezone(zone).date())


def busy(service: Service, taken: Mapping[datetime, int]) -> list[Busy]:
    """What a service's appointments, counted by UTC start, take of the staff."""
    return [(start, start + service.slot, number) for start, number in taken.items()]


class _Room:
    """The places that are left: of the service, of the staff that it shares, of the day."""

    def __init__(
        self, service: Service, taken: Mapping[datetime, int], shared: Iterable[Shared], zone: ZoneInfo
    ) -> None:
        self._slot = service.slot
        self._loads = [(service.places, _Load(busy(service, taken)))]
        self._loads += [(one.places, _Load(one.busy)) for one in shared]
        self._a_day = service.daily_appointments
        self._by_day: Counter[date] = Counter()
        if self._a_day is not None:
            for start, number in taken.items():
                self._by_day[start.astimezone(zone).date()] += number

    def at(self, start: datetime, day: date) -> int:
        end = start + self._slot
        left = min(places - load.peak(start, end) for places, load in self._loads)
        if self._a_day is not None:
            left = min(left, self._a_day - self._by_day[day])
        return max(0, left)


class _Load:
    """How many appointments there are at the same time."""

    def __init__(self, busy: Iterable[Busy]) -> None:
        at_once: Counter[tuple[datetime, datetime]] = Counter()
        for start, end, number in busy:
            at_once[start, end] += number
        self._busy = sorted((start, end, number) for (start, end), number in at_once.items())
        self._starts = [start for start, _end, _number in self._busy]
        self._longest = max((end - start for start, end, _number in self._busy), default=timedelta())

    def peak(self, start: datetime, end: datetime) -> int:
        """The most at any moment of a span."""
        first = bisect_right(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        near = [one for one in self._busy[first:last] if one[1] > start]
        if len(near) < 2:
            return near[0][2] if near else 0
        moments = {max(one[0], start) for one in near}
        return max(sum(number for since, until, number in near if since <= at < until) for at in moments)


def _starts(service: Service, first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Starts in order, in UTC and in local time, chosen by the local day on which each begins."""
    if not service.appointments:
        return
    day = first - ONE_DAY  # its last span may run past midnight
    while day <= last:
        for start, end in spans_on(service, day, zone):
            while start + service.slot <= end:
                local = start.astimezone(zone)
                if first <= local.date() <= last:
                    yield start, local
                start += service.slot
        day += ONE_DAY
