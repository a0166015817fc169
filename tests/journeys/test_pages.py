"""The pages in a browser, with the whole office behind them (D1, D4, D6, E1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import wait_until
from tests.web import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    text = sites.site() + sites.service("passport", "A") + sites.service("residence", "B")
    text += sites.counter("1", "passport") + sites.table("display", id="hall")
    with running(tmp_path_factory.mktemp("pages"), text) as office:
        yield office


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as started:
        yield started


@pytest.fixture
def tab(chromium: Browser, office: Office) -> Iterator[Page]:
    context = chromium.new_context(base_url=office.http, locale="en-GB")
    context.set_default_timeout(15_000)
    tab = context.new_page()
    yield tab
    context.close()


def test_operator_works_the_counter_by_keyboard_alone(office: Office, tab: Page) -> None:
    """D1 D6: log-in, open, issue, next, serve, finish, undo; the room's screen shows what the page did."""
    tab.goto("/counter/1")
    tab.locator("#name").focus()
    tab.keyboard.type("anna")
    tab.keyboard.press("Tab")
    tab.keyboard.type(office.secrets["NUMERETTO_PASSWORD_ANNA"])
    tab.keyboard.press("Enter")
    tab.locator("#counter").wait_for()
    _said_after(tab, "o")
    wait_until(lambda: office.get("/counters/1")["state"] == "open", 10, lambda: office.get("/counters/1"))
    first, second = office.issue("passport"), office.issue("passport")

    _said_after(tab, "n")
    tab.locator(".here-label", has_text=first["label"]).wait_for()
    assert office.ticket(first["id"])["state"] == "called"
    office.screen_shows("hall", first["label"])
    _said_after(tab, "s")
    assert office.in_state(first["id"], "serving")["counter"] == "1"
    _said_after(tab, "f")
    assert office.in_state(first["id"], "served")["state"] == "served"
    _said_after(tab, "n")
    tab.locator(".here-label", has_text=second["label"]).wait_for()
    # at once: the screen is still busy with the first call, and ten seconds are soon over
    _said_after(tab, "u")
    assert office.in_state(second["id"], "waiting")["calls_made"] == 0
    tab.locator(".here-nobody").wait_for()


def test_page_follows_what_others_do(office: Office, tab: Page) -> None:
    """D1 D4: live by server-sent events: a call made by a program appears by itself, with its reason."""
    tab.goto("/counter/1")
    tab.locator("#name").fill("anna")
    tab.locator("#password").fill(office.secrets["NUMERETTO_PASSWORD_ANNA"])
    tab.locator("form button[type=submit]").click()
    tab.locator("#link-state.good").wait_for()
    office.acted("1", "open")
    ticket = office.issue("passport", assisted=True)
    tab.locator("[data-part=next]", has_text=ticket["label"]).wait_for()
    office.acted("1", "call", id=ticket["id"])
    tab.locator(".here-label", has_text=ticket["label"]).wait_for()
    office.acted("1", "serve")
    tab.locator(".pill.serving").wait_for()
    office.acted("1", "finish")


def test_customer_books_and_gets_a_page_with_the_number(office: Office, tab: Page) -> None:
    """E1: service, day, hour, name, e-mail, telephone, read over; the page of the ticket knows its label."""
    tab.goto("/")
    tab.locator("a.choice").filter(has_text="residence").click()
    tab.locator("a.free").last.click()
    tab.locator("button.hour").first.click()
    tab.locator("#name").fill("Maria Rossi")
    tab.locator("#email").fill("maria.rossi@example.org")
    tab.locator("#phone").fill("011 8122345")
    tab.locator("#consent").check()
    tab.locator("#details button.primary").click()
    tab.locator("button[name=way]").click()
    tab.wait_for_url("**/t/*")
    assert tab.locator(".number-label").inner_text() == "BB01"
    free = office.get(f"/services/residence/slots?from={_day(office, 0)}&to={_day(office, 10)}")
    assert sorted({one["free"] for one in free}) == [1, 2]


def _said_after(tab: Page, key: str) -> None:
    """Press a key of the counter page and wait until it has said that it is done."""
    tab.evaluate("document.getElementById('message').textContent = ''")
    tab.locator("#counter:not(.busy)").wait_for()
    tab.keyboard.press(key)
    tab.locator("#message", has_text=re.compile(r"\S")).wait_for()
    assert "done" in (tab.locator("#message").get_attribute("class") or ""), tab.locator("#message").inner_text()


def _day(office: Office, days: int) -> str:
    return (office.now() + timedelta(days=days)).date().isoformat()
