"""What may happen to a ticket: the table of the rules, line by line (A3, A4, A6, A7, A9, B6, B7, E12)."""

from __future__ import annotations

import pytest

from dispatcher.engine import moves
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Lane, Paper, State
from tests.engine.make import appointment, at, called, minutes, service, ticket_with, walk_in

P, L = Lane.priority, Lane.long_wait


def columns(ticket):
    return ticket.state, ticket.callable_from, ticket.lane, ticket.priority_from, ticket.queued_at


def refused(code, function, *arguments, **more):
    with pytest.raises(RuleError) as error:
        function(*arguments, **more)
    return error.value.code == code


def test_walk_in_waits_from_its_paper_on():
    new = walk_in("09:00", state=State.printing, paper=Paper.printing, callable_from=None)
    out = moves.printed(moves.with_lane(new, service()), Paper.confirmed, at("09:01"))
    assert columns(out) == (State.waiting, at("09:01"), None, None, at("09:00"))
    assert out.paper is Paper.confirmed


def test_longest_wait_gives_lane_l_from_the_touch():
    waiting = moves.with_lane(walk_in("09:00"), service(longest_wait=minutes(45)))
    assert (waiting.lane, waiting.priority_from) == (L, at("09:45"))


def test_assisted_has_priority_from_the_touch():
    waiting = moves.with_lane(walk_in("09:00", assisted=True), service(longest_wait=minutes(45)))
    assert (waiting.lane, waiting.priority_from) == (P, at("09:00"))


@pytest.mark.parametrize("state", [State.waiting, State.parked, State.called, State.serving])
def test_paper_that_failed_after_all_voids_only_what_was_never_called(state):
    ticket = walk_in("09:00", state=state, paper=Paper.unconfirmed, calls_made=0 if state is State.waiting else 1)
    after = moves.printed(ticket, Paper.failed, at("09:01"))
    assert after.paper is Paper.failed
    assert after.state is (State.void if state is State.waiting else state)


def test_paper_said_twice_changes_nothing():
    ticket = walk_in("09:00", paper=Paper.confirmed)
    assert moves.printed(ticket, Paper.failed, at("09:05")) is ticket
    void = walk_in("09:00", state=State.void, paper=Paper.failed)
    assert moves.printed(void, Paper.confirmed, at("09:05")) is void


def test_printing_that_failed_is_void_and_unknown_paper_waits():
    new = walk_in("09:00", state=State.printing, paper=Paper.printing, callable_from=None)
    assert moves.printed(new, Paper.failed, at("09:01")).state is State.void
    unknown = moves.printed(new, Paper.unconfirmed, at("09:01"))
    assert (unknown.state, unknown.paper) == (State.waiting, Paper.unconfirmed)
    assert moves.printed(unknown, Paper.confirmed, at("09:02")).paper is Paper.confirmed


def test_booked_and_parked_wait_from_callable_from_on():
    booked = appointment("10:00")
    assert moves.due(booked, at("09:59:59")) is booked
    assert booked.state_at(at("10:00")) is moves.due(booked, at("10:00")).state is State.waiting
    parked = walk_in("09:00", state=State.parked, callable_from=at("09:30"))
    assert moves.due(parked, at("09:30")).state is State.waiting


@pytest.mark.parametrize("state", State)
def test_call_takes_waiting_booked_parked_and_missed(state):
    ticket = walk_in("09:00", state=state)
    if state in (State.waiting, State.booked, State.parked, State.missed):
        after = moves.called(ticket, "2", at("09:10"))
        assert (after.state, after.counter, after.called_at, after.calls_made) == (State.called, "2", at("09:10"), 1)
    else:
        assert refused("not_callable", moves.called, ticket, "2", at("09:10"))


def test_appointment_is_called_four_times_ten_minutes_apart_and_then_missed():
    """A4: 1 + 3 calls; each recall has its priority from its own time."""
    ticket, now = appointment("10:00"), at("10:00")
    for number in range(1, 5):
        ticket = moves.called(ticket, "1", now)
        assert ticket.calls_made == number
        ticket = moves.absent(ticket, service(), now + minutes(2))
        if number < 4:
            again = now + minutes(10)
            assert columns(ticket) == (State.waiting, again, P, again, at("10:00"))
            now = again + minutes(3)
    assert (ticket.state, ticket.missed_at) == (State.missed, now + minutes(2))


def test_recall_by_hand_keeps_count_and_interval():
    ticket = called(appointment("10:00"), "10:00")
    assert moves.recalled(ticket) is ticket
    assert moves.absent(moves.recalled(ticket), service(), at("10:08")).callable_from == at("10:10")
    assert refused("not_callable", moves.recalled, appointment("10:00"))


def test_walk_in_is_recalled_once_and_then_missed():
    once = moves.absent(called(walk_in("09:00", longest_wait=minutes(30)), "09:10"), service(), at("09:11"))
    assert columns(once) == (State.waiting, at("09:20"), L, at("09:30"), at("09:00"))
    assert moves.absent(called(once, "09:20"), service(), at("09:21")).state is State.missed
    none = moves.absent(called(walk_in("09:00"), "09:10"), service(walk_in_recalls=0), at("09:11"))
    assert none.state is State.missed


def test_called_early_and_absent_is_booked_again_and_not_called_early_twice():
    here = appointment("10:00", checked_in_at=at("09:30"))
    again = moves.absent(moves.called(here, "1", at("09:40")), service(), at("09:42"))
    assert columns(again) == (State.booked, at("10:00"), P, at("10:00"), at("10:00"))
    assert (again.calls_made, again.absences, again.early_called) == (0, 0, True)


def test_called_by_number_before_its_required_check_in_and_absent_has_still_to_check_in():
    strict = service(check_in="required")
    booked = appointment("10:00", callable_from=None, priority_from=None)
    again = moves.absent(moves.called(booked, "1", at("09:40")), strict, at("09:42"))
    assert columns(again) == (State.booked, None, P, None, at("10:00"))
    assert moves.checked_in(again, strict, at("09:50")).callable_from == at("10:00")


def test_absent_is_said_only_of_who_was_called():
    for state in (State.serving, State.waiting, State.served):
        assert refused("not_callable", moves.absent, walk_in("09:00", state=state), service(), at("10:00"))


@pytest.mark.parametrize("back", [moves.checked_in, moves.rejoined])
def test_who_comes_back_before_the_recall_is_callable_at_once(back):
    away = moves.absent(called(appointment("10:00"), "10:00"), service(), at("10:01"))
    here = back(away, service(), at("10:04"))
    assert columns(here) == (State.waiting, at("10:04"), P, at("10:10"), at("10:00"))
    assert back(away, service(), at("10:20")).callable_from == at("10:10")


def test_required_check_in_starts_the_priority():
    strict = service(check_in="required")
    booked = appointment("10:00", callable_from=None, priority_from=None)
    assert columns(moves.checked_in(booked, strict, at("09:30")))[1:4] == (at("10:00"), P, at("10:00"))
    assert columns(moves.checked_in(booked, strict, at("10:20")))[1:4] == (at("10:20"), P, at("10:20"))
    assert refused("not_callable", moves.checked_in, walk_in("09:00"), strict, at("09:30"))


def test_check_in_of_a_missed_appointment_changes_nothing():
    assert refused("not_callable", moves.checked_in, appointment("10:00", state=State.missed), service(), at("11:00"))


def test_check_in_where_none_is_required_only_says_that_somebody_is_here():
    here = moves.checked_in(appointment("10:00"), service(), at("09:30"))
    assert here == ticket_with(appointment("10:00"), checked_in_at=at("09:30"))
    assert moves.checked_in(here, service(), at("09:45")) == here


@pytest.mark.parametrize("state", [State.called, State.serving])
def test_transfer_keeps_place_and_number_and_takes_the_new_longest_wait(state):
    taxes = service("taxes", "C", longest_wait=minutes(60))
    ticket = walk_in("09:00", state=state, calls_made=1)
    moved = moves.transferred(ticket, taxes, at("09:20"))
    assert columns(moved) == (State.waiting, at("09:20"), L, at("10:00"), at("09:00"))
    assert (moved.label, moved.service) == ("A001", "taxes")
    without = moves.transferred(ticket_with(moved, state=state), service("pay"), at("09:30"))
    assert (without.lane, without.priority_from) == (None, None)


def test_transfer_keeps_lane_p_and_may_give_priority():
    due = called(appointment("10:00"), "10:05")
    assert columns(moves.transferred(due, service("taxes"), at("10:10")))[1:4] == (at("10:10"), P, at("10:00"))
    given = moves.transferred(called(walk_in("09:00"), "09:10"), service("taxes"), at("09:20"), priority=True)
    assert columns(given)[1:4] == (at("09:20"), P, at("09:20"))


def test_sent_to_one_counter_keeps_its_lane():
    ticket = called(walk_in("09:00", longest_wait=minutes(30)), "09:10")
    moved = moves.transferred(ticket, service(longest_wait=minutes(5)), at("09:20"), target="2")
    assert (*columns(moved), moved.target) == (State.waiting, at("09:20"), L, at("09:30"), at("09:00"), "2")


def test_parked_has_priority_from_its_return_and_no_sooner():
    ticket = called(walk_in("09:00"), "09:10")
    parked = moves.parked(ticket, at("09:40"))
    assert columns(parked) == (State.parked, at("09:40"), P, at("09:40"), at("09:00"))
    assert not parked.is_callable(at("09:39:59"))
    assert columns(moves.returned(parked, at("09:25"))) == (State.waiting, at("09:25"), P, at("09:25"), at("09:00"))
    assert moves.returned(parked, at("09:50")).priority_from == at("09:40")


def test_parked_without_a_time_comes_back_only_by_the_customer_or_by_number():
    parked = moves.parked(called(walk_in("09:00"), "09:10", state=State.serving), None)
    assert (parked.callable_from, parked.priority_from) == (None, None)
    assert moves.rejoined(parked, service(), at("09:25")).priority_from == at("09:25")
    assert moves.called(parked, "1", at("09:25")).state is State.called


def test_ten_more_minutes_keep_the_priority_and_the_state():
    booked = moves.ten_more_minutes(appointment("10:00"), at("09:50"))
    assert columns(booked) == (State.booked, at("10:10"), P, at("10:00"), at("10:00"))
    late = moves.ten_more_minutes(walk_in("09:00"), at("09:30"))
    assert columns(late) == (State.waiting, at("09:40"), None, None, at("09:00"))
    assert refused("limit_reached", moves.ten_more_minutes, late, at("09:31"))
    assert refused("not_callable", moves.ten_more_minutes, called(walk_in("09:00"), "09:10"), at("09:31"))


def missed(**fields):
    return walk_in("09:00", state=State.missed, missed_at=at("10:00"), absences=2, calls_made=2, **fields)


def test_missed_comes_back_at_the_end_with_its_wait_anew():
    back = moves.rejoined(missed(longest_wait=minutes(30)), service(longest_wait=minutes(30)), at("10:30"))
    assert columns(back) == (State.waiting, at("10:30"), L, at("11:00"), at("10:30"))
    assert columns(moves.rejoined(missed(), service(), at("10:30")))[2:4] == (None, None)


def test_missed_comes_back_with_priority_where_the_service_says_so():
    back = moves.rejoined(missed(), service(rejoin="priority"), at("10:30"))
    assert columns(back) == (State.waiting, at("10:30"), P, at("10:30"), at("10:30"))


def test_coming_back_is_bounded():
    assert refused("not_callable", moves.rejoined, missed(), service(rejoin="never"), at("10:30"))
    assert refused("limit_reached", moves.rejoined, missed(rejoined=1), service(), at("10:30"))
    assert refused("limit_reached", moves.rejoined, missed(), service(), at("12:00:01"))
    assert moves.rejoined(missed(), service(), at("12:00")).state is State.waiting


@pytest.mark.parametrize(
    ("state", "after"),
    [("booked", "cancelled"), ("waiting", "left"), ("parked", "left"), ("left", "left"), ("cancelled", "cancelled")],
)
def test_giving_up(state, after):
    assert moves.given_up(walk_in("09:00", state=State(state))).state is State(after)


@pytest.mark.parametrize("state", [State.called, State.serving, State.served, State.printing])
def test_who_is_at_the_counter_cannot_give_up(state):
    assert refused("not_callable", moves.given_up, walk_in("09:00", state=state))


@pytest.mark.parametrize(
    ("ticket", "check_in", "after"),
    [
        (walk_in("09:00"), "none", "left"),
        (walk_in("09:00", state=State.parked), "none", "left"),
        (appointment("10:00", state=State.parked), "none", "left"),
        (appointment("10:00", state=State.waiting, calls_made=1, absences=1), "none", "missed"),
        (appointment("10:00", callable_from=None, priority_from=None), "required", "missed"),
        (appointment("10:00", state=State.waiting, checked_in_at=at("10:00")), "required", "unserved"),
        (appointment("10:00"), "none", "unserved"),
        (appointment("13:00"), "none", "booked"),
        (called(walk_in("09:00"), "09:10"), "none", "called"),
        (called(walk_in("09:00"), "09:10", state=State.serving), "none", "serving"),
        (walk_in("09:00", state=State.printing, callable_from=None), "none", "printing"),
    ],
)
def test_closing(ticket, check_in, after):
    closed = moves.at_closing(ticket, service(check_in=check_in), at("12:30"))
    assert closed.state is State(after)
    assert (closed.missed_at == at("12:30")) == (after == "missed")


def test_appointment_label_is_doubled_and_all_labels_fit_six_characters():
    """A1."""
    assert [walk_in("09:00", number).label for number in (45, 1000)] == ["A045", "A1000"]
    assert [appointment("09:00", number).label for number in (7, 100)] == ["AA07", "AA100"]
    assert appointment("09:00").kind is Kind.appointment
