"""Who is next: the order of the rules, group by group (A2, A3, A5, A6, A7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from dispatcher.engine.model import Lane, State
from dispatcher.engine.selection import choose, choose_automatic, in_order_of_calling
from tests.engine.make import appointment, at, counter, minutes, ticket_with, walk_in

P, L = Lane.priority, Lane.long_wait


def next_label(tickets, when="10:00", *, turn=None, early=(), desk=None):
    found = choose(desk or counter(), tickets, turn=turn, now=at(when), early=early)
    return found and (found.ticket.label, found.group, found.turn)


def test_nobody_waits():
    assert next_label([]) is None


def test_walk_ins_come_first_come_first_served():
    assert next_label([walk_in("09:02", 1), walk_in("09:01", 2)]) == ("A002", 2, None)


def test_appointment_is_callable_at_its_time_and_not_a_second_before():
    booked = appointment("10:00")
    assert next_label([booked], "09:59:59") is None
    assert next_label([booked], "10:00") == ("AA01", 1, None)


def test_walk_in_is_called_also_one_second_before_an_appointment():
    both = [appointment("10:00"), walk_in("09:00")]
    assert next_label(both, "09:59:59") == ("A001", 2, None)
    assert next_label(both, "10:00") == ("AA01", 1, None)


def test_group_1_goes_by_priority_and_not_by_queue():
    assisted = walk_in("09:50", 7, assisted=True, lane=P, priority_from=at("09:50"))
    assert next_label([appointment("09:55"), assisted, walk_in("08:00", 1)]) == ("A007", 1, None)


def test_rank_orders_the_others_and_nothing_in_group_1():
    desk = counter("taxes", "passport", ranked=True)
    taxes, passport = walk_in("09:30", 1, service="taxes", series="C"), walk_in("09:00", 2)
    assert next_label([taxes, passport], desk=desk) == ("C001", 2, None)
    assert next_label([ticket_with(taxes, target=None), ticket_with(passport, target="1")], desk=desk) == (
        "A002",
        2,
        None,
    )
    due = [appointment("09:30", 1, service="taxes", series="CC"), appointment("09:00", 2)]
    assert next_label(due, desk=desk) == ("AA02", 1, None)


def test_rank_counts_only_at_a_ranked_counter():
    desk = counter("taxes", "passport")
    assert next_label([walk_in("09:30", 1, service="taxes", series="C"), walk_in("09:00", 2)], desk=desk)[0] == "A002"


def test_lanes_take_turns_while_both_wait():
    right, long = appointment("09:59"), walk_in("08:00", longest_wait=minutes(30))
    assert next_label([right, long], turn=None) == ("AA01", 1, P)
    assert next_label([right, long], turn=L) == ("AA01", 1, P)
    assert next_label([right, long], turn=P) == ("A001", 1, L)


def test_single_lane_clears_the_turn_and_group_2_leaves_it():
    assert next_label([appointment("09:00")], turn=P) == ("AA01", 1, None)
    assert next_label([walk_in("08:00", longest_wait=minutes(30))], turn=P) == ("A001", 1, None)
    assert next_label([walk_in("09:00")], turn=P) == ("A001", 2, P)
    assert next_label([], turn=P, early=[appointment("11:00", checked_in_at=at("09:00"))]) == ("AA01", 3, P)


def test_long_wait_begins_with_its_last_minute():
    early, late = walk_in("09:00", 1), walk_in("09:30", 2, longest_wait=minutes(30))
    assert next_label([early, late], "09:59:59") == ("A001", 2, None)
    assert next_label([early, late], "10:00") == ("A002", 1, None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (appointment("09:00", 9), ticket_with(appointment("09:00", 1), calls_made=1)),
        (appointment("09:00", 9), walk_in("09:00", 1, lane=P, priority_from=at("09:00"))),
        (appointment("09:00", 9, queued_at=at("08:00")), appointment("09:00", 1)),
        (appointment("09:00", 1), appointment("09:00", 2)),
        (appointment("09:00", 1, series="AA"), appointment("09:00", 1, series="BB")),
    ],
    ids=["fewer calls", "appointment", "earlier in the queue", "lower number", "letter"],
)
def test_ties(first, second):
    for both in ([first, second], [second, first]):
        assert choose(counter(), both, turn=None, now=at("10:00")).ticket is first


def test_checked_in_early_comes_only_when_nobody_else_can():
    here = appointment("10:30", 1, checked_in_at=at("09:50"))
    sooner = appointment("10:15", 2, checked_in_at=at("09:58"))
    assert next_label([walk_in("09:59")], early=[here, sooner]) == ("A001", 2, None)
    assert next_label([], early=[here, sooner]) == ("AA02", 3, None)
    assert next_label([], early=[appointment("10:30"), ticket_with(here, early_called=True)]) is None


def test_who_asked_for_ten_more_minutes_is_not_called_early():
    extended = appointment("09:55", checked_in_at=at("09:40"), callable_from=at("10:05"), extended=True)
    assert next_label([extended], early=[extended]) is None


def test_only_what_waits_is_called():
    for state in set(State) - {State.waiting, State.booked, State.parked}:
        assert next_label([walk_in("09:00", state=state)]) is None, state
    assert next_label([walk_in("09:00", state=State.parked, callable_from=None)]) is None


def test_modes_say_what_is_called_by_itself():
    tickets = [walk_in("08:00", 1, lane=P, priority_from=at("08:00")), appointment("09:00", 1), walk_in("07:00", 2)]

    def automatic(mode, turn=P):
        found = choose_automatic(counter(mode=mode), tickets, turn=turn, now=at("10:00"))
        return found and (found.ticket.label, found.turn)

    assert automatic("manual") is None
    assert automatic("appointments") == ("AA01", P)
    assert automatic("auto") == ("A001", None)


def test_mode_appointments_calls_recalls_and_those_who_came_back_before_them():
    back = appointment("09:50", state=State.waiting, absences=1, calls_made=1, priority_from=at("10:05"))
    desk = counter()
    waiting = ticket_with(back, callable_from=at("10:05"))
    assert choose_automatic(desk, [waiting], turn=None, now=at("10:00")) is None
    assert choose_automatic(desk, [waiting], turn=None, now=at("10:05")).ticket is waiting
    here = ticket_with(back, callable_from=at("09:58"))
    assert choose_automatic(desk, [here], turn=None, now=at("10:00")).ticket is here


def test_mode_appointments_leaves_those_without_priority_to_the_operator():
    rejoined = appointment("09:00", state=State.waiting, lane=None, priority_from=None)
    assert choose_automatic(counter(), [rejoined, walk_in("08:00")], turn=None, now=at("10:00")) is None


def test_free_counters_are_served_by_fewest_services_then_longest_free_then_id():
    free = [
        (counter("a", "b", id="1"), at("09:00")),
        (counter("a", id="3"), at("09:30")),
        (counter("b", id="2"), at("09:30")),
        (counter("a", id="4"), at("09:10")),
    ]
    assert [one.id for one in in_order_of_calling(free)] == ["4", "2", "3", "1"]


def test_long_waiters_are_not_starved_by_a_stream_of_appointments():
    """A6: with an appointment always due, every second call still goes to lane L."""
    now, turn, called = at("10:00"), None, []
    queue = [walk_in("08:00", number, longest_wait=minutes(30)) for number in range(1, 6)]
    for number in range(10):
        due = appointment("09:00", number + 1)
        found = choose(counter(), [*queue, due], turn=turn, now=now)
        turn = found.turn
        called.append(found.ticket.kind)
        queue = [one for one in queue if one is not found.ticket]
        now += timedelta(minutes=1)
    assert all(first != second for first, second in pairwise(called))


def test_reason_goes_with_the_choice():
    def why(tickets, **more):
        return choose(more.pop("desk", counter()), tickets, turn=None, now=at("10:00"), **more).why.code

    assert why([appointment("09:50")]) == "appointment_due"
    assert why([appointment("09:50", absences=1, calls_made=1, state=State.waiting)]) == "appointment_recall"
    assert why([walk_in("09:00", longest_wait=minutes(30))]) == "long_wait"
    assert why([walk_in("09:00", assisted=True, lane=P, priority_from=at("09:00"))]) == "assisted"
    assert why([walk_in("09:00", lane=P, priority_from=at("09:30"))]) == "priority"
    assert why([walk_in("09:00", absences=1, calls_made=1)]) == "walk_in_recall"
    assert why([walk_in("09:00", target="1")]) == "sent_here"
    assert why([walk_in("09:00")], desk=counter(ranked=True)) == "ranked"
    assert why([walk_in("09:00")]) == "first_come"
    assert why([], early=[appointment("10:30", checked_in_at=at("09:00"))]) == "checked_in_early"


def test_the_values_of_a_reason_are_what_its_sentence_needs():
    found = choose(counter(), [appointment("09:50")], turn=None, now=at("10:00"))
    assert isinstance(found.why.values["scheduled_at"], datetime)
