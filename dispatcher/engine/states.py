"""Every change of state that a ticket may make, in one table (RULES, States)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher.engine.errors import IllegalMove
from dispatcher.engine.model import State, Ticket

S = State

TRANSITIONS: dict[State, frozenset[State]] = {
    S.printing: frozenset({S.waiting, S.void}),
    S.booked: frozenset({S.waiting, S.called, S.missed, S.unserved, S.cancelled}),
    S.waiting: frozenset({S.called, S.parked, S.void, S.missed, S.cancelled, S.left, S.unserved}),
    S.called: frozenset({S.serving, S.served, S.waiting, S.booked, S.parked, S.missed}),
    S.serving: frozenset({S.served, S.parked, S.waiting}),
    S.parked: frozenset({S.waiting, S.called, S.left, S.missed, S.unserved}),
    S.missed: frozenset({S.waiting, S.called}),
    S.void: frozenset(),
    S.served: frozenset(),
    S.unserved: frozenset(),
    S.left: frozenset(),
    S.cancelled: frozenset(),
}


def change(ticket: Ticket, to: State, **fields: Any) -> Ticket:
    """The ticket in state `to` with `fields` replaced. Raises IllegalMove when the table has no such move."""
    if to is not ticket.state and to not in TRANSITIONS[ticket.state]:
        raise IllegalMove(f"{ticket.label}: {ticket.state} may not become {to}")
    return replace(ticket, state=to, **fields)


def is_undo(now: State, before: State) -> bool:
    """Whether going back from `now` to `before` is the inverse of a move in the table."""
    return now is before or now in TRANSITIONS[before]
