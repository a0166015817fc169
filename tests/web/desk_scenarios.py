"""How to get to each page of the desk: one function a page, which goes there and yields the name of each state.

They take a visit: `go(path, **query)`, `log_in(name, then)`, `booked(start, **changes)` and the browser's `page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playwright.sync_api import expect

from tests.web.desk import BOOKINGS
from tests.web.office import slot


def agenda(visit: Any) -> Iterator[str]:
    visit.booked(slot(0, 10), name="Rita Levi-Montalcini")
    visit.log_in("sara", BOOKINGS)
    yield "day"
    visit.page.locator("summary").first.click()
    yield "free times"
    visit.go(BOOKINGS, view="week")
    yield "week"


def find(visit: Any) -> Iterator[str]:
    visit.booked(slot(2, 10), name="Ottilia Brünhöfer", email="ottilia@example.org")
    visit.log_in("sara", f"{BOOKINGS}/find")
    yield "empty"
    for text, people in (("brunhofer", 1), ("Nobody Ofthatname", 0)):
        visit.page.locator("#text").fill(text)
        visit.page.locator("#text").press("Enter")
        expect(visit.page.locator("[role=status]")).to_be_visible()
        expect(visit.page.locator(".person-found")).to_have_count(people)
        yield f"{people} found"


def attention(visit: Any) -> Iterator[str]:
    visit.log_in("sara", f"{BOOKINGS}/attention")
    yield "list"


def new(visit: Any) -> Iterator[str]:
    visit.log_in("sara", f"{BOOKINGS}/new")
    yield "times"
    page = visit.page
    page.locator("button[name=service]").first.click()
    expect(page.locator("#from")).to_be_visible()
    yield "days"
    page.locator("button[name=slot]").first.click()
    expect(page.locator("#consent")).to_be_visible()
    yield "details"
    page.locator("button[value=book]").click()
    expect(page.locator("#summary")).to_be_focused()
    yield "errors"


def one(visit: Any) -> Iterator[str]:
    booked = visit.booked(slot(3, 10), name="Ada Lovelace", email="ada@example.org", notes="Comes by wheelchair.")
    path = f"{BOOKINGS}/{booked['id']}"
    visit.log_in("sara", path)
    yield "booked"
    visit.page.locator("summary").first.click()
    yield "to correct"
    visit.page.locator("#name").fill("")
    visit.page.locator("form[action$=correct] button").click()
    expect(visit.page.locator("#summary")).to_be_focused()
    yield "errors"
    visit.go(path)
    visit.page.locator(".danger-panel summary").click()
    visit.page.locator(".danger-panel button").click()
    expect(visit.page.locator("h1 .cancelled")).to_be_visible()
    yield "cancelled"


def paper(visit: Any) -> Iterator[str]:
    booked = visit.booked(slot(3, 11), name="Ada Byron", email="byron@example.org")
    visit.log_in("sara", f"{BOOKINGS}/{booked['id']}/print")
    yield "sheet"


def times(visit: Any) -> Iterator[str]:
    booked = visit.booked(slot(3, 12), name="Ada Noel", email="noel@example.org")
    visit.log_in("sara", f"{BOOKINGS}/{booked['id']}/move")
    yield "days"


def access(visit: Any) -> Iterator[str]:
    visit.log_in("max", BOOKINGS)
    visit.go("/office/access")
    yield "list"


SCENARIOS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "desk.agenda": agenda,
    "desk.find": find,
    "desk.attention": attention,
    "desk.new": new,
    "desk.one": one,
    "desk.print": paper,
    "desk.times": times,
    "desk.access": access,
}
