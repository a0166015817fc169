"""A time zone's rules for a calendar file (RFC 5545, VTIMEZONE).

icalendar's own puts the onset of summer time an hour late: it gives the local time after the change, where the standard
wants the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` (UTC) on the zone is `after` ahead of UTC; before it was `before`."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Change]:
    """The changes of a zone's clock after `first` and until `last`, both in UTC and to the minute."""
    day = first
    while day < last:
        low, high = day, day + ONE_DAY
        day = high
        if _offset(zone, low) == _offset(zone, high):
            continue
        while high - low > MINUTE:
            middle = low + (high - low) // 2
            middle = middle.replace(second=0, microsecond=0)
            low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
        yield _change(zone, high, _offset(zone, low))


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _change(zone: ZoneInfo, at: datetime, before: timedelta) -> Change:
    local = at.astimezone(zone)
    return Change(at, before, _offset(zone, at), local.tzname() or "", bool(local.dst()))


def timezone_of(zone: ZoneInfo, year: int) -> Timezone:
    """The rules from the beginning of the year before to the end of the year after."""
    first, last = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    found = Timezone()
    found.add("tzid", zone.key)
    for change in (_change(zone, first, _offset(zone, first)), *changes(zone, first, last)):
        rule = TimezoneDaylight() if change.summer else TimezoneStandard()
        rule.add("dtstart", (change.at + change.before).replace(tzinfo=None))
        rule.add("tzoffsetfrom", change.before)
        rule.add("tzoffsetto", change.after)
        rule.add("tzname", change.name)
        found.add_component(rule)
    return found
