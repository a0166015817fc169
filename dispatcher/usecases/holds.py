"""A slot kept for somebody who is still typing (E1): one at a time, for ten minutes of office time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine.errors import RuleError
from dispatcher.store import holds
from dispatcher.usecases import timetable, views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

HELD = timedelta(minutes=10)


def hold(work: Work, *, service: str, start: datetime, holder: str) -> dict[str, Any]:
    """Keep a slot for `holder`, whose slot before it is free again: `{service, start, until}`.

    Taking the same slot once more begins its ten minutes anew only when they were over: reloading a page keeps no slot
    from others for longer. Raises RuleError invalid, slot_gone; then what was held before stays.
    """
    settings = work.service(service)
    if not settings.appointments:
        raise RuleError("invalid", f"Service '{service}' takes no appointments.", field="service")
    before = holds.of(work.tx, holder)
    if before is None or (before.service, before.start) != (service, start):
        timetable.check_slot(work, settings, start, bound=not work.actor.of_office, holder=holder)
        holds.put(work.tx, holder, service, start, work.tx.now + HELD)
    return _told(holds.of(work.tx, holder)) or {}


def release(work: Work, *, holder: str) -> None:
    """Give the slot back at once."""
    holds.release(work.tx, holder)


def held(source: Reading, *, holder: str) -> dict[str, Any] | None:
    """What a holder has now: `{service, start, until}`; None when there is nothing, or no more."""
    return _told(holds.of(source.tx, holder))


def _told(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"service": row.service, "start": views.instant(row.start), "until": views.instant(row.until)}
