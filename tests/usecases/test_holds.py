"""A slot is kept for ten minutes while somebody types (E1): one at a time, and back by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from dispatcher.usecases import bookings, deadlines, holds, views
from tests.engine.make import at
from tests.usecases.house import PUBLIC, ROME, minutes, service

PERSON = {"name": "Ada Neri", "email": "ada@example.org", "phone": "011 5617000", "consent": True}


def free(office, time, holder=None):
    day = at(time).date()
    found = office.desk.read(views.slots, service="passport", first=day, last=day, holder=holder)
    return {one["start"][11:16]: one["free"] for one in found}.get(time, 0)


def hold(office, time, holder):
    return office.do(holds.hold, service="passport", start=at(time), holder=holder)


def test_a_held_place_is_taken_for_all_but_its_holder(house):
    office = house(service(places=1))
    held = hold(office, "10:00", "one")
    assert held == {
        "service": "passport",
        "start": "2026-11-23T09:00:00.000Z",
        "until": "2026-11-23T08:10:00.000Z",
    }
    assert (free(office, "10:00"), free(office, "10:00", "one")) == (0, 1)
    values = {"service": "passport", "start": at("10:00")}
    assert office.refusal(holds.hold, **values, holder="two") == "slot_gone"
    assert office.refusal(bookings.book, actor=PUBLIC, **values, **PERSON, holder="two") == "slot_gone"
    assert office.refusal(bookings.book, actor=PUBLIC, **values, **PERSON) == "slot_gone"
    made = office.do(bookings.book, actor=PUBLIC, **values, **PERSON, holder="one")
    assert made["label"] == "AA01"
    assert office.desk.read(holds.held, holder="one") is None, "no hold is left behind"


def test_choosing_another_slot_frees_the_first(house):
    office = house(service(places=1))
    hold(office, "10:00", "one")
    hold(office, "10:15", "one")
    assert (free(office, "10:00"), free(office, "10:15")) == (1, 0)
    hold(office, "10:00", "two")
    assert office.refusal(holds.hold, service="passport", start=at("10:00"), holder="one") == "slot_gone"
    assert office.desk.read(holds.held, holder="one")["start"] == "2026-11-23T09:15:00.000Z", "what it had is kept"


def test_a_lost_hold_comes_back_by_itself_after_ten_minutes(house):
    office = house(service(places=1))
    hold(office, "11:00", "one")
    office.clock.advance(minutes=9, seconds=59)
    assert hold(office, "11:00", "one")["until"] == "2026-11-23T08:10:00.000Z", "asking again prolongs nothing"
    assert free(office, "11:00") == 0
    office.clock.advance(seconds=1)
    assert free(office, "11:00") == 1
    assert office.desk.read(holds.held, holder="one") is None
    office.do(deadlines.tidy)
    assert hold(office, "11:00", "two")["until"] == "2026-11-23T08:20:00.000Z"


def test_a_hold_that_is_over_still_books_while_the_place_is_free(house):
    office = house(service(places=1))
    hold(office, "11:00", "one")
    office.clock.advance(minutes=20)
    made = office.do(bookings.book, actor=PUBLIC, service="passport", start=at("11:00"), **PERSON, holder="one")
    assert made["label"] == "AA01"


def test_a_hold_is_given_back_at_once(house):
    office = house(service(places=1))
    hold(office, "10:00", "one")
    office.do(holds.release, holder="one")
    assert free(office, "10:00") == 1


def test_what_is_no_slot_cannot_be_held(house):
    office = house(service(slot=minutes(15)), service("desk", "D", appointments=False))
    for values in (
        {"service": "passport", "start": at("10:01")},
        {"service": "desk", "start": at("10:00")},
        {"service": "none", "start": at("10:00")},
    ):
        assert office.refusal(holds.hold, **values, holder="one") == "invalid"
    assert office.refusal(holds.hold, service="passport", start=at("08:00"), holder="one") == "slot_gone", "it is past"


def test_both_hours_of_the_night_that_has_one_twice_can_be_held_and_booked(house):
    office = house(service(slot=minutes(30), places=1))
    office.clock.set(datetime(2027, 10, 20, 12, tzinfo=UTC))
    for hour, holder in ((0, "summer"), (1, "winter")):
        start = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
        for told in (start, start.astimezone(ROME)):
            office.do(holds.hold, service="passport", start=told, holder=holder)
        person = {**PERSON, "name": f"Ada {holder}"}
        made = office.do(bookings.book, actor=PUBLIC, service="passport", start=start, **person, holder=holder)
        assert made["start"] == f"2027-10-31T02:30:00+0{2 - hour}:00"
