"""Accounts in Chromium: registration with both mails, a forgotten password, the area, deletion; axe (E4, E5)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.accounts import EMAIL, PASSWORD, Post, house_with_accounts
from tests.web.browser import chromium
from tests.web.office import House, served

PICTURES = os.environ.get("NUMERETTO_PICTURES")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[str, House, Post]]:
    with house_with_accounts(tmp_path) as (home, mails), served(home.app) as url:
        yield url, home, mails


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A telephone without JavaScript: all of it works there too."""
    context = chrome.new_context(locale="en-GB", viewport={"width": 360, "height": 800}, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def register(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_role("link", name="Log in", exact=True).click()
    page.get_by_role("link", name="Create one").click()
    page.get_by_label("Your first and last name").fill("Ada Neri")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def confirmed(page: Page, url: str, mails: Post) -> None:
    register(page, url)
    page.goto(url + mails.link())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My appointments")


def test_forgotten_password_and_deletion(here: tuple[str, House, Post], page: Page) -> None:
    url, _home, mails = here
    confirmed(page, url, mails)
    page.get_by_role("button", name="Log out", exact=True).click()
    page.get_by_role("link", name="Forgotten the password?").click()
    page.get_by_label("E-mail").fill(EMAIL.upper())
    page.get_by_role("button", name="Send the link").click()
    page.goto(url + mails.link())
    page.get_by_label("New password").fill("tre gatti sul tetto")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("Present password").fill("tre gatti sul tetto")
    page.get_by_label("Yes, delete my account").check()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status")).to_have_text("Your account and your data are deleted.")
    page.goto(f"{url}/account/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("tre gatti sul tetto")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("E-mail or password is wrong.")
