"""Short ways to rows of a store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatcher.engine.model import Kind, State, Ticket
from dispatcher.store import ids, places, tickets
from dispatcher.store.session import Store, Tx

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE = "torino"
_numbers = itertools.count(1)


@contextmanager
def command(store: Store, site: str = SITE, now: datetime = NOW) -> Iterator[Tx]:
    with store.command(site, now, now) as tx:
        places.ensure(tx, ["1", "2"], ["passport", "taxes", "payments"])
        yield tx


def ticket(site: str = SITE, **fields: Any) -> Ticket:
    """A waiting walk-in, queued at NOW."""
    number = fields.pop("number", None) or next(_numbers)
    values: dict[str, Any] = {
        "id": ids.uuid7(NOW),
        "site": site,
        "service": "passport",
        "series": "A",
        "number": number,
        "day": NOW.date(),
        "kind": Kind.walk_in,
        "state": State.waiting,
        "queued_at": NOW,
        "callable_from": NOW,
    }
    return Ticket(**(values | fields))


def insert(tx: Tx, one: Ticket, *, closed: frozenset[str] = frozenset()) -> Ticket:
    return tickets.insert(tx, one, token=ids.token(), kiosk=None, closed=closed)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
