"""The heads of the lanes are enough: the same ticket as from all tickets, with 100,000 waiting as with 10."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.engine.model import Kind, Lane, State, Ticket
from dispatcher.engine.selection import choose, choose_automatic, ties
from tests.engine.make import at, counter

NOW = at("10:00")
WAIT = {"passport": timedelta(minutes=30), "taxes": timedelta(minutes=5), "payments": None}


def lane_class(ticket: Ticket) -> str:
    """A class has one order, and so one head. Lane P before its priority stands by `queued_at`."""
    if ticket.lane is Lane.priority:
        if not ticket.has_priority(NOW):
            return "F"
        return "A" if ticket.kind is Kind.appointment else "P"
    return "L" if ticket.lane is Lane.long_wait else "N"


def heads(tickets: list[Ticket]) -> list[Ticket]:
    found = defaultdict(list)
    for one in tickets:
        if one.is_callable(NOW):
            found[one.service, one.target, lane_class(one)].append(one)
    return [
        min(group, key=lambda one: (one.queued_at if name in "FN" else one.priority_from, *ties(one)))
        for (_service, _target, name), group in found.items()
    ]


@st.composite
def waiting(draw: st.DrawFn) -> list[Ticket]:
    tickets = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        service = draw(st.sampled_from(list(WAIT)))
        queued = NOW - timedelta(minutes=draw(st.sampled_from((0, 1, 5, 6, 29, 30, 31))))
        lane = draw(st.sampled_from((Lane.priority, Lane.long_wait, None)))
        wait = WAIT[service]
        if lane is Lane.long_wait and wait is None:
            lane = None
        priority = queued + timedelta(minutes=draw(st.sampled_from((0, 3, 6, 40)))) if lane is Lane.priority else None
        tickets.append(
            Ticket(
                id=str(number),
                site="rome",
                service=service,
                series=draw(st.sampled_from("AC")),
                number=number,
                day=NOW.date(),
                kind=draw(st.sampled_from(Kind)),
                state=State.waiting,
                queued_at=queued,
                scheduled_at=queued,
                callable_from=NOW + timedelta(seconds=draw(st.sampled_from((-60, 0, 1)))),
                lane=lane,
                priority_from=queued + wait if lane is Lane.long_wait and wait else priority,
                calls_made=draw(st.integers(0, 2)),
                target=draw(st.sampled_from((None, "1"))),
            )
        )
    return tickets


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(waiting(), st.sampled_from((None, *Lane)), st.booleans())
def test_heads_are_enough(tickets, turn, ranked):
    desk = counter("taxes", "passport", "payments", ranked=ranked)
    assert choose(desk, heads(tickets), turn=turn, now=NOW) == choose(desk, tickets, turn=turn, now=NOW)
    of_all = choose_automatic(desk, tickets, turn=turn, now=NOW)
    assert choose_automatic(desk, heads_by_priority(tickets), turn=turn, now=NOW) == of_all


def heads_by_priority(tickets: list[Ticket]) -> list[Ticket]:
    """For mode `appointments`, which looks at appointments of lane P by priority alone."""
    due = [one for one in tickets if one.is_callable(NOW) and lane_class(one) in "AF" and one.kind is Kind.appointment]
    found = defaultdict(list)
    for one in due:
        found[one.service, one.target].append(one)
    return [min(group, key=lambda one: (one.priority_from, *ties(one))) for group in found.values()]
