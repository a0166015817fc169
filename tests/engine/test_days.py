"""The business day over midnight, the turn and both changes of the clock (A11)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.engine.days import business_day, check_day_starts, day_bounds, instant, next_turn
from tests.engine.office import FOUR, ROME, utc


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("2026-11-23T04:00", date(2026, 11, 23)),
        ("2026-11-23T23:59:59", date(2026, 11, 23)),
        ("2026-11-24T00:00", date(2026, 11, 23)),
        ("2026-11-24T03:59:59", date(2026, 11, 23)),
        ("2026-11-24T04:00", date(2026, 11, 24)),
        ("2026-03-29T03:59:59", date(2026, 3, 28)),
        ("2026-03-29T04:00", date(2026, 3, 29)),
        ("2026-10-25T02:30+02:00", date(2026, 10, 24)),
        ("2026-10-25T02:30+01:00", date(2026, 10, 24)),
        ("2026-10-25T04:00", date(2026, 10, 25)),
    ],
)
def test_business_day(local, day):
    assert business_day(utc(local), ROME, FOUR) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 23), (date(2026, 3, 29), 24), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)],
)
def test_day_is_as_long_as_the_clock_makes_it(day, hours):
    begins, ends = day_bounds(day, ROME, FOUR)
    assert ends - begins == timedelta(hours=hours)
    assert begins.astimezone(ROME).time() == ends.astimezone(ROME).time() == FOUR
    assert begins.tzinfo is UTC


def test_next_turn_is_always_ahead():
    assert next_turn(utc("2026-11-23T03:59:59"), ROME, FOUR) == utc("2026-11-23T04:00")
    assert next_turn(utc("2026-11-23T04:00"), ROME, FOUR) == utc("2026-11-24T04:00")


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(
    st.integers(0, 6 * 366 * 86400),
    st.sampled_from(("Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca")),
    st.sampled_from((time(0), time(4), time(5, 30))),
)
def test_every_instant_lies_in_its_business_day(seconds, zone_name, day_starts):
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    zone = ZoneInfo(zone_name)
    begins, ends = day_bounds(business_day(now, zone, day_starts), zone, day_starts)
    assert begins <= now < ends == next_turn(now, zone, day_starts)


def test_skipped_time_is_the_change_and_repeated_time_the_first():
    assert instant(date(2026, 3, 29), time(2, 30), ROME) == utc("2026-03-29T03:00")
    assert instant(date(2026, 10, 25), time(2, 30), ROME) == utc("2026-10-25T02:30+02:00")


@pytest.mark.parametrize(
    ("day_starts", "zone"),
    [
        (time(1), "Europe/Rome"),
        (time(2, 30), "Asia/Kolkata"),
        (time(3, 30), "Europe/Rome"),
        (time(0), "America/Havana"),
        (time(0, 30), "Asia/Beirut"),
        (time(23, 30), "Asia/Beirut"),
    ],
)
def test_day_may_not_turn_where_clocks_change(day_starts, zone):
    with pytest.raises(ValueError, match=r"may not start .*clock"):
        check_day_starts(day_starts, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("day_starts", "zone"),
    [
        (time(4), "Europe/Rome"),
        (time(0), "Europe/Rome"),
        (time(3, 31), "Europe/Rome"),
        (time(4), "Africa/Casablanca"),
        (time(0), "Asia/Kolkata"),
        (time(4), "UTC"),
    ],
)
def test_day_may_turn_elsewhere(day_starts, zone):
    check_day_starts(day_starts, ZoneInfo(zone))
