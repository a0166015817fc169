"""Calls as the board shows them: one open line for each ticket at a counter, and those that ended a short while ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, union_all, update

from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import call


def add(tx: Tx, **values: Any) -> None:
    """A new call: id, ticket, label, service, counter, attempt, language, called_at, on_screen."""
    tx.conn.execute(_ADD, {"site": tx.site, "ended_at": None, **values})


_ADD = call.insert()
_OF_TICKET = (call.c.site == bindparam("of_site"), call.c.ticket == bindparam("of_ticket"), call.c.ended_at.is_(None))
_CURRENT = select(call).where(*_OF_TICKET)
_END = update(call).where(*_OF_TICKET).values(ended_at=bindparam("ended_at")).returning(call.c.id)


def current(tx: Tx | Read, ticket_id: str) -> Any:
    """The open call of a ticket, or None."""
    return tx.conn.execute(_CURRENT, {"of_site": tx.site, "of_ticket": ticket_id}).first()


def end(tx: Tx, ticket_id: str) -> list[str]:
    """The ticket is no longer at its counter: its line leaves the board a while later. The ids of its open calls."""
    return [row.id for row in tx.conn.execute(_END, {"of_site": tx.site, "of_ticket": ticket_id, "ended_at": tx.now})]


def reopen(tx: Tx, call_id: str) -> None:
    """An undone ending: the line is open again."""
    tx.conn.execute(update(call).where(call.c.id == call_id).values(ended_at=None))


def remove(tx: Tx, call_id: str) -> None:
    """A call that was taken back, or replaced by a recall, was never on the board."""
    tx.conn.execute(delete(call).where(call.c.id == call_id))


def on_board(tx: Tx | Read, ended_after: datetime, most: int) -> Sequence[Any]:
    """The newest calls still open or ended after an instant, newest first."""
    return tx.conn.execute(_ON_BOARD, {"of_site": tx.site, "ended_after": ended_after, "most": most}).all()


_SHOWN = (call.c.site == bindparam("of_site"), call.c.on_screen)
_ENDED = call.c.ended_at > bindparam("ended_after", type_=call.c.ended_at.type)
# Two index ranges instead of one OR: the lines of a whole day are not looked through.
_LINES = union_all(
    select(call).where(*_SHOWN, call.c.ended_at.is_(None)), select(call).where(*_SHOWN, _ENDED)
).subquery()
_ON_BOARD = select(_LINES).order_by(_LINES.c.called_at.desc(), _LINES.c.id.desc()).limit(bindparam("most"))


def forget(tx: Tx, ended_before: datetime) -> None:
    """Lines that no board shows any more; the history of tickets keeps the facts."""
    tx.conn.execute(delete(call).where(call.c.site == tx.site, call.c.ended_at < ended_before))


hot(_ADD, _CURRENT, _END, _ON_BOARD)
