"""Answers are kept for repeats, and everything that goes out follows from what is stored (B4, C1, C4)."""

from __future__ import annotations

import threading

import pytest

from dispatcher.store import messages
from dispatcher.usecases import counters, deadlines, status, tickets, views
from dispatcher.usecases.desk import SYSTEM, Actor, Contact
from dispatcher.wire import codec
from dispatcher.wire.messages import Board, CallEvent, CounterState, Menu, Withdrawn
from tests.usecases.house import CLERK, KIOSK, SITE, counter, service

KINDS = {"board": Board, "menu": Menu, "call": CallEvent, "counter/1": CounterState, "counter/2": CounterState}


def test_the_same_request_five_times_at_once_is_one_ticket_and_five_equal_answers(house):
    office = house()
    start, answers = threading.Barrier(5), []

    def send():
        start.wait()
        answers.append(office.desk.execute(CLERK, tickets.issue, request_id="r1", body={"s": 1}, service="passport"))

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 5
    assert all(answer == answers[0] and answer.ok for answer in answers)
    assert office.issue()["label"] == "A002"


def test_a_repeat_gets_the_answer_of_then_even_of_a_refusal(house):
    office = house()
    first = office.act("next", request_id="n1")
    office.issue()
    assert office.act("next", request_id="n1") == first
    assert office.at_counter() is None
    refused = office.act("absent", request_id="n2")
    assert refused.status == 409
    office.call()
    assert office.act("absent", request_id="n2") == refused
    assert office.at_counter() == "A001"


def test_a_key_belongs_to_one_request_of_one_account(house):
    office = house()
    arguments = {"request_id": "k", "service": "passport"}
    one = office.desk.execute(CLERK, tickets.issue, body={"a": 1}, **arguments)
    other = office.desk.execute(CLERK, tickets.issue, body={"a": 2}, **arguments)
    assert (other.status, other.body["code"]) == (422, "key_reused")
    elsewhere = office.act("next", request_id="k")
    assert (elsewhere.status, elsewhere.body["code"]) == (422, "key_reused")
    somebody = office.desk.execute(Actor("token:b", "office"), tickets.issue, body={"a": 1}, **arguments)
    assert somebody.body["label"] == "A002" != one.body["label"]


def test_answers_are_kept_for_a_day_of_wall_time(house):
    office = house()
    arguments = {"request_id": "k", "body": 1, "service": "passport"}
    first = office.desk.execute(CLERK, tickets.issue, **arguments)
    office.clock.advance(hours=24)
    office.desk.execute(SYSTEM, deadlines.tidy)
    assert office.desk.execute(CLERK, tickets.issue, **arguments) == first
    office.clock.advance(seconds=1)
    office.desk.execute(SYSTEM, deadlines.tidy)
    assert office.desk.execute(CLERK, tickets.issue, **arguments) != first


def test_commands_of_a_device_keep_their_order(house):
    office = house()

    def send(seq, request_id):
        return office.desk.execute(
            KIOSK, tickets.issue, request_id=request_id, body=seq, contact=Contact("entrance", seq), service="passport"
        )

    first, second = send(1, "a"), send(3, "b")
    assert (first.ok, second.ok) == (True, True)
    late = send(2, "c")
    assert (late.status, late.body["code"]) == (409, "out_of_order")
    assert send(3, "b") == second, "a stored answer comes first"
    assert send(3, "d").body["code"] == "out_of_order"
    assert send(4, "e").ok


def test_each_stored_board_has_the_next_revision_and_is_what_was_sent(house):
    office = house(service(), service("taxes", "C"))
    office.issue()
    office.call()
    office.press("recall")
    office.issue("taxes")
    office.press("absent")
    office.press("undo")
    office.press("close")
    office.sweep()
    said = office.said()
    for topic in ("board", "menu", "counter/1", "counter/2"):
        revisions = [body["revision"] for name, body in said if name == topic]
        assert revisions == list(range(1, len(revisions) + 1)), topic
        assert revisions, topic
    assert [body for name, body in said if name == "board"][-1] == office.board()
    for topic, body in said:
        kind = Withdrawn if "withdrawn" in body else KINDS[topic]
        codec.decode(kind, codec.encode_plain(body))
    with office.store.reading(SITE, office.clock.now(), office.clock.wall()) as tx:
        retained = dict(messages.all_retained(tx.conn, SITE))
    last = {topic: body for topic, body in said if topic != "call"}
    assert {topic: codec.decode_object(payload) for topic, payload in retained.items()} == last


def test_a_call_names_the_board_on_which_it_stands(house):
    office = house()
    office.issue()
    office.said()
    office.call()
    said = office.said()
    call, board = said[0][1], next(body for topic, body in said if topic == "board")
    assert call["revision"] == board["revision"]
    assert call["call_id"] in [line["call_id"] for line in board["calls"]]


def test_nothing_goes_out_when_nothing_has_changed(house):
    office = house()
    office.press("next")
    office.sweep()
    office.said()
    office.press("next")
    office.press("open")
    office.no("recall")
    office.sweep()
    assert office.said() == []


def test_the_board_shows_twenty_calls_the_newest_first_and_ended_ones_for_a_minute(house):
    many = [counter(str(number)) for number in range(1, 23)]
    office = house(service(), *many)
    for one in many:
        office.issue()
        office.clock.advance(seconds=1)
        office.call(one.id)
    assert office.on_board() == [f"A{number:03d}" for number in range(22, 2, -1)]
    office.press("finish", "22")
    assert office.on_board()[0] == "A022"
    office.later(seconds=59)
    assert office.on_board()[0] == "A022"
    office.later(seconds=2)
    assert (office.on_board()[0], len(office.on_board())) == ("A021", 20)


def test_other_counters_and_the_menu_follow_within_a_sweep(house):
    office = house()
    office.said()
    office.issue()
    office.later(seconds=1)
    last = {topic: body for topic, body in office.said() if topic in ("counter/2", "menu")}
    assert (last["counter/2"]["waiting"], last["counter/2"]["next_label"]) == (1, "A001")
    [group] = last["menu"]["groups"]
    assert group["services"][0]["waiting"] == 1


def test_by_time_alone_the_board_changes_at_most_once_a_second(house):
    office = house()
    office.book("10:00")
    office.until("09:59:59.8")
    office.issue()
    before = office.board()["revision"]
    office.later(seconds=0.2)
    assert office.board()["revision"] <= before + 1
    office.later(seconds=1)
    assert office.board()["queues"][0]["waiting"] == 2


def test_a_second_start_goes_on_where_the_first_one_ended(house, store):
    office = house()
    office.issue()
    office.call()
    before = office.board()
    office.desk.prepare()
    assert office.board() == before
    assert office.at_counter() == "A001"


@pytest.mark.parametrize("view", [views.services, views.queues_with_next, views.figures, views.menu])
def test_views_read_an_office_at_work(house, view):
    office = house()
    office.issue()
    assert office.desk.read(view)
    page = office.desk.read(views.counter_page, counter="1")
    assert [line["label"] for line in page["next"]] == ["A001"]
    assert office.desk.read(views.counter_page, counter="9") is None
    assert {"next", "call", "pause"} <= set(page["may"])


def test_what_the_page_says_is_next_is_what_next_calls(house):
    office = house(service(), counter())
    for number in range(5):
        office.issue(assisted=number % 2 == 1)
    promised = [line["label"] for line in office.desk.read(views.counter_page, counter="1")["next"]]
    assert [office.call() for _ in range(5)] == promised


def test_the_holder_of_a_link_sees_the_ticket_and_nothing_personal(house):
    office = house()
    made = office.book("10:00")
    body = office.desk.read(status.of_token, token=made["status_url"].rpartition("/")[2])
    assert body["ticket"]["label"] == "AA01"
    assert "Rita" not in str(body)
    assert office.desk.read(status.of_token, token="none") is None


def test_counter_actions_are_all_in_the_table():
    named = "next recall absent serve finish park transfer call open pause close"
    assert list(counters.ACTIONS) == named.split()
