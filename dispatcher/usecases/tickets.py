"""Tickets: issued, printed, checked in, come back, given up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dispatcher.engine import estimate, hours, moves, numbering
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Paper, Service, State, Ticket, label_of
from dispatcher.store import bookings, ids, leases, numbers, tickets
from dispatcher.usecases import calling, mails, views, waits
from dispatcher.usecases.counters import find_label
from dispatcher.usecases.work import Work


def issue(
    work: Work,
    *,
    service: str,
    language: str | None = None,
    assisted: bool = False,
    touched_at: datetime | None = None,
    kiosk: str | None = None,
) -> dict[str, Any]:
    """A walk-in ticket. From a dispenser (`kiosk`) it is *printing* until its paper is out; else it waits at once.

    Raises RuleError invalid, service_closed, limit_reached.
    """
    settings = work.service(service)
    if not settings.walk_in:
        raise RuleError("invalid", f"Service '{service}' is by appointment only.", field="service")
    language = checked_language(work, language)
    _check_open(work, settings)
    queued_at = _queued_at(work, touched_at)
    day = work.today
    series, number = next_number(work, settings, Kind.walk_in, day)
    one = Ticket(
        id=ids.uuid7(work.tx.now),
        site=work.tx.site,
        service=service,
        series=series,
        number=number,
        day=day,
        kind=Kind.walk_in,
        state=State.printing if kiosk else State.waiting,
        paper=Paper.printing if kiosk else Paper.none,
        queued_at=queued_at,
        callable_from=None if kiosk else work.tx.now,
        assisted=assisted,
        language=language,
    )
    stored, token = work.insert(moves.with_lane(one, settings), kiosk=kiosk)
    work.record(stored.id, "issued")
    numbers.add_issued(work.tx, day, service, 1)
    if stored.state is State.waiting:
        calling.call_for_free_counters(work)
    stored = work.ticket(stored.id)
    return {**views.ticket(work, stored, new=True), "status_url": f"{work.base_url}/t/{token}"}


def checked_language(work: Work, language: str | None) -> str:
    """A language of the office; its first when none is given. Raises RuleError invalid."""
    if language is None:
        return work.office.language
    if language not in work.office.languages:
        known = ", ".join(work.office.languages)
        raise RuleError("invalid", f"This office speaks {known}.", field="language")
    return language


def next_number(work: Work, service: Service, kind: Kind, day: date) -> tuple[str, int]:
    """The next number of a series on a day; one whose label is alive (A11), or that a dispenser holds (B5), is
    skipped."""
    series = numbering.series_of(service, kind)
    last = numbers.last_number(work.tx, day, series)

    def is_taken(one: int) -> bool:
        leased = numbering.may_be_leased(one) and leases.covers(work.tx, day, series, one)
        return leased or numbers.is_living(work.tx, label_of(series, one))

    number = numbering.next_number(last, is_taken)
    numbers.set_last_number(work.tx, day, series, number)
    return series, number


def _check_open(work: Work, service: Service) -> None:
    opening = hours.opening(service, work.tx.now, work.office.zone)
    if not opening.open:
        raise RuleError("service_closed", "This service is closed now.")
    limit = service.daily_limit
    if limit is not None and numbers.issued_on(work.tx, work.today, service.id) >= limit:
        raise RuleError("limit_reached", "No more tickets are issued for this service today.")
    expected = waits.expected_s(work, service.id)
    if estimate.stops_issuing(service, now=work.tx.now, closes_at=opening.closes_at, expected_wait_s=expected):
        raise RuleError("service_closed", "Those who wait fill the time until closing: no more tickets today.")
    row = work.services.get(service.id)
    if row is not None and row.closed_day == work.today:
        waits.reopen(work, service.id)


def _queued_at(work: Work, touched_at: datetime | None) -> datetime:
    """The touch, limited to [last contact with that dispenser, now]."""
    if touched_at is None:
        return work.tx.now
    earliest = work.contact_before or work.tx.now
    return min(max(touched_at, earliest), work.tx.now)


def printed(work: Work, *, ticket_id: str, result: str) -> dict[str, Any]:
    """What became of the paper. A repeat, or news about a ticket that is long settled, changes nothing."""
    one = work.ticket(ticket_id)
    kiosk = tickets.details(work.tx, ticket_id).kiosk
    if work.actor.kiosks is not None and kiosk not in work.actor.kiosks:
        raise RuleError("forbidden", "This ticket was issued by another dispenser.")
    after = moves.printed(one, Paper(result), work.tx.now)
    if after.state is State.void and one.state is not State.void:
        work.save(one, after, "void")
        numbers.add_issued(work.tx, one.day, one.service, -1)
    else:
        work.save(one, after, "printed" if after.paper is Paper.confirmed else None)
    calling.call_for_free_counters(work)
    return views.ticket(work, work.ticket(ticket_id))


def give_up(work: Work, *, ticket_id: str) -> None:
    """Leaves the queue. A second time changes nothing. Raises RuleError not_callable."""
    one = work.ticket(ticket_id)
    after = moves.given_up(one)
    saved = work.save(one, after, after.state.value)
    if saved.state is State.cancelled and one.state is not State.cancelled:
        mails.write(work, saved, "cancelled")


def ten_more_minutes(work: Work, *, ticket_id: str) -> dict[str, Any]:
    """ "I need ten more minutes". Raises RuleError not_callable, limit_reached."""
    one = work.ticket(ticket_id)
    work.save(one, moves.ten_more_minutes(one, work.tx.now), "moved")
    return views.ticket(work, work.ticket(ticket_id))


def check_in(work: Work, *, code: str | None = None, ticket_id: str | None = None) -> dict[str, Any]:
    """An appointment's customer is here: `{result, label?, priority_from?, counter?, counter_name?, rejoin?}`.

    `code` is the booking's, or the token of the ticket's page. `result` is early, due, late, wrong_day, called or
    unknown. With late comes whether `rejoin` would be granted now: yes, or why not (closed, never, times, within).
    """
    one = _appointment(work, code, ticket_id)
    if one is None or one.kind is not Kind.appointment:
        return {"result": "unknown"}
    answer: dict[str, Any] = {"label": one.label}
    if one.state in (State.called, State.serving):
        counter = work.office.counters.get(one.counter or "")
        return {"result": "called", **answer, "counter": one.counter, "counter_name": counter.name if counter else None}
    if one.state is State.missed:
        return {"result": "late", **answer, "rejoin": _may_rejoin(work, one)}
    if one.state not in (State.booked, State.waiting, State.parked):
        return {"result": "unknown"}
    if one.day != work.today:
        return {"result": "wrong_day", **answer, "priority_from": views.instant(one.scheduled_at)}
    early = one.state is State.booked and one.scheduled_at is not None and one.scheduled_at > work.tx.now
    after = moves.checked_in(one, work.office.services[one.service], work.tx.now)
    if after != one:
        after = work.save(one, after, "checked_in")
    work.promote()
    calling.call_for_free_counters(work)
    return {"result": "early" if early else "due", **answer, "priority_from": views.instant(after.priority_from)}


def rejoin(
    work: Work, *, label: str | None = None, code: str | None = None, ticket_id: str | None = None
) -> dict[str, Any]:
    """ "I missed my call": `{label, ahead}`. Raises RuleError not_found, not_callable, limit_reached."""
    one = find_label(work, label) if label is not None else _appointment(work, code, ticket_id)
    if one is None:
        raise RuleError("not_found", "There is no such ticket today.")
    work.save(one, _rejoined(work, one), "rejoined")
    calling.call_for_free_counters(work)
    stored = work.ticket(one.id)
    return {"label": stored.label, "ahead": waits.ahead(work, stored)}


def _rejoined(work: Work, one: Ticket) -> Ticket:
    """The ticket back in the queue, not saved. Raises RuleError service_closed, not_callable, limit_reached."""
    if work.is_closed(one.service):
        raise RuleError("service_closed", "This service is closed now.", ticket_id=one.id)
    return moves.rejoined(one, work.office.services[one.service], work.tx.now)


def _may_rejoin(work: Work, one: Ticket) -> str:
    """Whether a missed ticket may come back now, by the very rule by which it would."""
    try:
        _rejoined(work, one)
    except RuleError as refusal:
        if refusal.code == "service_closed":
            return "closed"
        return (refusal.field or "never").removeprefix("rejoin_")
    return "yes"


def _appointment(work: Work, code: str | None, ticket_id: str | None) -> Ticket | None:
    if ticket_id is not None:
        return work.ticket(ticket_id)
    row = bookings.by_code(work.tx, ids.normal_code(code or ""))
    if row is not None:
        return tickets.get(work.tx, row.ticket)
    # what a scanner reads: the QR of a ticket or a mail holds the token of its page, which is what customers have
    return tickets.by_token(work.tx, (code or "").strip())
