"""Who of the staff looked at or changed whose data (F6). It says which record, never what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from dispatcher.store.people import access
from dispatcher.store.session import Read, Tx


def record(tx: Tx, actor: str, what: str, *, ticket: str | None = None, account: str | None = None) -> None:
    """`actor` as in the history of tickets (`user:anna`); `what` is a word for the list, e.g. `seen`, `found`."""
    tx.conn.execute(
        access.insert().values(site=tx.site, at=tx.now, actor=actor, what=what, ticket=ticket, account=account)
    )


def latest(tx: Tx | Read, most: int) -> Sequence[Any]:
    """`at, actor, what, ticket, account`, the newest first."""
    columns = access.c
    newest = (
        select(columns.at, columns.actor, columns.what, columns.ticket, columns.account)
        .where(columns.site == tx.site)
        .order_by(columns.id.desc())
        .limit(most)
    )
    return tx.conn.execute(newest).all()


def forget(tx: Tx, before: datetime) -> None:
    tx.conn.execute(delete(access).where(access.c.site == tx.site, access.c.at < before))
