"""How long a link in a mail can be used: an hour from the mail on, with the slot that waits for its click (E4)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine.errors import RuleError
from dispatcher.store import accounts, holds
from dispatcher.usecases import timetable
from dispatcher.usecases.work import Work

GOOD_FOR = timedelta(hours=1)
"""Office time."""
CONFIRMING = ("confirm", "book")
"""Kinds of links whose click completes a registration, or a booking that was begun for an account."""


def holder_of(link: str) -> str:
    """The name under which a link holds the slot that its click books."""
    return f"link:{link}"


def begin_hour(work: Work, row: Any) -> datetime:
    """The link's mail is going out: it can be used for an hour from now; until when.

    A mail server may have been away for long. The slot that was begun is kept, or taken again if it is still free; it
    is never kept beyond its own time.
    """
    until = work.tx.now + GOOD_FOR
    booking = (row.begun or {}).get("booking")
    start = datetime.fromisoformat(booking["start"]) if booking is not None else None
    if booking is not None and start is not None and start > work.tx.now:
        until = min(until, start)
        with suppress(RuleError):
            service, holder = work.service(booking["service"]), holder_of(row.id)
            if holds.of(work.tx, holder) is None:
                timetable.check_slot(work, service, start, bound=False, holder=holder)
            holds.put(work.tx, holder, service.id, start, until)
    accounts.set_expiry(work.tx, row.id, until)
    return until
