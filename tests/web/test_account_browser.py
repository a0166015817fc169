"""Accounts in Chromium: registration with both mails, a forgotten password, the area, deletion; axe (E4, E5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dispatcher.engine.model import Identity
from dispatcher.usecases import accounts, bookings
from dispatcher.usecases.desk import Actor
from tests.web.accounts import EMAIL, PASSWORD, Post, house_with_accounts, links
from tests.web.browser import endpoint_of, faults_at_widths, pass_the_check
from tests.web.office import House, booking, served, slot
from tests.web.scenarios import ACCOUNT_PAGES

Here = tuple[str, House, Post]
SPID = Identity(name={"en": "SPID"}, issuer="http://127.0.0.1:9", client_id="numeretto")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    place = {"en": "Via Carlo Alberto 16, Torino"}
    with house_with_accounts(tmp_path, identity=SPID, place=place) as (home, mails), served(home.app) as url:
        yield url, home, mails


def register(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_role("link", name="Log in", exact=True).click()
    page.get_by_role("link", name="Create one").click()
    page.get_by_label("Your first and last name").fill("Ada Neri")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    pass_the_check(page)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def confirmed(page: Page, url: str, mails: Post) -> None:
    register(page, url)
    page.goto(url + mails.link())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My appointments")


def test_forgotten_password_and_deletion(here: Here, visitor: Page) -> None:
    url, _home, mails = here
    confirmed(visitor, url, mails)
    visitor.get_by_role("button", name="Log out", exact=True).click()
    visitor.get_by_role("link", name="Forgotten the password?").click()
    visitor.get_by_label("E-mail").fill(EMAIL.upper())
    visitor.get_by_role("button", name="Send the link").click()
    visitor.goto(url + mails.link())
    visitor.get_by_label("New password").fill("tre gatti sul tetto")
    visitor.get_by_role("button", name="Save the new password").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your password is changed")
    visitor.get_by_role("link", name="Delete the account").click()
    visitor.get_by_label("Present password").fill("tre gatti sul tetto")
    visitor.get_by_label("Yes, delete my account").check()
    visitor.get_by_role("button", name="Delete for good").click()
    expect(visitor.get_by_role("status")).to_have_text("Your account and your data are deleted.")
    visitor.goto(f"{url}/account/")
    visitor.get_by_label("E-mail").fill(EMAIL)
    visitor.get_by_label("Password").fill("tre gatti sul tetto")
    visitor.get_by_role("button", name="Log in").click()
    expect(visitor.get_by_role("alert")).to_contain_text("E-mail or password is wrong.")


def test_registration_with_a_booking_brings_both_mails(here: Here, visitor: Page) -> None:
    url, _home, mails = here
    visitor.goto(f"{url}/?service=passport&day={slot()[:10]}")
    visitor.get_by_role("button", name=re.compile("10:00")).click()
    visitor.get_by_label("First and last name").fill("Bruno Neri")
    visitor.get_by_label("E-mail").fill(EMAIL)
    visitor.get_by_label("Telephone").fill("011 8122345")
    pass_the_check(visitor)
    visitor.locator("#consent").check()
    visitor.locator("#details button.primary").click()
    visitor.get_by_role("button", name="Create an account").click()
    expect(visitor.locator(".chosen-time")).to_have_text("Tuesday 24 November, 10:00")
    visitor.get_by_label("Your first and last name").fill("Ada Neri")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_role("button", name="Create the account").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    first = mails.newest()
    assert first["To"] == EMAIL
    visitor.goto(url + links(first)[0])
    expect(visitor.locator(".chosen-time")).to_have_text("Tuesday 24 November, 10:00")
    visitor.get_by_role("button", name="Confirm").click()
    expect(visitor.locator(".number-label")).to_have_text("AA01")
    code = re.search(r"booking code is (\w+)", visitor.content())
    second = mails.newest().get_body(("plain",))
    assert code is not None
    assert second is not None
    assert code[1] in second.get_content()
    visitor.get_by_role("link", name="My appointments").click()
    expect(visitor.locator(".booked")).to_contain_text("Bruno Neri")


def test_move_and_cancel_from_the_personal_area(here: Here, visitor: Page) -> None:
    url, home, mails = here
    confirmed(visitor, url, mails)
    book_for(home)
    visitor.reload()
    visitor.get_by_role("link", name="Move AA01").click()
    visitor.locator("details.day").nth(2).locator("summary").click()
    visitor.locator("details.day").nth(2).get_by_role("button").first.click()
    expect(visitor.get_by_role("status")).to_contain_text("Your appointment is moved.")
    expect(visitor.locator(".booked .chosen-time")).not_to_contain_text("Tuesday 24 November")
    visitor.get_by_text("Cancel AA01", exact=True).click()
    visitor.get_by_role("button", name="Yes, cancel the appointment").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your appointment is cancelled.")
    expect(visitor.get_by_text("There is no appointment to come.")).to_be_visible()
    subjects = [str(message["Subject"]).split(":")[0] for message in mails.new()]
    assert [subject.split()[1] for subject in subjects] == ["tuo", "spostato,", "AA01"]


def book_for(home: House, **changes: Any) -> str:
    """A booking of Ada's account; its code."""
    found = home.desk.read(accounts.credentials, email=EMAIL)
    assert found is not None
    values = booking(**changes)
    values["start"] = datetime.fromisoformat(values["start"])
    answer = home.desk.execute(Actor("public", "public"), bookings.book, **values, account=found["account"])
    assert answer.body is not None
    assert answer.ok, answer.body
    return str(answer.body["code"])


def scenes(page: Page, url: str, home: House, mails: Post) -> Iterator[str]:
    """Every page of an account in the states that people meet; the name of each."""
    yield from new_scenes(page, url, mails)
    book_for(home, notes="Comes by wheelchair; brings her own translator.")
    over = book_for(home, name="Maria Giovanna Bianchi", start=slot(2))
    home.desk.execute(Actor("public", "public"), bookings.cancel, code=over)
    page.goto(f"{url}/account/")
    for summary in page.locator("main details summary").all():
        summary.click()
    yield "account-area"
    for name, button in (("password", "primary"), ("delete", "danger")):
        page.goto(f"{url}/account/{name}")
        yield f"account-{name}"
        page.locator(f"main button.{button}").click()
        yield f"account-{name}-wrong"
    page.goto(f"{url}/account/confirm/nonsense")
    yield "account-link-useless"
    page.goto(f"{url}/account/forgotten")
    yield "account-forgotten"
    page.locator("#email").fill(EMAIL)
    page.locator("main button").click()
    yield "account-sent-reset"
    page.goto(url + next(path for message in mails.new() for path in links(message) if "/reset/" in path))
    yield "account-reset"


def new_scenes(page: Page, url: str, mails: Post) -> Iterator[str]:
    page.goto(f"{url}/account/login")
    yield "account-login"
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill("wrong")
    page.locator("main button").click()
    yield "account-login-wrong"
    page.goto(f"{url}/account/register")
    pass_the_check(page)
    page.locator("main button").click()
    expect(page.locator("#summary")).to_be_visible()
    yield "account-register-wrong"
    register(page, url)
    yield "account-sent-register"
    page.goto(url + mails.link())
    yield "account-confirm"
    page.locator("main button").click()
    yield "account-area-empty"


def test_axe_finds_nothing_and_nothing_is_cut(here: Here, window: Any, widths: tuple[int, ...]) -> None:
    page, axe = window.new_page(), Axe()
    found: dict[str, object] = {}
    reached = set()
    for name in scenes(page, *here):
        reached.add(endpoint_of(here[1].app, page.url))
        found |= faults_at_widths(page, axe, name, widths)
    assert found == {}
    assert set(ACCOUNT_PAGES) <= reached
