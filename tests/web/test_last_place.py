"""Fifty customers at once for an hour with three places, through the pages (E1): three get it, and nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest
import requests
from sqlalchemy import func, select

from dispatcher.store.people import booking, hold
from dispatcher.store.session import Store
from dispatcher.usecases import deadlines
from dispatcher.usecases.desk import SYSTEM, Desk
from dispatcher.web import create_app
from tests.web.bookings import answer_of, hidden, typed
from tests.web.office import API, MONDAY_9, ROOMY, SECRETS, OfficeTime, make_office, served, slot

CLIENTS, PLACES = 50, 3
T = TypeVar("T")


@dataclass
class Place:
    """An office with three places an hour, served on a free port, on each of both databases."""

    store: Store
    desk: Desk
    clock: OfficeTime
    url: str

    def count(self, table: object) -> int:
        with self.store.engine.connect() as conn:
            return int(conn.execute(select(func.count()).select_from(table)).scalar_one())

    def free(self) -> list[dict[str, object]]:
        day = slot()[:10]
        return requests.get(f"{self.url}{API}/services/passport/slots?from={day}&to={day}", timeout=20).json()


@dataclass
class Customer:
    """A browser of one's own; `page` is the last page that was answered."""

    url: str
    number: int
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""

    def __post_init__(self) -> None:
        self.session.headers["Accept-Language"] = "en"

    def post(self, path: str, **more: str) -> int:
        """Send the page's hidden fields; the status. A redirection is not followed."""
        data = {**hidden(self.page), **more}
        answer = self.session.post(self.url + path, data=data, allow_redirects=False, timeout=60)
        self.page = answer.text
        return answer.status_code

    def look(self) -> None:
        self.page = self.session.get(f"{self.url}/?service=passport&day={slot()[:10]}&lang=en", timeout=60).text

    def hold(self) -> int:
        return self.post("/hold", start=slot())

    def fill_in(self) -> int:
        """The form, up to the page on which all is read over."""
        address = f"{self.url}/details"
        self.page = self.session.get(address, params={"service": "passport", "start": slot()}, timeout=60).text
        person = {
            "name": f"Client {'abcdefghij'[self.number % 10]} {self.number}",
            "email": f"c{self.number}@example.org",
        }
        return self.post("/details", answer=answer_of(self.page), **typed(**person))

    def confirm(self) -> int:
        return self.post("/confirm")


@pytest.fixture
def place(store: Store) -> Iterator[Place]:
    office = make_office()
    services = {**office.services, "passport": replace(office.services["passport"], places=PLACES)}
    clock = OfficeTime(MONDAY_9)
    desk = Desk(store, replace(office, services=services), clock, base_url="http://localhost")
    desk.prepare()
    app = create_app(desk, secrets=SECRETS, secret_key="a key for tests", ready=dict, limits=ROOMY)
    with served(app) as url:
        yield Place(store, desk, clock, url)


def together(acts: Sequence[Callable[[], T]]) -> list[T]:
    """The results of all `acts`, which begin at the same instant."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        gate.wait(60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_fifty_choose_the_same_hour_at_once(place: Place) -> None:
    customers = [Customer(place.url, number) for number in range(CLIENTS)]
    for one in customers:
        one.look()
    statuses = together([one.hold for one in customers])
    assert sorted(statuses) == [303] * PLACES + [409] * (CLIENTS - PLACES)
    assert place.count(hold) == PLACES
    for one, status in zip(customers, statuses, strict=True):
        assert ("somebody else has just taken it" in one.page) == (status == 409)
    winners = [one for one, status in zip(customers, statuses, strict=True) if status == 303]
    assert [one.fill_in() for one in winners] == [200] * PLACES
    assert together([one.confirm for one in winners]) == [303] * PLACES
    assert_three_have_it(place)


def test_fifty_confirm_the_same_hour_at_once(place: Place) -> None:
    """Their ten minutes have run out while they typed: the first three to confirm get it."""
    customers = [Customer(place.url, number) for number in range(CLIENTS)]
    for one in customers:
        if place.count(hold) % PLACES == 0:
            place.clock.advance(minutes=11)
        assert one.fill_in() == 200
    place.clock.advance(minutes=11)
    statuses = together([one.confirm for one in customers])
    assert sorted(statuses) == [303] * PLACES + [409] * (CLIENTS - PLACES)
    for one, status in zip(customers, statuses, strict=True):
        if status == 409:
            assert "Somebody else has just taken this time." in one.page
            assert f'value="c{one.number}@example.org"' in one.page, "nothing typed is lost"
            assert 'type="radio" name="start"' in one.page
    assert_three_have_it(place)


def assert_three_have_it(place: Place) -> None:
    place.clock.advance(minutes=11)
    assert place.count(booking) == PLACES
    free = {str(one["start"]): one["free"] for one in place.free()}
    assert slot() not in free
    assert free[slot(hour=11)] == PLACES, "what the others were offered is free"
    place.desk.execute(SYSTEM, deadlines.tidy)
    assert place.count(hold) == 0, "no hold is left behind"
