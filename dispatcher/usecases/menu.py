"""The dispenser's buttons: open or why not, when again, how long the wait (B9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatcher.engine import days, estimate, hours
from dispatcher.engine.model import Service
from dispatcher.store import numbers
from dispatcher.usecases import waits
from dispatcher.usecases.reading import Reading
from dispatcher.wire.messages import instant_text


def menu_service(source: Reading, service_id: str) -> dict[str, Any]:
    """A button of the dispenser: open, or why not and when again."""
    service = source.office.services[service_id]
    row = source.services.get(service_id)
    opening = hours.opening(service, source.tx.now, source.office.zone)
    wait = waits.of_service(source, row) if row else None
    span_ends_at = opening.span_ends_at
    reason, opens_at = _closed_for(source, service, opening, wait[1] if wait else None)
    return {
        "id": service_id,
        "name": dict(service.name),
        "open": reason is None,
        "reason": reason,
        "opens_at": instant_text(opens_at) if opens_at is not None else None,
        "waiting": row.waiting if row else 0,
        "wait_low_s": wait[0] if wait else None,
        "wait_high_s": wait[1] if wait else None,
        "assisted": True,
        "letter": service.letter,
        "closes_at": instant_text(span_ends_at) if reason is None and span_ends_at is not None else None,
    }


def _closed_for(
    source: Reading, service: Service, opening: hours.Opening, expected_wait_s: int | None
) -> tuple[str | None, datetime | None]:
    """Why a dispenser gives no tickets for a service, and when it will again; None, None: it does.

    A daily limit and the last ticket end the business day for it: it opens again on a later one.
    """
    zone, ends = source.office.zone, days.day_bounds(source.today, source.office.zone, source.office.day_starts)[1]
    limit = service.daily_limit
    full = limit is not None and numbers.issued_on(source.tx, source.today, service.id) >= limit
    if opening.reason is not None and not (full and opening.opens_at is not None and opening.opens_at < ends):
        return opening.reason, opening.opens_at
    reason = "limit" if full else None
    if not full and estimate.stops_issuing(
        service, now=source.tx.now, closes_at=opening.closes_at, expected_wait_s=expected_wait_s
    ):
        reason = "last_ticket"
    if reason is None:
        return None, None
    later = hours.opening(service, ends, zone)
    return reason, ends if later.open else later.opens_at
