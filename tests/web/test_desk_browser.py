"""The secretary in Chromium: booking in a few keystrokes by keyboard alone, paper, mail, move, cancel; an appointment
held on line up to the operator's page; axe on telephone and desk (E8, E9, E11, D4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dispatcher.mail import Postman, postman
from dispatcher.wire.clock import ManualClock
from tests.mail.post import Inbox, inbox
from tests.web.browser import LONGEST_FIRST, Way, chromium, overflow, visit
from tests.web.desk import BOOKINGS, desk_office
from tests.web.office import API, MONDAY_9, OFFICE, House, booking, house, served, slot

NAME_OF_FOCUS = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@dataclass
class Town:
    """An office with its mail server; the clock is moved by hand."""

    url: str
    home: House
    clock: ManualClock
    box: Inbox
    postman: Postman

    def book(self, **changes: object) -> dict:
        answer = requests.post(f"{self.url}{API}/appointments", json=booking(**changes), headers=OFFICE, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def mail(self) -> str:
        """The text of the only mail that goes out now."""
        before = len(self.box.got)
        self.postman.round()
        assert len(self.box.got) == before + 1
        return self.box.got[-1][1].get_body(("plain",)).get_content()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    clock = ManualClock(MONDAY_9 + timedelta(minutes=1))
    with inbox() as box, house(tmp_path, office=desk_office(mail=box.settings), clock=clock) as home:
        sender = postman(home.desk, secret_key="a key for tests", secrets={}, folder=None)
        assert sender is not None
        with served(home.app) as url:
            yield Town(url, home, clock, box, sender)


@pytest.fixture
def window(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(locale="en-GB", viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def enter(page: Page, town: Town, name: str = "sara", path: str = BOOKINGS) -> None:
    page.goto(f"{town.url}/login?next={path}")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill("correct horse" if name == "anna" else "battery staple")
    page.keyboard.press("Enter")
    page.wait_for_url(town.url + path)


def tab_to(page: Page, text: str) -> int:
    """Go on with the tab key to what is called so; how many presses that took."""
    for number in range(1, 120):
        page.keyboard.press("Tab")
        if (
            page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent")
            .strip()
            .startswith(text)
        ):
            return number
    pytest.fail(f"{text} cannot be reached")


def test_a_secretary_finds_nobody_and_books_in_a_few_keystrokes(town: Town, window: BrowserContext) -> None:
    page = window.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    enter(page, town, path=f"{BOOKINGS}/find")
    keys = page.keyboard
    keys.type("Ada Lovelace")
    keys.press("Enter")
    expect(page.get_by_text("Nobody was found.")).to_be_visible()
    keys.press("Enter")  # the button for a new appointment has the focus
    expect(page.get_by_role("heading", level=1)).to_have_text("New appointment")
    keys.press("Enter")  # the next free time has it
    expect(page.get_by_role("heading", level=1)).to_have_text("Who comes?")
    expect(page.get_by_label("First and last name")).to_have_value("Ada Lovelace")
    expect(page.get_by_text("Kept for you until 09:11")).to_be_visible()
    keys.type("011 8122345")
    keys.press("Tab")
    keys.type("ada@example.org")
    assert tab_to(page, "The person knows how their data are used") == 3
    keys.press("Space")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("AA01")
    expect(page.locator(".flash.done")).to_contain_text("The ticket goes out by e-mail.")
    assert "Heard by sara." in page.locator("main").inner_text()
    told = town.mail()
    assert "AA01" in told
    assert town.box.recipients == ["ada@example.org"]

    tab_to(page, "Print the ticket")
    keys.press("Enter")
    expect(page.locator(".sheet .number-label")).to_have_text("AA01")
    expect(page.get_by_role("img", name="Codice QR del biglietto")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert page.locator(".sheet").get_attribute("lang") == "it", "in the language of the person who comes"
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1, "one sheet"
    page.emulate_media(media="screen")
    tab_to(page, "Back")
    keys.press("Enter")
    expect(page.locator(".steps")).to_be_visible()

    tab_to(page, "Move to another time")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Move AA01")
    tab_to(page, "Tuesday 24 November")
    keys.press("Enter")
    tab_to(page, "Tuesday 24 November 2026, 09:30")
    keys.press("Enter")
    expect(page.locator(".chosen-time")).to_have_text("Tuesday 24 November 2026, 09:30")
    assert "24 novembre" in town.mail()

    tab_to(page, "Cancel the appointment")
    keys.press("Enter")
    tab_to(page, "Yes, cancel")
    keys.press("Enter")
    expect(page.locator("h1 .pill")).to_have_text("cancelled")
    town.mail()
    assert "disdetto" in town.box.subjects[-1]
    assert faults == []


def test_desk_booking_however_the_secretary_comes(town: Town, visitor: Page) -> None:
    """E8: found, consent recorded, booked, moved and cancelled by what can be touched."""
    page = visitor
    town.book(name="Ada Lovelace", email="ada@example.org", start=slot(2))
    town.mail()
    enter(page, town, path=f"{BOOKINGS}/find")
    page.get_by_label("Whom do you look for?").fill("lovelace")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=re.compile("Another one for the same person")).click()
    page.get_by_role("button", name=re.compile("Other days.*Residence")).click()
    page.locator("summary", has_text="Tuesday 24 November").click()
    page.get_by_role("button", name="Tuesday 24 November 2026, 10:00").click()
    expect(page.get_by_label("First and last name")).to_have_value("Ada Lovelace")
    page.get_by_label("The person knows how their data are used").check()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("h1")).to_contain_text("01")
    expect(page.locator("main")).to_contain_text("Heard by sara.")
    assert "24 novembre" in town.mail()
    page.get_by_role("link", name="Move to another time").click()
    page.locator("summary", has_text="Wednesday 25 November").click()
    page.get_by_role("button", name="Wednesday 25 November 2026, 09:30").click()
    expect(page.locator(".chosen-time")).to_have_text("Wednesday 25 November 2026, 09:30")
    assert "25 novembre" in town.mail()
    page.get_by_text("Cancel the appointment").click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.locator("h1 .pill")).to_have_text("cancelled")
    town.mail()
    assert "disdetto" in town.box.subjects[-1]


def test_the_person_moves_and_cancels_by_the_links_in_the_mail(town: Town, visitor: Page) -> None:
    """E2, E7: without an account, by what the mail says alone."""
    page = visitor
    town.book(name="Ada Lovelace", email="ada@example.org")
    told = town.mail()
    own = next(line.strip() for line in told.splitlines() if "/appointment/" in line and "/move" not in line)
    page.goto(town.url + own.removeprefix("http://localhost"))
    expect(page.locator(".number-label")).to_have_text("AA01")
    page.get_by_role("link", name=re.compile("Sposta|Move")).click()
    page.locator("details.day").nth(2).locator("summary").click()
    page.locator("details.day").nth(2).get_by_role("button").first.click()
    moved = town.mail()
    assert "spostato" in town.box.subjects[-1]
    own = next(line.strip() for line in moved.splitlines() if "/appointment/" in line and "/move" not in line)
    page.goto(town.url + own.removeprefix("http://localhost"))
    page.get_by_text("Disdici l'appuntamento", exact=True).click()
    page.get_by_role("button", name="Sì, disdici l'appuntamento").click()
    town.mail()
    assert "disdetto" in town.box.subjects[-1]


def test_a_corrected_address_gets_the_ticket_that_the_wrong_one_did_not(town: Town, window: BrowserContext) -> None:
    town.box.answers["ada@exmaple.org"] = "550 no such mailbox"
    one = town.book(name="Ada Lovelace", email="ada@exmaple.org")
    town.postman.round()
    page = window.new_page()
    enter(page, town)
    page.get_by_role("link", name="1 appointment needs attention").click()
    expect(page.locator("article", has_text="Ada Lovelace")).to_contain_text("The address does not take the mail.")
    page.get_by_role("link", name="Open AA01").click()
    page.get_by_text("Correct the data").click()
    page.locator("#email").fill("ada@example.org")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".flash.done")).to_contain_text("The ticket goes out to the new address.")
    assert one["code"] in town.mail()
    assert town.box.recipients == ["ada@example.org"]
    page.get_by_role("link", name="Needs attention").click()
    expect(page.get_by_text("All mails could be delivered.")).to_be_visible()


def test_an_appointment_on_line_from_the_booking_to_the_operators_page(
    town: Town, visitor: Page, way: Way, chrome: Browser
) -> None:
    page = visitor
    enter(page, town, path=f"{BOOKINGS}/new")
    page.get_by_role("button", name=re.compile("Other days.*Advice")).click()
    page.get_by_role("button", name="Monday 23 November 2026, 09:30").click()
    page.get_by_label("First and last name").fill("Rita Levi")
    page.get_by_label("Telephone", exact=False).first.fill("011 8122345")
    page.get_by_label("E-mail").fill("rita@example.org")
    expect(page.get_by_role("radio", name="Video call")).to_be_checked()
    page.get_by_label("The person knows how their data are used").check()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("h1")).to_contain_text("EE01")
    told = town.mail()
    link = next(line.strip() for line in told.splitlines() if "https://meet.example.org/" in line)
    assert page.get_by_role("link", name=link).get_attribute("href") == link
    calendar = next(part for part in town.box.got[-1][1].walk() if part.get_content_type() == "text/calendar")
    assert f"LOCATION:{link}" in calendar.get_content().replace("\r\n ", "")

    holder = next(line.strip() for line in told.splitlines() if "/appointment/" in line and "/move" not in line)
    guest = page.context.new_page()
    guest.goto(town.url + holder.removeprefix("http://localhost"))
    expect(guest.locator("#meeting")).to_have_attribute("href", link)
    live = next(line.strip() for line in told.splitlines() if "/t/" in line)
    guest.goto(town.url + live.removeprefix("http://localhost"))
    assert "meet.example.org" not in guest.content()

    town.clock.advance(minutes=30)
    with visit(chrome, way) as operator:
        meets_at_the_counter(operator, town, way, link)
    guest.reload()
    expect(guest.locator(".state-words")).to_have_text("Il vostro appuntamento comincia ora!")
    assert "Sportello" not in guest.locator("#live").inner_text()
    board = requests.get(f"{town.url}{API}/board", headers=OFFICE, timeout=10).json()
    assert (board["calls"], [line["service"] for line in board["queues"]]) == ([], ["passport", "residence", "desk"])


def meets_at_the_counter(operator: Page, town: Town, way: Way, link: str) -> None:
    """The operator opens the counter, and has the person with contact and link before them."""
    enter(operator, town, "anna", "/counter/3")
    if way.scripts:
        expect(operator.locator("#link-state")).to_have_text("Live")
    operator.get_by_role("button", name="Open").click()
    expect(operator.locator(".here-label")).to_have_text("EE01")
    expect(operator.locator("#meeting")).to_have_attribute("href", link)
    expect(operator.locator(".meeting")).to_contain_text("Agreed: Video call.")
    expect(operator.get_by_role("link", name="rita@example.org")).to_be_visible()


@pytest.mark.parametrize("language", LONGEST_FIRST)
def test_each_language_fits_a_telephone_without_javascript(town: Town, chrome: Browser, language: str) -> None:
    one = town.book(start=slot(1, 9), service="advice")
    context = chrome.new_context(locale=language, viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{town.url}/login?next={BOOKINGS}")
    page.locator("#name").fill("max")
    page.locator("#password").fill("battery staple")
    page.locator("main button").click()
    own = f"{BOOKINGS}/{one['id']}"
    for path in (BOOKINGS, f"{BOOKINGS}?view=week", f"{BOOKINGS}/new", own, f"{own}/print", f"{own}/move"):
        page.goto(town.url + path)
        assert page.locator("html").get_attribute("lang") == language
        assert overflow(page) == 0, path
    page.locator("button[name=start]").first.click()
    expect(page.locator(".flash.done")).to_be_visible()
    context.close()
