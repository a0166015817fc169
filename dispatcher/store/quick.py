"""SQLAlchemy's statements without its ceremony, on SQLite: hot ones are compiled once and then only bound and run.

A command is thirty small statements, and SQLite itself is a sixth of their time. On other databases, and for statements
that are not marked `hot`, everything goes SQLAlchemy's own way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Processor = Callable[[Any], Any]

_HOT: dict[int, Any] = {}


def hot(*statements: Any) -> None:
    """Mark statements that live as long as the program. They take a dictionary with all their parameters, no lists."""
    _HOT.update((id(statement), statement) for statement in statements)


@dataclass(frozen=True, slots=True)
class _Made:
    """SQL, its parameters in order (name, processor), those with a value of their own, and what becomes of the
    columns of its rows."""

    sql: str
    binds: tuple[tuple[str, Processor | None], ...]
    constants: dict[str, Any]
    metadata: SimpleResultMetaData | None
    columns: tuple[tuple[int, Processor], ...]

    def bound(self, values: dict[str, Any]) -> list[Any]:
        """The parameters as the driver takes them. Raises KeyError for one that is missing."""
        known = self.constants | values
        return [known[name] if process is None else process(known[name]) for name, process in self.binds]

    def rows(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        for row in cursor.fetchall():
            if not self.columns:
                yield row
                continue
            changed = list(row)
            for at, process in self.columns:
                changed[at] = process(changed[at])
            yield tuple(changed)


class Written:
    """What a statement without rows tells."""

    def __init__(self, rowcount: int) -> None:
        self.rowcount = rowcount


class Quick:
    """A Connection in a transaction; `execute` of hot statements is its own, everything else the Connection's."""

    _made: dict[tuple[int, tuple[str, ...]], _Made | None] = {}  # noqa: RUF012  # of all connections: one dialect

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._driver: sqlite3.Connection = cast(Any, conn.connection.driver_connection)
        self._listeners = conn.engine.dispatch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)

    def execute(self, statement: Any, values: dict[str, Any] | None = None, **more: Any) -> Result[Any] | Written:
        # Who listens to the statements of an engine, as a test of its plans does, hears all of them.
        if values is None or more or id(statement) not in _HOT or self._listeners.before_cursor_execute:
            return self._conn.execute(statement, values, **more)
        key = (id(statement), tuple(values))
        try:
            made = self._made[key]
        except KeyError:
            made = self._made[key] = _make(statement, list(values), self._conn.dialect)
        if made is None:
            return self._conn.execute(statement, values)
        bound = made.bound(values)
        try:
            cursor = self._driver.execute(made.sql, bound)
            if made.metadata is None:
                return Written(cursor.rowcount)
            return IteratorResult(made.metadata, iter(list(made.rows(cursor))))
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                made.sql, bound, error, sqlite3.Error, hide_parameters=True, dialect=self._conn.dialect
            ) from error


def quick(conn: Connection) -> Connection:
    """The connection, with a short way for hot statements where the database is SQLite."""
    return cast(Connection, Quick(conn)) if conn.dialect.name == "sqlite" else conn


def _make(statement: Any, names: list[str], dialect: Dialect) -> _Made | None:
    """None: the statement has defaults that only SQLAlchemy can fill in."""
    column_keys = names if statement.is_dml else None
    compiled: SQLCompiler = statement.compile(
        dialect=dialect, column_keys=column_keys, compile_kwargs={"render_postcompile": True}
    )
    prefetched = compiled.insert_prefetch or compiled.update_prefetch
    if prefetched or compiled.positiontup is None:
        return None
    constants = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
    binds = []
    for name in compiled.positiontup:
        bind = compiled.binds[name]
        binds.append((name, bind.type.dialect_impl(dialect).bind_processor(dialect)))
    keys, columns = [], []
    for at, column in enumerate(compiled._result_columns):
        keys.append(column.keyname)
        process = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if process is not None:
            columns.append((at, process))
    metadata = SimpleResultMetaData(keys) if keys else None
    return _Made(str(compiled), tuple(binds), constants, metadata, tuple(columns))
