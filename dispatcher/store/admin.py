"""`numeretto database upgrade|check`: bring the tables to this version, or say whether they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from dispatcher.store.session import Store, Unavailable, translated
from dispatcher.wire.arguments import Parser

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0005"
"""The last of the migrations, so that a start with current tables need not read them."""
UPGRADE_LOCK = 0x4E554D45
"""A PostgreSQL advisory lock: two dispatchers that start together upgrade one after the other."""


def upgrade(store: Store) -> None:
    """Bring the database to this version's tables; changes nothing when they are there. Raises Unavailable."""
    with translated(), store.engine.connect() as conn:
        writing = conn.execution_options(numeretto_write=True)
        with writing.begin():
            if writing.dialect.name == "postgresql":
                writing.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            if _current(writing) != NEWEST:
                _migrate(writing)


def is_current(store: Store) -> bool:
    """Whether the tables are those of this version. Raises Unavailable."""
    with translated(), store.engine.connect() as conn, conn.begin():
        return _current(conn) == NEWEST


def _current(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def main(argv: list[str]) -> int:
    parser = Parser(prog="numeretto database", description="Bring the database's tables to this version.")
    parser.add_argument("action", choices=["upgrade", "check"])
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the SQLite file")
    arguments = parser.parse_args(argv)
    url = os.environ.get("NUMERETTO_DATABASE") or f"sqlite:///{arguments.data / 'numeretto.db'}"
    store = Store(url)
    try:
        if arguments.action == "upgrade":
            upgrade(store)
            return 0
        if is_current(store):
            return 0
        sys.stderr.write("The database is of another version: run 'numeretto database upgrade'.\n")
    except Unavailable as error:
        sys.stderr.write(f"The database cannot be reached: {error}\n")
    finally:
        store.close()
    return 1
