"""The booking page's month on each database: whole months compared, on the days that go wrong elsewhere (E1, E10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dispatcher.config.calendar import PublicHolidays
from dispatcher.engine.model import Capacity, Hours
from dispatcher.usecases import holds, months
from tests.engine.make import at
from tests.usecases.house import ROME, minutes, service, weekdays

EVERY_DAY = dict.fromkeys(range(7), weekdays(("09:00", "11:00")).spans[0])
NIGHTS = dict.fromkeys(range(7), weekdays(("01:00", "04:00")).spans[0])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


def month(office, name="passport", **given):
    return office.desk.read(months.month, service=office.desk.office.services[name], **given)


def days(year: int, number: int, **free: int) -> dict[date, int]:
    """What is free on each day of a month: `each` on all of them, but for those named (`d28=4`); 0 is left out."""
    each = free.pop("each")
    first = date(year, number, 1)
    all_days = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == number]
    found = {day: free.get(f"d{day.day}", each) for day in all_days}
    return {day: places for day, places in found.items() if places}


@pytest.fixture
def hourly(house):
    """Four slots of half an hour a day, one place each, every day; bookable for 40 days."""

    def begin(starts: str, **settings):
        given = {"hours": Hours(spans=EVERY_DAY), "slot": minutes(30), "places": 1, "horizon": timedelta(days=40)}
        office = house(service(**(given | settings)), opened=False)
        office.clock.set(local(starts))
        return office

    return begin


def test_spring_and_autumn_nights_have_the_slots_that_there_are(hourly):
    office = hourly("2027-03-01T00:00", hours=Hours(spans=NIGHTS))
    assert month(office).free == days(2027, 3, each=6, d28=4)
    office.clock.set(local("2027-09-28T00:00"))
    found = month(office, first=date(2027, 10, 1), day=date(2027, 10, 31))
    assert found.free == days(2027, 10, each=6, d31=8)
    assert [one.start.isoformat()[11:] for one in found.hours] == [
        "01:00:00+02:00",
        "01:30:00+02:00",
        "02:00:00+02:00",
        "02:30:00+02:00",
        "02:00:00+01:00",
        "02:30:00+01:00",
        "03:00:00+01:00",
        "03:30:00+01:00",
    ]


def test_turn_of_the_year_with_its_holidays(hourly):
    office = hourly("2026-12-05T09:10", holidays=PublicHolidays("IT", "TO"), lead=timedelta(hours=1))
    december, january = month(office), month(office, first=date(2027, 1, 1))
    gone = {f"d{day}": 0 for day in (*range(1, 5), 8, 25, 26)}
    assert december.free == days(2026, 12, each=4, d5=1, **gone)
    late = {f"d{day}": 0 for day in range(15, 32)}
    assert january.free == days(2027, 1, each=4, d1=0, d6=0, **late)
    assert (december.earliest, december.latest) == (date(2026, 12, 5), date(2027, 1, 14))
    assert (december.first, january.first) == (date(2026, 12, 1), date(2027, 1, 1))
    assert january.day == date(2027, 1, 2), "the first free day is chosen"


def test_leap_day_can_be_booked(hourly):
    office = hourly("2028-01-25T00:00", horizon=timedelta(days=60))
    assert month(office, first=date(2028, 2, 1)).free == days(2028, 2, each=4)
    assert date(2028, 2, 29) in month(office, day=date(2028, 2, 29)).free


def test_closure_over_bookings_leaves_the_day_without_places(hourly):
    closed = (date(2026, 12, 10), date(2026, 12, 12))
    office = hourly("2026-11-30T12:00", closures=(closed,))
    assert month(office).free == days(2026, 12, each=4, d10=0, d11=0, d12=0)


def test_first_month_shown_is_the_first_with_a_free_day(hourly):
    office = hourly("2026-11-30T12:00")
    found = month(office)
    assert (found.first, found.day) == (date(2026, 12, 1), date(2026, 12, 1))
    shut = hourly("2026-11-30T12:00", closures=((date(2026, 11, 1), date(2027, 12, 31)),))
    found = month(shut)
    assert (found.first, found.free, found.day, list(found.hours)) == (date(2026, 11, 1), {}, None, [])


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"first": date(2020, 1, 1)}, date(2026, 12, 1)),
        ({"first": date(2199, 1, 1)}, date(2027, 1, 1)),
        ({"day": date(2027, 1, 5)}, date(2027, 1, 1)),
        ({"first": date(2026, 12, 1), "day": date(2027, 1, 5)}, date(2026, 12, 1)),
    ],
)
def test_month_lies_within_lead_and_horizon(hourly, asked, shown):
    found = month(hourly("2026-12-05T09:10"), **asked)
    assert found.first == shown
    assert found.day in found.free


def test_places_less_what_is_booked_held_and_shared(house):
    office = house(
        service(hours=weekdays(("09:00", "11:00")), slot=minutes(30), places=3),
        service("other", "B", hours=weekdays(("09:00", "11:00")), slot=minutes(30), places=3),
        capacities=(Capacity(id="staff", services=("passport", "other"), places=4),),
    )
    office.book("10:00")
    office.book("10:30", service="other")
    office.book("10:30", service="other")
    office.do(holds.hold, service="passport", start=at("10:00"), holder="me")
    today = at("09:00").date()
    assert month(office).free[today] == 1 + 2, "one at 10, two at half past: the staff is four"
    assert month(office, holder="me").free[today] == 2 + 2, "what I hold does not stand in my own way"


def test_no_more_than_a_days_maximum_is_promised(house):
    office = house(service(hours=weekdays(("09:00", "12:00")), slot=minutes(15), places=2, daily_appointments=8))
    today = at("09:00").date()
    office.book("10:30")
    assert month(office).free[today] == 7
    assert month(office).free[today + timedelta(days=1)] == 8


def test_nearest_times_are_near_on_both_sides_and_further_only_if_needed(house):
    office = house(service(hours=weekdays(("09:00", "12:00")), slot=minutes(60), places=1, lead=minutes(0)))
    settings = office.desk.office.services["passport"]

    def near(start, many):
        found = office.desk.read(months.nearest, service=settings, start=start, many=many)
        return [one.isoformat()[5:16] for one in found]

    office.book("10:00")
    assert near(at("10:00"), 3) == ["11-23T09:00", "11-23T11:00", "11-24T09:00"]
    saturday = at("10:00") + timedelta(days=5)
    assert near(saturday, 5) == ["11-26T11:00", "11-27T09:00", "11-27T10:00", "11-27T11:00", "11-30T09:00"]
    assert len(near(at("10:00"), 40)) == 40
    assert near(at("10:00") + timedelta(days=4000), 1) == ["01-22T11:00"], "the last that can be booked"
