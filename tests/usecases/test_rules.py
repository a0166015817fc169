"""One person once, the last place once, shared staff, and bookings that a later change displaces (E3, E10)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatcher.config.calendar import PublicHolidays
from dispatcher.engine.model import Capacity, Hours
from dispatcher.usecases import bookings, views
from dispatcher.usecases.desk import Desk
from tests.engine.make import at
from tests.usecases.house import CLERK, PUBLIC, minutes, service, weekdays

TODAY = at("09:00").date()
TUESDAY = TODAY + timedelta(days=1)
VALUES = {"service": "passport", "phone": "011 5617000", "consent": True}


def free(house, name="passport", day=TODAY, **given):
    """Local time → free places of a day."""
    found = house.desk.read(views.slots, service=name, first=day, last=day, **given)
    return {one["start"][11:16]: one["free"] for one in found}


# ---- the last place


def test_fifty_at_once_for_three_places_and_three_get_one(house):
    office = house(service(slot=minutes(15), places=3))
    gate = threading.Barrier(50)

    def client(number):
        gate.wait(30)
        person = {"name": f"Client {number}", "email": f"client{number}@example.org", "start": at("11:00")}
        return office.desk.execute(PUBLIC, bookings.book, request_id=f"r{number}", body=person, **VALUES, **person)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(client, range(50)))
    won = sorted(one.body["label"] for one in answers if one.ok)
    assert won == ["AA01", "AA02", "AA03"]
    assert [(one.status, one.body["code"]) for one in answers if not one.ok] == [(409, "slot_gone")] * 47
    assert "11:00" not in free(office)
    assert free(office)["11:15"] == 3
    states = office.desk.read(views.figures)["tickets"]
    assert states == {"booked": 3}, "nothing is left behind by those who lost"


# ---- one person


def test_a_later_booking_of_the_same_person_is_refused_with_the_first_ones_date(house):
    office = house(service(open_bookings=2))
    first = office.book("10:00", name="Niccolò D'Angelo", email="casa@example.org")
    office.book("10:30", name="DANGELO  Niccolo", email="Casa@example.org")
    again = {"name": "D’Angelo Niccolo\u0300", "email": "casa@example.org"}
    assert office.refusal(bookings.book, start=at("12:00"), **VALUES, **again) == "already_booked"
    body = office.refused_bodies[-1]
    assert body["message"] == "This person already has an appointment on 23.11.2026 at 10:00."
    assert (body["ticket"]["id"], body["ticket"]["scheduled_at"]) == (first["id"], "2026-11-23T09:00:00.000Z")


def test_a_family_shares_telephone_and_address_and_each_of_them_has_an_appointment(house):
    office = house()
    for name in ("Anna Verdi", "Bea Verdi", "Carlo Verdi"):
        office.book("10:00" if name < "C" else "10:05", name=name, email="casa@example.org")
    office.book("10:10", name="Anna Verdi", email="anna@example.org")
    assert office.refusal(bookings.book, start=at("12:00"), name="Bea Verdi", email="casa@example.org", **VALUES) == (
        "already_booked"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna Verdi", "verdi  ANNA", True),
        ("José Peña", "Jose Pena", True),
        ("D'Angelo Rita", "Rita D’angelo", True),
        ("Maria-Luisa Neri", "maria luisa neri", True),
        ("Straße Uwe", "Strasse Uwe", True),
        ("Anna Verdi", "Anno Verdi", False),
        ("Анна Иванова", "Анна Петрова", False),
        ("李 明", "李 华", False),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one, other, same):
    assert (bookings.normal_name(one) == bookings.normal_name(other)) is same


# ---- maximum of a day, staff that is shared


def test_a_daily_maximum_counts_what_was_served_and_lets_move_within_the_day(house):
    office = house(service(slot=minutes(15), daily_appointments=2))
    one = office.book("10:00")
    office.book("11:00")
    assert free(office) == {}
    assert len(free(office, day=TUESDAY)) == 96
    person = {"name": "Ada", "email": "ada@example.org"}
    assert office.refusal(bookings.book, start=at("12:00"), **VALUES, **person) == "slot_gone"
    office.do(bookings.move, code=one["code"], start=at("12:00"))
    office.do(bookings.cancel, code=one["code"])
    office.do(bookings.book, start=at("12:00"), **VALUES, **person)
    office.until("12:00:01")
    assert office.call() is not None
    office.press("finish")
    assert free(office) == {}, "served ones count"


def test_services_that_share_staff_have_its_places_together(house):
    hours = weekdays(("10:00", "11:00"))
    short, long = service(slot=minutes(30), places=3, hours=hours), service("taxes", "C", slot=minutes(60), hours=hours)
    office = house(short, long, capacities=(Capacity(id="desk", services=("passport", "taxes"), places=2),))
    assert (free(office), free(office, "taxes")) == ({"10:00": 2, "10:30": 2}, {"10:00": 2})
    one = office.book("10:30")
    assert (free(office), free(office, "taxes")) == ({"10:00": 2, "10:30": 1}, {"10:00": 1})
    office.book("10:00", "taxes")
    assert (free(office), free(office, "taxes")) == ({"10:00": 1}, {})
    person = {"name": "Ada", "email": "ada@example.org", "start": at("10:30")}
    assert office.refusal(bookings.book, **VALUES, **person) == "slot_gone"
    office.do(bookings.move, code=one["code"], start=at("10:00"))
    assert (free(office), free(office, "taxes")) == ({"10:30": 1}, {})


# ---- holidays, and changes that meet bookings


def test_the_dispenser_keeps_the_holidays_too(house):
    hours = Hours(spans=dict.fromkeys(range(7), weekdays(("08:30", "12:30")).spans[0]))
    office = house(service(hours=hours, holidays=PublicHolidays("IT", "TO")))
    office.clock.set(at("09:00").replace(month=12, day=8))
    [line] = office.desk.read(views.services)
    assert (line["open"], line["reason"], line["opens_at"]) == (False, "closure", "2026-12-09T07:30:00.000Z")
    assert free(office, day=date(2026, 12, 8), bound=False) == {}


def changed(house, **services):
    """The office after a change of its file, over the same bookings."""
    office = replace(house.desk.office, services={one.id: one for one in services.values()})
    return Desk(house.store, office, house.clock, base_url=house.desk.base_url)


def test_a_change_of_hours_displaces_bookings_and_drops_none(house):
    hours = weekdays(("09:00", "12:00"), ("14:00", "16:00"))
    before, taxes = service(slot=minutes(30), places=2, hours=hours), service("taxes", "C", slot=minutes(30))
    office = house(before, taxes, starts="08:00")
    other = at("10:00").replace(day=24)
    made = {
        "stays": office.book("09:00"),
        "odd": office.book("09:30"),
        "afternoon": office.book("15:00"),
        "first": office.book("11:00", name="Ada", phone="+39 347 1234567"),
        "second": office.book("11:00", name="Bea"),
        "closed": office.book(start="10:00", email="late@example.org"),
        "gone": office.book("10:00", "taxes"),
    }
    office.do(bookings.move, code=made["closed"]["code"], start=other)
    cancelled = office.book("15:30")
    office.do(bookings.cancel, code=cancelled["code"])
    assert office.desk.read(views.displaced) == []

    after = replace(
        before, slot=minutes(60), places=1, hours=weekdays(("09:00", "12:00")), closures=((TUESDAY, TUESDAY),)
    )
    desk = changed(office, passport=after)
    found = desk.read(views.displaced)
    assert [(one["id"], one["reason"]) for one in found] == [
        (made["odd"]["id"], "hours"),
        (made["gone"]["id"], "service"),
        (made["second"]["id"], "places"),
        (made["afternoon"]["id"], "hours"),
        (made["closed"]["id"], "closed"),
    ]
    assert found[2] == {
        "id": made["second"]["id"],
        "label": made["second"]["label"],
        "code": made["second"]["code"],
        "service": "passport",
        "start": "2026-11-23T11:00:00+01:00",
        "reason": "places",
        "name": "Bea",
        "email": found[2]["email"],
        "phone": "+390115617000",
        "language": "it",
    }
    assert [one["id"] for one in desk.read(views.displaced, service="taxes")] == [made["gone"]["id"]]
    assert {office.state(one) for one in made.values()} == {"booked"}, "nobody is dropped"


def test_a_displaced_booking_can_be_moved_and_still_takes_its_time(house):
    before = service(slot=minutes(15), places=1, hours=weekdays(("09:00", "11:00")))
    office = house(before, starts="08:00")
    one = office.book("09:15")
    desk = changed(office, passport=replace(before, slot=minutes(30)))
    day = {"service": "passport", "first": TODAY, "last": TODAY, "bound": False}
    assert [slot["start"][11:16] for slot in desk.read(views.slots, **day)] == ["10:00", "10:30"]
    answer = desk.execute(CLERK, bookings.move, code=one["code"], start=at("09:30"))
    assert answer.ok, "it does not stand in its own way"
    assert desk.read(views.displaced) == []
    assert [slot["start"][11:16] for slot in desk.read(views.slots, **day)] == ["09:00", "10:00", "10:30"]


def test_a_closure_over_a_booking_leaves_it_booked_through_that_day(house):
    office = house(service(slot=minutes(30), hours=weekdays(("09:00", "12:00"))), opened=False)
    made = office.book("10:00")
    office.do(bookings.move, code=made["code"], start=at("10:00").replace(day=24))
    office.desk.office = replace(
        office.desk.office,
        services={"passport": replace(office.desk.office.services["passport"], closures=((TUESDAY, TUESDAY),))},
    )
    office.until("2026-11-24T05:00")
    assert office.state(made) == "booked"
    assert [one["reason"] for one in office.desk.read(views.displaced)] == ["closed"]
    office.until("2026-11-25T13:00")
    assert office.state(made) == "unserved", "and never as if the customer had not come"
