"""A ticket as its holder's telephone shows it: where it stands, and when its call may come (A10, E12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dispatcher.engine import days
from dispatcher.engine.model import Lane, State, Ticket
from dispatcher.store import calls, tickets
from dispatcher.usecases import views, waits
from dispatcher.usecases.reading import Reading


def of_token(source: Reading, *, token: str) -> dict[str, Any] | None:
    """What the holder of a ticket's link may see: nothing personal."""
    one = tickets.by_token(source.tx, token)
    if one is None:
        return None
    body = views.ticket(source, one)
    counter = source.office.counters.get(one.counter or "")
    call = calls.current(source.tx, one.id) if one.state is State.called else None
    waiting = one.state in (State.booked, State.waiting)
    return {
        "ticket": body,
        "language": one.language,
        "service_name": dict(source.office.services[one.service].name) if one.service in source.office.services else {},
        "counter_name": counter.name if counter and body["counter"] else None,
        "between": _between(source, one, body),
        "callable_from": views.instant(one.callable_from),
        "checked_in": one.checked_in_at is not None,
        "called_at": views.instant(call.called_at) if call is not None else None,
        "may_extend": waiting and not one.extended and one.callable_from is not None,
        "may_give_up": waiting or one.state is State.parked,
    }


def _between(source: Reading, one: Ticket, body: dict[str, Any]) -> list[str | None] | None:
    """The two instants between which a ticket may be called (A10); None when nobody can say.

    A ticket that is not yet callable, an appointment above all, has its own time and then waits for a counter to become
    free: those who stand before it now do not count, since it has priority then.
    """
    low, high, now, start = body["wait_low_s"], body["wait_high_s"], source.tx.now, one.callable_from
    if low is None or start is None or one.state not in (State.booked, State.waiting, State.parked):
        return None
    if start <= now:
        return [views.instant(now + timedelta(seconds=low)), views.instant(now + timedelta(seconds=high))]
    if days.business_day(start, source.office.zone, source.office.day_starts) != source.today:
        return None
    free = waits.span(source, one.service, 0) or (0, 0)
    first, last = start + timedelta(seconds=free[0]), start + timedelta(seconds=free[1])
    if one.lane is not Lane.priority:
        first, last = max(start, now + timedelta(seconds=low)), max(last, now + timedelta(seconds=high))
    return [views.instant(first), views.instant(last)]
