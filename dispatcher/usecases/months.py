"""What the booking page shows of a service's time: a month's free days, a day's hours, what is free nearby (E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dispatcher.engine.days import ONE_DAY
from dispatcher.engine.model import Service
from dispatcher.engine.slots import Slot
from dispatcher.store import holds
from dispatcher.usecases import timetable
from dispatcher.usecases.reading import Reading

NEAR_DAYS = (3, 14, 366)
"""How far around a time others are looked for: further only while there are too few."""


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is its first day. Days can be booked from `earliest` to `latest` (those of lead and horizon).

    `free` counts the free places of each day that has any; `hours` are the slots of `day` that are still free, in their
    order. `day` is None in a month without a free day.
    """

    first: date
    earliest: date
    latest: date
    free: dict[date, int]
    day: date | None
    hours: Sequence[Slot]


def month(
    source: Reading, *, service: Service, first: date | None = None, day: date | None = None, holder: str | None = None
) -> Month:
    """The month that holds `first`, or `day`; without them the first month with a free day, or the first of all.

    A month outside of what can be booked is answered with the nearest one, a day without free places with the first day
    that has some. What `holder` holds counts as free.
    """
    earliest, latest = bounds(source, service)
    wanted = first or day
    if wanted is not None:
        wanted = min(max(wanted, earliest.replace(day=1)), latest)
        return _one(source, service, wanted.replace(day=1), (earliest, latest), day, holder)
    shown = None
    for start in _months(earliest, latest):  # most often the first has a free day, and no other is looked at
        found = _one(source, service, start, (earliest, latest), day, holder)
        if found.free:
            return found
        shown = shown or found
    return shown or _one(source, service, earliest.replace(day=1), (earliest, latest), day, holder)


def bounds(source: Reading, service: Service) -> tuple[date, date]:
    """The first and the last local day that can be booked now."""
    zone, now = source.office.zone, source.tx.now
    earliest = (now + service.lead).astimezone(zone).date()
    return earliest, max(earliest, (now + service.horizon).astimezone(zone).date())


def _months(earliest: date, latest: date) -> Iterator[date]:
    first = earliest.replace(day=1)
    while first <= latest:
        yield first
        first = next_month(first)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + 4 * ONE_DAY).replace(day=1)


def _one(
    source: Reading,
    service: Service,
    first: date,
    within: tuple[date, date],
    day: date | None,
    holder: str | None,
) -> Month:
    earliest, latest = within
    low, high = max(first, earliest), min(next_month(first) - ONE_DAY, latest)
    taken = timetable.taken_around(source, service, low, high, holder=holder)
    slots = timetable.slots_beside(source, service, low, high, taken, bound=True)
    free = _by_day(source, service, slots, taken.get(service.id, {}))
    if day not in free:
        day = min(free, default=None)
    hours = [one for one in slots if one.free and one.start.date() == day]
    return Month(first, earliest, latest, free, day, hours)


def _by_day(source: Reading, service: Service, slots: Iterable[Slot], taken: dict[datetime, int]) -> dict[date, int]:
    free: Counter[date] = Counter()
    for one in slots:
        if one.free:
            free[one.start.date()] += one.free
    if service.daily_appointments is not None:
        used = Counter(dict.fromkeys(free, 0))
        for start, number in taken.items():
            used[start.astimezone(source.office.zone).date()] += number
        free = Counter({day: min(number, service.daily_appointments - used[day]) for day, number in free.items()})
    return dict(free)


def nearest(
    source: Reading, *, service: Service, start: datetime, many: int, holder: str | None = None
) -> list[datetime]:
    """The free slots nearest in time to `start`, `many` of them at the most, in their order."""
    earliest, latest = bounds(source, service)
    at = min(max(start.astimezone(source.office.zone).date(), earliest), latest)
    near: list[datetime] = []
    for days in NEAR_DAYS:
        low, high = max(earliest, at - timedelta(days=days)), min(latest, at + timedelta(days=days))
        found = timetable.found_slots(source, service, low, high, bound=True, holder=holder)
        near = sorted((one.start for one in found if one.free), key=lambda one: abs(one - start))[:many]
        if len(near) == many:
            break
    return sorted(near)


def chance(source: Reading, *, service: Service, start: datetime, holder: str | None) -> dict[str, Any]:
    """How a slot stands for `holder`: `{until, free}`; `until` is None when it is not theirs (any more)."""
    mine = holds.of(source.tx, holder) if holder else None
    if mine is not None and (mine.service, mine.start) == (service.id, start):
        return {"until": mine.until, "free": True}
    day = start.astimezone(source.office.zone).date()
    found = timetable.found_slots(source, service, day, day, bound=True, holder=holder)
    return {"until": None, "free": any(one.start == start and one.free for one in found)}
