"""What happens by time alone: one sweep finds it, in one transaction. Deadlines are rows, never timers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dispatcher.engine import days, hours, moves
from dispatcher.engine.model import Paper, Service, State
from dispatcher.store import accounts, calls, holds, leases, mails, messages, places, tickets
from dispatcher.usecases import calling, publishing
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

PRINTING_KNOWN_WITHIN = timedelta(seconds=30)
"""Wall time: after it a ticket whose paper nobody has spoken of waits, marked unconfirmed."""
ANSWERS_KEPT = timedelta(hours=24)
CALLS_KEPT = timedelta(hours=2)
LEASES_KEPT = timedelta(days=30)
"""A dispenser that was away for so long hands over what it still has; nobody waits for it."""
MAILS_KEPT = timedelta(days=30)


def sweep(work: Work) -> dict[str, Any]:
    """Carry out everything that is due: papers, absences where an office has set them, closings, automatic calls."""
    for one in tickets.printing_since(work.tx, work.tx.wall - PRINTING_KNOWN_WITHIN):
        work.save(one, moves.paper_out(one, work.tx.now, Paper.unconfirmed))
    calling.absent_where_unconfirmed(work)
    for service in work.office.services.values():
        day = day_to_close(work, service)
        if day is not None:
            close_service(work, service, day)
    calling.call_for_free_counters(work)
    work.touched_counters |= set(work.office.counters)
    work.touch()
    publishing.publish_menu(work)
    return {}


def is_due(reading: Reading) -> bool:
    """Whether a sweep would change anything: asked often, answered from indexes."""
    upcoming = tickets.next_callable_from(reading.tx)
    if upcoming is not None and upcoming <= reading.tx.now:
        return True
    if tickets.printing_since(reading.tx, reading.tx.wall - PRINTING_KNOWN_WITHIN):
        return True
    if any(day_to_close(reading, service) is not None for service in reading.office.services.values()):
        return True
    return bool(calling.unconfirmed(reading)) or publishing.stale_by_time(reading)


def next_due(reading: Reading) -> datetime | None:
    """The next instant at which a ticket becomes callable."""
    return tickets.next_callable_from(reading.tx)


def day_to_close(source: Reading, service: Service) -> date | None:
    """The business day whose closing is due now: after the last span, once no counter works on it, or at the turn."""
    row = source.services.get(service.id)
    if row is None:
        return None
    today, zone, starts = source.today, source.office.zone, source.office.day_starts
    over = hours.day_over(service, today, source.tx.now, zone, starts)
    if over and row.closed_day != today:
        at_work = any(
            one.id in source.counters and source.counters[one.id].state != "closed"
            for one in source.office.counters_serving(service.id)
        )
        if not at_work:
            return today
    yesterday = today - timedelta(days=1)
    if row.closed_day is not None and row.closed_day >= yesterday:
        return None
    turn = days.day_bounds(today, zone, starts)[0]
    open_at_turn = hours.opening(service, turn, zone).open
    return None if service.hours.always or open_at_turn else yesterday


def close_service(work: Work, service: Service, day: date) -> None:
    """Those who wait and are not called any more: left, missed or unserved."""
    for one in tickets.in_states(work.tx, service.id, (State.waiting, State.parked, State.booked)):
        if one.day > day:  # a closing that comes late, after a night without power, ends nothing of the new day
            continue
        after = moves.at_closing(one, service, work.tx.now)
        if after.state is not one.state:
            work.save(one, after, after.state.value)
    places.set_closed_day(work.tx, service.id, day)
    work.forget_counts()
    work.touch()


def tidy(work: Work) -> dict[str, Any]:
    """Forget what has had its time: stored answers, lines that no board shows."""
    messages.forget_answers(work.tx, work.tx.wall - ANSWERS_KEPT)
    holds.forget(work.tx)
    accounts.forget(work.tx)
    calls.forget(work.tx, work.tx.now - CALLS_KEPT)
    leases.forget(work.tx, work.today - LEASES_KEPT)
    mails.forget(work.tx, work.tx.now - MAILS_KEPT)
    return {}
