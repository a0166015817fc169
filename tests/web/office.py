"""A small office for the web's tests, and a running desk over SQLite in a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from dispatcher.engine.model import Counter, Hours, Office, Service, Token, User
from dispatcher.store import admin
from dispatcher.store.session import Store
from dispatcher.usecases.desk import Desk
from dispatcher.web import Limits, create_app
from dispatcher.wire.clock import Clock, ManualClock, SimulatedClock, SystemClock

ZONE = ZoneInfo("Europe/Rome")
MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
ALWAYS = Hours(always=True)
WEEK = Hours(spans={day: ((time(8, 30), time(12, 30)), (time(14, 0), time(16, 0))) for day in range(5)})
SECRETS = {
    "NUMERETTO_TOKEN_OFFICE": "office-secret",
    "NUMERETTO_TOKEN_KIOSK": "kiosk-secret",
    "NUMERETTO_TOKEN_COUNTER": "counter-secret",
    "NUMERETTO_TOKEN_ONE": "one-secret",
    "NUMERETTO_PASSWORD_ANNA": "correct horse",
    "NUMERETTO_PASSWORD_SARA": "battery staple",
    "NUMERETTO_PASSWORD_MAX": "battery staple",
}
OFFICE = {"Authorization": "Bearer office-secret"}
KIOSK = {"Authorization": "Bearer kiosk-secret"}
COUNTER = {"Authorization": "Bearer counter-secret"}
ONE = {"Authorization": "Bearer one-secret"}
API = "/api/v1/sites/torino"
ROOMY = Limits(
    **{one.name: "100000 per minute" for one in fields(Limits) if one.name != "streams"},
    streams=8,
)


def make_office(**changes: Any) -> Office:
    """Three services, three counters, a token of each kind, two users."""
    services = (
        Service(
            id="passport",
            letter="A",
            group="documents",
            name={"it": "Passaporti", "en": "Passports", "de": "Pässe", "fr": "Passeports"},
            hours=ALWAYS,
            last_ticket="never",
        ),
        Service(
            id="residence",
            letter="B",
            group="documents",
            name={"it": "Residenza", "en": "Residence", "de": "Wohnsitz", "fr": "Domicile"},
            hours=WEEK,
            last_ticket="never",
        ),
        Service(
            id="desk",
            letter="C",
            name={"it": "Sportello rapido", "en": "Quick desk", "de": "Schnellschalter", "fr": "Guichet rapide"},
            hours=ALWAYS,
            appointments=False,
            last_ticket="never",
            daily_limit=500,
        ),
    )
    counters = (
        Counter(id="1", name="1", services=("passport", "residence"), mode="manual"),
        Counter(id="2", name="2", services=("passport",), mode="manual"),
        Counter(id="3", name="3", services=("residence", "desk"), mode="appointments", zone="left"),
    )
    tokens = (
        Token(name="desk", role="office", secret_env="NUMERETTO_TOKEN_OFFICE"),
        Token(name="hall", role="kiosk", secret_env="NUMERETTO_TOKEN_KIOSK"),
        Token(name="pad", role="counter", secret_env="NUMERETTO_TOKEN_COUNTER"),
        Token(name="pad-1", role="counter", secret_env="NUMERETTO_TOKEN_ONE", counters=("1",)),
    )
    users = (
        User(name="anna", role="operator", password_env="NUMERETTO_PASSWORD_ANNA"),
        User(name="sara", role="secretary", password_env="NUMERETTO_PASSWORD_SARA"),
        User(name="max", role="manager", password_env="NUMERETTO_PASSWORD_MAX"),
    )
    office = Office(
        id="torino",
        name="Camera di commercio",
        zone=ZONE,
        services={one.id: one for one in services},
        counters={one.id: one for one in counters},
        tokens={one.name: one for one in tokens},
        users={one.name: one for one in users},
        groups={"documents": {"it": "Documenti", "en": "Documents", "de": "Dokumente", "fr": "Documents"}},
    )
    return replace(office, **changes)


@dataclass
class House:
    """A desk with its web application."""

    desk: Desk
    app: Flask

    def client(self) -> FlaskClient:
        return self.app.test_client()


def clock_at(start: datetime, pace: float = 1.0) -> SimulatedClock:
    """A clock whose office time begins at `start`; the wall is the real one."""
    return SimulatedClock(start=start.astimezone(UTC), anchor=SystemClock().wall(), pace=pace)


class OfficeTime(ManualClock):
    """Office time is moved by hand; the wall's is the real one, which the library of the anti-robot check reads too."""

    def wall(self) -> datetime:
        return SystemClock().wall()


@cache
def _blank() -> tempfile.TemporaryDirectory[str]:
    """A database with its tables and nothing in them, made once: each house begins with a copy."""
    folder = tempfile.TemporaryDirectory(prefix="numeretto-web-")
    store = Store(f"sqlite:///{Path(folder.name) / 'numeretto.db'}")
    admin.upgrade(store)
    store.close()
    return folder


@contextmanager
def house(
    folder: Path,
    *,
    clock: Clock | None = None,
    office: Office | None = None,
    base_url: str = "http://localhost",
    **web: Any,
) -> Iterator[House]:
    """A house over a database in `folder`."""
    file = folder / "numeretto.db"
    shutil.copy(Path(_blank().name) / file.name, file)
    store = Store(f"sqlite:///{file}")
    try:
        desk = Desk(store, office or make_office(), clock or clock_at(MONDAY_9), base_url=base_url)
        desk.prepare()
        options = {"limits": ROOMY, "ready": lambda: {"broker": True}, "secrets": SECRETS, **web}
        yield House(desk, create_app(desk, secret_key="a key for tests", **options))
    finally:
        store.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port; its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def slot(days: int = 1, hour: int = 10, minute: int = 0) -> str:
    """A slot's start, so many days after the tests' Monday, with the local offset."""
    return (MONDAY_9 + timedelta(days=days)).replace(hour=hour, minute=minute).isoformat()


def booking(**changes: Any) -> dict[str, Any]:
    """A good body of POST /appointments for the office."""
    body = {
        "service": "passport",
        "start": slot(),
        "name": "Anna Bianchi",
        "email": "anna@example.org",
        "phone": "+39 011 8122345",
        "language": "it",
        "consent": True,
    }
    return {**body, **changes}
