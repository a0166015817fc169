"""The outbox, the retained messages and the answers: what goes out is stored with what it follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import outbox, request, retained
from dispatcher.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Retained:
    """A retained message as last stored; `content` is what decides whether a new one differs."""

    topic: str
    revision: int
    content: bytes
    payload: bytes
    stored_wall: datetime


def post(tx: Tx, topic: str, payload: bytes, *, retain: bool = False) -> None:
    """Put a message into the outbox: sent, in order, after the commit."""
    tx.conn.execute(_POST, {"site": tx.site, "topic": topic, "payload": payload, "retain": retain})


_POST = outbox.insert()


def pending(conn: Any, site: str, most: int, *, after: int = 0) -> Sequence[Any]:
    """The oldest messages not yet sent, behind the id `after`: id, topic, payload, retain."""
    rows: Sequence[Any] = conn.execute(_PENDING, {"of_site": site, "behind": after, "most": most}).all()
    return rows


_PENDING = (
    select(outbox.c.id, outbox.c.topic, outbox.c.payload, outbox.c.retain)
    .where(outbox.c.site == bindparam("of_site"), outbox.c.id > bindparam("behind"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)


def sent(conn: Any, site: str, up_to: int) -> None:
    """Everything up to an id has been taken by the broker."""
    conn.execute(delete(outbox).where(outbox.c.site == site, outbox.c.id <= up_to))


def backlog(tx: Tx | Read) -> int:
    return tx.conn.execute(select(func.count()).select_from(outbox).where(outbox.c.site == tx.site)).scalar_one()


def retained_of(tx: Tx | Read, topic: str) -> Retained | None:
    row = tx.conn.execute(_RETAINED, {"of_site": tx.site, "of_topic": topic}).first()
    return Retained(*row) if row else None


_OF_TOPIC = (retained.c.site == bindparam("of_site"), retained.c.topic == bindparam("of_topic"))
_RETAINED = select(
    retained.c.topic, retained.c.revision, retained.c.content, retained.c.payload, retained.c.stored_wall
).where(*_OF_TOPIC)
_REVISION = select(retained.c.revision).where(*_OF_TOPIC)


def all_retained(conn: Any, site: str) -> list[tuple[str, bytes]]:
    rows = conn.execute(select(retained.c.topic, retained.c.payload).where(retained.c.site == site))
    return [(row.topic, row.payload) for row in rows]


def revision_of(conn: Any, site: str, topic: str) -> int:
    return conn.execute(_REVISION, {"of_site": site, "of_topic": topic}).scalar() or 0


def store_retained(tx: Tx, message: Retained) -> None:
    """Store a retained message and put it into the outbox."""
    upsert(
        tx.conn,
        retained,
        {"site": tx.site, "topic": message.topic},
        {
            "revision": message.revision,
            "content": message.content,
            "payload": message.payload,
            "stored_wall": message.stored_wall,
        },
    )
    post(tx, message.topic, message.payload, retain=True)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    digest: str
    status: int
    body: Any


def answer_of(tx: Tx, account: str, request_id: str) -> StoredAnswer | None:
    """The answer that this account was given to this request before."""
    values = {"of_site": tx.site, "of_account": account, "of_request": request_id}
    row = tx.conn.execute(_ANSWER, values).first()
    return StoredAnswer(*row) if row else None


_ANSWER = select(request.c.digest, request.c.status, request.c.body).where(
    request.c.site == bindparam("of_site"),
    request.c.account == bindparam("of_account"),
    request.c.id == bindparam("of_request"),
)


def store_answer(tx: Tx, account: str, request_id: str, answer: StoredAnswer) -> None:
    tx.conn.execute(
        _STORE_ANSWER,
        {
            "site": tx.site,
            "account": account,
            "id": request_id,
            "digest": answer.digest,
            "status": answer.status,
            "body": answer.body,
            "at": tx.wall,
        },
    )


_STORE_ANSWER = request.insert()


def forget_answers(tx: Tx, before_wall: datetime) -> None:
    tx.conn.execute(delete(request).where(request.c.site == tx.site, request.c.at < before_wall))


hot(_POST, _PENDING, _RETAINED, _REVISION, _ANSWER, _STORE_ANSWER)
