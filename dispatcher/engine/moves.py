"""What may happen to a ticket: each function gives the ticket as it is afterwards, or raises RuleError.

The columns `callable_from`, `priority_from`, `queued_at` follow the table of RULES, Order, line by line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import AT_COUNTER, Kind, Lane, Paper, Service, State, Ticket
from dispatcher.engine.states import change

TEN_MINUTES = timedelta(minutes=10)
MAY_BE_CALLED = frozenset({State.waiting, State.booked, State.parked, State.missed})


def not_callable(ticket: Ticket) -> RuleError:
    return RuleError(
        "not_callable",
        f"Ticket {ticket.label} is {ticket.state}: this cannot be done with it now.",
        ticket_id=ticket.id,
    )


def with_lane(ticket: Ticket, service: Service) -> Ticket:
    """A walk-in's lane by its present service: P if assisted, L by `longest_wait`, else none."""
    if ticket.assisted:
        return replace(ticket, lane=Lane.priority, priority_from=ticket.queued_at)
    if service.longest_wait is not None:
        return replace(ticket, lane=Lane.long_wait, priority_from=ticket.queued_at + service.longest_wait)
    return replace(ticket, lane=None, priority_from=None)


def paper_out(ticket: Ticket, now: datetime, paper: Paper = Paper.confirmed) -> Ticket:
    """The paper is in the customer's hand (or nothing is known of it): the ticket waits from now on."""
    return change(ticket, State.waiting, paper=paper, callable_from=now)


def printed(ticket: Ticket, result: Paper, now: datetime) -> Ticket:
    """What a dispenser says of the paper: confirmed, unconfirmed or failed. A repeat changes nothing."""
    if ticket.state is State.printing:
        if result is Paper.failed:
            return change(ticket, State.void, paper=result)
        return paper_out(ticket, now, result)
    if ticket.paper is not Paper.unconfirmed:
        return ticket
    if result is Paper.failed and ticket.state is State.waiting and not ticket.calls_made:
        return change(ticket, State.void, paper=result)
    return replace(ticket, paper=result)


def is_uncalled(ticket: Ticket) -> bool:
    """A walk-in that waits and was never called."""
    return ticket.kind is Kind.walk_in and ticket.state is State.waiting and not ticket.calls_made


def voided(ticket: Ticket) -> Ticket:
    """Nobody waits with it: as if it had never been issued."""
    if not is_uncalled(ticket):
        raise not_callable(ticket)
    return change(ticket, State.void)


def due(ticket: Ticket, now: datetime) -> Ticket:
    """Booked and parked tickets whose `callable_from` has come are waiting."""
    return change(ticket, State.waiting) if ticket.is_callable(now) else ticket


def called(ticket: Ticket, counter: str, now: datetime) -> Ticket:
    """Called to a counter: one more call made. Only what waits, is booked, parked or missed can be."""
    if ticket.state not in MAY_BE_CALLED:
        raise not_callable(ticket)
    return change(ticket, State.called, counter=counter, called_at=now, calls_made=ticket.calls_made + 1)


def recalled(ticket: Ticket) -> Ticket:
    """Called again by hand: attempt, count and the start of the recall interval stay."""
    if ticket.state not in AT_COUNTER:
        raise not_callable(ticket)
    return ticket


def serving(ticket: Ticket) -> Ticket:
    """The customer is there."""
    if ticket.state is not State.called:
        raise not_callable(ticket)
    return change(ticket, State.serving)


def served(ticket: Ticket) -> Ticket:
    if ticket.state not in AT_COUNTER:
        raise not_callable(ticket)
    return change(ticket, State.served)


def absent(ticket: Ticket, service: Service, now: datetime) -> Ticket:
    """The customer did not come: a recall after the interval, or missed after the last one.

    A call before the appointment's time does not count and is not repeated early. The recall of an appointment has its
    priority from the instant of the recall, so that nobody who came in time stands behind somebody who did not.
    """
    if ticket.state is not State.called or ticket.called_at is None:
        raise not_callable(ticket)
    if ticket.called_early:
        arrived = service.check_in == "none" or ticket.checked_in_at is not None
        start = ticket.scheduled_at if arrived else None
        return change(
            ticket,
            State.booked,
            callable_from=start,
            priority_from=start,
            lane=Lane.priority,
            calls_made=ticket.calls_made - 1,
            early_called=True,
        )
    allowed = service.recall_attempts if ticket.kind is Kind.appointment else service.walk_in_recalls
    absences = ticket.absences + 1
    if absences > allowed:
        return change(ticket, State.missed, absences=absences, missed_at=now)
    again = ticket.called_at + service.recall_interval
    of_right = ticket.kind is Kind.appointment and ticket.lane is Lane.priority
    return change(
        ticket,
        State.waiting,
        absences=absences,
        callable_from=again,
        priority_from=again if of_right else ticket.priority_from,
    )


def parked(ticket: Ticket, until: datetime | None) -> Ticket:
    """Set aside until an instant, or until the customer comes back (None)."""
    if ticket.state not in AT_COUNTER:
        raise not_callable(ticket)
    return change(ticket, State.parked, callable_from=until, lane=Lane.priority, priority_from=until, target=None)


def returned(ticket: Ticket, now: datetime) -> Ticket:
    """A parked customer is back before the time, or without one."""
    if ticket.state is not State.parked:
        raise not_callable(ticket)
    start = now if ticket.callable_from is None else min(now, ticket.callable_from)
    return change(ticket, State.waiting, callable_from=start, lane=Lane.priority, priority_from=start)


def transferred(
    ticket: Ticket, service: Service, now: datetime, *, target: str | None = None, priority: bool = False
) -> Ticket:
    """Sent on to a service, or to one counter (`target`; `service` is then its own), keeping number and `queued_at`."""
    if ticket.state not in AT_COUNTER:
        raise not_callable(ticket)
    moved = change(ticket, State.waiting, service=service.id, callable_from=now, target=target)
    if priority:
        return replace(moved, lane=Lane.priority, priority_from=now)
    if target is not None or moved.lane is Lane.priority:
        return moved
    return with_lane(moved, service)


def ten_more_minutes(ticket: Ticket, now: datetime) -> Ticket:
    """Ten minutes more, once: later callable, priority kept and never gained; no change of state."""
    if ticket.state not in (State.booked, State.waiting) or ticket.callable_from is None:
        raise not_callable(ticket)
    if ticket.extended:
        raise RuleError("limit_reached", "Ten more minutes can be asked for once.")
    return replace(ticket, callable_from=max(now, ticket.callable_from) + TEN_MINUTES, extended=True)


def checked_in(ticket: Ticket, service: Service, now: datetime) -> Ticket:
    """An appointment's customer is here: priority starts where that is required; between recalls the interval ends."""
    if ticket.state is State.parked:
        return returned(replace(ticket, checked_in_at=ticket.checked_in_at or now), now)
    if ticket.state not in (State.booked, State.waiting) or ticket.scheduled_at is None:
        raise not_callable(ticket)
    first = replace(ticket, checked_in_at=ticket.checked_in_at or now)
    if ticket.absences and ticket.state is State.waiting:
        return replace(first, callable_from=min(now, ticket.callable_from or now))
    if service.check_in == "required" and ticket.callable_from is None:
        start = max(ticket.scheduled_at, now)
        return replace(first, callable_from=start, priority_from=start, lane=Lane.priority)
    return first


def rejoined(ticket: Ticket, service: Service, now: datetime) -> Ticket:
    """ "I missed my call": back into the queue, as often and as long as the service allows; between recalls at once."""
    if ticket.state is State.parked:
        return returned(ticket, now)
    if ticket.state is State.waiting and ticket.absences:
        return replace(ticket, callable_from=min(now, ticket.callable_from or now))
    if ticket.state is not State.missed or service.rejoin == "never":
        raise not_callable(ticket)
    if ticket.rejoined >= service.rejoin_times:
        raise RuleError(
            "limit_reached",
            f"Ticket {ticket.label} has come back as often as allowed.",
            field="rejoin_times",
            ticket_id=ticket.id,
        )
    if ticket.missed_at is None or now > ticket.missed_at + service.rejoin_within:
        raise RuleError(
            "limit_reached",
            f"Ticket {ticket.label} was missed too long ago to come back.",
            field="rejoin_within",
            ticket_id=ticket.id,
        )
    back = change(ticket, State.waiting, callable_from=now, queued_at=now, rejoined=ticket.rejoined + 1)
    if service.rejoin == "priority":
        return replace(back, lane=Lane.priority, priority_from=now)
    if service.longest_wait is not None:
        return replace(back, lane=Lane.long_wait, priority_from=now + service.longest_wait)
    return replace(back, lane=None, priority_from=None)


def given_up(ticket: Ticket) -> Ticket:
    """The customer leaves: booked → cancelled, waiting or parked → left; a second time changes nothing."""
    if ticket.state in (State.cancelled, State.left):
        return ticket
    if ticket.state is State.booked:
        return change(ticket, State.cancelled)
    if ticket.state in (State.parked, State.waiting):
        return change(ticket, State.left)
    raise not_callable(ticket)


def at_closing(ticket: Ticket, service: Service, now: datetime) -> Ticket:
    """What becomes of a ticket when its service closes. Those at a counter, and later appointments, are left alone."""
    if ticket.state not in (State.waiting, State.parked, State.booked):
        return ticket
    if ticket.kind is Kind.walk_in or ticket.state is State.parked:
        return change(ticket, State.left)
    never_came = service.check_in == "required" and ticket.checked_in_at is None
    if ticket.state is State.booked and (ticket.scheduled_at is None or ticket.scheduled_at > now):
        return ticket
    if ticket.calls_made or never_came:
        return change(ticket, State.missed, missed_at=now)
    return change(ticket, State.unserved)
