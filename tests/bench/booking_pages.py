"""The booking page's month and day, with 20 services and 20,000 bookings, beside a bare Flask round trip."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from dispatcher.engine.model import Capacity, Hours, Office, Service
from dispatcher.store import admin
from dispatcher.store.session import Store
from dispatcher.usecases import bookings, months, timetable
from dispatcher.usecases.desk import Desk
from dispatcher.web import create_app
from dispatcher.wire.clock import SystemClock
from tests.bench.figures import ROUNDS, Figure, median, p99, small
from tests.bench.waiting import STAFF

ZONE = ZoneInfo("Europe/Rome")
SERVICES, DAYS, BOOKINGS = 20, 60, 20_000
SHARING = 4
"""So many services share their staff: a page of one of them counts the bookings of all."""
LIMIT_MS = 50.0
MS = 1e3
EVERY_DAY = Hours(spans=dict.fromkeys(range(7), ((time(8, 30), time(12, 30)), (time(14, 0), time(16, 0)))))


def measure(folder: Path, rounds: int = ROUNDS, repeats: int = 5) -> list[Figure]:
    """Processor time of the pages, each service in its turn, and of a bare application in between."""
    app, desk = _application(folder / "calendar.db")
    client, bare = app.test_client(), _bare().test_client()
    found = []
    for name, pages in (("month", _month_pages), ("day", _day_pages)):
        many = [path for _ in range(repeats) for path in pages(desk)]
        for path in many[:3]:
            _get(client, path)  # templates are compiled by the first
        taken, beside = [], []
        for _ in range(rounds):
            samples = [_get(client, path) for path in many]
            raw = [_get(bare, "/") for _ in many]
            taken.append(small(p99(samples) * MS, LIMIT_MS))
            beside.append((median(samples) * MS, median(raw) * MS))
        best = min(beside)
        against = f"allowed; median {best[0]:.1f} ms, bare Flask {best[1]:.2f} ms"
        what = f"{name} page, {SERVICES} services, {BOOKINGS:,} bookings: p99 of work"
        found.append(Figure(what, "ms", against, tuple(taken), 1))
    desk.store.close()
    return found


def _get(client: FlaskClient, path: str) -> float:
    """Seconds of processor time of one GET."""
    begun = thread_time()
    answer = client.get(path)
    took = thread_time() - begun
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def _bare() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", "nothing", dict)
    return app


def _month_pages(desk: Desk) -> Iterator[str]:
    """The first month of each service, and the one after."""
    after = months.next_month(_today(desk).replace(day=1))
    for service in desk.office.services:
        yield f"/?service={service}"
        yield f"/?service={service}&month={after:%Y-%m}"


def _day_pages(desk: Desk) -> Iterator[str]:
    for number, service in enumerate(desk.office.services):
        for days in (7, 30):
            yield f"/?service={service}&day={_today(desk) + timedelta(days=days + number % 7)}"


def _today(desk: Desk) -> date:
    return desk.clock.now().astimezone(ZONE).date()


def _application(database: Path) -> tuple[Flask, Desk]:
    store = Store(f"sqlite:///{database}")
    admin.upgrade(store)
    desk = Desk(store, _office(), SystemClock(), base_url="http://127.0.0.1")
    desk.prepare()
    _fill(desk, database)
    return create_app(desk, secrets={}, secret_key="bench", ready=dict), desk


def _office() -> Office:
    services = [
        Service(id=f"s{n:02d}", letter=chr(65 + n), name={"en": f"Service {n}"}, hours=EVERY_DAY, places=2)
        for n in range(SERVICES)
    ]
    shared = tuple(one.id for one in services[:SHARING])
    return Office(
        id="bench",
        name="Bench",
        zone=ZONE,
        services={one.id: one for one in services},
        counters={},
        languages=("en",),
        capacities=(Capacity(id="staff", services=shared, places=SHARING + 1),),
    )


def _fill(desk: Desk, database: Path) -> None:
    """Book the slots of each service in turn, a place of each and a second one of some: about half of all places.

    One booking of each service is made by the desk, the others are its copies.
    """
    each = BOOKINGS // SERVICES
    for service in desk.office.services.values():
        starts = _starts(desk, service)
        answer = desk.execute(
            STAFF,
            bookings.book,
            service=service.id,
            start=starts[0],
            name="Anna Bianchi",
            email=f"{service.id}@example.org",
            phone="+39 011 8122345",
            consent=True,
        )
        assert answer.ok, answer.body
        assert answer.body is not None
        step = max(1, len(starts) * 10 // (each * 7))
        chosen = [*starts[1::step], *starts[2 :: 2 * step]][: each - 1]
        _copy(database, answer.body["id"], chosen)


def _starts(desk: Desk, service: Service) -> list[datetime]:
    today = _today(desk)
    free = desk.read(
        lambda reading: timetable.found_slots(
            reading, replace(service, places=1), today, today + timedelta(days=DAYS), bound=True
        )
    )
    return [one.start for one in free]


def _copy(database: Path, template: str, starts: list[datetime]) -> None:
    """Tickets and bookings like one that is there, at other times."""
    with sqlite3.connect(database) as db:
        for table, key in (("ticket", "id"), ("booking", "ticket")):
            db.row_factory = sqlite3.Row
            row = dict(db.execute(f"SELECT * FROM {table} WHERE {key} = ?", (template,)).fetchone())  # noqa: S608
            columns = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            lines = [tuple({**row, **_own(table, row, n, start)}.values()) for n, start in enumerate(starts, 2)]
            db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", lines)  # noqa: S608
    db.close()


def _own(table: str, row: dict[str, Any], number: int, start: datetime) -> dict[str, Any]:
    """What a copy has for itself."""
    at = int((start.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    name = f"{row['id' if table == 'ticket' else 'ticket'][:28]}-{number:07d}"
    if table == "booking":
        return {"ticket": name, "code": f"{row['code'][:2]}{row['service']}{number:05d}", "person": f"p{number}"}
    return {
        "id": name,
        "token": f"{row['token'][:16]}-{number:07d}",
        "number": number + 100_000,
        "label": f"{row['series']}{number + 100_000}",
        "scheduled_at": at,
        "callable_from": at,
        "priority_from": at,
        "queued_at": at,
        "order_at": at,
    }
