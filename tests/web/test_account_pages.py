"""Accounts on the pages: what they answer, to whom, and what they keep to themselves (E4, E5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatcher.usecases import bookings
from dispatcher.usecases.desk import Actor
from dispatcher.web import Limits, passwords
from dispatcher.wire.clock import ManualClock
from tests.web.accounts import EMAIL, PASSWORD, Post, ada, house_with_accounts, log_in, post, register, token
from tests.web.office import MONDAY_9, House, booking, house, slot

PAGES = ("/account/", "/account/login", "/account/register", "/account/forgotten", "/account/sent/reset")
Home = tuple[House, Post]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Home]:
    with house_with_accounts(tmp_path) as made:
        yield made


def account_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["citizen"]["account"])


def book_for(home: House, account: str, **changes: Any) -> dict[str, Any]:
    values = booking(**changes)
    values["start"] = datetime.fromisoformat(values["start"])
    answer = home.desk.execute(Actor("public", "public"), bookings.book, **values, account=account)
    assert answer.body is not None
    assert answer.ok, answer.body
    return answer.body


def test_an_office_without_accounts_has_no_such_pages(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        client = home.client()
        for path in (*PAGES, "/account/provider", "/account/provider/callback", "/account/confirm/x"):
            assert client.get(path).status_code == 404, path
        assert "/account/" not in client.get("/").text


def test_registration_tells_nobody_which_addresses_are_known(here: Home) -> None:
    home, mails = here
    ada(home.client(), mails)
    said = {}
    for email in (EMAIL, "new@example.org"):
        stranger = home.client()
        answer = register(stranger, email)
        said[email] = (answer.status_code, answer.headers["Location"], stranger.get(answer.headers["Location"]).text)
    assert said[EMAIL] == said["new@example.org"]
    subjects = [str(message["Subject"]) for message in mails.new()]
    assert subjects == [
        "You already have an account with Camera di commercio",
        "Confirm your account with Camera di commercio",
    ]


def test_a_link_that_is_followed_changes_nothing_its_button_does_once(here: Home) -> None:
    home, mails = here
    client = home.client()
    register(client)
    path = mails.link()
    scanner = home.client()
    for _ in range(3):
        page = scanner.get(path)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert log_in(home.client()).status_code == 422, "nothing is confirmed yet"
    elsewhere = home.client()
    assert post(elsewhere, path.split("?")[0]).headers["Location"].endswith("/account/login"), "log in first there"
    assert elsewhere.get("/account/").status_code == 303
    assert client.get(path).status_code == 404
    assert log_in(client).status_code == 303
    assert "My appointments" in client.get("/account/").text


def test_an_account_gives_no_right_of_the_staff_and_the_staff_none_of_an_account(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    assert client.get("/account/").status_code == 200
    assert client.get("/office/").status_code in (302, 303, 401, 403)
    assert client.get("/counter/1").status_code in (302, 303, 401, 403)
    assert client.get("/api/v1/sites/torino/queues").status_code == 401
    staff = home.client()
    post(staff, "/login", name="anna", password="correct horse")
    assert staff.get("/office/").status_code == 200
    assert staff.get("/account/").headers["Location"].startswith("/account/login")


def test_a_log_in_is_remembered_only_where_it_was_asked_for(here: Home) -> None:
    home, mails = here
    ada(home.client(), mails)
    for remember in (False, True):
        client = home.client()
        answer = log_in(client, **({"remember": "yes"} if remember else {}))
        cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("remember_citizen=")]
        assert bool(cookies) == remember
        for cookie in cookies:
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
        client.delete_cookie("session")
        assert (client.get("/account/").status_code == 200) == remember
    forged = home.client()
    forged.set_cookie("remember_citizen", "WyJhIiwiYiJd.xxxx")
    assert forged.get("/account/").status_code == 303
    post(client, "/account/everywhere", form="/account/")
    client.delete_cookie("session")
    assert client.get("/account/").status_code == 303


def test_a_remembered_log_in_ends_by_time(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house_with_accounts(tmp_path, clock=clock) as (home, mails):
        client = home.client()
        ada(home.client(), mails)
        log_in(client, remember="yes")
        kept = client.get_cookie("remember_citizen")
        assert kept is not None
        for days, ok in ((59, True), (2, False)):
            clock.advance(days=days)
            later = home.client()
            later.set_cookie("remember_citizen", kept.value)
            assert (later.get("/account/").status_code == 200) == ok


def test_a_session_that_was_planted_before_the_log_in_is_worth_nothing(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    post(client, "/account/logout", form="/account/")
    with client.session_transaction() as session:
        session["planted"] = "by somebody"
    planted = token(client, "/account/login")
    assert log_in(client).status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.post("/account/everywhere", data={"csrf_token": planted}).status_code == 400


def test_log_in_leads_back_to_where_it_was_asked_for_and_nowhere_else(here: Home) -> None:
    home, mails = here
    ada(home.client(), mails)
    for wanted, got in (("/account/delete", "/account/delete"), ("https://evil.example/", "/account/")):
        client = home.client()
        assert log_in(client, next=wanted).headers["Location"] == got
    client = home.client()
    assert client.get("/account/password").headers["Location"] == "/account/login?next=/account/password"


def test_a_forgotten_password_is_set_anew_by_the_mail(here: Home) -> None:
    home, mails = here
    other = home.client()
    ada(other, mails)
    client = home.client()
    said = {post(client, "/account/forgotten", email=email).headers["Location"] for email in (EMAIL, "no@example.org")}
    assert said == {"/account/sent/reset"}
    path = mails.link().split("?")[0]
    assert client.get(path).status_code == client.get(path).status_code == 200
    assert "At least 10 characters" in post(client, path, password="short").text
    new = "tre gatti sul tetto"
    assert post(client, path, password=new).headers["Location"].endswith("/account/")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 303, "everybody else is logged out"
    assert client.get(path).status_code == 404
    assert str(mails.newest()["Subject"]).startswith("Your password")
    assert (log_in(home.client()).status_code, log_in(home.client(), new).status_code) == (422, 303)


def test_the_password_is_changed_by_who_knows_it_and_other_devices_are_out(here: Home) -> None:
    home, mails = here
    client, other = home.client(), home.client()
    ada(home.client(), mails)
    log_in(client, remember="yes")
    log_in(other)
    new = "tre gatti sul tetto"
    assert post(client, "/account/password", current="wrong", password=new).status_code == 422
    assert post(client, "/account/password", current=PASSWORD, password="ada@example.org").status_code == 422
    assert post(client, "/account/password", current=PASSWORD, password=new).status_code == 303
    assert other.get("/account/").status_code == 303
    client.delete_cookie("session")
    assert client.get("/account/").status_code == 200, "this device is still remembered"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("kurz", "short"),
        ("123456789", "short"),
        ("1234567890", "common"),
        ("qwertyuiop", "common"),
        ("password12", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("anna.bianchi", "own"),
        ("bianchianna", "own"),
        ("x" * 257, "long"),
        ("mela cavallo finestra", None),
        ("パスワードは長い文です。", None),
        ("ein ganz anderer Satz", None),
    ],
)
def test_passwords_are_judged_by_how_soon_they_are_guessed(password: str, fault: str | None) -> None:
    assert passwords.fault(password, ["Anna Bianchi", "anna.bianchi@example.org"]) == fault


def test_a_password_may_be_composed_in_two_ways_of_the_keyboard() -> None:
    stored = passwords.hashed("caffe\u0301 nero e panna")
    assert passwords.verify(stored, passwords.normal("caff\u00e9 nero e panna"))
    assert not passwords.verify(None, "nobody"), "nobody's hash lets nobody in"


def test_registration_says_what_is_wrong_beside_its_field(here: Home) -> None:
    home, mails = here
    client = home.client()
    answer = register(client, "ada@pec.it")
    assert answer.status_code == 422
    assert "certified mailbox" in answer.text
    answer = register(client, "nobody", name="", password="short")
    assert [f'id="{name}-fault"' in answer.text for name in ("name", "email", "password")] == [True] * 3
    assert "short" not in re.findall(r'value="([^"]*)"', answer.text), "a password never comes back"
    assert register(client, website="http://buy.example").status_code == 422
    assert mails.new() == []


def test_a_likely_slip_in_an_address_is_pointed_out_once(here: Home) -> None:
    home, mails = here
    client = home.client()
    answer = register(client, "ada@gmial.com")
    assert answer.status_code == 422
    assert "ada@gmail.com" in answer.text
    assert register(client, "ada@gmial.com", email_choice="ada@gmial.com").status_code == 303
    assert mails.newest()["To"] == "ada@gmial.com"


def test_a_button_that_is_pressed_twice_in_haste_says_the_same_twice(here: Home) -> None:
    home, mails = here
    client = home.client()
    register(client)
    path = mails.link().split("?")[0]
    page = client.get(path).text
    fields = dict(re.findall(r'name="(csrf_token|request_id)" value="([^"]+)"', page))
    with client.session_transaction() as session:
        before = dict(session)
    first = client.post(path, data=fields)
    with client.session_transaction() as session:
        session.clear()
        session.update(before)
    second = client.post(path, data=fields)
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert client.get(path).status_code == 404


def test_the_personal_area_shows_all_of_ones_own_and_nothing_of_others(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    account = account_of(client)
    own = book_for(home, account, notes="brings a dog")
    others = book_for(home, "another", name="Bruno Verdi", email="bruno@example.org")
    page = client.get("/account/").text
    for shown in (own["label"], own["code"], "Anna Bianchi", "brings a dog", "Tuesday 24 November", "Passports"):
        assert shown in page, shown
    assert "Bruno" not in page
    assert client.get(f"/appointment/{others['code']}").status_code == 404
    assert client.get(f"/appointment/{own['code']}").status_code == 200
    assert home.client().get(f"/appointment/{own['code']}").status_code == 404


def test_a_booking_is_moved_and_cancelled_from_the_area(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    own = book_for(home, account_of(client))
    path = f"/appointment/{own['code']}"
    moved = post(client, f"{path}/move", start=slot(2))
    assert moved.headers["Location"] == "/account/"
    assert "Wednesday 25 November" in client.get("/account/").text
    stranger = home.client()
    csrf = token(stranger, "/account/login")
    for act in ("move", "cancel"):
        assert stranger.post(f"{path}/{act}", data={"csrf_token": csrf, "start": slot(3)}).status_code == 404
    assert post(client, f"{path}/cancel", form="/account/").headers["Location"] == "/account/"
    page = client.get("/account/").text
    assert "cancelled" in page
    assert "Book again" in page


def test_a_move_to_a_time_that_is_gone_keeps_the_old_one(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    account = account_of(client)
    own = book_for(home, account)
    for number in range(home.desk.office.services["passport"].places):
        book_for(home, f"other {number}", start=slot(2), email=f"p{number}@example.org")
    answer = post(client, f"/appointment/{own['code']}/move", start=slot(2))
    assert "has just been taken" in client.get(answer.headers["Location"]).text
    assert "Tuesday 24 November" in client.get("/account/").text


def test_ones_data_come_as_a_file(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    own = book_for(home, account_of(client))
    answer = client.get("/account/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numeretto.json"'
    found = json.loads(answer.text)
    assert (found["account"]["email"], found["bookings"][0]["code"]) == (EMAIL, own["code"])
    assert home.client().get("/account/data.json").status_code == 303


def test_an_account_is_deleted_with_its_password_and_a_tick(here: Home) -> None:
    home, mails = here
    client = home.client()
    ada(client, mails)
    own = book_for(home, account_of(client))
    mails.new()
    assert own["label"] in client.get("/account/delete").text
    for values in ({"sure": "yes"}, {"current": PASSWORD}, {"sure": "yes", "current": "wrong"}):
        assert post(client, "/account/delete", **values).status_code == 422
    assert post(client, "/account/delete", sure="yes", current=PASSWORD).status_code == 303
    assert client.get("/account/").status_code == 303
    assert log_in(home.client()).status_code == 422
    assert "disdetto" in str(mails.newest()["Subject"])
    assert client.get(f"/appointment/{own['code']}").status_code == 404


def test_attempts_are_limited_by_address_and_by_e_mail(tmp_path: Path) -> None:
    limits = Limits(
        login="1000 per minute", login_email="3 per hour", account="1000 per minute", account_email="2 per hour"
    )
    with house_with_accounts(tmp_path, limits=limits) as (home, _mails):
        client = home.client()
        assert [log_in(client).status_code for _ in range(4)] == [422, 422, 422, 429]
        assert log_in(client, email="other@example.org").status_code == 422
        found = [post(client, "/account/forgotten", email=EMAIL).status_code for _ in range(3)]
        assert found == [303, 303, 429], "nobody's mailbox is filled by others"
    with house_with_accounts(tmp_path, limits=Limits(login="2 per minute", account="2 per minute")) as (home, _mails):
        client = home.client()
        assert [log_in(client).status_code for _ in range(3)] == [422, 422, 429]
        assert [post(client, "/account/forgotten", email="x").status_code for _ in range(3)] == [422, 422, 429]


def test_nothing_personal_stands_in_addresses_or_logs(here: Home, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    home, mails = here
    client = home.client()
    ada(home.client(), mails)
    log_in(client)
    log_in(home.client(), "wrong")
    post(client, "/account/forgotten", email=EMAIL)
    mails.new()
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("dispatcher"))
    assert "event=citizen_login" in ours
    for secret in (EMAIL, "Neri", PASSWORD):
        assert secret not in ours


def test_a_registration_waits_an_hour_and_no_longer(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house_with_accounts(tmp_path, clock=clock) as (home, mails):
        client = home.client()
        register(client)
        path = mails.link()
        clock.advance(seconds=timedelta(hours=1).total_seconds())
        assert client.get(path).status_code == 404
