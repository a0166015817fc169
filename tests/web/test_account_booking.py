"""Booking with an account: known people get the code at once, new ones by the click in the first mail (E4, E1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from dispatcher.usecases import views
from dispatcher.wire.clock import ManualClock
from tests.web.accounts import EMAIL, PASSWORD, Post, ada, house_with_accounts, links, log_in, post, token
from tests.web.bookings import Booking, hidden
from tests.web.office import API, MONDAY_9, OFFICE, House, booking, slot
from tests.web.provider import provider
from tests.web.test_account_provider import go, house_of
from tests.web.test_booking import held

Home = tuple[House, Post]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Home]:
    with house_with_accounts(tmp_path) as made:
        yield made


def to_account(way: Booking, how: str) -> str:
    """From the check page to an account; the path that one is sent to."""
    answer = way.client.post("/account/begin", data={**hidden(way.page), "way": how})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_somebody_logged_in_finds_their_details_filled_in_and_gets_the_code_at_once(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    way = Booking(client)
    form = way.form()
    for known in ("Ada Neri", EMAIL):
        assert f'value="{known}"' in form
    way.send(name="Ada Neri", email=EMAIL)
    assert "account of Ada Neri" in way.page
    assert "guest" not in re.sub(r'value="guest"', "", way.page)
    ticket = client.get(way.confirm().headers["Location"]).text
    code = re.search(r"booking code is (\w+)", ticket)
    assert code is not None
    assert code[1] in client.get("/account/").text
    assert "AA01" in str(mails.newest()["Subject"])
    again = Booking(client, start=slot(2))
    again.form()
    assert again.send(name="neri ada", email="other@example.org").status_code == 409, "each person once"
    family = Booking(client, start=slot(2))
    family.form()
    assert family.through(name="Bruno Neri", email=EMAIL).status_code == 303
    assert client.get("/account/").text.count('class="card booked"') == 2


def test_a_guest_is_offered_both_and_books_as_ever(here: Home) -> None:
    home, mails = here
    way = Booking(home.client())
    way.send()
    for offered in ("Book now as a guest", "Create an account", "Log in"):
        assert offered in way.page
    assert way.confirm(way="guest").status_code == 303
    assert "AA01" in str(mails.newest()["Subject"])


def test_a_registration_completes_the_booking_that_was_begun(here: Home) -> None:
    home, mails = here
    client = home.client()
    way = Booking(client)
    way.send(name="Bruno Neri", email=EMAIL, notes="ring twice")
    path = to_account(way, "register")
    assert path == "/account/register"
    page = client.get(path).text
    assert "Tuesday 24 November, 10:00" in page
    assert f'value="{EMAIL}"' in page
    assert post(client, path, name="Ada Neri", email=EMAIL, password="short").status_code == 422
    sent = post(client, path, name="Ada Neri", email=EMAIL, password=PASSWORD)
    assert sent.headers["Location"] == "/account/sent/register"
    assert held(home) == 1, "the slot waits for the click"
    first = links(mails.newest())[0]
    other = home.client()
    assert "Tuesday 24 November, 10:00" in other.get(first).text
    booked = post(other, first.split("?")[0])
    assert booked.headers["Location"].startswith("/t/")
    ticket = other.get(booked.headers["Location"]).text
    assert "Your account is confirmed" in ticket
    second = mails.newest()
    body = second.get_body(("plain",))
    assert body is not None
    code = re.search(r"booking code is (\w+)", ticket)
    assert code is not None
    assert code[1] in body.get_content(), "the second e-mail brings the code"
    assert held(home) == 0
    assert log_in(other).status_code == 303
    area = other.get("/account/").text
    for shown in ("Bruno Neri", "ring twice", code[1]):
        assert shown in area


def test_a_log_in_leads_back_to_the_check_page_with_nothing_lost(here: Home) -> None:
    home, mails = here
    ada(home.client(), mails)
    client = home.client()
    way = Booking(client)
    way.send(name="Bruno Neri", email="bruno@example.org", notes="ring twice")
    path = to_account(way, "log_in")
    assert path == "/account/login?next=/account/continue"
    assert "Tuesday 24 November, 10:00" in client.get(path).text
    csrf = token(client, path)
    data = {"csrf_token": csrf, "email": EMAIL, "password": "wrong", "next": "/account/continue"}
    assert client.post("/account/login", data=data).status_code == 422
    back = client.post("/account/login", data={**data, "password": PASSWORD})
    assert back.headers["Location"] == "/account/continue"
    way.page = client.get("/account/continue").text
    for typed in ("Bruno Neri", "bruno@example.org", "ring twice", "Tuesday 24 November, 10:00"):
        assert typed in way.page
    assert held(home) == 1
    assert way.confirm().headers["Location"].startswith("/t/")
    assert "Bruno Neri" in client.get("/account/").text
    assert client.get("/account/continue").headers["Location"] == "/", "it is booked: nothing is kept"


def test_a_guest_who_thought_otherwise_finds_the_check_page_again(here: Home) -> None:
    home, _mails = here
    way = Booking(home.client())
    way.send()
    login = way.client.get(to_account(way, "log_in")).text
    assert 'href="/account/continue">Book without an account' in login
    way.page = way.client.get("/account/continue").text
    assert way.confirm(way="guest").status_code == 303


def test_what_is_typed_stands_neither_in_the_address_nor_in_the_cookie(here: Home) -> None:
    home, _mails = here
    way = Booking(home.client())
    way.send(name="Bruno Neri")
    path = to_account(way, "register")
    with way.client.session_transaction() as session:
        kept = str(dict(session))
    for secret in ("Bruno", "anna@example.org", "8122345"):
        assert secret not in path
        assert secret not in kept
    stranger = home.client()
    assert stranger.get("/account/continue").headers["Location"] == "/"


def test_an_office_that_wants_accounts_books_nobody_as_a_guest(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path, "required") as (home, mails):
        client = home.client()
        way = Booking(client)
        way.send()
        assert "guest" not in way.page
        assert way.confirm(way="guest").headers["Location"] == "/account/login?next=/account/continue"
        free = client.get(f"{API}/services/passport/slots?from=2026-11-24&to=2026-11-24").get_json()
        assert free
        assert client.post(f"{API}/appointments", json=booking()).status_code == 401
        by_telephone = booking(name="Bruno Verdi", email="bruno@example.org")
        assert client.post(f"{API}/appointments", json=by_telephone, headers=OFFICE).status_code == 201
        mails.new()
        ada(home.client(), mails)
        assert log_in(client, next="/account/continue").headers["Location"] == "/account/continue"
        way.page = client.get("/account/continue").text
        assert way.confirm().headers["Location"].startswith("/t/")


def test_a_registration_that_waited_too_long_gives_the_place_to_others(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house_with_accounts(tmp_path, clock=clock) as (home, mails):
        way = Booking(home.client())
        way.send(email=EMAIL)
        post(way.client, to_account(way, "register"), name="Ada Neri", email=EMAIL, password=PASSWORD)
        link = links(mails.newest())[0]
        assert free_at(home) == 1
        clock.advance(minutes=59)
        assert free_at(home) == 1
        clock.advance(minutes=1)
        assert free_at(home) == 2
        assert way.client.get(link).status_code == 404


def free_at(home: House) -> int:
    start = datetime.fromisoformat(slot())
    found = home.desk.read(views.slots, service="passport", first=start.date(), last=start.date()) or []
    return {one["start"]: one["free"] for one in found}.get(start.isoformat(), 0)


def test_a_place_lost_before_the_registration_is_told_with_nothing_lost(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house_with_accounts(tmp_path, clock=clock) as (home, mails):
        way = Booking(home.client())
        way.send(email=EMAIL, notes="ring twice")
        path = to_account(way, "register")
        clock.advance(minutes=11)
        for name in ("Bruno Verdi", "Carla Neri"):
            body = booking(name=name, email=f"{name[:5]}@example.org")
            assert home.client().post(f"{API}/appointments", json=body, headers=OFFICE).status_code == 201
        mails.new()
        answer = post(way.client, path, name="Ada Neri", email=EMAIL, password=PASSWORD)
        assert answer.status_code == 409
        assert "ring twice" in answer.text
        assert 'name="start"' in answer.text
        assert mails.new() == []


def test_the_robot_check_is_used_up_with_the_registration(here: Home) -> None:
    home, mails = here
    first = Booking(home.client())
    first.send(email=EMAIL)
    page = first.page
    post(first.client, to_account(first, "register"), name="Ada Neri", email=EMAIL, password=PASSWORD)
    mails.new()
    first.page = page
    answer = first.confirm(way="guest")
    assert answer.status_code in (409, 422), "the same check books nothing else"


def test_a_booking_goes_on_after_the_identity_provider(tmp_path: Path) -> None:
    with provider() as there, house_of(tmp_path, there.url, passwords=False) as (home, _mails):
        client = home.client()
        way = Booking(client)
        way.send(name="Bruno Neri")
        assert "Create an account" not in way.page
        login = to_account(way, "register")
        assert "/account/provider?next=/account/continue" in client.get(login).text
        assert client.get(go(client, there, "?next=/account/continue")).headers["Location"] == "/account/continue"
        way.page = client.get("/account/continue").text
        assert "Bruno Neri" in way.page
        assert way.confirm().headers["Location"].startswith("/t/")
        assert "Bruno Neri" in client.get("/account/").text
