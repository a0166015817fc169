"""Fixtures: a house with its client, or served and looked at in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.browser import WAYS, WIDTHS, Way, chromium, visit
from tests.web.office import House, house, served


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def client(home: House) -> FlaskClient:
    return home.client()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def url(home: House) -> Iterator[str]:
    with served(home.app) as address:
        yield address


@pytest.fixture
def window(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(locale="en-GB", viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in which people come to the pages: what asks for it runs once in each."""
    found: Way = request.param
    return found


@pytest.fixture
def visitor(chrome: Browser, way: Way) -> Iterator[Page]:
    """A window of a person who comes this way."""
    with visit(chrome, way) as page:
        yield page


@pytest.fixture(params=WIDTHS)
def widths(request: pytest.FixtureRequest) -> tuple[int, ...]:
    """The widths of the window in pixels at which a page is examined."""
    found: tuple[int, ...] = request.param
    return found
