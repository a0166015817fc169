"""Counters and services at work: what they hold, how many wait, how long they took."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from dispatcher.engine.model import Lane
from dispatcher.store import tickets
from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import counter, service

DURATIONS_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRow:
    """A counter at work. `last` is what undo needs.

    `hands_off` after an undo: nothing is called by itself until the next action.
    """

    id: str
    state: str = "closed"
    ticket: str | None = None
    turn: Lane | None = None
    free_since: datetime
    automatic_wall: datetime | None = None
    asked_wall: datetime | None = None
    asked_ticket: str | None = None
    why: dict[str, Any] | None = None
    last: dict[str, Any] | None = None
    hands_off: bool = False
    version: int = 0

    @property
    def free(self) -> bool:
        """Open and holding nobody."""
        return self.state == "open" and self.ticket is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """A service today: `durations` are the last service times in seconds, the newest last."""

    id: str
    waiting: int = 0
    ready: int = 0
    durations: list[float] = field(default_factory=list)
    closed_day: date | None = None


_COUNTER_COLUMNS = tuple(column for column in counter.c if column.name != "site")
_SERVICE_COLUMNS = tuple(column for column in service.c if column.name != "site")
_COUNTERS = select(*_COUNTER_COLUMNS).where(counter.c.site == bindparam("of_site"))
_SERVICES = select(*_SERVICE_COLUMNS).where(service.c.site == bindparam("of_site"))
_SAVE_COUNTER = (
    update(counter)
    .where(
        counter.c.site == bindparam("of_site"),
        counter.c.id == bindparam("of_counter"),
        counter.c.version == bindparam("of_version"),
    )
    .values({column.name: bindparam(column.name) for column in _COUNTER_COLUMNS if column.name != "id"})
)
_SAVE_DURATIONS = (
    update(service)
    .where(service.c.site == bindparam("of_site"), service.c.id == bindparam("of_service"))
    .values(durations=bindparam("durations"))
)


def _counter(row: Any) -> CounterRow:
    values = dict(row._mapping)
    values["turn"] = Lane(values["turn"]) if values["turn"] else None
    return CounterRow(**values)


def counters(tx: Tx | Read) -> dict[str, CounterRow]:
    """All counters of the site by id."""
    rows = tx.conn.execute(_COUNTERS, {"of_site": tx.site})
    return {row.id: _counter(row) for row in rows}


def services(tx: Tx | Read) -> dict[str, ServiceRow]:
    """All services of the site by id."""
    rows = tx.conn.execute(_SERVICES, {"of_site": tx.site})
    return {row.id: ServiceRow(**row._mapping) for row in rows}


def save_counter(tx: Tx, old: CounterRow, new: CounterRow) -> CounterRow:
    """Compare-and-set on the version; raises tickets.Changed. Returns the row as stored."""
    stored = replace(new, version=old.version + 1)
    values = {column.name: getattr(stored, column.name) for column in _COUNTER_COLUMNS if column.name != "id"}
    values |= {"of_site": tx.site, "of_counter": old.id, "of_version": old.version}
    if tx.conn.execute(_SAVE_COUNTER, values).rowcount != 1:
        raise tickets.Changed(old.id)
    return stored


def ensure(tx: Tx, counter_ids: list[str], service_ids: list[str]) -> None:
    """Rows for all that the office file names; those that are there stay as they are."""
    known = counters(tx)
    for one in counter_ids:
        if one not in known:
            tx.conn.execute(
                counter.insert().values(
                    site=tx.site, id=one, state="closed", free_since=tx.now, hands_off=False, version=0
                )
            )
    present = services(tx)
    for one in service_ids:
        if one not in present:
            tx.conn.execute(service.insert().values(site=tx.site, id=one, waiting=0, ready=0, durations=[]))


def add_duration(tx: Tx, row: ServiceRow, seconds: float) -> ServiceRow:
    """Remember how long one customer took. Returns the row as stored."""
    return _save_durations(tx, row, [*row.durations, round(seconds, 1)][-DURATIONS_KEPT:])


def drop_duration(tx: Tx, row: ServiceRow, seconds: float) -> ServiceRow:
    """Forget the newest of that length, if it still stands there. Returns the row as stored."""
    durations = list(reversed(row.durations))
    if round(seconds, 1) not in durations:
        return row
    durations.remove(round(seconds, 1))
    return _save_durations(tx, row, list(reversed(durations)))


def _save_durations(tx: Tx, row: ServiceRow, durations: list[float]) -> ServiceRow:
    tx.conn.execute(_SAVE_DURATIONS, {"of_site": tx.site, "of_service": row.id, "durations": durations})
    return replace(row, durations=durations)


def set_closed_day(tx: Tx, service_id: str, day: date | None) -> None:
    tx.conn.execute(update(service).where(service.c.site == tx.site, service.c.id == service_id).values(closed_day=day))


hot(_COUNTERS, _SERVICES, _SAVE_COUNTER, _SAVE_DURATIONS)
