"""A ticket's live page, line by line of what it promises: without a browser, then in one (A10, E12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dispatcher.usecases import tickets
from dispatcher.usecases.desk import SYSTEM
from dispatcher.wire.clock import ManualClock
from tests.web.browser import chromium, overflow
from tests.web.office import API, COUNTER, MONDAY_9, OFFICE, House, booking, house, make_office, served, slot
from tests.web.test_about import hidden

PASSPORT = make_office().services["passport"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9.astimezone(UTC))


def office_with(**changes: Any) -> Any:
    services = {**make_office().services, "passport": replace(PASSPORT, **changes)}
    return make_office(services=services)


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Iterator[House]:
    with house(tmp_path, clock=clock) as made:
        yield made


def path_of(client: FlaskClient, path: str, body: dict) -> str:
    return "/t/" + client.post(API + path, json=body, headers=OFFICE).get_json()["status_url"].rsplit("/", 1)[-1]


def issue(client: FlaskClient) -> str:
    return path_of(client, "/tickets", {"service": "passport"})


def book(client: FlaskClient, start: str, **changes: Any) -> str:
    return path_of(client, "/appointments", booking(start=start, **changes))


def page(client: FlaskClient, path: str) -> str:
    """What the page says, as one line of words."""
    html = client.get(f"{path}?lang=en").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]))


def poll_s(client: FlaskClient, path: str) -> int:
    found = re.search(r'data-poll="(\d+)"', client.get(path).text)
    assert found is not None
    return int(found[1])


def learn(client: FlaskClient, clock: ManualClock, each_min: int = 5) -> None:
    """Four customers are served, so that it is known how long one takes."""
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    for _ in range(4):
        issue(client)
        client.post(f"{API}/counters/2/next", headers=COUNTER)
        clock.advance(minutes=each_min)
        client.post(f"{API}/counters/2/finish", headers=COUNTER)


def test_it_says_the_place_the_wait_and_between_which_times(home: House, clock: ManualClock) -> None:
    client = home.client()
    path = issue(client)
    assert "You are in the queue. You are next. How long it takes is not known yet." in page(client, path)
    client.post(f"{path}/leave", data=hidden(client.get(path).text))
    learn(client, clock)
    for _ in range(5):
        issue(client)
    told = page(client, issue(client))
    assert "5 people before you" in told
    assert "Expected wait: 27 to 28 minutes" in told
    assert "Your call may come between 09:47 and 09:48." in told


def test_an_appointments_call_comes_after_its_time_whoever_waits_now(home: House, clock: ManualClock) -> None:
    client = home.client()
    learn(client, clock)
    for _ in range(8):
        issue(client)
    path = book(client, slot(0, 9, 45))
    assert "Your call may come between 09:45 and 09:48." in page(client, path)
    tomorrow = book(client, slot(1, 9, 45), name="Bruno Verdi")
    assert "call may come" not in page(client, tomorrow)
    assert "Keep this page open" not in page(client, tomorrow)
    form = hidden(client.get(path).text)
    client.post(f"{path}/later", data=form)
    assert "Your call may come between 09:55 and 09:58." in page(client, path)
    assert "I need 10 more minutes" not in page(client, path), "once"


def test_it_asks_every_5_seconds_near_the_call_and_every_20_before(home: House, clock: ManualClock) -> None:
    client = home.client()
    mine = book(client, slot(0, 10))
    paths = [issue(client) for _ in range(6)]
    assert [poll_s(client, one) for one in paths] == [5, 5, 5, 5, 20, 20]
    assert poll_s(client, mine) == 20
    clock.advance(minutes=58)
    assert poll_s(client, mine) == 5, "two minutes before its time"
    client.post(f"{paths[0]}/leave", data=hidden(client.get(paths[0]).text))
    assert poll_s(client, paths[0]) == 0, "what is over is not asked for again"


def test_check_in_is_explained_where_it_is_needed_and_the_code_is_not_shown(tmp_path: Path, clock: ManualClock) -> None:
    with house(tmp_path, clock=clock, office=office_with(check_in="required")) as home:
        client = home.client()
        made = client.post(f"{API}/appointments", json=booking(start=slot(0, 10)), headers=OFFICE).get_json()
        path = "/t/" + made["status_url"].rsplit("/", 1)[-1]
        assert "check in at the ticket dispenser with the booking code that is in your e-mail" in page(client, path)
        assert made["code"] not in client.get(path).text
        clock.advance(hours=1, minutes=1)
        assert "Your time has come, but you have not checked in." in page(client, path)
        clock.set(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    folder = tmp_path / "other"
    folder.mkdir()
    with house(folder, clock=clock, office=office_with(check_in="required")) as home:
        client = home.client()
        made = client.post(f"{API}/appointments", json=booking(start=slot(0, 10)), headers=OFFICE).get_json()
        home.desk.execute(SYSTEM, tickets.check_in, code=made["code"])
        path = "/t/" + made["status_url"].rsplit("/", 1)[-1]
        assert "You have checked in. You will be called from your time on." in page(client, path)


def test_who_meets_on_line_is_not_sent_to_the_office(tmp_path: Path, clock: ManualClock) -> None:
    with house(tmp_path, clock=clock, office=office_with(online=True, check_in="required")) as home:
        client = home.client()
        assert "Held on line: there is no need to come" in page(client, book(client, slot(0, 10)))


def test_giving_up_asks_once_more_without_javascript_too(home: House) -> None:
    client = home.client()
    path = issue(client)
    html = client.get(f"{path}?lang=en").text
    asked = html.partition("<details")[2].partition("</details>")[0]
    assert f'action="{path}/leave"' in asked, "the button that gives up is behind the one that asks"
    assert html.count(f'action="{path}/leave"') == 1
    assert "Do you really give up A001?" in asked
    assert "As it was at 09:00." in html.partition("<noscript>")[2]


# ---- in a browser


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def window(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(locale="en-GB", viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def url(home: House) -> Iterator[str]:
    with served(home.app) as address:
        yield address


LISTENS = """
window.tones = [];
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.tones.push(at); return begin.call(this, at); };
"""


def ask_now(page: Page) -> None:
    """As when the telephone is taken out of the pocket."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_call_is_seen_heard_and_read_out(home: House, clock: ManualClock, url: str, window: BrowserContext) -> None:
    client = home.client()
    path, page = issue(client), window.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(LISTENS)
    page.goto(url + path)
    sound = page.get_by_role("button", name="Sound when I am called")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.press("Enter")
    expect(sound).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.tones.length") == 1, "the tone is played once, so that it is known"
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    client.post(f"{API}/counters/2/next", headers=COUNTER)
    ask_now(page)
    expect(page.locator(".number-counter")).to_have_text("Counter 2")
    assert page.title().startswith("● It is your turn! Counter 2")
    assert page.locator("#live article").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(20, 96, 58)"
    expect(page.get_by_role("alert")).to_have_text("Your number A001 It is your turn! Counter 2")
    assert page.evaluate("window.tones.length") == 10, "three times three tones"
    assert overflow(page) == 0
    called = page.locator("#live article")
    before = called.get_attribute("data-called") or ""
    clock.advance(seconds=30)
    client.post(f"{API}/counters/2/recall", headers=COUNTER)
    ask_now(page)
    expect(called).not_to_have_attribute("data-called", before)
    assert page.evaluate("window.tones.length") == 19, "a call that is repeated is heard again"
    client.post(f"{API}/counters/2/serve", headers=COUNTER)
    ask_now(page)
    expect(page.locator("#said")).to_have_text("You are being served.")
    assert not page.title().startswith("●")
    assert faults == []


def test_it_says_when_it_is_cut_off_and_recovers(home: House, url: str, window: BrowserContext) -> None:
    client = home.client()
    page = window.new_page()
    page.goto(url + issue(client))
    window.set_offline(True)
    expect(page.locator("#stale")).to_contain_text("No news from the office since")
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    client.post(f"{API}/counters/2/next", headers=COUNTER)
    window.set_offline(False)
    expect(page.locator(".state-words")).to_have_text("It is your turn!")
    expect(page.locator("#stale")).to_be_hidden()


def test_a_holder_gives_up_by_keyboard(home: House, url: str, window: BrowserContext) -> None:
    page = window.new_page()
    page.goto(url + issue(home.client()))
    give_up = page.locator("#leave summary")
    give_up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Yes, I give up A001")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".state-words")).to_have_text("This ticket has left the queue.")
