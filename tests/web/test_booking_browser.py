"""The booking pages in Chromium: big and small, with and without scripts, by keyboard alone, under axe (E1, E6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from dispatcher.engine.model import Office, Platform, Service
from tests.web.bookings import answer_of
from tests.web.browser import LONGEST_FIRST, Way, faults_at_widths, overflow, post
from tests.web.office import MONDAY_9, WEEK, OfficeTime, booking, house, make_office, served, slot

SIZES = {"telephone": (360, 740), "desk": (1366, 900)}


def full_office() -> Office:
    """With all that the booking pages can show: a search, things to bring, an appointment on line."""
    office = make_office()
    services = dict(office.services)
    services["passport"] = replace(
        services["passport"], hours=WEEK, bring={"en": "the old passport and two photographs", "it": "due foto"}
    )
    services["advice"] = Service(
        id="advice",
        letter="V",
        name={"it": "Consulenza", "en": "Advice"},
        hours=WEEK,
        online=True,
        places=1,
        platforms=("video", "phone"),
    )
    for number in range(6):
        names = {"it": f"Pratica {number}", "en": f"Paper {number}"}
        services[f"s{number}"] = replace(services["residence"], id=f"s{number}", name=names)
    platforms = {
        "video": Platform(id="video", name={"en": "Video"}),
        "phone": Platform(id="phone", name={"en": "Phone"}),
    }
    return replace(office, services=services, platforms=platforms, place={"en": "1 Town Square"})


@pytest.fixture
def clock() -> OfficeTime:
    return OfficeTime(MONDAY_9)


@pytest.fixture
def url(tmp_path: Path, clock: OfficeTime) -> Iterator[str]:
    with house(tmp_path, clock=clock, office=full_office()) as home, served(home.app) as address:
        yield address


@pytest.fixture
def tab(chrome: Browser) -> Iterator[Callable[..., Page]]:
    """tab(size, scripts=True): a new browser's tab."""
    opened: list[BrowserContext] = []

    def begin(size: str = "desk", *, scripts: bool = True, locale: str = "en-GB") -> Page:
        width, height = SIZES[size]
        context = chrome.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        return context.new_page()

    yield begin
    for context in opened:
        context.close()


def choose(page: Page, url: str, *, day: str = "Tuesday 24 November", hour: str = "10:00", service: str = "Passports"):
    """From the start page to the form."""
    page.goto(f"{url}/")
    page.get_by_role("link", name=service).click()
    page.locator("a.free").filter(has_text=day).click()
    page.get_by_role("button", name=hour).click()
    expect(page.locator("h1")).to_have_text("Who comes?")


def fill(page: Page, **changes: str) -> None:
    """All fields of the form; the question too, where it is asked."""
    page.get_by_label("First and last name").fill(changes.get("name", "Anna Bianchi"))
    page.get_by_label("E-mail").fill(changes.get("email", "anna@example.org"))
    page.locator("#phone").fill("011 8122345")
    page.locator("#consent").check()
    if page.locator("#answer").is_visible():
        page.locator("#answer").fill(answer_of(page.content()))


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()


def checked_by_itself(page: Page) -> None:
    """The script has solved the anti-robot check."""
    expect(page.locator("#robot-state")).to_have_text("Check passed: nothing for you to do.")


def test_booking_from_the_start_page_to_the_ticket(url: str, visitor: Page, way: Way) -> None:
    page = visitor
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    choose(page, url)
    expect(page.locator("#kept")).to_contain_text("Kept for you until 09:10.")
    if way.scripts:
        checked_by_itself(page)
        expect(page.locator("#kept-left")).to_have_text("About 10 minutes left.")
    fill(page)
    page.get_by_label("Notes").fill("two steps")
    go_on(page)
    expect(page.locator("h1")).to_have_text("Is everything right?")
    for text in ("Tuesday 24 November, 10:00", "Anna Bianchi", "anna@example.org", "+390118122345", "1 Town Square"):
        expect(page.locator(".facts")).to_contain_text(text)
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("Notes")).to_have_value("two steps")
    go_on(page)
    page.get_by_role("button", name="Book now").click()
    expect(page.locator(".number-label")).to_have_text("AA01")
    expect(page.locator(".flash.done")).to_contain_text("booking code is")
    assert faults == []


def test_lost_race_for_the_last_place(url: str, clock: OfficeTime, visitor: Page) -> None:
    """E1: one gets it, the other is told at once and offered the nearest, with nothing typed lost."""
    page = visitor
    choose(page, url)
    fill(page)
    clock.advance(minutes=11)
    for name in ("Bruno Verdi", "Carla Neri"):
        post(url, "/appointments", booking(start=slot(), name=name, email=f"{name[:5]}@example.org"))
    go_on(page)
    expect(page.locator("#summary")).to_contain_text("Somebody else has just taken this time.")
    expect(page.get_by_label("First and last name")).to_have_value("Anna Bianchi")
    page.get_by_role("radio").first.check()
    if page.locator("#answer").is_visible():
        page.locator("#answer").fill(answer_of(page.content()))
    go_on(page)
    page.get_by_role("button", name="Book now").click()
    expect(page.locator(".number-label")).to_have_text("AA03")


def test_hour_that_was_taken_meanwhile_is_said_on_the_month(url: str, tab: Callable[..., Page]) -> None:
    page = tab("telephone")
    page.goto(f"{url}/?service=advice&day=2026-11-24")
    for other in (tab(),):
        choose(other, url, service="Advice")
    page.get_by_role("button", name="10:00").click()
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#summary")).to_contain_text("10:00: somebody else has just taken it.")
    page.locator("#summary").get_by_role("button").first.click()
    expect(page.locator("h1")).to_have_text("Who comes?")


def test_whole_booking_by_keyboard_alone(url: str, window: BrowserContext) -> None:
    page = window.new_page()
    page.goto(f"{url}/")
    keys = page.keyboard

    def tab_to(text: str) -> None:
        for _ in range(90):
            keys.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip().startswith(text):
                return
        pytest.fail(f"{text} cannot be reached")

    tab_to("Passports")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Choose day and hour")
    tab_to("Wednesday 25 November: 48 free")
    keys.press("Enter")
    expect(page.locator("#hours-of")).to_have_text("Wednesday 25 November")
    expect(page.locator("#hours")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Who comes?")
    tab_to("Choose another time")
    for text in ("Anna Bianchi", "anna@pec.it", "011 8122345"):
        keys.press("Tab")
        keys.type(text)
    keys.press("Tab")  # the language
    keys.press("Tab")  # notes
    keys.press("Tab")
    expect(page.locator("#consent")).to_be_focused()
    keys.press("Space")
    tab_to("Go on")
    keys.press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#email-fault")).to_contain_text("PEC")
    expect(page.locator("#phone")).to_have_value("011 8122345")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#email")).to_be_focused()
    keys.press("Control+A")
    keys.type("anna@example.org")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Is everything right?")
    tab_to("Book now")
    keys.press("Enter")
    expect(page.locator(".number-label")).to_have_text("AA01")


def test_sending_before_the_check_is_done_waits_for_it(url: str, tab: Callable[..., Page]) -> None:
    page = tab()
    held: list[Route] = []
    page.route("**/robot-worker.js*", lambda route: held.append(route))
    choose(page, url)
    fill(page)
    go_on(page)
    expect(page.locator("#robot-state")).to_contain_text("One moment")
    for route in held:
        route.continue_()
    expect(page.locator("h1")).to_have_text("Is everything right?")
    page.unroute_all(behavior="wait")  # nothing is left in the air when the window closes


def test_question_stands_in_where_the_script_cannot_work(url: str, tab: Callable[..., Page]) -> None:
    page = tab()
    page.route("**/robot-worker.js*", lambda route: route.abort())
    choose(page, url)
    expect(page.locator("#answer")).to_be_visible()
    fill(page)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Is everything right?")


def test_time_that_is_not_kept_any_more_is_said_once(url: str, clock: OfficeTime, tab: Callable[..., Page]) -> None:
    page = tab()
    page.clock.install()
    choose(page, url)
    page.wait_for_load_state()  # its script has set its timer
    said = page.locator("#kept-said")
    page.clock.run_for(5 * 60_000)
    expect(page.locator("#kept-left")).to_have_text("About 5 minutes left.")
    expect(said).to_have_text("")
    page.clock.run_for(3 * 60_000)
    expect(said).to_have_text("About 2 minutes left.")
    page.clock.run_for(3 * 60_000)
    expect(said).to_contain_text("not kept for you any more")
    clock.advance(minutes=11)
    fill(page)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Is everything right?")


def test_search_follows_the_typing(url: str, tab: Callable[..., Page]) -> None:
    page = tab("telephone")
    page.goto(f"{url}/")
    page.get_by_label("Search for a service").fill("PÁSS")
    expect(page.locator("a.choice:visible")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 service found")
    page.get_by_label("Search for a service").fill("")
    expect(page.locator("a.choice:visible")).to_have_count(9)
    plain = tab("telephone", scripts=False)
    plain.goto(f"{url}/")
    plain.get_by_label("Search for a service").fill("residenza")
    plain.keyboard.press("Enter")
    expect(plain.locator("a.choice")).to_have_count(1)
    plain.get_by_role("link", name="Show all services").click()
    expect(plain.locator("a.choice")).to_have_count(9)


def scenes(url: str, page: Page, clock: OfficeTime) -> Iterator[str]:
    """Every booking page in the states that people meet, one after the other; the name of each."""
    page.goto(f"{url}/")
    yield "booking-services"
    page.goto(f"{url}/?q=nothing")
    yield "booking-none"
    page.goto(f"{url}/?service=passport&day=2026-11-25#hours")
    yield "booking-month"
    choose(page, url, service="Advice")
    checked_by_itself(page)
    yield "booking-details"
    page.get_by_label("E-mail").fill("anna@gmial.com")
    go_on(page)
    yield "booking-errors"
    fill(page, email="anna@example.org")
    page.get_by_role("radio", name="Phone").check()
    go_on(page)
    yield "booking-check"
    clock.advance(minutes=11)
    post(url, "/appointments", booking(service="advice", name="Bruno Verdi", email="bruno@example.org"))
    page.get_by_role("button", name="Book now").click()
    expect(page.locator("#summary")).to_be_focused()
    yield "booking-lost"
    page.goto(f"{url}/?service=advice&day=2026-11-24")
    post(url, "/appointments", booking(service="advice", start=slot(hour=11), name="Carla", email="carla@example.org"))
    page.get_by_role("button", name="11:00").click()
    yield "booking-gone"


def test_axe_finds_nothing_and_nothing_is_cut(
    url: str, clock: OfficeTime, window: BrowserContext, widths: tuple[int, ...]
) -> None:
    page = window.new_page()
    axe = Axe()
    found: dict[str, object] = {}
    for name in scenes(url, page, clock):
        found |= faults_at_widths(page, axe, name, widths)
    assert found == {}


def test_pages_without_scripts_pass_too(url: str, chrome: Browser, widths: tuple[int, ...]) -> None:
    """The question in words, drawn without scripts: axe needs scripts, so the page's own are kept away."""
    context = chrome.new_context(locale="en-GB")
    page = context.new_page()
    page.route("**/static/*.js*", lambda route: route.abort())
    choose(page, url)
    expect(page.locator("#answer")).to_be_visible()
    assert faults_at_widths(page, Axe(), "booking-question", widths) == {}
    context.close()


@pytest.mark.parametrize("language", LONGEST_FIRST)
def test_each_language_fits_a_telephone(url: str, tab: Callable[..., Page], language: str) -> None:
    page = tab("telephone", locale=language)
    for path in ("/", "/?service=passport", "/?service=advice&month=2027-01"):
        page.goto(url + path)
        assert page.locator("html").get_attribute("lang") == language
        assert overflow(page) == 0, path
    page.locator("a.free").first.click()
    page.locator("button.hour").first.click()
    page.locator("#email").fill("anna@gmial.com")
    page.locator("#details button.primary").click()
    expect(page.locator("#summary")).to_be_visible()
    assert overflow(page) == 0
