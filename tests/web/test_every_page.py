"""Every page there is, from the map of addresses: axe finds nothing and nothing is cut, on a telephone and a computer.

A page without a scenario fails, and a scenario that does not reach its page too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from dispatcher.engine.model import Display, Mail
from dispatcher.wire.clock import SystemClock
from tests.web.browser import chromium, endpoint_of, faults_at_widths
from tests.web.office import House, house, make_office, served
from tests.web.scenarios import ELSEWHERE, NO_PAGES, SCENARIOS, Visit
from tests.web.screens import Walls


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An office in which every text is there that a page may show."""
    office = make_office(
        contact={"it": "011 571 6111", "en": "Telephone 011 571 6111\nuntil four in the afternoon"},
        mail=Mail(host="127.0.0.1", port=25, sender="sportello.appuntamenti@cameradicommercio.example.org"),
    )
    services = dict(office.services)
    services["passport"] = replace(
        services["passport"],
        open_bookings=50,
        contact={"it": "passaporti@example.org"},
        bring={"it": "Documento d'identità", "en": "Identity card\nA photograph"},
    )
    displays = {name: Display(id=name) for name in ("hall", "stairs", "cellar")}
    walls = Walls(SystemClock(), *displays)
    walls.says("stairs", "stale", "no_audio", audio="none")
    walls.says("cellar", online=False)
    office = replace(office, services=services, displays=displays)
    with house(tmp_path_factory.mktemp("pages"), office=office, screens=walls.screens) as made:
        yield made


@pytest.fixture(scope="module")
def url(home: House) -> Iterator[str]:
    with served(home.app) as address:
        yield address


def pages(app: Flask) -> set[str]:
    """The endpoints that answer GET, those below the site's name and the API apart."""
    found = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {one for one in found if not one.startswith(("site.", "api."))}


def test_each_page_of_the_map_has_a_scenario(home: House) -> None:
    known = set(SCENARIOS) | set(ELSEWHERE) | set(NO_PAGES)
    assert pages(home.app) - known == set(), "add them to tests/web/scenarios.py"
    assert known - pages(home.app) == set(), "these are no pages any more"


@pytest.mark.parametrize("endpoint", SCENARIOS)
def test_axe_finds_nothing_and_nothing_is_cut(
    home: House, url: str, chrome: Browser, endpoint: str, widths: tuple[int, ...]
) -> None:
    context = chrome.new_context(locale="en-GB", viewport={"width": 360, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page, axe = context.new_page(), Axe()
    found: dict[str, Any] = {}
    reached = set()
    for state in SCENARIOS[endpoint](Visit(home, url, page)):
        reached.add(endpoint_of(home.app, page.url))
        found |= faults_at_widths(page, axe, f"{endpoint} {state}".replace(" ", "-"), widths)
    context.close()
    assert endpoint in reached, f"the scenario was at {reached}"
    assert found == {}
