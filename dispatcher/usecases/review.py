"""What is checked before somebody reads a booking over again: all but the booking itself (E1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatcher.usecases import bookings, holds
from dispatcher.usecases.work import Work


def review(
    work: Work,
    *,
    service: str,
    start: datetime,
    holder: str,
    name: str,
    email: str | None,
    phone: str,
    language: str | None = None,
    notes: str | None = None,
    platform: str | None = None,
    account: str | None = None,
) -> dict[str, Any]:
    """The slot held for `holder`, whose details can be booked: `{service, start, until}`.

    Raises RuleError invalid (with field), already_booked, slot_gone.
    """
    settings = work.service(service)
    details = bookings.checked(
        work, settings, name=name, email=email, phone=phone, language=language, notes=notes, platform=platform
    )
    bookings.check_open_bookings(work, settings, details, account)
    return holds.hold(work, service=service, start=start, holder=holder)
