"""Insert or replace, in the dialect of the database."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from dispatcher.store.quick import hot


def upsert(conn: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row, or replace `values` in the one that has `key`."""
    conn.execute(_upsert(table, conn.dialect.name, tuple(key), tuple(values)), key | values)


@cache
def _upsert(table: Table, dialect: str, key: tuple[str, ...], values: tuple[str, ...]) -> Any:
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table).values({name: bindparam(name) for name in (*key, *values)})
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in values}
    )
    hot(statement)
    return statement
