"""What is wrong with devices, and the mails about it: one row a problem as long as it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, String, Table, Text, delete, select, update

from dispatcher.store import ids
from dispatcher.store.columns import Instant, Key, metadata
from dispatcher.store.people import PENDING_MAIL
from dispatcher.store.session import Read, Tx

# `text` is the device's own sentence. `mailed_at`: the office has had a mail about it.
problem = Table(
    "problem",
    metadata,
    Column("site", Key, primary_key=True),
    Column("device", Key, primary_key=True),
    Column("code", Key, primary_key=True),
    Column("text", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("mailed_at", Instant),
)

# Whom a mail is for stands in the office file alone. `ended`: when the problem was over, in the mail that says so.
problem_mail = Table(
    "problem_mail",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("device", Key, nullable=False),
    Column("code", Key, nullable=False),
    Column("text", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("ended", Instant),
    Column("kind", String(12), nullable=False),
    Column("language", String(12), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Instant),
    Column("claimed_until", Instant),
    Column("sent_at", Instant),
    Column("failed", String(32)),
)
Index(
    "problem_mail_pending",
    problem_mail.c.site,
    problem_mail.c.next_try,
    sqlite_where=PENDING_MAIL,
    postgresql_where=PENDING_MAIL,
)


def everything(tx: Tx | Read) -> Sequence[Row[Any]]:
    """All problems there are, the oldest first."""
    rows = select(problem).where(problem.c.site == tx.site)
    return tx.conn.execute(rows.order_by(problem.c.since, problem.c.device, problem.c.code)).all()


def of_device(tx: Tx | Read, device_id: str) -> Sequence[Row[Any]]:
    rows = select(problem).where(problem.c.site == tx.site, problem.c.device == device_id)
    return tx.conn.execute(rows).all()


def begin(tx: Tx, device_id: str, code: str, text: str, since: datetime) -> None:
    tx.conn.execute(problem.insert().values(site=tx.site, device=device_id, code=code, text=text, since=since))


def say(tx: Tx, device_id: str, code: str, text: str) -> None:
    """The same problem in other words."""
    tx.conn.execute(update(problem).where(*_is(tx, device_id, code)).values(text=text))


def end(tx: Tx, device_id: str, code: str) -> None:
    tx.conn.execute(delete(problem).where(*_is(tx, device_id, code)))


def unmailed(tx: Tx | Read, since_before: datetime) -> Sequence[Row[Any]]:
    """Those that have lasted since then or longer, and of which no mail tells."""
    rows = select(problem).where(
        problem.c.site == tx.site, problem.c.mailed_at.is_(None), problem.c.since <= since_before
    )
    return tx.conn.execute(rows.order_by(problem.c.since, problem.c.device, problem.c.code)).all()


def mail(tx: Tx, about: Row[Any], language: str, *, ended: datetime | None = None) -> None:
    """Put a mail about a problem, or about its end, where the postman finds it."""
    values = {name: getattr(about, name) for name in ("site", "device", "code", "text", "since")}
    kind = "problem" if ended is None else "cleared"
    tx.conn.execute(
        problem_mail.insert().values(
            id=ids.uuid7(tx.now), kind=kind, language=language, ended=ended, written_at=tx.now, attempts=0,
            next_try=tx.now, **values,
        )
    )  # fmt: skip
    tx.conn.execute(update(problem).where(*_is(tx, about.device, about.code)).values(mailed_at=tx.now))


def _is(tx: Tx, device_id: str, code: str) -> tuple[Any, ...]:
    return problem.c.site == tx.site, problem.c.device == device_id, problem.c.code == code
