"""Connections and transactions. A command is one transaction that holds its site from the first statement on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, case, create_engine, event, func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from dispatcher.store import ids
from dispatcher.store.columns import Instant
from dispatcher.store.quick import hot, quick
from dispatcher.store.tables import site as site_table
from dispatcher.store.tables import ticket_event

LOCK_TIMEOUT_S = 10.0
WAL_TRIES = 20


class Unavailable(Exception):
    """The database cannot be read or written now; nothing was changed."""


class Failed(Exception):
    """The database refused what it was told: an error of ours. Says what kind, never the values."""


@dataclass(frozen=True, slots=True)
class Tx:
    """A command's transaction: one site, its instant (never running backwards) and the wall's."""

    conn: Connection
    site: str
    now: datetime
    wall: datetime
    epoch: str


@dataclass(frozen=True, slots=True)
class Read:
    """A consistent view of one site."""

    conn: Connection
    site: str
    now: datetime
    wall: datetime


class Store:
    """A database. `url` as SQLAlchemy takes it: `sqlite:///file` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        # One writer at a time in this process: threads queue here, in order, instead of polling the file's lock.
        self._writer: Any = threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def command(self, site: str, now: datetime, wall: datetime) -> Iterator[Tx]:
        """A writing transaction; committed when the block ends well. Raises Unavailable."""
        with self._writer, translated(), self.engine.connect() as conn:
            conn = conn.execution_options(numeretto_write=True)
            with conn.begin():
                yield self._begin(quick(conn), site, now, wall)

    @contextmanager
    def reading(self, site: str, now: datetime, wall: datetime) -> Iterator[Read]:
        """A reading transaction. Raises Unavailable."""
        with translated(), self.engine.connect() as conn, conn.begin():
            yield Read(quick(conn), site, now, wall)

    def last_now(self, site: str) -> datetime | None:
        """The latest instant that a site's commands have seen; None before the first. Raises Unavailable."""
        with translated(), self.engine.connect() as conn, conn.begin():
            return conn.execute(select(_COLUMNS.now).where(_COLUMNS.id == site)).scalar()

    def committed(self, site: str) -> object:
        """Something that differs after each command that any dispatcher has carried out. Raises Unavailable.

        The newest event too: a dispatcher whose clock is behind moves the site's instant on by nothing.
        """
        newest = select(func.max(ticket_event.c.id)).scalar_subquery()
        with translated(), self.engine.connect() as conn, conn.begin():
            row = conn.execute(select(_COLUMNS.now, newest).where(_COLUMNS.id == site)).first()
            return tuple(row) if row is not None else None

    def close(self) -> None:
        self.engine.dispose()

    @staticmethod
    def _begin(conn: Connection, site: str, now: datetime, wall: datetime) -> Tx:
        row = conn.execute(_HOLD, {"of_site": site, "at": now}).first()
        if row is None:
            epoch = ids.uuid7(wall)
            conn.execute(site_table.insert().values(id=site, epoch=epoch, now=now))
            return Tx(conn, site, now, wall, epoch)
        return Tx(conn, site, row.now, wall, row.epoch)


_COLUMNS = site_table.c
_AT = bindparam("at", type_=Instant())
# Takes the site's row for the length of the transaction: commands of one site come one after another on every database.
_HOLD = (
    update(site_table)
    .where(_COLUMNS.id == bindparam("of_site"))
    .values(now=case((_COLUMNS.now < _AT, _AT), else_=_COLUMNS.now))
    .returning(_COLUMNS.now, _COLUMNS.epoch)
)
hot(_HOLD)


def epoch_of(conn: Connection, site: str) -> str | None:
    """The epoch of a site's data; None before its first command."""
    return conn.execute(select(site_table.c.epoch).where(site_table.c.id == site)).scalar()


@contextmanager
def translated() -> Iterator[None]:
    """The database's own errors, named after what the caller can do: try again later."""
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise Unavailable(str(error.orig)) from error
        # What the database says of it may hold the row: a name would stand in the log.
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
        raise Failed(f"{type(error).__name__} {code}").with_traceback(error.__traceback__) from None


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            connect_args={"timeout": LOCK_TIMEOUT_S, "check_same_thread": False},
            pool_size=20,
            hide_parameters=True,  # an error that is logged must not say whose name was to be written
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    _begin_wal(cursor)
    # FULL: what was answered with success survives a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -16000")
    # What is deleted is overwritten: a name must not stay readable in the file after its time.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_wal(cursor: sqlite3.Cursor) -> None:
    """Several that open a new file at once disturb each other: SQLite refuses this one change without waiting."""
    for _ in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            cursor.execute("BEGIN IMMEDIATE")  # waits, as all else does, until the other is done
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(conn: Connection) -> None:
    # IMMEDIATE: a command that reads first and writes later must not find its reading outdated.
    writes = conn.get_execution_options().get("numeretto_write", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
