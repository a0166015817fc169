"""A booking that somebody has begun and goes on with after a log-in or a registration (E4).

It is kept as a link that no mail carries, so that nothing personal stands in an address or a cookie.
"""

from __future__ import annotations

from typing import Any

from dispatcher.store import accounts
from dispatcher.usecases.links import GOOD_FOR
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

KIND = "draft"
NOBODY = ""
"""Whose it is until somebody has logged in."""


def keep(work: Work, *, draft: dict[str, Any], earlier: str | None = None) -> dict[str, Any]:
    """Keep what was typed for an hour of office time, in place of an `earlier` one: `{draft}`, its id."""
    if earlier is not None:
        forget(work, draft=earlier)
    return {"draft": accounts.add_link(work.tx, NOBODY, KIND, work.tx.now + GOOD_FOR, draft)}


def kept(source: Reading, *, draft: str) -> dict[str, Any] | None:
    """What was typed; None when there is nothing, or no more."""
    row = accounts.link(source.tx, draft, (KIND,))
    found: dict[str, Any] | None = row.begun if row is not None else None
    return found


def forget(work: Work, *, draft: str) -> None:
    """It has been booked, or is begun anew."""
    if accounts.link(work.tx, draft, (KIND,)) is not None:
        accounts.drop_link(work.tx, draft)
