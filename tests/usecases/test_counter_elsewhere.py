"""The present ticket goes elsewhere, and others are called by number: park, transfer, call (B1, B3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher.usecases import tickets
from tests.engine.make import at
from tests.usecases.house import counter, minutes, service


def test_parked_until_a_time_comes_back_with_priority(house):
    office = house()
    office.issue()
    office.call()
    office.press("serve")
    answer = office.press("park", for_=timedelta(minutes=10))
    assert answer["ticket"] is None
    assert office.state("A001") == "parked"
    office.issue()
    office.clock.advance(minutes=9, seconds=59)
    office.sweep()
    assert office.at_counter() is None
    office.later(seconds=1)
    assert (office.state("A001"), office.events("A001")[-1]) == ("waiting", "returned")
    answer = office.press("next")
    assert (answer["ticket"]["label"], answer["why"]["code"]) == ("A001", "priority")
    assert office.call() == "A002"


def test_parked_until_an_instant(house):
    office = house()
    office.issue()
    office.call()
    assert office.no("park", until=at("08:59")) == "invalid"
    assert office.no("park", until=at("09:20"), for_=minutes(1)) == "invalid"
    office.press("park", until=at("09:20"))
    office.until("09:19:59")
    assert office.call() is None
    office.until("09:20")
    assert office.call() == "A001"


def test_parked_without_a_time_comes_back_by_number_or_by_itself(house):
    office = house()
    first, second = office.issue(), office.issue()
    for _ in range(2):
        office.call()
        office.press("park")
    office.until("11:00")
    assert office.call() is None
    assert [office.state(one) for one in (first, second)] == ["parked", "parked"]
    assert office.press("call", label="a1")["ticket"]["label"] == "A001"
    office.press("finish")
    assert office.do(tickets.rejoin, label="A002") == {"label": "A002", "ahead": 0}
    assert office.call() == "A002"


def test_a_parked_appointment_comes_back_by_check_in(house):
    office = house()
    one = office.book("10:00")
    office.until("10:00")
    office.call()
    office.press("park")
    assert office.do(tickets.check_in, code=one["code"])["result"] == "due"
    assert office.call() == "AA01"


def test_transferred_to_a_service_it_keeps_number_and_place(house):
    office = house(service(), service("taxes", "C"), counter("1", "passport"), counter("2", "taxes"))
    one = office.issue()
    office.clock.advance(minutes=1)
    office.issue("taxes")
    office.call()
    answer = office.press("transfer", service="taxes")
    assert answer["ticket"] is None
    assert office.ticket(one) | {"history": 0} == office.ticket(one) | {
        "history": 0,
        "label": "A001",
        "service": "taxes",
        "state": "waiting",
        "queued_at": one["queued_at"],
        "ahead": 0,
    }
    assert office.events(one)[-1] == "transferred"
    assert office.call("2") == "A001"


@pytest.mark.parametrize("wait", [None, minutes(30)])
def test_transferred_with_priority_is_next(house, wait):
    office = house(service(), service("taxes", "C", longest_wait=wait), counter("1", "passport"), counter("2", "taxes"))
    office.issue("taxes")
    office.clock.advance(minutes=10)
    office.issue()
    office.call()
    office.press("transfer", service="taxes", priority=True)
    assert office.call("2") == "A001"


def test_a_transferred_walk_in_has_the_longest_wait_of_its_new_service(house):
    office = house(service(), service("taxes", "C", longest_wait=minutes(30)), counter("1", "passport", "taxes"))
    one = office.issue()
    office.call()
    office.press("transfer", service="taxes")
    assert office.ticket(one)["priority_from"] == "2026-11-23T08:30:00.000Z"


def test_sent_to_one_counter_it_waits_there_until_that_closes(house):
    office = house(service(), counter("1"), counter("2"), counter("3"))
    office.issue()
    office.call("1")
    office.press("transfer", "1", to_counter="2")
    assert office.call("1") is None
    office.press("pause", "2")
    assert office.call("3") is None, "paused is not closed"
    office.press("close", "2")
    office.press("open", "2")
    assert office.call("3") is None, "held for it again"
    office.press("close", "2")
    assert office.call("3") == "A001"


def test_sent_to_a_counter_that_is_closed_it_passes_to_others(house):
    office = house(service(), counter("1"), counter("2"))
    office.issue()
    office.call("1")
    office.press("close", "2")
    office.press("transfer", "1", to_counter="2")
    assert office.call("1") == "A001"


def test_sent_to_a_counter_that_serves_something_else(house):
    office = house(service(), service("taxes", "C"), counter("1", "passport"), counter("2", "taxes"))
    office.issue()
    office.call("1")
    office.press("transfer", "1", to_counter="2")
    answer = office.press("next", "2")
    assert (answer["ticket"]["label"], answer["why"]["code"]) == ("A001", "sent_here")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "service"),
        ({"service": "passport", "to_counter": "2"}, "service"),
        ({"service": "none"}, "service"),
        ({"to_counter": "99"}, "counter"),
    ],
)
def test_a_transfer_to_nowhere_is_invalid(house, parameters, field):
    office = house()
    office.issue()
    office.call()
    assert office.no("transfer", **parameters) == "invalid"
    assert office.refused_bodies[-1]["field"] == field
    assert office.at_counter() == "A001"


def _in_state(office, state):
    """A ticket in a state, with counter 2; the answer that made it."""
    if state in ("booked", "cancelled", "unserved"):
        one = office.book("10:00")
        if state == "cancelled":
            office.do(tickets.give_up, ticket_id=one["id"])
        return one
    one = office.print()
    if state in ("printing", "void"):
        return one if state == "printing" else office.printed(one, "failed")
    office.printed(one)
    if state == "left":
        office.do(tickets.give_up, ticket_id=one["id"])
    elif state != "waiting":
        office.press("call", "2", label=one["label"])
        steps = {
            "serving": [("serve", {})],
            "served": [("finish", {})],
            "parked": [("park", {})],
            "missed": [("absent", {}), ("call", {"label": one["label"]}), ("absent", {})],
        }
        for action, parameters in steps.get(state, []):
            office.press(action, "2", **parameters)
    return one


@pytest.mark.parametrize("state", ["waiting", "booked", "parked", "missed"])
def test_call_by_number_takes_whoever_waits(house, state):
    office = house()
    one = _in_state(office, state)
    assert office.state(one) == state
    answer = office.press("call", ticket_id=one["id"])
    assert (answer["ticket"]["label"], answer["why"]["code"]) == (one["label"], "by_number")
    assert office.state(one) == "called"


@pytest.mark.parametrize("state", ["printing", "void", "called", "serving", "served", "left", "cancelled"])
def test_call_by_number_of_anybody_else_is_refused(house, state):
    office = house()
    one = _in_state(office, state)
    office.issue()
    mine = office.call("1")
    for parameters in ({"ticket_id": one["id"]}, {"label": one["label"]}):
        assert office.no("call", **parameters) == "not_callable"
    assert (office.state(one), office.at_counter("1")) == (state, mine), "the present ticket stays as well"


def test_call_by_number_wants_a_number(house):
    office = house()
    assert [office.no("call"), office.no("call", label="B7x"), office.no("call", label="A007")] == [
        "invalid",
        "invalid",
        "not_found",
    ]
