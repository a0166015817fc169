"""Closing and the turn of the day (RULES, Closing; B10)."""

from __future__ import annotations

import pytest

from dispatcher.usecases import presence, tickets
from dispatcher.usecases.desk import SYSTEM
from tests.usecases.house import counter, service, weekdays

MORNING = weekdays(("08:30", "12:30"))
BOTH = weekdays(("08:30", "12:30"), ("14:00", "16:00"))


def test_who_waits_at_closing_and_what_becomes_of_them(house):
    office = house(service(hours=MORNING), service("visas", "V", hours=MORNING, check_in="required"))
    walk_in, parked, unserved = office.issue(), office.issue(), office.book("12:00")
    office.press("call", label=parked["label"])
    office.press("park")
    called_once = office.book("11:00")
    office.until("11:00")
    office.press("call", label=called_once["label"])
    office.press("absent")
    never_came = office.book("12:00", "visas")
    came = office.book("12:15", "visas")
    office.until("12:20")
    office.do(tickets.check_in, code=came["code"])
    called, serving = office.issue("visas"), office.issue("visas")
    office.press("call", "1", label=called["label"])
    office.press("call", "2", label=serving["label"])
    office.press("serve", "2")
    office.until("12:30")
    assert office.state(walk_in) == "waiting", "its counters are open"
    office.until("12:45")
    office.press("serve", "1")
    assert office.state(walk_in) == "waiting"
    _close_both_without_ending(office)
    states = [office.state(one) for one in (walk_in, parked, unserved, called_once, never_came, came)]
    assert states == ["left", "left", "unserved", "missed", "missed", "unserved"]
    assert office.events(unserved) == ["booked", "unserved"]
    assert office.events(walk_in) == ["issued", "left"]


def _close_both_without_ending(office):
    for name in ("1", "2"):
        office.press("close", name)
    office.sweep()


def test_a_break_closes_nothing(house):
    office = house(service(hours=BOTH), starts="12:00")
    one = office.issue()
    office.press("close", "1")
    office.press("close", "2")
    office.until("13:00")
    assert office.state(one) == "waiting"
    office.until("16:00")
    assert office.state(one) == "left"


def test_an_open_counter_keeps_its_services_open_until_the_turn_of_the_day(house):
    office = house(service(hours=MORNING), service("other", "B", hours=MORNING), counter("1"), counter("2", "other"))
    mine, other = office.issue(), office.issue("other")
    office.press("close", "2")
    office.until("23:00")
    assert (office.state(mine), office.state(other)) == ("waiting", "left")
    office.press("pause")
    office.until("2026-11-24T03:59:59")
    assert office.state(mine) == "waiting", "paused is not closed"
    office.until("2026-11-24T04:00")
    assert office.state(mine) == "left", "at the latest at the turn"


@pytest.mark.parametrize("action", ["absent", "park", "transfer"])
def test_what_would_return_after_closing_ends_like_the_others(house, action):
    office = house(service(hours=MORNING), counter("1"))
    one = office.issue()
    office.call()
    office.until("2026-11-24T04:00")
    assert office.state(one) == "called", "left to end"
    if action == "transfer":
        assert office.no("transfer", service="passport") == "service_closed"
        return
    office.press(action)
    assert office.state(one) == "left"
    assert office.events(one)[-1] == "left"


def test_a_paper_that_comes_out_after_closing_waits_for_nobody(house):
    office = house(service(hours=MORNING), counter("1"), starts="12:29:50")
    one = office.print()
    office.press("close")
    office.until("12:30")
    office.printed(one)
    assert office.state(one) == "left"


def test_nobody_comes_back_to_a_closed_service(house):
    office = house(service(hours=MORNING, walk_in_recalls=0), counter("1"), starts="12:00")
    one = office.issue()
    office.call()
    office.press("absent")
    office.press("close")
    office.until("12:30")
    assert office.refusal(tickets.rejoin, label=one["label"]) == "service_closed"
    assert office.state(one) == "missed"


def test_a_served_customer_after_closing_is_served(house):
    office = house(service(hours=MORNING), counter("1"))
    one = office.issue()
    office.call()
    office.until("2026-11-24T04:00")
    office.press("finish")
    assert office.state(one) == "served"


def test_the_turn_of_the_day_changes_nothing_at_an_open_service(house):
    """B10: the night desk goes on; numbers of the old day keep their labels."""
    office = house(starts="22:00")
    for _ in range(4):
        office.issue()
    office.press("call", "1", label="A001")
    office.press("call", "2", label="A002")
    office.press("serve", "2")
    office.until("2026-11-24T03:59")
    office.press("finish", "1")
    office.press("call", "1", label="A003")
    office.press("park", "1")
    office.press("call", "1", label="A004")
    office.until("2026-11-24T04:00:01")
    assert [office.state(label) for label in ("A002", "A003", "A004")] == ["serving", "parked", "called"]
    assert office.at_counter("1") == "A004"
    assert office.at_counter("2") == "A002"
    assert office.issue()["label"] == "A001", "served yesterday: its label is free again"
    assert office.issue()["label"] == "A005", "A002 to A004 are alive"


def test_after_a_night_without_power_yesterday_is_closed_and_today_is_not(house):
    office = house(service(hours=BOTH), starts="12:00")
    old = office.issue()
    office.clock.advance(hours=21)
    new = office.issue()
    assert new["label"] == "A002", "yesterday's A001 still lived"
    office.sweep()
    assert (office.state(old), office.state(new)) == ("left", "waiting")


def test_a_service_that_was_closed_opens_again_the_next_day(house):
    office = house(service(hours=MORNING), opened=False)
    office.until("12:30")
    office.until("2026-11-24T08:30")
    one = office.issue()
    office.open()
    assert office.call() == one["label"]
    office.press("absent")
    assert office.state(one) == "waiting"


def test_the_clock_set_back_does_not_turn_time_back(house):
    office = house()
    one = office.issue()
    office.clock.set(office.clock.now().replace(hour=6))
    two = office.issue()
    assert two["queued_at"] == one["queued_at"]
    assert office.call() == "A001"


def test_a_device_that_only_reports_changes_nothing(house):
    office = house()
    office.issue()
    office.said()
    office.desk.execute(SYSTEM, presence.note, device_id="entrance", online=True, status={"online": True})
    assert office.said() == []
