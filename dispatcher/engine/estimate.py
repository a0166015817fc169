"""How long a customer will wait, as a span, and when a service stops issuing (A10, B9; RULES, Last ticket)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil, floor, sqrt
from statistics import fmean, median, pvariance

from dispatcher.engine.model import Service

_FEWEST = 3
_MINUTE = 60
# A ticket left open over lunch is no service time: longer ones count as this many medians.
_LONGEST_IN_MEDIANS = 4
# Four customers in five are called within the span, if service times vary as they lately did.
_FOUR_IN_FIVE = 1.28


def wait(ahead: int, durations_s: Sequence[float], counters: int) -> tuple[int, int] | None:
    """Between how many seconds and how many a customer with `ahead` others before will be called; None when unknown.

    `durations_s` are recent service times, `counters` the open counters that serve. With all counters busy somebody is
    called each mean/counters seconds, and the first after half of that on average: `ahead + ½` steps. The span around
    it covers four customers in five: the scatter of that many services, and what few samples leave unknown of the mean.
    It is rounded outwards to whole minutes and is never shorter than one. Unknown with fewer than 3 service times or
    without an open counter.
    """
    known = [duration for duration in durations_s if duration > 0]
    if len(known) < _FEWEST or counters < 1:
        return None
    longest = _LONGEST_IN_MEDIANS * median(known)
    known = [min(duration, longest) for duration in known]
    mean, variance = fmean(known), pvariance(known)
    steps = max(0, ahead) + 0.5
    middle = steps * mean / counters
    spread = _FOUR_IN_FIVE * sqrt(steps * variance + steps**2 * variance / len(known)) / counters
    low = _MINUTE * floor(max(0.0, middle - spread) / _MINUTE) if ahead > 0 else 0
    high = _MINUTE * ceil((middle + spread) / _MINUTE)
    return low, max(high, low + _MINUTE)


def stops_issuing(service: Service, *, now: datetime, closes_at: datetime | None, expected_wait_s: int | None) -> bool:
    """Whether the time left to `closes_at` is too short for one more ticket: less than its wait, or than a set span."""
    if service.last_ticket == "never" or closes_at is None:
        return False
    left = closes_at - now
    if isinstance(service.last_ticket, timedelta):
        return left < service.last_ticket
    return expected_wait_s is not None and left < timedelta(seconds=expected_wait_s)
