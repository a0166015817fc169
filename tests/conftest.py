"""Fixtures for everybody: private servers, and stores on both databases.

`mosquitto()` starts a broker of one's own; `postgres` is one cluster per test process; `store` comes once on SQLite and
once on PostgreSQL, its tables made; `database` is an empty one's URL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import text

from dispatcher.store import admin
from dispatcher.store.columns import metadata
from dispatcher.store.session import Store
from tests import servers

# Tesseract on all cores at once takes four times the work, and more where several tests run side by side.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

BOTH = ("sqlite", "postgresql")

# Two databases and a shared machine: what counts is the examples, not how long one takes.
settings.register_profile("numeretto", deadline=None, derandomize=True, database=None)
settings.load_profile("numeretto")


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Callable[..., servers.Mosquitto]]:
    """mosquitto(settings="allow_anonymous true\\npersistence false\\n") → a running broker on a free port."""
    started: list[servers.Mosquitto] = []

    def begin(*settings: str) -> servers.Mosquitto:
        broker = servers.Mosquitto(tmp_path, *settings)
        started.append(broker)
        broker.start()
        return broker

    yield begin
    for broker in started:
        broker.kill()


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A cluster for this test process; `create()` gives a fresh database, `url(name)` its URL."""
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres: servers.Postgres) -> str:
    """The name of a database that has the tables."""
    name = postgres.create()
    _upgraded(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has the tables."""
    path = tmp_path_factory.mktemp("template") / "numeretto.db"
    _upgraded(f"sqlite:///{path}")
    return path


def _upgraded(url: str) -> None:
    store = Store(url)
    admin.upgrade(store)
    store.close()


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, on each of both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'numeretto.db'}"
        return
    cluster: servers.Postgres = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(scope="session")
def postgres_store(postgres: servers.Postgres, postgres_template: str) -> Iterator[Store]:
    """One store on PostgreSQL for this test process; `store` empties it before each test."""
    made = Store(postgres.url(postgres.create(postgres_template)))
    yield made
    made.close()


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with its tables, empty, on each of both databases."""
    if request.param == "postgresql":
        # As good as a new database, and twenty times as fast: a new one begins with cold caches.
        made: Store = request.getfixturevalue("postgres_store")
        with made.engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
        yield made
        return
    path = tmp_path / "numeretto.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    made = Store(f"sqlite:///{path}")
    try:
        yield made
    finally:
        made.close()
