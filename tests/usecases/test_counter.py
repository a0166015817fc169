"""What an operator does with the present ticket: next, recall, absent, serve, finish, park, transfer, call (B1, B2)."""

from __future__ import annotations

import pytest

from dispatcher.usecases import counters
from dispatcher.usecases.desk import Actor
from tests.usecases.house import CLERK, counter, service


def test_next_calls_and_says_it_everywhere(house):
    office = house()
    office.issue(language="de")
    office.said()
    answer = office.press("next")
    assert answer["ticket"]["label"] == "A001"
    assert (answer["ticket"]["state"], answer["ticket"]["counter"], answer["ticket"]["calls_made"]) == (
        "called",
        "1",
        1,
    )
    assert answer["why"]["code"] == "first_come"
    assert answer["why"]["text"]
    assert answer["counter"]["ticket"] == {"label": "A001", "service": "passport", "state": "called", "kind": "walk_in"}
    said = dict(office.said())
    assert list(said) == ["call", "board", "counter/1"], "the call first, so that nothing delays it"
    call = said["call"]
    [line] = said["board"]["calls"]
    assert {**line, "language": "de", "epoch": call["epoch"], "revision": said["board"]["revision"]} == call
    assert (call["label"], call["counter_name"], call["attempt"], call["zone"]) == ("A001", "1", 1, None)
    assert said["board"]["queues"] == [{"service": "passport", "waiting": 0, "wait_low_s": None, "wait_high_s": None}]


def test_next_with_nobody_to_call_ends_the_present_ticket(house):
    office = house()
    office.issue()
    office.press("next")
    answer = office.press("next")
    assert answer["ticket"] is None
    assert answer["why"] is None
    assert answer["counter"]["ticket"] is None
    assert office.events("A001") == ["issued", "called", "served*"]


def test_served_is_presumed_only_without_serve(house):
    office = house()
    for _ in range(2):
        office.issue()
    office.press("next")
    office.press("serve")
    assert office.press("serve")["ticket"]["state"] == "serving", "a second time changes nothing"
    office.press("next")
    office.press("finish")
    assert office.events("A001") == ["issued", "called", "serving", "served"]
    assert office.events("A002") == ["issued", "called", "served"], "finish is the operator's word"


def test_first_come_first_served_over_all_counters(house):
    office = house()
    given = [office.issue()["label"] for _ in range(6)]
    assert [office.call("1" if number % 2 else "2") for number in range(6)] == given


def test_the_page_never_acts_on_what_it_did_not_see(house):
    """One press never consumes two people."""
    office = house()
    one, two = office.issue(), office.issue()
    assert office.call(holding=None) == "A001"
    assert office.no("next", holding=None) == "stale"
    assert office.refused_bodies[-1]["counter"]["ticket"]["label"] == "A001"
    assert office.no("next", holding=two["id"]) == "stale"
    assert office.state(two) == "waiting"
    assert office.call(holding=one["id"]) == "A002"


def test_a_button_within_3_s_of_an_automatic_call_means_that_call(house):
    """The automatic call at 10:00:00.0 and the operator's next at 10:00:00.2: one person, from page and from button."""
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.issue()
    office.until("10:00")
    assert office.at_counter() == "AA01"
    office.clock.advance(seconds=0.2)
    assert office.no("next", holding=None) == "stale"
    answer = office.press("next")
    assert (answer["ticket"]["label"], answer["why"]["code"]) == ("AA01", "appointment_due")
    office.clock.advance(seconds=2.7)
    assert office.press("next")["ticket"]["label"] == "AA01"
    assert office.calls() == ["AA01"]
    office.clock.advance(seconds=0.1)
    assert office.no("next") == "present_or_absent", "now the press means more"


def test_a_press_before_the_sweep_calls_the_appointment_and_nobody_else(house):
    office = house(service(), counter(mode="appointments"))
    office.book("10:00")
    office.issue()
    office.clock.advance(hours=1)
    assert office.call(holding=None) == "AA01"
    office.sweep()
    assert (office.calls(), office.state("A001")) == (["AA01"], "waiting")


def test_appointments_ask_and_a_second_press_of_a_button_means_served(house):
    office = house()
    office.book("10:00")
    office.issue()
    office.until("10:00")
    assert office.call() == "AA01"
    assert office.no("next") == "present_or_absent"
    assert office.refused_bodies[-1]["counter"]["ticket"]["label"] == "AA01"
    office.clock.advance(seconds=5.1)
    assert office.no("next") == "present_or_absent", "too late: asked again"
    office.clock.advance(seconds=4.9)
    assert office.call() == "A001"
    assert office.events("AA01") == ["booked", "called", "served*"]


def test_the_page_is_asked_each_time(house):
    office = house()
    one = office.book("10:00")
    office.until("10:00")
    office.call()
    for _ in range(2):
        assert office.no("next", holding=one["id"]) == "present_or_absent"
    office.press("finish", outcome="served")
    assert office.events("AA01") == ["booked", "called", "served"]


def test_the_absent_key_answers_the_question_too(house):
    office = house()
    office.book("10:00")
    office.until("10:00")
    office.call()
    office.no("next")
    assert office.press("absent")["ticket"] is None
    assert office.state("AA01") == "waiting"


@pytest.mark.parametrize(
    ("setting", "expected"), [("served", "served*"), ("absent", "absent"), ("ask", "present_or_absent")]
)
def test_next_means_what_the_counter_has_set(house, setting, expected):
    office = house(service(), counter(next_walk_in=setting))
    office.issue()
    office.call()
    answer = office.act("next")
    assert expected in (answer.body.get("code"), office.events("A001")[-1])


@pytest.mark.parametrize("action", ["next", "pause", "close", "call"])
def test_what_ends_the_present_ticket_asks_for_an_appointment(house, action):
    office = house()
    office.book("10:00")
    office.issue()
    office.until("10:00")
    office.call()
    parameters = {"label": "A001"} if action == "call" else {}
    assert office.no(action, **parameters) == "present_or_absent"
    assert (office.at_counter(), office.state("A001")) == ("AA01", "waiting"), "nothing changed"


def test_recall_is_a_new_call_of_the_same_attempt(house):
    office = house()
    one = office.issue()
    office.press("next")
    [first] = office.board()["calls"]
    office.clock.advance(seconds=30)
    answer = office.press("recall")
    [again] = office.board()["calls"]
    assert first["call_id"] != again["call_id"]
    assert (again["called_at"], again["attempt"]) == ("2026-11-23T08:00:30.000Z", 1)
    assert answer["ticket"]["calls_made"] == 1
    assert office.events(one) == ["issued", "called", "recalled"]
    office.press("absent")
    office.until("09:09:59")
    assert office.call() is None
    office.until("09:10")
    assert office.call() == "A001", "the interval runs from the first call"
    office.press("finish")
    assert office.no("recall") == "not_callable"


def test_an_appointment_is_called_once_and_three_times_more(house):
    """B2: 1 + 3 calls, each at least ten minutes after the last, then missed; nobody is pushed meanwhile."""
    office = house()
    one = office.book("10:00")
    times = []
    for time in ("10:00", "10:10", "10:20", "10:30"):
        office.until(time)
        answer = office.press("next")
        times.append((answer["ticket"]["label"], answer["ticket"]["calls_made"], answer["why"]["code"]))
        assert office.board()["calls"][0]["attempt"] == len(times)
        office.press("absent")
        assert office.call() is None
    recalls = [("AA01", number, "appointment_recall") for number in (2, 3, 4)]
    assert times == [("AA01", 1, "appointment_due"), *recalls]
    assert office.state(one) == "missed"
    assert office.events(one) == ["booked", *["called", "absent"] * 4, "missed"]
    assert office.board()["missed"] == [
        {"label": "AA01", "service": "passport", "missed_at": "2026-11-23T09:30:00.000Z"}
    ]


def test_a_recall_waits_for_a_free_counter_and_then_for_its_full_interval(house):
    office = house(service(), counter())
    office.book("10:00")
    office.until("10:00")
    office.call()
    office.press("absent")
    office.issue()
    office.call()
    office.until("10:25")
    assert office.call() == "AA01"
    office.press("absent")
    office.until("10:34:59")
    assert office.call() is None
    office.until("10:35")
    assert office.call() == "AA01"


def test_a_walk_in_is_called_once_more(house):
    office = house()
    one = office.issue()
    office.call()
    office.press("absent")
    assert office.desk.office.services["passport"].walk_in_recalls == 1
    assert office.ticket(one)["state"] == "waiting"
    assert office.call() is None
    office.until("09:10")
    answer = office.press("next")
    assert (answer["ticket"]["label"], answer["why"]["code"]) == ("A001", "walk_in_recall")
    office.press("finish", outcome="absent")
    assert office.state(one) == "missed"


def test_absent_and_serve_need_somebody_who_was_called(house):
    office = house()
    office.issue()
    for action in ("absent", "serve", "finish", "park", "recall"):
        assert office.no(action) == "not_callable"
    office.call()
    office.press("serve")
    assert office.no("absent") == "not_callable", "who is being served is not absent"
    assert office.no("finish", outcome="absent") == "not_callable"
    assert office.no("finish", outcome="perhaps") == "invalid"
    assert office.state("A001") == "serving"


def test_open_pause_close(house):
    office = house(opened=False)
    office.issue()
    assert office.no("next") == "counter_closed"
    assert office.no("pause") == "counter_closed"
    assert office.press("open")["counter"]["state"] == "open"
    assert office.press("open")["counter"]["state"] == "open", "an open counter stays so"
    office.call()
    assert office.press("pause", reason="coffee")["counter"]["state"] == "paused"
    assert office.events("A001")[-1] == "served*", "as next would"
    assert office.no("call", label="A001") == "counter_closed"
    assert office.no("next") == "counter_closed"
    assert office.press("pause")["counter"]["state"] == "paused"
    assert office.press("close")["counter"]["state"] == "closed"
    assert office.press("close")["counter"]["state"] == "closed"
    assert office.refused_bodies[-1]["counter"]["state"] == "paused"


def test_unknown_counters_and_actions_and_foreign_accounts(house):
    office = house()
    assert office.no("next", "99") == "not_found"
    assert office.no("dance") == "not_found"
    assert office.no("call", ticket_id="none") == "not_found"
    other = Actor("token:two", "counter", counters=frozenset({"2"}))
    office.issue()
    assert office.refusal(counters.act, actor=other, counter="1", action="next") == "forbidden"
    assert office.state("A001") == "waiting"
    assert office.desk.execute(CLERK, counters.act, counter="2", action="next").ok


def test_service_times_teach_the_wait(house):
    office = house(service(), counter())
    for seconds in (300, 300, 300):
        office.issue()
        office.call()
        office.clock.advance(seconds=seconds)
    office.press("finish")
    one = office.issue()
    assert (one["wait_low_s"], one["ahead"]) == (0, 0)
    assert one["wait_high_s"] >= 120
    assert office.issue()["ahead"] == 1
    office.press("close")
    assert office.issue()["wait_high_s"] is None, "unknown without an open counter"
