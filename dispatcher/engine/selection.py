"""Who is next (RULES, Order). Works on the heads of the lanes, or on all tickets: the answer is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatcher.engine.model import Counter, Kind, Lane, State, Ticket

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a call: a code of `reasons` and what its sentence needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The next ticket. `turn` is the lane that the counter remembers after the call."""

    ticket: Ticket
    group: int
    turn: Lane | None
    why: Why


def ties(ticket: Ticket) -> tuple[int, int, datetime, int, str]:
    """What decides between equals: fewer calls, appointment first, earlier in the queue, lower number, letter."""
    return (
        ticket.calls_made,
        0 if ticket.kind is Kind.appointment else 1,
        ticket.queued_at,
        ticket.number,
        ticket.series,
    )


def priority_key(ticket: Ticket) -> Key:
    """Group 1: the earliest `priority_from` first. Rank orders nothing here."""
    return (ticket.priority_from, *ties(ticket))


def rank(ticket: Ticket, counter: Counter) -> int:
    """The place of the ticket's service at a ranked counter; a ticket sent to the counter ranks first."""
    if not counter.ranked or ticket.target == counter.id:
        return 0
    return 1 + (counter.services.index(ticket.service) if ticket.service in counter.services else len(counter.services))


def ordinary_key(ticket: Ticket, counter: Counter) -> Key:
    """Group 2: rank, then first come first served."""
    return (rank(ticket, counter), ticket.queued_at, *ties(ticket))


def choose(
    counter: Counter, tickets: Iterable[Ticket], *, turn: Lane | None, now: datetime, early: Iterable[Ticket] = ()
) -> Choice | None:
    """The next ticket for `counter`, or None.

    `tickets` are those that it serves or that were sent to it (at least the head of each lane); `turn` is the lane that
    it remembers; `early` appointments checked in and not yet due: given only for a press of next (group 3).
    """
    callable_now = [ticket for ticket in tickets if ticket.is_callable(now)]
    with_priority = [ticket for ticket in callable_now if ticket.has_priority(now)]
    if with_priority:
        return _from_lanes(with_priority, turn)
    if callable_now:
        ticket = min(callable_now, key=lambda one: ordinary_key(one, counter))
        return Choice(ticket, 2, turn, _why_ordinary(ticket, counter))
    candidates = [ticket for ticket in early if may_come_early(ticket, now)]
    if candidates:
        ticket = min(candidates, key=lambda one: (one.scheduled_at, *ties(one)))
        return Choice(ticket, 3, turn, Why("checked_in_early", {"scheduled_at": ticket.scheduled_at}))
    return None


def choose_automatic(counter: Counter, tickets: Iterable[Ticket], *, turn: Lane | None, now: datetime) -> Choice | None:
    """What the system calls by itself at a free counter, by its mode.

    `appointments`: due appointments and their recalls, as if no others waited, leaving the turn as it is.
    `auto`: groups 1 and 2.
    """
    if counter.mode == "manual":
        return None
    if counter.mode == "auto":
        return choose(counter, tickets, turn=turn, now=now)
    due = [ticket for ticket in tickets if ticket.is_callable(now) and _is_due_appointment(ticket, now)]
    if not due:
        return None
    ticket = min(due, key=priority_key)
    return Choice(ticket, 1, turn, _why_priority(ticket))


def _is_due_appointment(ticket: Ticket, now: datetime) -> bool:
    """Also one that was absent and has come back: its priority begins with the recall, but nothing binds it now."""
    return (
        ticket.kind is Kind.appointment
        and ticket.lane is Lane.priority
        and ticket.priority_from is not None
        and ticket.scheduled_at is not None
        and ticket.scheduled_at <= now
    )


def may_come_early(ticket: Ticket, now: datetime) -> bool:
    """Group 3: an appointment that has checked in, is not yet due and was not already called early."""
    return (
        ticket.kind is Kind.appointment
        and ticket.state is State.booked
        and ticket.checked_in_at is not None
        and not ticket.early_called
        and ticket.scheduled_at is not None
        and ticket.scheduled_at > now
        and ticket.callable_from is not None
        and ticket.callable_from > now
    )


def _from_lanes(tickets: list[Ticket], turn: Lane | None) -> Choice:
    heads = {
        lane: min((ticket for ticket in tickets if ticket.lane is lane), key=priority_key, default=None)
        for lane in Lane
    }
    of_right, of_wait = heads[Lane.priority], heads[Lane.long_wait]
    if of_right is not None and of_wait is not None:
        lane = Lane.long_wait if turn is Lane.priority else Lane.priority
        ticket = of_wait if lane is Lane.long_wait else of_right
        return Choice(ticket, 1, lane, _why_priority(ticket))
    ticket = of_right or of_wait or tickets[0]
    return Choice(ticket, 1, None, _why_priority(ticket))


def _why_priority(ticket: Ticket) -> Why:
    since = {"since": ticket.priority_from}
    if ticket.lane is Lane.long_wait:
        return Why("long_wait", {"queued_at": ticket.queued_at})
    if ticket.kind is Kind.appointment:
        if ticket.absences:
            return Why("appointment_recall", {"scheduled_at": ticket.scheduled_at, "attempt": ticket.calls_made + 1})
        if ticket.priority_from == ticket.scheduled_at:
            return Why("appointment_due", {"scheduled_at": ticket.scheduled_at})
        return Why("priority", since)
    if ticket.assisted and ticket.priority_from == ticket.queued_at:
        return Why("assisted", since)
    return Why("priority", since)


def _why_ordinary(ticket: Ticket, counter: Counter) -> Why:
    if ticket.absences:
        return Why("walk_in_recall", {"attempt": ticket.calls_made + 1})
    if ticket.target == counter.id:
        return Why("sent_here", {"queued_at": ticket.queued_at})
    if counter.ranked:
        return Why("ranked", {"queued_at": ticket.queued_at, "service": ticket.service})
    return Why("first_come", {"queued_at": ticket.queued_at})


def in_order_of_calling(free: Iterable[tuple[Counter, datetime]]) -> list[Counter]:
    """Free counters, with the instant since which each is free, in the order in which the system calls for them."""
    ordered = sorted(free, key=lambda one: (len(one[0].services), one[1], one[0].id))
    return [counter for counter, _since in ordered]
