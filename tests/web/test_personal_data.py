"""Marked personal data through everything that happens, and then a search for the marks where they must not be (F6)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from dispatcher.jobs import Jobs
from dispatcher.mail import postman
from dispatcher.store.columns import metadata
from dispatcher.store.tables import outbox
from dispatcher.usecases.holder import holder_key, signing_key
from dispatcher.wire.clock import ManualClock
from tests.web.bookings import Booking
from tests.web.office import API, COUNTER, MONDAY_9, OFFICE, House, booking, house, slot
from tests.web.test_about import hidden
from tests.web.test_roles import log_in

MARKS = ("Zzyxname", "zzyxmail", "1915557", "zzyxnote")
KEY = "a key for tests"


def person(n: int = 0, **changes: Any) -> dict[str, Any]:
    """Somebody whose every word can be searched for; the number is 011 19155570 and following."""
    return booking(
        name=f"Zzyxname Bianchi{'abcdefghij'[n]}",
        email=f"zzyxmail{n}@example.org",
        phone=f"+39 011 1915557{n}",
        notes="zzyxnote: ring twice",
        **changes,
    )


def marks(where: str) -> set[str]:
    return {one for one in MARKS if one.casefold() in where.casefold()}


class Watched:
    """A client that keeps every address it was sent to, and every answer's body."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.addresses: list[str] = []

    def __call__(self, method: str, path: str, **options: Any) -> TestResponse:
        self.addresses.append(path)
        answer = self.client.open(path, method=method, **options)
        for header in ("Location", "Set-Cookie"):
            self.addresses += answer.headers.getlist(header)
        return answer

    def get(self, path: str, *, query_string: dict[str, str] | None = None) -> TestResponse:
        return self("GET", f"{path}?{urlencode(query_string)}" if query_string else path)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self("POST", path, **options)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9.astimezone(UTC))


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Iterator[House]:
    with house(tmp_path, clock=clock) as made:
        yield made


def book_by_form(ask: Watched, n: int, start: str, **changes: str) -> TestResponse:
    """Through the steps of the pages as far as they lead; the last answer."""
    steps, one = Booking(ask, start=start), person(n)
    answer = steps.send(**{**{key: one[key] for key in ("name", "email", "phone", "notes")}, **changes})
    return steps.confirm() if answer.status_code == 200 else answer


def everything_happens(ask: Watched, home: House, clock: ManualClock) -> None:
    """Bookings by form and by program, moved, cancelled, called, served, missed, and much that is wrong."""
    made = [ask("POST", f"{API}/appointments", json=person(n, start=slot(0, 10)), headers=OFFICE) for n in (0, 1)]
    codes = [one.get_json()["code"] for one in made]
    tickets = [book_by_form(ask, n, slot(0, 11)) for n in (2, 3)]
    pages = [one.headers["Location"] for one in tickets]
    assert all(page.startswith("/t/") for page in pages)
    for n, page in enumerate(pages):
        assert not marks(ask("GET", page).text)
        form = hidden(ask("GET", page).text)
        ask("POST", f"{page}/{'leave' if n else 'later'}", data=form)
    key = holder_key(signing_key(KEY), codes[0])
    holder = f"/appointment/{codes[0]}?key={key}"
    assert not marks(ask("GET", holder).text)
    ask("GET", f"{API}/appointments/{codes[1]}", headers=OFFICE)
    ask("PATCH", f"{API}/appointments/{codes[1]}", json={"start": slot(0, 10, 15)}, headers=OFFICE)
    ask("POST", "/mail", data={**hidden(ask("GET", "/mail").text), "code": codes[0]})
    wrong_input(ask)
    serve(ask, clock)


def wrong_input(ask: Watched) -> None:
    bad = (
        {"email": "zzyxmail at example.org"},
        {"email": "zzyxmail@pec.it"},
        {"name": "Zzyxname\0"},
        {"name": "Zzyxname " * 60},
        {"phone": "zz1915557"},
        {"notes": "zzyxnote" * 400},
        {"start": "Zzyxname"},
        {"Zzyxname": "zzyxmail"},
        {"language": "Zzyxname"},
        {"name": ["Zzyxname"]},
        {},
    )
    for change in bad:
        ask("POST", f"{API}/appointments", json={**person(4, start=slot(1)), **change}, headers=OFFICE)
        ask("POST", f"{API}/appointments", json={**person(4, start=slot(1)), **change})
    ask("POST", f"{API}/appointments", data="{Zzyxname", headers={**OFFICE, "Content-Type": "application/json"})
    for change in ({"email": "zzyxmail"}, {"phone": "19155"}, {"notes": "zzyxnote" * 400}, {"website": "Zzyxname"}):
        assert book_by_form(ask, 5, slot(2), **change).status_code == 422
    assert book_by_form(ask, 2, slot(2)).status_code in (303, 409)
    ask("POST", "/login", data={"name": "Zzyxname", "password": "zzyxmail"})
    log_in(ask.client)
    form = hidden(ask("GET", "/counter/1").text)
    ask("POST", "/counter/1/do", data={**form, "action": "call", "label": "Zzyxname"})


def serve(ask: Watched, clock: ManualClock) -> None:
    ask("POST", f"{API}/counters/1/open", headers=COUNTER)
    clock.advance(hours=1, minutes=20)
    for label, then in (("AA01", "finish"), ("AA02", "absent")):
        assert ask("POST", f"{API}/counters/1/call", json={"label": label}, headers=COUNTER).status_code == 200
        seen = ask("GET", "/counter/1").text
        assert marks(seen) == set(MARKS), "the operator sees who is here"
        ask("POST", f"{API}/counters/1/{then}", headers=COUNTER)
        ask("POST", f"{API}/counters/1/undo", headers=COUNTER)
        ask("POST", f"{API}/counters/1/{then}", headers=COUNTER)
    ask("POST", f"{API}/counters/1/close", headers=COUNTER)


def break_the_database(ask: Watched, home: House) -> None:
    """An error that nobody expects, with a person's data in its statement."""
    with home.desk.store.engine.begin() as conn:
        conn.execute(text("CREATE UNIQUE INDEX sudden ON booking (notes)"))
    answer = ask("POST", f"{API}/appointments", json=person(6, start=slot(3)), headers=OFFICE)
    assert answer.status_code == 500
    with home.desk.store.engine.begin() as conn:
        conn.execute(text("DROP INDEX sudden"))


def test_nothing_personal_is_where_it_may_not_be(
    home: House, clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask = Watched(home.client())
    post = postman(home.desk, secret_key=KEY, secrets={}, folder=tmp_path / "mail")
    assert post is not None
    everything_happens(ask, home, clock)
    post.round()
    with home.desk.store.engine.begin() as conn:  # one note is enough for an index that refuses the second
        conn.execute(text("DELETE FROM booking WHERE ticket NOT IN (SELECT ticket FROM booking LIMIT 1)"))
    break_the_database(ask, home)

    assert [one for one in ask.addresses if marks(one)] == []
    assert not marks(ask("GET", "/metrics").text)
    with home.desk.store.engine.connect() as conn:
        topics = conn.execute(select(outbox.c.topic, outbox.c.payload)).all()
    assert len(topics) > 10
    assert not marks(b" ".join(row.topic.encode() + row.payload for row in topics).decode())
    assert len(caplog.records) > 50
    logged = "\n".join(logging.Formatter().format(one) for one in caplog.records)
    assert "IntegrityError" in logged
    assert not marks(logged)
    every = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{8}\b", logged)
    assert not [one for one in every if any(one in address for address in ask.addresses)], "booking codes"
    assert "127.0.0.1" not in logged, "whose address asked"

    # Before its time it is in one table and in the mails, after it nowhere.
    assert tables_with_marks(home) == {"booking"}
    assert list((tmp_path / "mail").glob("*.eml"))
    clock.advance(days=45)
    Jobs(home.desk).tidy()
    post.round()
    assert tables_with_marks(home) == set()
    assert list((tmp_path / "mail").iterdir()) == []
    home.desk.store.close()
    left = b" ".join(file.read_bytes() for file in tmp_path.glob("numeretto.db*"))
    assert not marks(left.decode("latin-1")), "in what the file no longer uses"


def tables_with_marks(home: House) -> set[str]:
    with home.desk.store.engine.connect() as conn:
        return {
            table.name for table in metadata.sorted_tables if marks(repr(conn.execute(select(table)).mappings().all()))
        }
