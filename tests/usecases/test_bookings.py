"""Appointments: booked, moved, cancelled, checked in; missed and come back (B2, E10)."""

from __future__ import annotations

import pytest

from dispatcher.usecases import bookings, tickets, views
from tests.engine.make import at
from tests.usecases.house import CLERK, PUBLIC, counter, minutes, service, weekdays


def test_a_booking_has_its_number_code_and_local_time(house):
    office = house()
    made = office.book("10:00")
    assert (made["label"], made["start"]) == ("AA01", "2026-11-23T10:00:00+01:00")
    assert len(made["code"]) == 8
    assert made["status_url"].startswith("http://127.0.0.1:8000/t/")
    one = office.ticket(made)
    assert (one["kind"], one["state"], one["scheduled_at"]) == ("appointment", "booked", "2026-11-23T09:00:00.000Z")
    assert office.events(made) == ["booked"]
    read = office.desk.read(views.appointment, code=made["code"].lower())
    assert (read["id"], read["phone"]) == (made["id"], "+390115617000")
    assert office.book("10:00", email="b@example.org")["label"] == "AA02"


def test_a_full_slot_is_gone_and_free_again_when_cancelled(house):
    office = house(service(slot=minutes(15), places=2))
    made = [office.book("10:00") for _ in range(2)]
    values = {"service": "passport", "start": at("10:00"), "name": "Ada", "email": "c@example.org"}
    values |= {"phone": "011 5617000", "consent": True}
    assert office.refusal(bookings.book, **values) == "slot_gone"
    day = at("10:00").date()
    free = {
        one["start"][11:16]: one["free"]
        for one in office.desk.read(views.slots, service="passport", first=day, last=day)
    }
    assert "10:00" not in free
    assert free["10:15"] == 2
    office.do(bookings.cancel, code=made[0]["code"])
    office.do(bookings.cancel, code=made[0]["code"])
    assert office.events(made[0]) == ["booked", "cancelled"], "the second time changes nothing"
    assert office.book("10:00")["label"] == "AA03", "cancelled numbers are not given again"


def test_one_person_has_one_open_booking_for_a_service(house):
    office = house(service(), service("taxes", "C"))
    one = office.book("10:00", name="Anna  Verdi", email="anna@example.org")
    values = {"start": at("11:00"), "phone": "011 5617000", "consent": True}
    same = values | {"name": "ÀNNA VERDI", "email": "Anna@example.org"}
    assert office.refusal(bookings.book, service="passport", **same) == "already_booked"
    assert "10:00" in office.refused_bodies[-1]["message"]
    office.do(bookings.book, service="taxes", **same)
    office.do(bookings.book, service="passport", **(same | {"name": "Bea Verdi"}))
    office.do(bookings.cancel, code=one["code"])
    office.do(bookings.book, service="passport", **same)


MUST_NOT_BE = [
    ({"service": "none"}, "service"),
    ({"service": "desk"}, "service"),
    ({"start": at("10:01")}, "start"),
    ({"name": "  "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"email": "nobody"}, "email"),
    ({"email": "ufficio@pec.it"}, "email"),
    ({"email": "ditta@mail.legalmail.it"}, "email"),
    ({"phone": "12"}, "phone"),
    ({"phone": "call me"}, "phone"),
    ({"language": "xx"}, "language"),
    ({"notes": "x" * 1001}, "notes"),
    ({"consent": False}, "consent"),
]


def test_what_a_booking_must_not_be(house):
    office = house(service(), service("desk", "D", appointments=False))
    values = {"service": "passport", "start": at("10:00"), "name": "Ada", "email": "a@example.org"}
    values |= {"phone": "011 5617000", "consent": True}
    for changes, field in MUST_NOT_BE:
        for actor in (PUBLIC, CLERK):
            assert office.refusal(bookings.book, actor=actor, **(values | changes)) == "invalid", changes
            assert office.refused_bodies[-1]["field"] == field


def test_lead_horizon_and_mail_bind_the_public_only(house):
    office = house()
    values = {"service": "passport", "name": "Ada", "phone": "011 5617000", "consent": True}
    soon = values | {"start": at("09:30")}
    assert office.refusal(bookings.book, actor=PUBLIC, email="a@example.org", **soon) == "slot_gone"
    later = values | {"start": at("10:00")}
    assert office.refusal(bookings.book, actor=PUBLIC, email=None, **later) == "invalid"
    assert office.do(bookings.book, email=None, **soon)["label"] == "AA01"
    past = values | {"start": at("08:00"), "name": "Bea"}
    assert office.refusal(bookings.book, email=None, **past) == "slot_gone"


def test_a_solved_check_is_used_up(house):
    office = house()
    values = {"service": "passport", "phone": "011 5617000", "consent": True, "start": at("11:00")}
    challenge = ("digest", at("12:00"))
    office.do(bookings.book, actor=PUBLIC, name="Ada", email="a@example.org", challenge=challenge, **values)
    again = values | {"name": "Bea", "email": "b@example.org", "challenge": challenge}
    assert office.refusal(bookings.book, actor=PUBLIC, **again) == "invalid"
    assert office.refused_bodies[-1]["field"] == "altcha"


def test_moved_within_the_day_the_label_stays_and_on_another_day_it_is_new(house):
    office = house()
    made = office.book("10:00")
    office.book("11:00")
    moved = office.do(bookings.move, code=made["code"], start=at("15:00"))
    assert (moved["label"], moved["start"]) == ("AA01", "2026-11-23T15:00:00+01:00")
    other_day = at("10:00").replace(day=24)
    moved = office.do(bookings.move, code=made["code"], start=other_day)
    assert (moved["label"], moved["id"], moved["code"]) == ("AA01", made["id"], made["code"]), "first of that day"
    assert office.book("12:00")["label"] == "AA03", "the old number is not given again"
    moved = office.do(bookings.move, code=made["code"], start=at("16:00"))
    assert moved["label"] == "AA04"
    assert office.events(made) == ["booked", "moved", "moved", "moved"]


def test_what_has_begun_cannot_be_moved(house):
    office = house(service(slot=minutes(15), places=1))
    made, full = office.book("10:00"), office.book("10:15")
    assert office.refusal(bookings.move, code=made["code"], start=at("10:15")) == "slot_gone"
    assert office.refusal(bookings.move, code=made["code"], start=at("10:07")) == "invalid"
    assert office.refusal(bookings.move, code="AAAAAAAA", start=at("11:00")) == "not_found"
    office.do(bookings.move, code=full["code"], start=at("10:15"))
    office.until("10:00")
    assert office.refusal(bookings.move, code=made["code"], start=at("11:00")) == "not_callable"
    office.call()
    assert office.refusal(bookings.cancel, code=made["code"]) == "not_callable"


def test_check_in_tells_each_case(house):
    office = house()
    today, tomorrow = office.book("10:00"), office.book(start="10:00", email="x@example.org")
    office.do(bookings.move, code=tomorrow["code"], start=at("10:00").replace(day=24))

    def check_in(one):
        answer = office.do(tickets.check_in, code=one["code"])
        return answer["result"]

    assert office.do(tickets.check_in, code="ZZZZZZZZ") == {"result": "unknown"}
    assert check_in(tomorrow) == "wrong_day"
    assert office.do(tickets.check_in, code=today["code"]) == {
        "result": "early",
        "label": "AA01",
        "priority_from": "2026-11-23T09:00:00.000Z",
    }
    assert check_in(today) == "early"
    office.until("10:00")
    assert check_in(today) == "due"
    office.call()
    assert office.do(tickets.check_in, code=today["code"]) == {
        "result": "called", "label": "AA01", "counter": "1", "counter_name": "1"
    }  # fmt: skip
    office.press("absent")
    assert check_in(today) == "due", "between recalls: now"
    for _ in range(3):
        assert office.press("call", label="AA01")["ticket"]["label"] == "AA01"
        office.press("absent")
    assert office.state(today) == "missed"
    before = office.ticket(today)
    assert office.do(tickets.check_in, code=today["code"]) == {"result": "late", "label": "AA01", "rejoin": "yes"}
    assert office.ticket(today) == before, "changes nothing"
    assert office.events(today)[:2] == ["booked", "checked_in"]


def test_where_check_in_is_required_nobody_is_called_without(house):
    office = house(service(check_in="required"), counter(mode="appointments"))
    made, late = office.book("10:00"), office.book("10:00")
    office.do(tickets.check_in, code=made["code"])
    office.until("10:00")
    assert office.at_counter() == made["label"]
    office.press("finish")
    assert office.at_counter() is None
    office.until("10:20")
    answer = office.do(tickets.check_in, code=late["code"])
    assert (answer["result"], answer["priority_from"]) == ("due", "2026-11-23T09:20:00.000Z")
    assert office.at_counter() == late["label"]


def test_who_comes_back_between_recalls_is_called_at_once(house):
    office = house()
    one = office.issue()
    office.call()
    office.press("absent")
    office.later(minutes=1)
    assert office.call() is None
    assert office.do(tickets.rejoin, label="A1") == {"label": "A001", "ahead": 0}
    assert office.call() == one["label"]


@pytest.mark.parametrize(("rejoin", "expected"), [("end", ["A002", "A001"]), ("priority", ["A001", "A002"])])
def test_a_missed_customer_comes_back(house, rejoin, expected):
    office = house(service(walk_in_recalls=0, rejoin=rejoin))
    one = office.issue()
    office.call()
    office.press("absent")
    assert office.state(one) == "missed"
    office.later(minutes=5)
    office.issue()
    office.later(minutes=5)
    office.do(tickets.rejoin, ticket_id=one["id"])
    assert office.ticket(one)["queued_at"] == "2026-11-23T08:10:00.000Z"
    assert [office.call(), office.call()] == expected
    assert office.board()["missed"] == []


def test_coming_back_has_its_limits(house):
    office = house(service(walk_in_recalls=0), service("taxes", "C", walk_in_recalls=0, rejoin="never"))
    one = office.issue()
    taxes = office.issue("taxes")
    for label in (one["label"], taxes["label"]):
        office.press("call", label=label)
        office.press("absent")
    assert office.refusal(tickets.rejoin, label=taxes["label"]) == "not_callable"
    office.do(tickets.rejoin, label="A001")
    office.call()
    office.press("absent")
    assert office.refusal(tickets.rejoin, label="A001") == "limit_reached", "once"
    two = office.issue()
    office.call()
    office.press("absent")
    office.until("11:00:01")
    assert office.refusal(tickets.rejoin, label=two["label"]) == "limit_reached", "within two hours"
    assert office.refusal(tickets.rejoin, label="A009") == "not_found"
    assert office.refusal(tickets.rejoin, label="?") == "invalid"
    assert office.refusal(tickets.rejoin, code="ZZZZZZZZ") == "not_found"
    served = office.issue()
    assert office.refusal(tickets.rejoin, label=served["label"]) == "not_callable"


def test_the_missed_list_forgets_who_may_not_come_back_any_more(house):
    office = house(service(walk_in_recalls=0))
    for _ in range(2):
        office.issue()
        office.call()
        office.press("absent")
        office.later(minutes=60)
    assert [line["label"] for line in office.board()["missed"]] == ["A002"]


def test_appointments_on_line_are_never_on_the_screen(house):
    office = house(service("video", "V", online=True))
    office.book("10:00", "video")
    office.until("10:00")
    office.said()
    assert office.call() == "VV01"
    assert office.calls() == []
    assert office.on_board() == []
    office.press("absent")
    assert office.board()["missed"] == []


def test_summer_time_ends_and_the_slots_keep_their_local_hours(house):
    office = house(service(hours=weekdays(("08:30", "09:00")), slot=minutes(15)))
    first, last = at("10:00").date().replace(month=3, day=26), at("10:00").date().replace(month=3, day=30)
    first, last = first.replace(year=2027), last.replace(year=2027)
    office.clock.set(at("10:00").replace(year=2027, month=3, day=1))
    starts = [one["start"] for one in office.desk.read(views.slots, service="passport", first=first, last=last)]
    assert [start[11:] for start in starts] == ["08:30:00+01:00", "08:45:00+01:00"] + [
        "08:30:00+02:00",
        "08:45:00+02:00",
    ] * 2
