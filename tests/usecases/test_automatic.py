"""Automatic calls: modes, the order of counters, turns of lanes, absence by itself (B2, B5, B6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher.usecases import presence
from dispatcher.usecases.desk import SYSTEM
from tests.usecases.house import counter, minutes, service


@pytest.mark.parametrize(
    ("mode", "at_once", "when_due"),
    [("manual", None, None), ("appointments", None, "AA01"), ("auto", "A001", "A001")],
)
def test_a_free_counter_calls_what_its_mode_allows(house, mode, at_once, when_due):
    office = house(service(), counter(mode=mode))
    office.book("10:00")
    office.issue()
    assert office.at_counter() == at_once
    office.until("09:59:59")
    assert office.at_counter() == at_once
    office.until("10:00")
    assert office.at_counter() == when_due


def test_an_appointment_is_called_at_its_time_not_a_second_before(house):
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.until("09:59:59")
    assert office.call() is None, "neither by hand nor by itself"
    office.until("10:00")
    [line] = office.board()["calls"]
    assert (line["label"], line["called_at"]) == ("AA01", "2026-11-23T09:00:00.000Z")


def test_walk_ins_go_on_until_the_appointment_is_due(house):
    """There is no dead window."""
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.issue()
    office.until("09:59:59")
    assert office.call() == "A001"
    office.until("10:00")
    assert office.at_counter() == "A001", "nobody is pushed away"
    office.press("finish")
    assert office.at_counter() == "AA01"


def test_recalls_are_called_by_themselves(house):
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    for time in ("10:00", "10:10", "10:20", "10:30"):
        office.until(time)
        assert office.at_counter() == "AA01"
        office.press("absent")
        assert office.at_counter() is None
    assert office.calls() == ["AA01"] * 4
    assert office.state("AA01") == "missed"


def test_counters_are_served_fewest_services_first_then_longest_free_then_by_name(house):
    both = ("passport", "taxes")
    office = house(
        service(),
        service("taxes", "C"),
        counter("1", *both, mode="appointments"),
        counter("2", *both, mode="appointments"),
        counter("3", "passport", mode="appointments"),
        counter("4", *both, mode="appointments"),
        opened=False,
    )
    for name, pause_s in (("4", 0), ("1", 60), ("2", 0), ("3", 60)):
        office.clock.advance(seconds=pause_s)
        office.open(name)
    booked = [office.book("10:00")["label"] for _ in range(2)]
    booked += [office.book("10:15")["label"] for _ in range(2)]
    office.until("10:00")
    office.until("10:15")
    assert [office.at_counter(name) for name in ("3", "4", "1", "2")] == booked


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_only_open_counters_call(house, state):
    office = house(service(), counter(mode="auto"))
    office.press({"paused": "pause", "closed": "close"}[state])
    office.issue()
    assert office.at_counter() is None
    office.open()
    assert office.at_counter() == "A001"


def test_mode_appointments_leaves_the_turn_of_the_lanes_as_it_is(house):
    office = house(service(longest_wait=minutes(5)), counter(mode="appointments"))
    for _ in range(3):
        office.issue()
    office.issue(assisted=True)
    office.issue(assisted=True)
    office.until("09:06")
    assert office.call() == "A004", "the turn is L's now"
    office.book("09:15")
    office.book("09:15")
    office.until("09:15")
    office.press("finish")
    assert office.at_counter() == "AA01", "as if no others waited"
    office.press("finish")
    assert office.at_counter() == "AA02"
    office.press("finish")
    assert office.call() == "A001", "L, as before"
    assert office.call() == "A005"


def test_lanes_take_turns_and_a_lane_alone_clears_the_turn(house):
    """B6: long waiters and those with priority are called alternately."""
    office = house(service(longest_wait=minutes(10)), counter())
    for _ in range(3):
        office.issue()
    for _ in range(2):
        office.issue(assisted=True)
    office.until("09:11")
    assert [office.call() for _ in range(5)] == ["A004", "A001", "A005", "A002", "A003"]
    office.issue()
    office.issue(assisted=True)
    office.until("09:22")
    assert office.call() == "A007", "P again: the calls to one lane alone have cleared the turn"


def test_a_ranked_counter_prefers_its_first_service_but_not_to_priority(house):
    office = house(service(), service("taxes", "C"), counter("1", "taxes", "passport", ranked=True))
    office.issue()
    office.issue("taxes")
    office.issue(assisted=True)
    assert [office.call() for _ in range(3)] == ["A002", "C001", "A001"]


def test_group_3_only_on_a_press_and_only_when_nobody_else_waits(house):
    office = house(service(), counter(mode="auto"))
    early, other = office.book("11:00"), office.book("10:30")
    from dispatcher.usecases import tickets

    for one in (early, other):
        assert office.do(tickets.check_in, code=one["code"])["result"] == "early"
    office.later(minutes=1)
    assert office.at_counter() is None, "not by itself"
    answer = office.press("next")
    assert (answer["ticket"]["label"], answer["why"]["code"]) == (other["label"], "checked_in_early")
    office.press("absent")
    assert office.ticket(other)["state"] == "booked", "booked again, and the call does not count"
    assert office.ticket(other)["calls_made"] == 0
    assert office.call() == early["label"], "not repeated early"
    office.press("finish")
    office.until("10:30")
    assert office.at_counter() == other["label"]


def test_absent_by_itself_only_where_the_office_has_set_it(house):
    office = house(
        service(absent_after=timedelta(minutes=3), recall_hold=timedelta(seconds=45)), counter(mode="appointments")
    )
    office.book("10:00")
    office.until("10:00")
    office.until("10:02:59")
    assert office.at_counter() == "AA01"
    office.until("10:03")
    assert (office.at_counter(), office.state("AA01")) == (None, "waiting")
    office.until("10:10")
    assert office.at_counter() == "AA01"
    office.later(seconds=44)
    assert office.at_counter() == "AA01"
    office.later(seconds=1)
    assert office.at_counter() is None
    assert office.events("AA01") == ["booked", "called", "absent", "called", "absent"]


def test_who_is_being_served_or_was_called_by_hand_is_never_absent_by_itself(house):
    office = house(service(absent_after=timedelta(minutes=3)), counter(mode="appointments"), counter("2"))
    office.issue()
    assert office.call("2") == "A001"
    office.book("10:00")
    office.until("10:00")
    assert office.press("serve")["ticket"]["label"] == "AA01"
    office.later(hours=2)
    assert (office.at_counter("1"), office.at_counter("2")) == ("AA01", "A001")


def test_by_default_an_empty_chair_is_the_operators_business(house):
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.until("10:00")
    office.later(hours=3)
    assert office.at_counter() == "AA01"


def test_a_recall_is_called_even_when_another_command_came_first(house):
    """A status message just then makes the recall ready; the free counter must not oversleep it."""
    office = house(service(longest_wait=minutes(5)), counter(mode="appointments"))
    for _ in range(3):
        office.issue()
    office.issue(assisted=True)
    office.until("09:06")
    office.call()
    office.book("09:15")
    office.until("09:15")
    office.press("finish")
    office.press("absent")
    office.until("09:24:58")
    assert office.at_counter() is None
    office.clock.advance(seconds=2)
    office.desk.execute(SYSTEM, presence.note, device_id="entrance", online=True, status={"online": True})
    office.sweep()
    assert office.at_counter() == "AA01"


def test_a_refused_command_does_not_oversleep_either(house):
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.until("10:00")
    office.press("absent")
    office.until("10:09:59")
    office.clock.advance(seconds=1)
    assert office.no("recall") == "not_callable"
    assert office.at_counter() == "AA01"
    assert office.refused_bodies[-1]["counter"]["ticket"]["label"] == "AA01", "the counter as it is"
    assert office.calls()[-1] == "AA01"
