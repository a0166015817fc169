"""Hot statements on SQLite give and take the same as through SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError

from dispatcher.store import calls, devices, lanes, messages, numbers, places, tickets
from dispatcher.store.messages import StoredAnswer
from dispatcher.store.quick import Quick
from dispatcher.store.session import Store, Tx, Unavailable
from tests.store.make import NOW, command, insert, minutes, ticket

SERVICES = ("passport", "taxes")
READS: list[Callable[[Tx, str], Any]] = [
    tickets.get,
    lambda tx, _id: lanes.heads(tx, "1", SERVICES, most=3),
    lambda tx, _id: tickets.unready(tx),
    lambda tx, _id: tickets.missed_since(tx, NOW - minutes(60), 5),
    lambda tx, _id: numbers.is_living(tx, "A007"),
    lambda tx, _id: numbers.last_number(tx, NOW.date(), "A"),
    lambda tx, _id: numbers.issued_on(tx, NOW.date(), "passport"),
    lambda tx, _id: places.counters(tx),
    lambda tx, _id: places.services(tx),
    lambda tx, _id: [tuple(row) for row in calls.on_board(tx, NOW - minutes(1), 20)],
    lambda tx, _id: messages.answer_of(tx, "token:desk", "key"),
    lambda tx, _id: [tuple(row) for row in messages.pending(tx.conn, tx.site, 10)],
    lambda tx, _id: devices.get(tx, "entrance").status,
]


@pytest.fixture
def sqlite(sqlite_template, tmp_path):
    path = tmp_path / "n.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = Store(f"sqlite:///{path}")
    yield made
    made.close()


def through_sqlalchemy(store, do):
    """What `do` gives while somebody listens to the engine, which sends every statement SQLAlchemy's own way."""
    heard = []

    def hear(_conn, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(store.engine, "before_cursor_execute", hear)
    try:
        found = do()
    finally:
        event.remove(store.engine, "before_cursor_execute", hear)
    assert heard
    return found


def test_every_read_tells_the_same_as_sqlalchemys_own(sqlite):
    with command(sqlite, now=NOW) as tx:
        assert isinstance(tx.conn, Quick)
        one = insert(tx, ticket(number=7, assisted=True, priority_from=NOW))
        insert(tx, ticket(service="taxes", callable_from=NOW + minutes(1)))
        numbers.set_last_number(tx, NOW.date(), "A", 7)
        numbers.add_issued(tx, NOW.date(), "passport", 1)
        row = places.counters(tx)["1"]
        places.save_counter(tx, row, places.replace(row, why={"code": "first"}, last={"tickets": []}))
        values = {"service": "passport", "counter": "1", "attempt": 1, "language": "it"}
        calls.add(tx, id="c", ticket=one.id, label="A007", called_at=NOW, on_screen=True, **values)
        messages.store_answer(tx, "token:desk", "key", StoredAnswer("d", 200, {"label": "A007"}))
        messages.post(tx, "board", b"{}", retain=True)
        devices.set_status(tx, "entrance", online=True, status={"online": True})
        told = [read(tx, one.id) for read in READS]
        same = through_sqlalchemy(sqlite, lambda: [read(tx, one.id) for read in READS])
    assert told == same
    assert told[0] == one


def test_a_row_that_is_there_already_is_the_same_error(sqlite):
    with command(sqlite, now=NOW) as tx:
        values = {"id": "c", "ticket": "t", "label": "A001", "service": "passport", "counter": "1", "attempt": 1}
        values |= {"language": "it", "called_at": NOW, "on_screen": True}
        calls.add(tx, **values)
        with pytest.raises(IntegrityError):
            calls.add(tx, **values)


def test_an_error_of_the_database_is_unavailable(sqlite):
    def ask():
        with command(sqlite, now=NOW) as tx:
            tx.conn.exec_driver_sql("DROP TABLE call")
            calls.current(tx, "t")

    with pytest.raises(Unavailable, match="no such table"):
        ask()


def test_a_parameter_that_is_missing_is_no_null(sqlite):
    with command(sqlite, now=NOW) as tx, pytest.raises(KeyError, match="of_ticket"):
        tx.conn.execute(calls._CURRENT, {"of_site": tx.site})


def test_an_error_that_no_waiting_mends_is_the_same_as_sqlalchemys_own(sqlite):
    with command(sqlite, now=NOW) as tx:
        tx.conn.connection.driver_connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
        with pytest.raises(DataError, match="too big"):
            messages.post(tx, "board", b"x" * 20_000)
