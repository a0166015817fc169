"""The pages in Chromium: the counter by keyboard alone, live pages, axe at three widths (D1, D4)."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dispatcher.web import Limits
from tests.web.browser import LONGEST_FIRST, PICTURES, overflow, post
from tests.web.office import API, COUNTER, OFFICE, ROOMY, booking, house, served, slot


def issue(url: str, service: str = "passport") -> dict:
    return post(url, "/tickets", {"service": service})


def path_of(ticket: dict) -> str:
    return "/t/" + ticket["status_url"].rsplit("/", 1)[-1]


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login?next=/counter/1")
    page.keyboard.press("Tab")
    page.get_by_label("User name").focus()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Counter 1")
    expect(page.locator("#link-state")).to_have_text("Live")


def here(page: Page, label: str) -> None:
    """The label is here, and the command that brought it is answered."""
    expect(page.locator(".here-label")).to_have_text(label)
    expect(page.locator("#counter")).not_to_have_class("busy")


def said(page: Page, text: str) -> None:
    expect(page.locator("#message")).to_contain_text(text)


def test_operator_works_by_keyboard_alone(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    for _ in range(3):
        issue(url)
    booked = post(url, "/appointments", booking(start=slot(0, 9, 30), notes="brings a dog"))
    log_in(page, url)
    keys = page.keyboard
    keys.press("o")
    said(page, "The counter is open.")
    keys.press("Space")
    here(page, "A001")
    keys.press("s")
    said(page, "the customer is here")
    keys.press("r")
    said(page, "A001 is called.")
    keys.press("p")
    expect(page.locator("#park-for")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#panel-park summary")).to_be_focused()
    keys.press("p")
    keys.press("Tab")
    keys.press("Enter")
    said(page, "Parked.")
    keys.press("n")
    here(page, "A002")
    keys.press("a")
    said(page, "nobody came")
    keys.press("u")
    here(page, "A002")
    keys.press("c")
    keys.type(booked["label"].lower())
    keys.press("Enter")
    here(page, "AA01")
    expect(page.locator(".person-notes")).to_have_text("brings a dog")
    keys.press("n")
    expect(page.locator("#ask")).to_be_visible()
    expect(page.locator("#ask-title")).to_have_text("Was AA01 here?")
    expect(page.locator("#ask-present")).to_be_focused()
    keys.press("Enter")
    here(page, "A003")
    keys.press("t")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    said(page, "Transferred.")
    keys.press("i")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    said(page, "Ticket A004 is issued.")
    keys.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    keys.press("Escape")
    keys.press("b")
    said(page, "The counter is paused.")
    keys.press("x")
    said(page, "The counter is closed.")
    assert faults == []


def test_typing_in_a_field_is_no_command(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    log_in(page, url)
    page.keyboard.press("c")
    page.keyboard.type("nox")
    expect(page.locator("#call-label")).to_have_value("nox")
    assert requests.get(f"{url}{API}/counters/1", headers=OFFICE, timeout=10).json()["state"] == "closed"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#shortcuts").uncheck()
    page.locator("h1").click()
    page.keyboard.press("o")
    page.reload()
    expect(page.locator("#shortcuts")).not_to_be_checked()
    assert requests.get(f"{url}{API}/counters/1", headers=OFFICE, timeout=10).json()["state"] == "closed"


def test_tab_reaches_everything_and_leaves_again(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    log_in(page, url)
    page.evaluate("document.activeElement.blur()")
    seen: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("document.activeElement.textContent.trim().slice(0, 24) || document.activeElement.tagName")
        )
        if len(seen) > 2 and seen[-1] == seen[0]:
            break
    else:
        pytest.fail("the focus never came round")
    assert any(one.startswith("Next") for one in seen)
    assert any(one.startswith("Log out") for one in seen)


def test_what_others_do_appears_at_once_and_an_old_press_does_nothing(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    log_in(page, url)
    issue(url)
    post(url, "/counters/1/open", headers=COUNTER)
    expect(page.locator("[data-part=next] .line-label")).to_have_text("A001")
    post(url, "/counters/1/next", headers=COUNTER)
    here(page, "A001")
    assert page.title().startswith("A001")
    page.evaluate("for (const one of document.querySelectorAll('[data-holding]')) one.value = 'another'")
    page.keyboard.press("n")
    said(page, "The counter had changed meanwhile: nothing was done.")
    here(page, "A001")


def test_command_without_an_answer_is_repeated_and_counts_once(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    issue(url)
    issue(url)
    post(url, "/counters/1/open", headers=COUNTER)
    lost: list[str] = []

    def lose(route, request) -> None:
        lost.append(request.post_data)
        if len(lost) == 1:
            route.fetch()
        if len(lost) <= 2:
            route.abort()
        else:
            route.continue_()

    # Before the page is loaded: a loaded page may still send past an interception that begins later.
    page.route("**/counter/1/do", lose)
    log_in(page, url)
    page.keyboard.press("n")
    expect(page.locator("#counter")).to_have_class("busy")
    page.keyboard.press("n")
    here(page, "A001")
    said(page, "A001 is called.")
    assert len(lost) == 3
    assert requests.get(f"{url}{API}/queues", headers=OFFICE, timeout=10).json()[0]["waiting"] == 1


def test_page_without_a_free_stream_polls(tmp_path: Path, window: BrowserContext) -> None:
    with house(tmp_path, limits=Limits(**{**ROOMY.__dict__, "streams": 0})) as home, served(home.app) as url:
        page = window.new_page()
        page.goto(f"{url}/login?next=/counter/1")
        page.get_by_label("User name").fill("anna")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#link-state")).to_have_text("Live (every few seconds)")
        issue(url)
        expect(page.locator("[data-part=next] .line-label")).to_have_text("A001")


def test_ticket_page_turns_when_called(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    page.goto(url + path_of(issue(url)))
    expect(page.locator(".number-ahead")).to_have_text("You are next.")
    post(url, "/counters/2/open", headers=COUNTER)
    post(url, "/counters/2/next", headers=COUNTER)
    expect(page.locator(".state-words")).to_have_text("It is your turn!", timeout=10_000)
    expect(page.locator(".number-counter")).to_have_text("Counter 2")
    expect(page.locator("#leave")).to_be_hidden()


@pytest.mark.parametrize("language", LONGEST_FIRST)
def test_each_language_fits_a_telephone(url: str, chrome: Browser, language: str) -> None:
    context = chrome.new_context(locale=language, viewport={"width": 360, "height": 800})
    page = context.new_page()
    ticket = issue(url)
    for path in ("/", "/?service=passport", "/login", path_of(ticket)):
        page.goto(url + path)
        assert page.locator("html").get_attribute("lang") == language
        assert overflow(page) == 0, path
    page.goto(f"{url}/login?next=/counter/1")
    page.locator("#name").fill("anna")
    page.locator("#password").fill("correct horse")
    page.locator("main button").click()
    page.wait_for_selector("#counter")
    assert overflow(page) == 0
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/counter-{language}-360.png", full_page=True)
    context.close()
