"""Many people waiting, made quickly: one ticket of each service is issued by the desk, the others are its copies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dispatcher.engine.model import Office
from dispatcher.store import admin
from dispatcher.store.session import Store
from dispatcher.usecases import counters, tickets
from dispatcher.usecases.desk import Actor, Desk
from dispatcher.wire.clock import SystemClock

STAFF = Actor("bench", "office")
SERVICES = ("register", "certificates")
MICROSECONDS = 1_000_000


def open_desk(office: Office, database: Path) -> Desk:
    """A desk over a database of its own, all counters open."""
    store = Store(f"sqlite:///{database}")
    admin.upgrade(store)
    desk = Desk(store, office, SystemClock(), base_url="http://127.0.0.1")
    desk.prepare()
    for counter in office.counters:
        must(desk, counter, "open")
    return desk


def must(desk: Desk, counter: str, action: str) -> None:
    """Carry out an action that cannot be refused."""
    answer = desk.execute(STAFF, counters.act, counter=counter, action=action)
    assert answer.ok, answer.body


def fill(desk: Desk, database: Path, count: int) -> None:
    """Let `count` people wait, half for each of SERVICES. Counters must be open before."""
    each = count // len(SERVICES)
    for service in SERVICES:
        answer = desk.execute(STAFF, tickets.issue, service=service)
        assert answer.ok
        assert answer.body is not None
        _copy(database, desk.office.id, service, answer.body["id"], each - 1)


def _copy(database: Path, site: str, service: str, template: str, count: int) -> None:
    """`count` tickets like `template`, with numbers, labels and instants of their own, and the counts beside."""
    made = {
        "id": "printf('%s-%07d', substr(t.id, 1, 28), n)",
        "token": "printf('%s-%07d', substr(t.token, 1, 16), n)",
        "number": "t.number + n",
        "label": "printf('%s%03d', t.series, t.number + n)",
        "queued_at": "t.queued_at + n",
        "order_at": "t.order_at + n",
        "priority_from": "t.priority_from + n",
    }
    with sqlite3.connect(database) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(ticket)")]
        chosen = ", ".join(made.get(name, f't."{name}"') for name in columns)
        db.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"  # noqa: S608
            f" INSERT INTO ticket SELECT {chosen} FROM ticket AS t, numbers WHERE t.id = ? AND n <= ?",
            (count, template, count),
        )
        db.execute(
            "UPDATE service SET waiting = waiting + ?, ready = ready + ? WHERE site = ? AND id = ?",
            (count, count, site, service),
        )
        db.execute(
            "UPDATE series SET last = last + ? WHERE site = ? AND series = (SELECT series FROM ticket WHERE id = ?)",
            (count, site, template),
        )
    db.close()
