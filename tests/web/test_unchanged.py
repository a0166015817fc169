"""A ticket's page that asks again: nothing is read as long as nothing has happened, and all that happens is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from dispatcher.store.session import Store
from dispatcher.usecases import counters
from dispatcher.usecases.desk import Actor, Desk
from dispatcher.wire.clock import ManualClock
from tests.web.office import API, COUNTER, MONDAY_9, OFFICE, House, house, make_office
from tests.web.test_about import hidden


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9.astimezone(UTC))


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Iterator[House]:
    with house(tmp_path, clock=clock) as made:
        yield made


@dataclass
class Telephone:
    """Asks as a browser does: with the ETag of what it has."""

    client: FlaskClient
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""

    def ask(self) -> TestResponse:
        asked = {**self.headers, **({"If-None-Match": self.etag} if self.etag else {})}
        answer = self.client.get(f"{self.path}/live", headers=asked)
        assert answer.headers["Cache-Control"] == "no-cache"
        self.etag = answer.headers["ETag"]
        return answer

    def settled(self) -> None:
        """It has the page, and asking again brings nothing."""
        self.ask()
        assert self.ask().status_code == 304


def issue(client: FlaskClient) -> str:
    url: str = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE).json["status_url"]
    return url.removeprefix("http://localhost")


def test_asking_again_reads_nothing_and_is_counted(home: House) -> None:
    phone = Telephone(home.client(), issue(home.client()))
    phone.settled()
    told: list[str] = []
    event.listen(home.desk.store.engine, "before_cursor_execute", lambda *told_: told.append(told_[2]))
    answers = [phone.ask() for _ in range(20)]
    assert told == []
    assert {one.status_code for one in answers} == {304}
    assert {one.get_data() for one in answers} == {b""}
    weak = home.client().get(f"{phone.path}/live", headers={"If-None-Match": f"W/{phone.etag}"})
    assert (weak.status_code, told) == (304, []), "a proxy that packs answers weakens their tags"
    figures = home.client().get("/metrics").text.splitlines()
    line = next(one for one in figures if "/t/<token>/live" in one and "304" in one)
    assert line.endswith(" 22")


def test_all_that_happens_is_seen_by_the_next_question(home: House) -> None:
    client = home.client()
    first, second = issue(client), issue(client)
    phone = Telephone(home.client(), second, {"Accept-Language": "en"})
    phone.settled()

    def after(path: str) -> str:
        client.post(f"{API}{path}", headers=COUNTER)
        answer = phone.ask()
        assert answer.status_code == 200, path
        assert phone.ask().status_code == 304
        return answer.text

    assert "1 person before you" in home.client().get(f"{second}?lang=en").text
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    assert "You are next." in after("/counters/2/next")
    client.post(f"{first}/leave", data=hidden(client.get(first).text))
    assert "It is your turn!" in after("/counters/2/next")
    assert "You are in the queue." in after("/counters/2/undo")
    assert "It is your turn!" in after("/counters/2/next")
    assert "You are being served." in after("/counters/2/serve")
    assert "Goodbye" in after("/counters/2/finish")


def test_what_the_holder_does_is_seen_too(home: House) -> None:
    client = home.client()
    phone = Telephone(client, issue(client))
    form = hidden(client.get(phone.path).text)
    phone.settled()
    client.post(f"{phone.path}/later", data=form)
    assert 'data-extend=""' in phone.ask().text
    phone.settled()
    client.post(f"{phone.path}/leave", data=form)
    assert 'data-state="left"' in phone.ask().text


def test_another_language_or_reader_is_another_page(home: House) -> None:
    path = issue(home.client())
    italian = Telephone(home.client(), path, {"Accept-Language": "it"})
    italian.settled()
    german = Telephone(home.client(), path, {"Accept-Language": "de"}, etag=italian.etag)
    assert german.ask().status_code == 200
    chosen = home.client()
    chosen.set_cookie("lang", "fr")
    cookie = Telephone(chosen, path, {"Accept-Language": "it"}, etag=italian.etag)
    assert cookie.ask().status_code == 200
    assert italian.ask().status_code == 304
    other = Telephone(home.client(), issue(home.client()), {"Accept-Language": "it"}, etag=italian.etag)
    assert other.ask().status_code == 200


def test_what_another_dispatcher_has_done_is_seen_within_a_second(home: House, clock: ManualClock) -> None:
    client = home.client()
    phone = Telephone(client, issue(client))
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    phone.settled()
    beside = Desk(Store(home.desk.store.url), make_office(), clock, base_url="http://localhost")
    try:
        assert beside.execute(Actor("token:x", "counter"), counters.act, counter="2", action="next").ok
        clock.advance(seconds=1)
        assert 'data-state="called"' in phone.ask().text
    finally:
        beside.store.close()


def test_time_alone_changes_what_is_said(home: House, clock: ManualClock) -> None:
    client = home.client()
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    for _ in range(4):  # from now on it is known how long one takes
        issue(client)
        client.post(f"{API}/counters/2/next", headers=COUNTER)
        clock.advance(minutes=5)
        client.post(f"{API}/counters/2/finish", headers=COUNTER)
    phone = Telephone(client, issue(client))
    phone.settled()
    clock.advance(minutes=1)
    assert phone.ask().status_code == 200, "between which times moves on with the clock"
    assert phone.ask().status_code == 304


def test_a_database_that_is_away_is_not_hidden(home: House, clock: ManualClock) -> None:
    client = home.client()
    phone = Telephone(client, issue(client))
    phone.settled()
    with home.desk.store.engine.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE site RENAME TO gone")
        conn.exec_driver_sql("ALTER TABLE ticket RENAME TO gone_too")
    clock.advance(seconds=2)
    assert client.get(f"{phone.path}/live", headers={"If-None-Match": phone.etag}).status_code == 503
