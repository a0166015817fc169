"""Tickets that nobody waits with: staff see what was issued last and take it out of the queue again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dispatcher.engine import moves
from dispatcher.store import numbers, tickets
from dispatcher.usecases import views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

SHOWN = 100


def newest(source: Reading) -> list[dict[str, Any]]:
    """The walk-ins that wait and were never called, the last issued first, at most SHOWN."""
    return [
        {
            "id": one.id,
            "label": one.label,
            "service": one.service,
            "assisted": one.assisted,
            "issued_at": views.instant(issued_at),
            "kiosk": kiosk,
        }
        for one, kiosk, issued_at in tickets.uncalled(source.tx, SHOWN)
    ]


def void(work: Work, *, ticket_ids: Sequence[str]) -> dict[str, Any]:
    """Take these out of the queue as if they had never been issued: `{labels}`, those that it was done with.

    They count for no limit and as nobody who gave up. What has been called meanwhile, or is gone, stays as it is.
    """
    labels = []
    for ticket_id in dict.fromkeys(ticket_ids):
        one = tickets.get(work.tx, ticket_id)
        if one is None or not moves.is_uncalled(one):
            continue
        work.save(one, moves.voided(one), "void")
        numbers.add_issued(work.tx, one.day, one.service, -1)
        labels.append(one.label)
    return {"labels": labels}
