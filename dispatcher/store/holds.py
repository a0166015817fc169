"""Slots that somebody has chosen and not yet booked: one for each holder, over at `until` by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select

from dispatcher.store.people import hold
from dispatcher.store.session import Read, Tx
from dispatcher.store.upsert import upsert


def put(tx: Tx, holder: str, service: str, start: datetime, until: datetime) -> None:
    """The holder's one slot from now on; the one before it is free again."""
    upsert(tx.conn, hold, {"site": tx.site, "holder": holder}, {"service": service, "start": start, "until": until})


def of(tx: Tx | Read, holder: str) -> Row[Any] | None:
    """`service, start, until` of what a holder has now."""
    mine = select(hold).where(hold.c.site == tx.site, hold.c.holder == holder, hold.c.until > tx.now)
    return tx.conn.execute(mine).first()


def release(tx: Tx, holder: str) -> None:
    tx.conn.execute(delete(hold).where(hold.c.site == tx.site, hold.c.holder == holder))


def taken_places(
    tx: Tx | Read, services: Iterable[str], first: datetime, last: datetime, *, besides: str | None
) -> dict[str, dict[datetime, int]]:
    """By service, how many places are held at each start by others than `besides`."""
    rows = tx.conn.execute(
        select(hold.c.service, hold.c.start, func.count())
        .where(
            hold.c.site == tx.site,
            hold.c.service.in_(sorted(services)),
            hold.c.start >= first,
            hold.c.start <= last,
            hold.c.until > tx.now,
            hold.c.holder != (besides or ""),
        )
        .group_by(hold.c.service, hold.c.start)
    )
    taken: dict[str, dict[datetime, int]] = {}
    for of_service, start, number in rows:
        taken.setdefault(of_service, {})[start] = number
    return taken


def forget(tx: Tx) -> None:
    """Those that are over."""
    tx.conn.execute(delete(hold).where(hold.c.site == tx.site, hold.c.until <= tx.now))
