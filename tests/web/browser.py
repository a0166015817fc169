"""Chromium for the web's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.exceptions import HTTPException

from tests.web.bookings import answer_of
from tests.web.office import API, OFFICE

PICTURES = os.environ.get("NUMERETTO_PICTURES")
"""A folder into which each page that is looked at is drawn."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = [pytest.param((360,), id="telephone"), pytest.param((768, 1366), id="wide", marks=pytest.mark.full)]
"""Windows in which every page is examined: the narrowest always, the wider ones in the long run."""


@dataclass(frozen=True)
class Way:
    """How a person comes to a page: the size of the window in pixels, and whether scripts run."""

    size: tuple[int, int]
    scripts: bool


DESK, TELEPHONE = (1366, 900), (360, 800)
WAYS = [
    pytest.param(Way(DESK, scripts=True), id="desk"),
    pytest.param(Way(TELEPHONE, scripts=False), id="telephone-no-scripts"),
    # the two other pairs of the same four things: every page goes the same ways in them
    pytest.param(Way(DESK, scripts=False), id="desk-no-scripts", marks=pytest.mark.full),
    pytest.param(Way(TELEPHONE, scripts=True), id="telephone", marks=pytest.mark.full),
]
LONGEST_FIRST = ["de", pytest.param("it", marks=pytest.mark.full), pytest.param("fr", marks=pytest.mark.full)]
"""Languages besides English: the one with the longest words shows first what does not fit."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, way: Way, *, locale: str = "en-GB") -> Iterator[Page]:
    """A window of a new person's browser."""
    width, height = way.size
    context = browser.new_context(
        locale=locale,
        viewport={"width": width, "height": height},
        java_script_enabled=way.scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def pass_the_check(page: Page) -> None:
    """The anti-robot check: the script solves it, and without scripts its question is answered."""
    if page.locator("#answer").is_visible():
        page.locator("#answer").fill(answer_of(page.content()))
    else:
        expect(page.locator("#robot-state")).to_have_text("Check passed: nothing for you to do.")


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def faults_at_widths(page: Page, axe: Axe, name: str, widths: Sequence[int]) -> dict[str, object]:
    """What axe finds on a page at these widths, and where it is wider than its window."""
    found: dict[str, object] = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for one in axe.run(page).response["violations"]:
            found[f"{name} at {width}: {one['id']}"] = [node["html"][:160] for node in one["nodes"]]
        if overflow(page) > 0:
            found[f"{name} at {width}: wider than its window"] = overflow(page)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    return found


def post(url: str, path: str, body: dict | None = None, headers: dict | None = None) -> dict:
    """A POST to the API that must go well; its answer."""
    answer = requests.post(url + API + path, json=body or {}, headers=headers or OFFICE, timeout=10)
    answer.raise_for_status()
    return answer.json()


def endpoint_of(app: Flask, address: str) -> str | None:
    """Which page an address is; None when it is none."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path)[0])
    except HTTPException:
        return None
