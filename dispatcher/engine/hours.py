"""When a service is open: weekly spans in local time, less closures and holidays, and the exceptions (RULES, Closing).

The hours of a single day (`openings`) go before all others: on that day nothing else is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from dispatcher.engine.days import ONE_DAY, day_bounds, instant
from dispatcher.engine.model import Service

MIDNIGHT = time(0, 0)
# The longest search for the next opening: a service that stays closed longer has no date to promise.
_DAYS_SEARCHED = 400

SpanUTC = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Opening:
    """A service's hours as they stand at one instant; all instants UTC.

    `reason` says why it is not open; `opens_at` is then the next opening. `closes_at` is the end of this day's last
    span, which is when the service closes: a break between spans closes nothing. It is None on a day without spans, and
    for "always". `span_ends_at` is the end of the span that runs now.
    """

    open: bool
    reason: Literal["hours", "closure"] | None
    opens_at: datetime | None
    closes_at: datetime | None
    span_ends_at: datetime | None


def closed_on(service: Service, day: date) -> bool:
    """Whether a closure or a public holiday keeps the service shut on a local day."""
    if day in service.openings:
        return False
    return any(first <= day <= last for first, last in service.closures) or day in service.holidays


def spans_on(service: Service, day: date, zone: ZoneInfo) -> list[SpanUTC]:
    """The spans (UTC) that begin on a local calendar day, closures and holidays taken out.

    A span whose end is not after its start runs into the following day: 18:00–00:00 ends at midnight.
    """
    if closed_on(service, day):
        return []
    if _whole_day(service, day):
        return [(instant(day, MIDNIGHT, zone), instant(day + ONE_DAY, MIDNIGHT, zone))]
    spans = []
    for first, last in service.openings.get(day) or service.hours.spans.get(day.weekday(), ()):
        start = instant(day, first, zone)
        end = instant(day if first < last else day + ONE_DAY, last, zone)
        if start < end:  # a span inside the hour that the clock skips does not exist
            spans.append((start, end))
    return sorted(spans)


def opening(service: Service, now: datetime, zone: ZoneInfo) -> Opening:
    """Whether the service is open at an aware instant, until when, or when again."""
    today = now.astimezone(zone).date()
    for day in (today - ONE_DAY, today):
        spans = spans_on(service, day, zone)
        for start, end in spans:
            if start <= now < end:
                if _whole_day(service, day):
                    return Opening(True, None, None, None, None)
                return Opening(True, None, None, spans[-1][1], end)
    spans = spans_on(service, today, zone)
    return Opening(
        open=False,
        reason="closure" if closed_on(service, today) else "hours",
        opens_at=_next_start(service, today, now, zone),
        closes_at=spans[-1][1] if spans else None,
        span_ends_at=None,
    )


def day_over(service: Service, day: date, now: datetime, zone: ZoneInfo, day_starts: time) -> bool:
    """Whether the last span of a business day is over, so that the service may close. Never for "always".

    A day without spans is over when it begins; a span that runs past the turn of the day is over at the turn.
    """
    begins, ends = day_bounds(day, zone, day_starts)
    if _whole_day(service, day) or now < begins:
        return False
    spans = [span for local in (day - ONE_DAY, day, day + ONE_DAY) for span in spans_on(service, local, zone)]
    last = max((min(end, ends) for start, end in spans if start < ends and end > begins), default=begins)
    return now >= last


def _next_start(service: Service, today: date, now: datetime, zone: ZoneInfo) -> datetime | None:
    if not service.hours.always and not any(service.hours.spans.values()) and not service.openings:
        return None
    for number in range(_DAYS_SEARCHED):
        for start, _end in spans_on(service, today + number * ONE_DAY, zone):
            if start > now:
                return start
    return None


def _whole_day(service: Service, day: date) -> bool:
    return service.hours.always and day not in service.openings
