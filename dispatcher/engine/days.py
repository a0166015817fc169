"""The business day: it turns at `day_starts`, local time, whatever the zone's clock does (RULES, Numbers and days)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
_REFUSED = (time(1, 0), time(3, 30))
# The rules of a zone repeat every year; Ramadan moves the changes of Morocco through the year, hence more than one.
_YEARS_LOOKED_AT = (2024, 2036)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time: of one that the clock skips the change itself, of a repeated one the first."""
    local = datetime.combine(day, at)
    found = local.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    return _change_between(local.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)


def business_day(now: datetime, zone: ZoneInfo, day_starts: time) -> date:
    """The business day of an aware instant."""
    today = now.astimezone(zone).date()
    return today if now >= instant(today, day_starts, zone) else today - ONE_DAY


def day_bounds(day: date, zone: ZoneInfo, day_starts: time) -> tuple[datetime, datetime]:
    """First instant of a business day, and of the next one (UTC): 23, 24 or 25 hours apart."""
    return instant(day, day_starts, zone), instant(day + ONE_DAY, day_starts, zone)


def next_turn(now: datetime, zone: ZoneInfo, day_starts: time) -> datetime:
    """The next turn of the business day, always after `now` (UTC)."""
    return day_bounds(business_day(now, zone, day_starts), zone, day_starts)[1]


def check_day_starts(day_starts: time, zone: ZoneInfo) -> None:
    """Raises ValueError, with a sentence, for a turn of the day that lies where clocks are changed."""
    first, last = _REFUSED
    if first <= day_starts <= last:
        raise ValueError(
            f"The business day may not start between {first:%H:%M} and {last:%H:%M}: clocks are changed at that hour."
        )
    for before, after in _changes(zone):
        low, high = min(before, after), max(before, after)
        if any(low <= datetime.combine(local.date(), day_starts) < high for local in (low, high)):
            raise ValueError(
                f"The business day may not start at {day_starts:%H:%M}: "
                f"in {zone.key} the clock is changed from {before:%H:%M} to {after:%H:%M} on {before:%Y-%m-%d}."
            )


def _changes(zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The changes of a zone's clock: local time (naive) just before and just after."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in _YEARS_LOOKED_AT)
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    found = []
    for low, high in pairwise(days):
        before, after = _offset(low, zone), _offset(high, zone)
        if before != after:
            change = _change_between(low, high, zone).replace(tzinfo=None)
            found.append((change + before, change + after))
    return found


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, after `low` that has the offset of `high`."""
    after = _offset(high, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
