"""The office sees its screens as they are, from the desk: pictures, words for who cannot see them, troubles (C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from dispatcher.engine.model import Display
from dispatcher.usecases import presence
from dispatcher.usecases.desk import SYSTEM
from dispatcher.wire.clock import ManualClock
from tests.web.browser import chromium
from tests.web.office import API, COUNTER, MONDAY_9, OFFICE, House, house, make_office, served
from tests.web.scenarios import Visit
from tests.web.screens import Walls, size_of
from tests.web.test_roles import log_in

DISPLAYS = {"hall": Display(id="hall"), "stairs": Display(id="stairs", counters=("3",))}


@dataclass
class Seen:
    home: House
    walls: Walls
    clock: ManualClock

    def page(self, client: FlaskClient, path: str = "/office/") -> str:
        return client.get(f"{path}?lang=en").text


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    clock = ManualClock(MONDAY_9.astimezone(UTC))
    walls = Walls(clock, *DISPLAYS)
    with house(tmp_path, clock=clock, office=make_office(displays=DISPLAYS), screens=walls.screens) as home:
        yield Seen(home, walls, clock)


@pytest.fixture
def staff(seen: Seen) -> FlaskClient:
    client = seen.home.client()
    log_in(client)
    return client


def test_pictures_are_for_staff_and_never_kept(seen: Seen, staff: FlaskClient) -> None:
    for path in ("/office/screens", "/office/screens/hall.png", "/torino/office/screens/hall.png"):
        assert seen.home.client().get(path).status_code == 401
    assert seen.walls.orders == []
    answer = staff.get("/office/screens/hall.png")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/png", "no-store")
    assert size_of(answer.data) == (640, 360)
    assert staff.get("/office/screens/cellar.png").status_code == 404
    assert staff.post("/office/screens/hall.png").status_code == 405


def test_page_says_in_words_what_each_screen_shows(seen: Seen, staff: FlaskClient) -> None:
    assert 'alt="Screen hall shows: no call."' in seen.page(staff)
    for counter, service in (("2", "passport"), ("3", "desk")):
        staff.post(f"{API}/tickets", json={"service": service}, headers=OFFICE)
        staff.post(f"{API}/counters/{counter}/open", headers=COUNTER)
        staff.post(f"{API}/counters/{counter}/next", headers=COUNTER)
        seen.clock.advance(seconds=1)
    page = seen.page(staff)
    alts = re.findall(r'alt="(Screen [^"]+)"', page)
    assert alts == [
        "Screen hall shows: C001 to counter 3, A001 to counter 2.",
        "Screen stairs shows: C001 to counter 3.",
    ]
    assert "1280 × 720 · with sound" in page


def test_looking_asks_for_a_picture_and_the_next_look_has_it(seen: Seen, staff: FlaskClient) -> None:
    seen.page(staff)
    first = seen.page(staff, "/office/screens")
    assert 'src="/office/screens/hall.png?n=1"' in first
    assert "picture of 09:00:00" in first
    seen.clock.advance(seconds=5)
    seen.page(staff, "/office/screens")
    assert 'src="/office/screens/hall.png?n=2"' in seen.page(staff, "/office/screens")
    assert "picture of 09:00:05" in seen.page(staff, "/torino/office/screens")


def test_what_a_screen_lacks_stands_beside_its_picture(seen: Seen, staff: FlaskClient) -> None:
    seen.walls.says("hall", "stale", "of_tomorrow", audio="none")
    page = seen.page(staff)
    assert "It does not hear the dispatcher: it shows old data and says so." in page
    assert "Something is wrong: of_tomorrow." in page, "what has no words here is said in the screen's own"
    assert "without sound" in page
    staff.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE)
    seen.walls.says("hall", shown_revision=0)
    page = seen.page(staff)
    assert "It does not show the latest calls. It is to show: no call." in page
    assert 'alt="Screen hall, the last picture of it. It is to show: no call."' in page
    assert 'alt="Screen stairs shows: no call."' in page


def test_screen_that_is_off_is_said_so_and_not_asked(seen: Seen, staff: FlaskClient) -> None:
    seen.page(staff)
    seen.walls.says("stairs", online=False)
    seen.walls.orders.clear()
    seen.clock.advance(seconds=5)
    page = seen.page(staff)
    assert [order.action for order in seen.walls.orders] == ["frame"]
    assert "It is switched off or cut off." in page
    assert '<figure class="screen old">' in page


def test_screen_that_hangs_does_not_pass_for_a_living_one(seen: Seen, staff: FlaskClient) -> None:
    """On line to the broker, and it does not answer the page's request for a picture (C4, C6)."""
    seen.page(staff)
    seen.walls.answering.discard("hall")
    for _look in range(2):
        seen.clock.advance(seconds=5)
        assert "It does not answer" not in seen.page(staff, "/office/screens")
    seen.clock.advance(seconds=5)
    page = seen.page(staff, "/office/screens")
    hall, stairs = page.split("<figure")[1:]
    assert "It does not answer: the picture is old. Restart it if this lasts." in hall
    assert "It is to show: no call." in hall
    assert 'class="screen old"' in hall
    assert "picture of 09:00:00" in hall
    assert "answer" not in stairs
    seen.walls.answering.add("hall")
    seen.clock.advance(seconds=5)
    seen.page(staff, "/office/screens")
    assert "It does not answer" not in seen.page(staff, "/office/screens")


def test_dispatcher_that_has_just_started_knows_who_was_there(tmp_path: Path) -> None:
    """Also without any broker: the pictures are missing, the page is there."""
    with house(tmp_path, office=make_office(displays=DISPLAYS)) as home:
        home.desk.execute(SYSTEM, presence.note, device_id="hall", online=True, status={"online": True})
        client = home.client()
        log_in(client)
        page = client.get("/office/?lang=en").text
        assert [one in page for one in (">on<", ">off<", "No picture")] == [True, True, True]
        assert client.get("/office/screens/hall.png").status_code == 404
    with house(tmp_path) as home:
        client = home.client()
        log_in(client)
        assert "Waiting-room screens" not in client.get("/office/?lang=en").text, "an office without screens"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def test_new_picture_appears_by_itself_and_a_broken_connection_is_said(seen: Seen, chrome: Browser) -> None:
    """Without a look at the clock: the page's timer is run on by the test."""
    with served(seen.home.app) as url:
        page = chrome.new_page(locale="en-GB")
        page.clock.install()
        visit = Visit(seen.home, url, page)
        visit.log_in("anna", "/office/")
        page.wait_for_load_state()  # its script has set its timer
        picture = page.locator("#screens img").first
        expect(picture).to_have_js_property("naturalWidth", 640)
        for number in (2, 3):
            seen.clock.advance(seconds=5)
            page.clock.run_for(5100)
            expect(picture).to_have_attribute("src", re.compile(rf"n={number}$"))
        expect(picture).to_have_js_property("naturalWidth", 640)
        page.context.clear_cookies()
        page.clock.run_for(5100)
        expect(page.locator("#screens-stale")).to_be_visible()
        page.context.close()
