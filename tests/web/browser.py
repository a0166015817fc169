"""Chromium for the web's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException

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
WIDTHS = (360, 768, 1366)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def faults_at_widths(page: Page, axe: Axe, name: str) -> dict[str, object]:
    """What axe finds on a page at the least and the largest width, and where it is wider than its window."""
    found: dict[str, object] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        violations = axe.run(page).response["violations"] if width in (WIDTHS[0], WIDTHS[-1]) else []
        for one in violations:
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
