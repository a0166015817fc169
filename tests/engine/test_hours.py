"""When a service is open, when it is over for the day (B9, E10; RULES, Closing)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from dispatcher.engine.hours import Opening, day_over, opening, spans_on
from dispatcher.engine.model import Hours
from tests.engine.make import service
from tests.engine.office import FOUR, ROME, utc

MONDAY = date(2026, 11, 23)
MORNING, AFTERNOON = (time(8, 30), time(12, 30)), (time(14, 0), time(16, 0))
OFFICE = service(
    hours=Hours(spans={0: (MORNING, AFTERNOON), 1: (MORNING,)}), closures=((date(2026, 12, 1), date(2026, 12, 8)),)
)
ALWAYS = service(hours=Hours(always=True), closures=((date(2026, 12, 25), date(2026, 12, 25)),))
NIGHT = service(hours=Hours(spans={0: ((time(20, 0), time(2, 0)),)}))
CINEMA = service(hours=Hours(spans={0: ((time(18, 0), time(0, 0)),)}))


def test_spans_of_a_day_in_utc():
    assert spans_on(OFFICE, MONDAY, ROME) == [
        (utc("2026-11-23T08:30"), utc("2026-11-23T12:30")),
        (utc("2026-11-23T14:00"), utc("2026-11-23T16:00")),
    ]
    assert spans_on(OFFICE, date(2026, 11, 25), ROME) == []
    assert spans_on(OFFICE, date(2026, 12, 7), ROME) == []


def test_always_is_the_whole_local_day():
    for day, hours in ((MONDAY, 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        [(start, end)] = spans_on(ALWAYS, day, ROME)
        assert end - start == timedelta(hours=hours)
    assert spans_on(ALWAYS, date(2026, 12, 25), ROME) == []


def test_span_in_the_skipped_hour_does_not_exist():
    sunday = service(hours=Hours(spans={6: ((time(2, 0), time(3, 0)), (time(1, 0), time(4, 0)))}))
    assert spans_on(sunday, date(2026, 3, 29), ROME) == [(utc("2026-03-29T01:00"), utc("2026-03-29T04:00"))]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("08:29:59", Opening(False, "hours", "08:30", "16:00", None)),
        ("08:30", Opening(True, None, None, "16:00", "12:30")),
        ("12:30", Opening(False, "hours", "14:00", "16:00", None)),
        ("15:59", Opening(True, None, None, "16:00", "16:00")),
        ("16:00", Opening(False, "hours", "+08:30", "16:00", None)),
    ],
)
def test_opening_over_a_day(now, expected):
    def instant(text):
        if text is None:
            return None
        return utc(f"2026-11-24T{text[1:]}") if text.startswith("+") else utc(f"2026-11-23T{text}")

    wanted = Opening(
        expected.open,
        expected.reason,
        instant(expected.opens_at),
        instant(expected.closes_at),
        instant(expected.span_ends_at),
    )
    assert opening(OFFICE, instant(now), ROME) == wanted


def test_closure_says_so_and_when_it_ends():
    assert opening(OFFICE, utc("2026-12-01T09:00"), ROME) == Opening(
        False, "closure", utc("2026-12-14T08:30"), None, None
    )
    assert opening(ALWAYS, utc("2026-12-25T09:00"), ROME) == Opening(
        False, "closure", utc("2026-12-26T00:00"), None, None
    )


def test_always_never_closes_and_without_hours_never_opens():
    assert opening(ALWAYS, utc("2026-11-23T23:59"), ROME) == Opening(True, None, None, None, None)
    assert opening(service(hours=Hours()), utc("2026-11-23T09:00"), ROME) == Opening(False, "hours", None, None, None)


def test_span_over_midnight_is_open_on_both_days():
    at_one = opening(NIGHT, utc("2026-11-24T01:00"), ROME)
    assert (at_one.open, at_one.closes_at) == (True, utc("2026-11-24T02:00"))
    assert opening(CINEMA, utc("2026-11-23T23:59"), ROME).closes_at == utc("2026-11-24T00:00")
    assert not opening(CINEMA, utc("2026-11-24T00:00"), ROME).open


@pytest.mark.parametrize(
    ("what", "now", "over"),
    [
        (OFFICE, "2026-11-23T08:00", False),
        (OFFICE, "2026-11-23T13:00", False),  # a break closes nothing
        (OFFICE, "2026-11-23T16:00", True),
        (OFFICE, "2026-11-23T03:00", False),  # the day has not begun
        (OFFICE, "2026-11-24T09:00", True),  # tickets of yesterday
        (NIGHT, "2026-11-24T01:59", False),
        (NIGHT, "2026-11-24T02:00", True),
        (ALWAYS, "2026-11-25T12:00", False),
        (service(hours=Hours(spans={0: ((time(20, 0), time(10, 0)),)})), "2026-11-24T03:59", False),
        (service(hours=Hours(spans={0: ((time(20, 0), time(10, 0)),)})), "2026-11-24T04:00", True),
        (service(hours=Hours()), "2026-11-23T09:00", True),
    ],
)
def test_day_over(what, now, over):
    assert day_over(what, MONDAY, utc(now), ROME, FOUR) is over
