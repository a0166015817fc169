"""Numbers that dispensers issue off line: leased in advance, and the tickets handed over afterwards (B5).

A leased number is its dispenser's for the business day: nobody else gives it, used or not, because a paper with it may
be out. With the day's turn all are void, and the next day begins anew.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatcher.engine import days, moves, numbering
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Paper, State, Ticket
from dispatcher.store import ids, leases, numbers, tickets
from dispatcher.store.leases import Lease
from dispatcher.usecases import calling
from dispatcher.usecases.views import instant
from dispatcher.usecases.work import Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OffLine:
    """A ticket as its dispenser tells it; `paper` is confirmed or unconfirmed: what failed is not handed over."""

    label: str
    service: str
    touched_at: datetime
    language: str | None = None
    assisted: bool = False
    paper: Paper = Paper.confirmed


def lease(work: Work, *, series: str, count: int, kiosk: str) -> dict[str, Any]:
    """`count` numbers in a row of a walk-ins' letter, for this dispenser and business day: `{from, to, day, expires}`.

    Raises RuleError invalid, limit_reached.
    """
    if not any(one.walk_in and one.letter == series for one in work.office.services.values()):
        raise RuleError("invalid", f"No service gives walk-in tickets with the letter '{series}'.", field="series")
    day = work.today
    last, leased = numbers.last_number(work.tx, day, series), leases.highest(work.tx, day, series)
    living = leases.living_above(work.tx, series, min(last, leased))
    first = numbering.lease_start(last, leased, count, living)
    if first is None:
        raise RuleError("limit_reached", f"There are no {count} numbers of {series} left for today.")
    leases.grant(work.tx, Lease(day, series, first, first + count - 1, kiosk, work.tx.now))
    _starts, expires = days.day_bounds(day, work.office.zone, work.office.day_starts)
    log.info("event=numbers_leased kiosk=%s series=%s first=%d count=%d day=%s", kiosk, series, first, count, day)
    return {"from": first, "to": first + count - 1, "day": day.isoformat(), "expires": instant(expires)}


def offline_issued(work: Work, *, tickets: Sequence[OffLine], kiosk: str) -> dict[str, Any]:
    """Take tickets into the queue whose paper is out already, each once, whatever the hours and limits say now.

    `{accepted, clamped, refused}`: the labels that are in the queue (also those that were there before); those of them
    whose touch was limited; and `{label, reason}` of those that were not taken: `not_leased`, `unknown_service`.
    """
    accepted, clamped, refused = [], [], []
    heard: dict[Lease, datetime] = {}
    for one in sorted(tickets, key=lambda ticket: ticket.touched_at):
        held = _lease_of(work, kiosk, one)
        reason = "not_leased" if held is None else None if one.service in work.office.services else "unknown_service"
        if held is None or reason is not None:
            log.warning("event=offline_ticket_refused kiosk=%s label=%r reason=%s", kiosk, one.label, reason)
            refused.append({"label": one.label, "reason": reason})
            continue
        if held not in heard:
            heard[held] = _last_contact(work, held)
        queued_at = min(max(one.touched_at, heard[held]), work.tx.now)
        label, fresh = _taken(work, held, one, queued_at)
        accepted.append(label)
        if fresh and queued_at != one.touched_at:
            log.warning("event=offline_ticket_clamped kiosk=%s label=%s", kiosk, label)
            clamped.append(label)
    calling.call_for_free_counters(work)
    return {"accepted": accepted, "clamped": clamped, "refused": refused}


def _lease_of(work: Work, kiosk: str, one: OffLine) -> Lease | None:
    """The dispenser's range that this label is from: that of the touch's day, else the newest."""
    parsed = numbering.parse_label(one.label)
    if parsed is None:
        return None
    held = leases.holding(work.tx, kiosk, *parsed)
    touched = days.business_day(one.touched_at, work.office.zone, work.office.day_starts)
    return next((lease for lease in held if lease.day == touched), held[0] if held else None)


def _last_contact(work: Work, held: Lease) -> datetime:
    """When the dispenser was last heard before it went off line: as it got these numbers, or issued a ticket on line.

    Not its last message: what it says when it is back, before the tickets, is younger than all of them.
    """
    on_line = leases.last_on_line(work.tx, held.kiosk, held.granted_at)
    return max(held.granted_at, on_line) if on_line is not None else held.granted_at


def _taken(work: Work, held: Lease, one: OffLine, queued_at: datetime) -> tuple[str, bool]:
    """The ticket's label as it is stored, and whether it is new in the queue."""
    series, number = numbering.parse_label(one.label) or (held.series, 0)
    known = tickets.by_number(work.tx, held.day, series, number)
    if known is not None:
        return known.label, False
    settings = work.service(one.service)
    made = Ticket(
        id=ids.uuid7(work.tx.now),
        site=work.tx.site,
        service=settings.id,
        series=series,
        number=number,
        day=held.day,
        kind=Kind.walk_in,
        state=State.printing,
        paper=Paper.printing,
        queued_at=queued_at,
        assisted=one.assisted,
        # the paper is out: an unknown language is no reason to lose it
        language=one.language if one.language in work.office.languages else work.office.language,
    )
    stored, _token = work.insert(moves.with_lane(made, settings), kiosk=held.kiosk)
    work.record(stored.id, "issued")
    numbers.add_issued(work.tx, held.day, settings.id, 1)
    after = moves.printed(stored, one.paper, work.tx.now)
    closed_day = work.services[settings.id].closed_day if settings.id in work.services else None
    if work.is_closed(settings.id) or (closed_day is not None and closed_day >= held.day):
        after = moves.at_closing(after, settings, work.tx.now)
    work.save(stored, after, "printed" if one.paper is Paper.confirmed else None)
    return stored.label, True
