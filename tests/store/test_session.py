"""Transactions: durable, one writer at a time, an instant that never runs backwards."""

from __future__ import annotations

import threading
import traceback
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from dispatcher.store import bookings, tickets
from dispatcher.store.session import Failed, Store, Unavailable, epoch_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE = "torino"


def test_the_instant_of_commands_never_runs_backwards(store):
    seen = []
    for offset_s in (0, 5, -3600, 6):
        at = NOW + timedelta(seconds=offset_s)
        with store.command(SITE, at, at) as tx:
            seen.append(((tx.now - NOW).total_seconds(), tx.wall - at))
    assert seen == [(0, timedelta(0)), (5, timedelta(0)), (5, timedelta(0)), (6, timedelta(0))]


def test_the_epoch_is_made_once_and_each_site_has_its_own(store):
    with store.reading(SITE, NOW, NOW) as tx:
        assert epoch_of(tx.conn, SITE) is None
    epochs = []
    for site in (SITE, SITE, "milano"):
        with store.command(site, NOW, NOW) as tx:
            epochs.append(tx.epoch)
    assert epochs[0] == epochs[1] != epochs[2]
    with store.reading(SITE, NOW, NOW) as tx:
        assert epoch_of(tx.conn, SITE) == epochs[0]


def test_a_command_that_fails_leaves_nothing_behind(store):
    def fail():
        with store.command(SITE, NOW, NOW) as tx:
            tx.conn.execute(text("INSERT INTO challenge (digest, expires) VALUES ('x', 1)"))
            raise RuntimeError("failed on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    with store.reading(SITE, NOW, NOW) as tx:
        assert tx.conn.execute(text("SELECT count(*) FROM challenge")).scalar() == 0
        assert epoch_of(tx.conn, SITE) is None


def test_commands_of_a_site_exclude_each_other(store):
    """B4: what a command has read stays true until it has written, also for a second process."""
    with store.command(SITE, NOW, NOW):
        pass
    other = Store(store.url)
    inside, entered = threading.Event(), threading.Event()

    def second():
        inside.wait(10)
        with other.command(SITE, NOW, NOW):
            entered.set()

    thread = threading.Thread(target=second)
    thread.start()
    with store.command(SITE, NOW, NOW):
        inside.set()
        assert not entered.wait(0.3), "two commands were in progress at once"
    assert entered.wait(10)
    thread.join(10)
    other.close()


def test_sqlite_keeps_what_was_answered_through_a_power_cut(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'n.db'}")
    with store.engine.connect() as one, store.engine.connect() as two:
        for conn in (one, two):
            assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
            assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_sqlite_takes_the_lock_before_it_reads(sqlite_template, tmp_path):
    """T10: SELECT, then UPDATE, in the default mode calls people twice; BEGIN IMMEDIATE does not."""
    path = tmp_path / "n.db"
    path.write_bytes(sqlite_template.read_bytes())
    one, two = Store(f"sqlite:///{path}"), Store(f"sqlite:///{path}")
    with one.engine.connect() as conn, two.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 50")
        other.rollback()
        writing = conn.execution_options(numeretto_write=True)
        with writing.begin():
            with other.begin():
                assert other.exec_driver_sql("SELECT count(*) FROM ticket").scalar() == 0, "readers are not held up"
            waiting = other.execution_options(numeretto_write=True)
            with pytest.raises(Exception, match="locked"):
                waiting.begin()
    one.close()
    two.close()


def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path):
    nowhere = Store(f"sqlite:///{tmp_path / 'missing' / 'n.db'}")
    with pytest.raises(Unavailable), nowhere.command(SITE, NOW, NOW):
        pass
    gone = Store(f"postgresql://t@/x?host={tmp_path}")
    with pytest.raises(Unavailable), gone.reading(SITE, NOW, NOW):
        pass


def test_a_server_that_comes_back_is_used_again(postgres, postgres_template):
    """A connection that was cut is noticed; the next command has a new one."""
    name = postgres.create(postgres_template)
    store = Store(postgres.url(name))
    with store.command(SITE, NOW, NOW):
        pass
    other = Store(postgres.url("postgres"))
    with other.engine.connect() as conn:
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
    other.close()
    with store.command(SITE, NOW, NOW) as tx:
        assert tx.epoch
    store.close()
    postgres.drop(name)


def test_what_was_committed_is_told_by_a_value_that_differs(store):
    assert store.committed(SITE) is None
    with store.command(SITE, NOW, NOW):
        pass
    first = store.committed(SITE)
    assert store.committed(SITE) == first
    with store.command(SITE, NOW, NOW) as tx:  # another dispatcher, whose clock has not gone on
        tickets.record(tx, "a", "booked", actor="user:anna")
    second = store.committed(SITE)
    assert second != first
    with store.command(SITE, NOW + timedelta(minutes=1), NOW):
        pass
    assert store.committed(SITE) not in (first, second)


def test_an_error_of_the_database_never_says_what_was_to_be_written(store):
    values = {"service": "passport", "code": "CODE0001", "person": "p", "phone": "+39011", "notes": "", "ticket": "t1"}
    values["name"] = "Zzyxname"

    def twice():
        with store.command(SITE, NOW, NOW) as tx:
            for _ in range(2):
                bookings.add(tx, **values)

    with pytest.raises(Failed, match="IntegrityError") as caught:
        twice()
    told = "".join(traceback.format_exception(caught.value))
    assert "bookings.add" in told, "where it happened is told"
    assert "Zzyxname" not in told
    assert "CODE0001" not in told
