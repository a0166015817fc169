"""Holidays, days with hours of their own, a daily maximum, shared staff; whole results over the hard days (E10)."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import product

import pytest

from dispatcher.config.calendar import PublicHolidays
from dispatcher.engine.hours import Opening, closed_on, day_over, opening, spans_on
from dispatcher.engine.model import Hours
from dispatcher.engine.slots import Shared, busy, free_at, is_slot, slots
from tests.engine.make import minutes, service
from tests.engine.office import FOUR, ROME, utc

LONG_AGO = utc("2020-01-01T00:00")
TURIN = PublicHolidays("IT", "TO")
DAILY = Hours(spans={number: ((time(9, 0), time(10, 0)),) for number in range(7)})
OFFICE = service(hours=DAILY, slot=minutes(30), places=2, holidays=TURIN)
ALWAYS = Hours(always=True)
SATURDAY = date(2026, 12, 5)


def starts(what, first, last=None, **given):
    given = {"now": LONG_AGO, "taken": {}, "bound": False} | given
    found = slots(what, first, last or first, zone=ROME, **given)
    return [(one.start.isoformat(timespec="minutes"), one.free) for one in found]


def of(day, *, offset="+01:00", free=2):
    return [(f"{day}T09:00{offset}", free), (f"{day}T09:30{offset}", free)]


# ---- the hard days, whole


def test_over_christmas_and_new_year():
    open_days = ["2026-12-23", "2026-12-24", "2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"]
    open_days += ["2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05", "2027-01-07"]
    expected = [line for day in open_days for line in of(day)]
    assert starts(OFFICE, date(2026, 12, 23), date(2027, 1, 7)) == expected


def test_the_patrons_day_is_the_citys_own():
    midsummer = date(2027, 6, 24)
    assert starts(OFFICE, midsummer) == []
    milan = service(hours=DAILY, slot=minutes(30), holidays=PublicHolidays("IT", "MI"))
    assert starts(milan, midsummer) == of("2027-06-24", offset="+02:00")
    assert starts(milan, date(2027, 12, 7)) == []


def test_the_leap_day_is_a_day_and_its_stead_in_other_years_is_none():
    assert starts(OFFICE, date(2028, 2, 28), date(2028, 3, 1)) == [
        *of("2028-02-28"),
        *of("2028-02-29"),
        *of("2028-03-01"),
    ]
    assert starts(OFFICE, date(2027, 2, 28), date(2027, 3, 1)) == [*of("2027-02-28"), *of("2027-03-01")]


def test_both_days_on_which_the_clock_changes():
    night = service(hours=Hours(spans={6: ((time(1, 0), time(4, 0)),)}), slot=minutes(60), places=1)
    assert starts(night, date(2027, 3, 27), date(2027, 3, 29)) == [
        ("2027-03-28T01:00+01:00", 1),
        ("2027-03-28T03:00+02:00", 1),
    ]
    assert starts(night, date(2027, 10, 30), date(2027, 11, 1)) == [
        ("2027-10-31T01:00+02:00", 1),
        ("2027-10-31T02:00+02:00", 1),
        ("2027-10-31T02:00+01:00", 1),
        ("2027-10-31T03:00+01:00", 1),
    ]
    daily = service(hours=DAILY, slot=minutes(30))
    both = [*of("2027-03-27"), *of("2027-03-28", offset="+02:00")]
    assert starts(daily, date(2027, 3, 27), date(2027, 3, 28)) == both
    assert starts(OFFICE, date(2027, 3, 27), date(2027, 3, 28)) == both[:2], "which is Easter in that year"


def test_easter_moves_with_the_years_and_no_list_runs_out():
    mondays = [date(2027, 3, 29), date(2028, 4, 17), date(2040, 4, 2), date(2075, 4, 8)]
    assert [closed_on(OFFICE, day) for day in mondays] == [True] * 4
    assert not closed_on(OFFICE, date(2028, 3, 29))


def test_always_and_holidays_of_its_own():
    whole = service(hours=ALWAYS, holidays=TURIN)
    assert opening(whole, utc("2026-12-25T09:00"), ROME) == Opening(
        False, "closure", utc("2026-12-27T00:00"), None, None
    )


# ---- a day with hours of its own


def test_the_hours_of_a_day_go_before_weekly_ones_closures_and_holidays():
    special = service(
        hours=Hours(spans={4: ((time(9, 0), time(10, 0)),)}),
        slot=minutes(30),
        holidays=TURIN,
        closures=((date(2026, 12, 4), date(2026, 12, 8)),),
        openings={
            SATURDAY: ((time(14, 0), time(15, 0)),),
            date(2026, 12, 8): ((time(9, 0), time(9, 30)),),
            date(2026, 12, 11): ((time(16, 0), time(16, 30)), (time(8, 0), time(8, 30))),
        },
    )
    assert starts(special, date(2026, 12, 1), date(2026, 12, 18)) == [
        ("2026-12-05T14:00+01:00", 2),
        ("2026-12-05T14:30+01:00", 2),
        ("2026-12-08T09:00+01:00", 2),
        ("2026-12-11T08:00+01:00", 2),
        ("2026-12-11T16:00+01:00", 2),
        ("2026-12-18T09:00+01:00", 2),
        ("2026-12-18T09:30+01:00", 2),
    ]
    assert is_slot(special, utc("2026-12-05T14:00"), ROME)
    assert not is_slot(special, utc("2026-12-04T09:00"), ROME)
    assert opening(special, utc("2026-12-04T09:00"), ROME) == Opening(
        False, "closure", utc("2026-12-05T14:00"), None, None
    )
    assert opening(special, utc("2026-12-08T09:00"), ROME) == Opening(
        True, None, None, utc("2026-12-08T09:30"), utc("2026-12-08T09:30")
    )
    assert day_over(special, SATURDAY, utc("2026-12-05T14:59"), ROME, FOUR) is False
    assert day_over(special, SATURDAY, utc("2026-12-05T15:00"), ROME, FOUR) is True


def test_a_service_that_only_opens_on_single_days():
    single = service(hours=Hours(), openings={SATURDAY: ((time(9, 0), time(10, 0)),)})
    assert opening(single, utc("2026-11-23T09:00"), ROME).opens_at == utc("2026-12-05T09:00")


def test_always_but_for_one_day():
    once = service(hours=ALWAYS, openings={SATURDAY: ((time(9, 0), time(12, 0)),)})
    assert spans_on(once, SATURDAY, ROME) == [(utc("2026-12-05T09:00"), utc("2026-12-05T12:00"))]
    assert opening(once, utc("2026-12-05T10:00"), ROME).closes_at == utc("2026-12-05T12:00")
    assert opening(once, utc("2026-12-05T13:00"), ROME).opens_at == utc("2026-12-06T00:00")
    assert opening(once, utc("2026-12-04T13:00"), ROME) == Opening(True, None, None, None, None)


# ---- maximum of a day, shared staff, places


def test_a_daily_maximum_closes_the_rest_of_the_day_and_only_that():
    most = service(hours=DAILY, slot=minutes(30), places=2, daily_appointments=3)
    taken = {utc("2026-11-23T09:00"): 1, utc("2026-11-24T09:00"): 2, utc("2026-11-25T09:00"): 2}
    taken |= {utc("2026-11-25T09:30"): 1, utc("2026-11-26T07:00"): 3}
    assert starts(most, date(2026, 11, 23), date(2026, 11, 27), taken=taken) == [
        ("2026-11-23T09:00+01:00", 1),
        ("2026-11-23T09:30+01:00", 2),
        ("2026-11-24T09:00+01:00", 0),
        ("2026-11-24T09:30+01:00", 1),
        ("2026-11-25T09:00+01:00", 0),
        ("2026-11-25T09:30+01:00", 0),
        ("2026-11-26T09:00+01:00", 0),
        ("2026-11-26T09:30+01:00", 0),
        ("2026-11-27T09:00+01:00", 2),
        ("2026-11-27T09:30+01:00", 2),
    ]
    assert [free for _start, free in starts(most, date(2026, 11, 25), now=utc("2026-11-25T09:10"), taken=taken)] == [0]


def test_shared_staff_is_taken_by_whoever_comes_first_and_as_long_as_it_lasts():
    long = service("taxes", "C", hours=DAILY, slot=minutes(60), places=5)
    day = utc("2026-11-23T09:00").date()
    of_taxes = busy(long, {utc("2026-11-23T09:00"): 1})
    own = {utc("2026-11-23T09:30"): 1}
    sharing = (Shared(2, [*of_taxes, *busy(OFFICE, own)]),)
    assert starts(OFFICE, day, taken=own, shared=sharing) == [
        ("2026-11-23T09:00+01:00", 1),
        ("2026-11-23T09:30+01:00", 0),
    ]
    assert starts(long, day, taken={utc("2026-11-23T09:00"): 1}, shared=sharing) == [("2026-11-23T09:00+01:00", 0)]
    assert free_at(OFFICE, utc("2026-11-23T10:00"), zone=ROME, taken=own, shared=sharing) == 2, "an end is no overlap"


def test_a_booking_between_two_slots_takes_of_both():
    taken = {utc("2026-11-23T09:15"): 1}
    assert [free for _start, free in starts(OFFICE, date(2026, 11, 23), taken=taken)] == [1, 1]


def test_places_are_never_given_twice_whatever_was_booked_before():
    """Against a count minute by minute."""
    day = date(2026, 11, 23)
    nine = utc("2026-11-23T09:00")
    for first, second, length, places in product((0, 10, 25, 40), (0, 15, 30), (20, 30), (1, 2, 3)):
        what = service(hours=DAILY, slot=minutes(length), places=places)
        taken = {nine + minutes(first): 1}
        taken[nine + minutes(second)] = taken.get(nine + minutes(second), 0) + 1
        for one in slots(what, day, day, zone=ROME, now=LONG_AGO, taken=taken, bound=False):
            at_once = max(
                sum(number for start, number in taken.items() if start <= moment < start + what.slot)
                for moment in (one.start + minutes(number) for number in range(length))
            )
            assert one.free == max(0, places - at_once), (first, second, length, places, one)


@pytest.mark.parametrize("days", [1, 30, 60])
def test_the_horizon_rolls_over_the_years(days):
    far = service(hours=DAILY, slot=minutes(60), horizon=timedelta(days=days))
    found = starts(far, date(2026, 12, 20), date(2027, 12, 31), now=utc("2026-12-20T10:00"), bound=True)
    assert len(found) == days
    last = date(2026, 12, 20) + timedelta(days=days)
    assert found[-1][0] == f"{last}T09:00+01:00"
