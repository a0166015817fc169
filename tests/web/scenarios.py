"""How to get to each page: one line a page, in its states. A page that is not named here fails `test_every_page`.

To add one: a function that takes a Visit, goes there and yields the name of each state, and its line in SCENARIOS under
the endpoint. What answers GET and is no page of its own stands in NO_PAGES with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from playwright.sync_api import Page, expect

from dispatcher.usecases import presence
from dispatcher.usecases.desk import SYSTEM
from dispatcher.usecases.holder import holder_key, signing_key
from tests.web.bookings import answer_of
from tests.web.desk_scenarios import SCENARIOS as DESK
from tests.web.office import API, OFFICE, SECRETS, House, booking, slot

KEY = "a key for tests"


@dataclass
class Visit:
    """A browser's page at an office, and short ways to what a page needs."""

    home: House
    url: str
    page: Page

    def go(self, path: str, **query: str) -> None:
        self.page.goto(f"{self.url}{path}{'?' + urlencode(query) if query else ''}")

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A call of the API as the office."""
        answer = requests.post(self.url + API + path, json=body or {}, headers=OFFICE, timeout=10)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def log_in(self, name: str, then: str) -> None:
        """As one of the staff: anna (operator) or sara (secretary)."""
        self.go("/login", next=then)
        self.page.locator("#name").fill(name)
        self.page.locator("#password").fill(SECRETS[f"NUMERETTO_PASSWORD_{name.upper()}"])
        self.page.locator("main form button").click()

    def ticket(self, service: str = "passport") -> tuple[dict[str, Any], str]:
        """A walk-in and the path of its page."""
        made = self.post("/tickets", {"service": service})
        return made, "/t/" + made["status_url"].rsplit("/", 1)[-1]

    def booked(self, start: str, **changes: Any) -> dict[str, Any]:
        return self.post("/appointments", booking(start=start, **changes))

    def submit(self, button: str) -> None:
        """Press it and see its answer whole: on a slow machine the page before stands there for a while."""
        with self.page.expect_navigation(timeout=20_000):
            self.page.locator(button).click()

    def holders(self, booked: dict[str, Any], page: str = "") -> None:
        """Go to an appointment by its holder's link."""
        key = holder_key(signing_key(KEY), booked["code"])
        self.go(f"/appointment/{booked['code']}{page}", key=key)


Scenario = Callable[[Visit], Iterator[str]]


def plain(path: str) -> Scenario:
    """A page that one only has to open."""

    def scenario(visit: Visit) -> Iterator[str]:
        visit.go(path)
        yield "as it is"

    return scenario


def booking_steps(visit: Visit) -> Iterator[str]:
    visit.go("/")
    yield "services"
    visit.go("/", service="residence")
    yield "days"
    visit.go("/", service="residence", month="2027-12")
    yield "a month too far"


def booking_details(visit: Visit) -> Iterator[str]:
    """Who comes, with all that is wrong, and read over."""
    visit.go("/", service="residence")
    visit.page.locator("button.hour").first.click()
    expect(visit.page.locator("#consent")).to_be_visible()
    yield "details"
    _go_on(visit.page)
    yield "errors"
    for field, value in (("name", "Anna Bianchi"), ("email", "anna@gmial.com"), ("phone", "011 8122345")):
        visit.page.locator(f"#{field}").fill(value)
    visit.page.locator("#consent").check()
    if visit.page.locator("#answer").is_visible():
        visit.page.locator("#answer").fill(answer_of(visit.page.content()))
    _go_on(visit.page)
    yield "a slip in the address"
    visit.page.locator("#email").fill("anna@example.org")
    _go_on(visit.page)
    # three checks against robots have been reckoned by now, on a machine that has other work too
    expect(visit.page.locator(".facts")).to_be_visible(timeout=20_000)
    yield "read over"


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()


def appointment(visit: Visit) -> Iterator[str]:
    one = visit.booked(slot(4, 9), name="Ada Uno")
    visit.holders(one)
    visit.page.locator("details.cancel summary").click()
    yield "booked"
    visit.submit("main form button")
    yield "cancelled"


def appointment_times(visit: Visit) -> Iterator[str]:
    visit.holders(visit.booked(slot(4, 10), name="Ada Due"), "/move")
    yield "times"


def ticket(visit: Visit) -> Iterator[str]:
    first, path = visit.ticket()
    _second, other = visit.ticket()
    visit.go(other)
    yield "waiting"
    visit.page.locator("#leave summary").click()
    yield "asked whether to give up"
    visit.submit("#leave button")
    yield "given up"
    visit.post("/counters/2/open")
    visit.post("/counters/2/call", {"id": first["id"]})
    visit.go(path)
    yield "called"
    visit.go("/t/" + visit.booked(slot(5, 9), name="Ada Tre")["status_url"].rsplit("/", 1)[-1])
    yield "booked"


def counter(visit: Visit) -> Iterator[str]:
    page = visit.page
    visit.log_in("anna", "/counter/1")
    expect(page.locator("#link-state.good")).to_be_visible()
    yield "closed"
    one = visit.booked(slot(0, 9, 30), name="Maria José Müller", notes="Comes by wheelchair.")
    for service in ("passport", "residence", "passport"):
        visit.ticket(service)
    visit.post("/counters/1/open")
    visit.post("/counters/1/next")
    visit.post("/counters/1/park", {"for": "15m"})
    visit.post("/counters/1/call", {"id": one["id"]})
    expect(page.locator(".here-label")).to_have_text(one["label"])
    yield "somebody is here"
    page.keyboard.press("n")
    expect(page.locator("#ask")).to_be_visible()
    yield "asked whether they came"
    page.keyboard.press("s")
    expect(page.locator("#ask")).to_be_hidden()
    page.keyboard.press("t")
    yield "transfer"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    yield "keys"


def log_in(visit: Visit) -> Iterator[str]:
    visit.go("/login")
    yield "empty"
    visit.page.locator("#name").fill("anna")
    visit.page.locator("#password").fill("wrong")
    visit.submit("main form button")
    yield "wrong"


def office(visit: Visit) -> Iterator[str]:
    visit.log_in("sara", "/office/")
    expect(visit.page.locator("#screens img").first).to_have_js_property("naturalWidth", 640)
    yield "counters and screens"


def queue(visit: Visit) -> Iterator[str]:
    for _ in range(3):
        visit.post("/tickets", {"service": "passport", "assisted": True})
    visit.log_in("anna", "/office/queue")
    yield "tickets"
    visit.page.locator("main input[type=checkbox]").first.check()
    visit.submit("main form button")
    yield "voided"


def trouble(home: House) -> None:
    """A dispenser without paper whose spare prints, the other devices well."""
    since = home.desk.clock.now().isoformat()
    told = [
        {"code": "paper_out", "text": "La carta è finita: metti un nuovo rotolo.", "since": since},
        {"code": "on_spare", "text": "I biglietti escono dalla stampante di riserva.", "since": since},
    ]
    printer = {"ready": False, "paper_out": True, "tickets_left": 0}
    status = {"at": since, "problems": told, "printer": printer, "spare": {"ready": True, "tickets_left": 300}}
    assert home.desk.execute(SYSTEM, presence.note, device_id="entrance", online=True, status=status).ok


def devices(visit: Visit) -> Iterator[str]:
    trouble(visit.home)
    visit.log_in("anna", "/office/devices")
    yield "problems"


def mail(visit: Visit) -> Iterator[str]:
    visit.go("/mail")
    yield "empty"
    visit.page.locator("#code").fill("ABCD1234")
    visit.submit("main form button")
    yield "sent"


SCENARIOS: Mapping[str, Scenario] = {
    **DESK,
    "booking.form": booking_steps,
    "booking.details": booking_details,
    "appointment.page": appointment,
    "appointment.times": appointment_times,
    "ticket.page": ticket,
    "counter.page": counter,
    "account.login": log_in,
    "office.office": office,
    "queue.queue": queue,
    "office.devices": devices,
    "about.privacy": plain("/privacy"),
    "about.accessibility": plain("/accessibility"),
    "about.mail": mail,
}

ACCOUNT_PAGES = (
    "citizen.area",
    "citizen.confirm",
    "citizen.delete",
    "citizen.forgotten",
    "citizen.login",
    "citizen.password",
    "citizen.register",
    "citizen.reset",
    "citizen.sent",
)
ELSEWHERE: Mapping[str, str] = dict.fromkeys(ACCOUNT_PAGES, "test_account_browser")
"""Pages that need an office of another kind: examined in the same way by the tests that have one."""

NO_PAGES: Mapping[str, str] = {
    "citizen.data": "a file",
    "citizen.begun": "sends to where one was",
    "citizen.go_on": "sends to where one was",
    "citizen.provider": "sends to the identity provider",
    "citizen.callback": "from there back",
    "booking.held": "sends back to the form",
    "booking.confirmed": "sends back to the form",
    "static": "files",
    "font": "a file",
    "health.healthz": "for programs",
    "health.readyz": "for programs",
    "health.figures": "for programs",
    "room.room": "sends to the room's own port",
    "ticket.live": "the part of a ticket's page that changes",
    "counter.live": "the parts of a counter's page that change, as JSON",
    "counter.events": "a stream of the same",
    "office.screens": "the part of the office's page that changes",
    "office.picture": "a picture on it",
}
