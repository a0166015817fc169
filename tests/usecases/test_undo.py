"""Undo: a counter's last action is taken back within ten seconds, with the automatic call that followed it (B3)."""

from __future__ import annotations

import pytest

from dispatcher.usecases import tickets
from tests.usecases.house import counter, minutes, service

ACTIONS = [
    ("next", {}),
    ("recall", {}),
    ("absent", {}),
    ("serve", {}),
    ("finish", {}),
    ("park", {}),
    ("park", {"for_": minutes(10)}),
    ("transfer", {"service": "taxes"}),
    ("transfer", {"to_counter": "2"}),
    ("call", {"label": "A002"}),
    ("pause", {}),
    ("close", {}),
]


def _look(office):
    """All that undo must put back, without revisions and instants of publication."""
    board = office.board()
    return {
        "tickets": [
            {name: value for name, value in office.ticket(label).items() if name != "history"}
            for label in ("A001", "A002")
        ],
        "calls": [(line["label"], line["counter"], line["call_id"]) for line in board["calls"]],
        "queues": [(line["service"], line["waiting"]) for line in board["queues"]],
        "counter": office.at_counter("1"),
        "durations": office.desk.read(lambda source: {one.id: one.durations for one in source.services.values()}),
    }


@pytest.mark.parametrize(("action", "parameters"), ACTIONS, ids=lambda part: str(part))
def test_each_action_is_taken_back_whole(house, action, parameters):
    office = house(service(), service("taxes", "C"))
    office.issue()
    office.issue()
    office.call()
    before = _look(office)
    office.clock.advance(seconds=1)
    office.press(action, **parameters)
    office.clock.advance(seconds=9.9)
    answer = office.press("undo")
    assert answer["counter"]["state"] == "open"
    assert _look(office) == before
    assert office.no("undo") == "undo_too_late", "only the last action"


def test_undo_of_a_call_stops_the_voice_and_leaves_the_board(house):
    office = house()
    office.issue()
    office.press("next")
    [line] = office.board()["calls"]
    office.said()
    answer = office.press("undo")
    assert answer["ticket"] is None
    said = office.said()
    assert said[0] == ("call", {"call_id": line["call_id"], "withdrawn": True})
    assert office.on_board() == []
    assert office.ticket("A001")["calls_made"] == 0
    assert office.events("A001") == ["issued", "called", "undone"]
    assert office.call() == "A001"


def test_undo_of_a_recall_brings_back_the_first_call(house):
    office = house()
    office.issue()
    office.press("next")
    [first] = office.board()["calls"]
    office.clock.advance(seconds=5)
    office.press("recall")
    office.press("undo")
    assert office.board()["calls"] == [first]


def test_with_nothing_done_there_is_nothing_to_take_back(house):
    assert house(opened=False).no("undo") == "undo_too_late"


def test_after_more_than_ten_seconds_nothing_is_taken_back(house):
    office = house()
    office.issue()
    office.press("next")
    office.clock.advance(seconds=10.1)
    assert office.no("undo") == "undo_too_late"
    assert office.at_counter() == "A001"
    assert office.refused_bodies[-1]["counter"]["ticket"]["label"] == "A001"


def test_what_was_changed_since_is_not_taken_back(house):
    office = house()
    one = office.issue()
    office.call()
    office.press("absent")
    office.press("call", "2", label="A001")
    assert office.no("undo") == "undo_too_late"
    assert (office.at_counter("2"), office.state(one)) == ("A001", "called")


def test_a_customer_who_left_meanwhile_is_not_brought_back(house):
    office = house()
    one = office.issue()
    office.call()
    office.press("park")
    office.do(tickets.give_up, ticket_id=one["id"])
    assert office.no("undo") == "undo_too_late"
    assert office.state(one) == "left"


def _with_a_due_appointment(house):
    office = house(service(), counter(mode="appointments"))
    office.issue()
    office.call()
    office.press("serve")
    office.book("09:20")
    office.until("09:20")
    return office


def test_an_automatic_call_that_followed_is_taken_back_with_the_action(house):
    office = _with_a_due_appointment(house)
    answer = office.press("finish")
    assert answer["ticket"]["label"] == "AA01"
    office.said()
    office.clock.advance(seconds=5)
    answer = office.press("undo")
    assert (answer["ticket"]["label"], answer["ticket"]["state"]) == ("A001", "serving")
    assert office.calls() == ["stop"]
    assert office.state("AA01") == "waiting"
    office.press("finish")
    assert office.at_counter() == "AA01", "the next action lets it be called again"


def test_an_automatic_call_of_the_sweep_is_taken_back_with_the_action(house):
    office = house(service(), counter(mode="appointments"))
    office.issue()
    office.call()
    office.book("09:10")
    office.until("09:09:55")
    office.press("finish")
    office.later(seconds=5)
    assert office.at_counter() == "AA01"
    office.clock.advance(seconds=2)
    office.press("undo")
    assert office.at_counter() == "A001"
    office.later(seconds=60)
    assert office.state("AA01") == "waiting"


def test_once_the_automatic_call_is_being_served_nothing_is_taken_back(house):
    office = _with_a_due_appointment(house)
    office.press("finish")
    office.press("serve")
    office.press("undo")
    assert (office.at_counter(), office.state("AA01")) == ("AA01", "called"), "only serve was the last action"
    assert office.no("undo") == "undo_too_late"


def test_after_an_undo_nothing_is_called_by_itself_until_the_next_action(house):
    office = house(service(), counter(mode="auto"))
    office.issue()
    assert office.at_counter() == "A001"
    office.press("serve")
    office.press("finish")
    assert office.at_counter() is None
    office.issue()
    assert office.at_counter() == "A002"
    office.clock.advance(seconds=2)
    office.press("undo")
    assert (office.at_counter(), office.state("A002")) == ("A001", "waiting")
    office.press("finish")
    assert office.at_counter() == "A002"


def test_a_next_that_finds_nobody_is_an_action_too(house):
    """Otherwise a counter would stay without automatic calls for ever after an undo."""
    office = house(service(), counter(mode="appointments"))
    one = office.issue()
    office.call()
    office.press("undo")
    office.do(tickets.give_up, ticket_id=one["id"])
    office.book("09:30")
    assert office.call() is None
    office.until("09:30")
    assert office.at_counter() == "AA01"


def test_undo_of_one_counter_leaves_the_others_alone(house):
    office = house()
    office.issue()
    office.issue()
    office.call("1")
    office.call("2")
    office.press("undo", "1")
    assert (office.at_counter("1"), office.at_counter("2")) == (None, "A002")


def test_undo_restores_the_turn_of_the_lanes(house):
    office = house(service(longest_wait=minutes(10)), counter())
    for _ in range(3):
        office.issue()
    for _ in range(3):
        office.issue(assisted=True)
    office.until("09:11")
    assert office.call() == "A004", "P first"
    assert office.call() == "A001", "then L"
    office.press("undo")
    assert office.at_counter() == "A004"
    assert office.call() == "A001", "the turn is L's again"
    assert office.call() == "A005"
