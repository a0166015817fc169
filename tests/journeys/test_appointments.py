"""Appointments over hours of office time: called by themselves, called again, missed, back (A2-A4, A8, B7)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.times import instant, iso, slot_in
from tests.journeys.waiting import stays, wait_until

pytestmark = pytest.mark.journey
PACE = 200
INTERVAL = timedelta(minutes=10)
PUNCTUAL_S = 2.0
"""How late a call may come on a busy machine, in seconds of the wall."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A Monday from nine on, 200 times as fast; each story has a service and counters of its own."""
    slots = {"slot": "1m", "places": 4}
    text = sites.site(languages=["it", "en"])
    for name, letter in (("passport", "A"), ("visa", "B"), ("page", "D"), ("button", "E")):
        text += sites.service(name, letter, **slots)
    text += sites.service("deed", "C", check_in="required", **slots)
    text += sites.service("other", "F", appointments=False)
    text += sites.counter("many", "passport", "other") + sites.counter("few", "passport")
    text += sites.counter("2", "visa") + sites.counter("3", "deed")
    text += sites.counter("4", "page") + sites.counter("5", "button")
    text += sites.table("device", id="button-5", kind="esphome", counter="5")
    folder = tmp_path_factory.mktemp("appointments")
    with running(folder, text, clock=f"2026-03-02T09:00:00+01:00,x{PACE}") as office:
        yield office


def test_appointment_is_called_by_itself_at_its_time_on_the_right_free_counter(office: Office) -> None:
    """A1 A2 A3: walk-ins go on before the time; then the free counter that serves the fewest services calls."""
    start = slot_in(office, 12)
    booked = office.book("passport", iso(start))
    assert booked["label"] == "AA01"
    walk_ins = [office.issue("passport")["label"] for _ in range(2)]
    office.acted("many", "open")
    assert office.acted("many", "next")["ticket"]["label"] == walk_ins[0]
    assert office.now() < start
    office.acted("many", "finish")
    office.acted("few", "open")
    assert office.ticket(booked["id"])["state"] == "booked"

    call = office.observer.call_of("AA01")
    assert (call["counter"], call["attempt"]) == ("few", 1)
    late_s = (instant(call["called_at"]) - start).total_seconds() / PACE
    assert 0 <= late_s < PUNCTUAL_S
    ticket = office.at_counter("few", "AA01")["ticket"]
    assert (ticket["state"], ticket["kind"]) == ("called", "appointment")
    assert office.get("/counters/many")["ticket"] is None, "walk-ins wait for the operator"
    assert office.acted("few", "serve")["ticket"]["state"] == "serving"


def test_absent_appointment_is_called_three_more_times_ten_minutes_apart_then_missed_and_may_come_back(
    office: Office,
) -> None:
    """A4 B7: 1 + 3 calls, at least 10 minutes of office time between them; the missed one rejoins."""
    office.acted("2", "open")
    booked = office.book("visa", iso(slot_in(office, 1)))
    label = booked["label"]
    for attempt in range(1, 5):
        _called(office, label, attempt)
        office.at_counter("2", label)
        office.acted("2", "absent")
    missed = office.in_state(booked["id"], "missed")
    calls = sorted(office.observer.calls_of(label), key=lambda one: one["attempt"])
    assert [one["attempt"] for one in calls] == [1, 2, 3, 4]
    times = [instant(one["called_at"]) for one in calls]
    apart = [later - sooner for sooner, later in pairwise(times)]
    assert all(one >= INTERVAL for one in apart), apart
    assert all((one - INTERVAL).total_seconds() / PACE < PUNCTUAL_S for one in apart), apart
    assert missed["calls_made"] == 4
    assert [one["event"] for one in missed["history"]] == ["booked", *["called", "absent"] * 4, "missed"]
    wait_until(
        lambda: label in [one["label"] for one in office.get("/board")["missed"]], 10, lambda: office.get("/board")
    )

    back = office.api("POST", f"/tickets/{booked['id']}/rejoin", {})
    assert (back.status, back.body["label"]) == (200, label)
    assert office.acted("2", "next")["ticket"]["label"] == label
    again = office.api("POST", f"/tickets/{booked['id']}/rejoin", {})
    assert (again.status, again.code) == (409, "not_callable")
    office.acted("2", "serve")
    office.acted("2", "finish")
    assert office.ticket(booked["id"])["state"] == "served"


def test_service_with_check_in_calls_only_who_has_checked_in(office: Office) -> None:
    """A3: where the office wants a check-in, its absence keeps an appointment from being called at its time."""
    office.acted("3", "open")
    start = slot_in(office, 6)
    here, away = (office.book("deed", iso(start)) for _ in range(2))
    early = office.api("POST", f"/tickets/{here['id']}/check_in", {})
    assert (early.status, early.body["result"], early.body["label"]) == (200, "early", here["label"])
    assert instant(early.body["priority_from"]) == start

    call = office.observer.call_of(here["label"])
    assert instant(call["called_at"]) >= start
    office.acted("3", "serve")
    office.acted("3", "finish")
    stays(lambda: office.ticket(away["id"])["state"] == "booked" and not office.observer.calls_of(away["label"]), 0.6)
    due = office.api("POST", f"/tickets/{away['id']}/check_in", {})
    assert due.body["result"] == "due"
    office.at_counter("3", away["label"])
    called = office.api("POST", f"/tickets/{away['id']}/check_in", {})
    assert (called.body["result"], called.body["counter"]) == ("called", "3")


@pytest.mark.parametrize("sender", ["page", "button"])
def test_next_just_after_an_automatic_call_takes_one_person_only(office: Office, sender: str) -> None:
    """A8 "one press": the call at T, the operator's next 0.2 s later: one person, and the walk-in still waits."""
    counter = {"page": "4", "button": "5"}[sender]
    office.acted(counter, "open")
    walk_in = office.issue(sender)
    booked = office.book(sender, iso(slot_in(office, 2)))
    office.observer.call_of(booked["label"])
    threading.Event().wait(0.2)
    if sender == "page":  # which saw a counter with nobody at it
        answer = office.act(counter, "next", holding=None)
        assert (answer.status, answer.code) == (409, "stale")
        assert answer.body["counter"]["ticket"]["label"] == booked["label"]
    else:
        error, content = office.button("button-5", counter, "next")
        assert error is None
        assert content["ticket"]["label"] == booked["label"]
    assert office.get(f"/counters/{counter}")["ticket"]["label"] == booked["label"]
    assert office.ticket(walk_in["id"])["state"] == "waiting"
    assert office.ticket(booked["id"])["calls_made"] == 1
    assert len(office.observer.calls_of(booked["label"])) == 1
    assert not office.observer.calls_of(walk_in["label"])


def _called(office: Office, label: str, times: int) -> None:
    """Wait until a label has been called so often."""
    wait_until(lambda: len(office.observer.calls_of(label)) == times, 20, lambda: office.observer.calls_of(label))
