"""Log-in through an identity provider (E13): a real one on loopback, honest and dishonest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from dispatcher.engine.model import Identity
from tests.servers import free_port
from tests.web.accounts import ada, house_with_accounts, log_in, post
from tests.web.office import SECRETS, House
from tests.web.provider import CLIENT, SECRET, Provider, provider

NAME = {"en": "SPID", "it": "SPID"}


@contextmanager
def house_of(folder: Path, issuer: str, **changes: Any) -> Iterator[tuple[House, Any]]:
    identity = Identity(name=NAME, issuer=issuer, client_id=CLIENT, secret_env="IDENTITY", **changes)
    with house_with_accounts(folder, identity=identity, secrets={**SECRETS, "IDENTITY": SECRET}) as made:
        yield made


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as made:
        yield made


def go(client: FlaskClient, there: Provider, target: str = "") -> str:
    """Through the provider's page; the path of the office to which it sends the browser back."""
    begun = client.get(f"/account/provider{target}")
    assert begun.status_code == 302
    assert begun.headers["Location"].startswith(there.url)
    answer = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "localhost"
    return f"{back.path}?{back.query}"


def told(client: FlaskClient, answer: Any) -> str:
    """What is said after a log-in that did not work; nobody is logged in then."""
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/account/login")
    page: str = client.get(answer.headers["Location"]).text
    assert client.get("/account/").status_code == 303
    return page


def test_who_logs_in_with_the_provider_has_an_account_without_a_password(tmp_path: Path, there: Provider) -> None:
    there.more = {"email": "ada@example.org", "email_verified": True}
    with house_of(tmp_path, there.url) as (home, _mails):
        client = home.client()
        assert "Log in with SPID" in client.get("/account/login").text
        answer = client.get(go(client, there, "?next=/account/delete"))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/delete")
        page = client.get("/account/").text
        assert "Ada Neri" in page
        assert "ada@example.org" in page
        assert "/account/password" not in page
        assert client.get("/account/password").status_code == 303
        (asked,) = there.asked
        assert asked["redirect_uri"] == "http://localhost/account/provider/callback"
        assert asked["scope"] == "openid profile email"
        again = home.client()
        again.get(go(again, there))
        found = again.get("/account/data.json").get_json()
        assert found == client.get("/account/data.json").get_json() or found["account"]["email"] == "ada@example.org"
        assert post(again, "/account/delete", sure="yes").status_code == 303, "no password is asked for"


def test_an_address_that_the_provider_vouches_for_opens_its_account(tmp_path: Path, there: Provider) -> None:
    there.more = {"email": "Ada@example.org", "email_verified": True}
    with house_of(tmp_path, there.url) as (home, mails):
        ada(home.client(), mails)
        client = home.client()
        client.get(go(client, there))
        assert "/account/password" in client.get("/account/").text
        assert log_in(home.client()).status_code == 303, "both ways lead to it"


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"nonce": "of another log-in"}},
        {"claims": {"aud": "another office"}},
        {"claims": {"iss": "http://127.0.0.1:1"}},
        {"claims": {"exp": 1_700_000_000}},
        {"claims": {"sub": None}},
        {"signed_by": "another"},
        {"broken": True},
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_trusted_logs_nobody_in(tmp_path: Path, there: Provider, lie: dict[str, Any]) -> None:
    for name, value in lie.items():
        setattr(there, name, value)
    with house_of(tmp_path, there.url) as (home, _mails):
        client = home.client()
        said = told(client, client.get(go(client, there)))
        assert "SPID gave an answer that we cannot trust" in said or "SPID does not answer" in said


def test_who_breaks_off_is_told_so_and_can_begin_again(tmp_path: Path, there: Provider) -> None:
    person, there.person = there.person, None
    with house_of(tmp_path, there.url) as (home, _mails):
        client = home.client()
        said = told(client, client.get(go(client, there, "?next=/account/delete")))
        assert "was broken off" in said
        assert "Ada Neri" not in said, "what a provider writes is not repeated"
        assert "next=/account/delete" in said, "where one wanted to go is not lost"
        there.person = person
        assert client.get(go(client, there)).status_code == 303
        assert client.get("/account/").status_code == 200


def test_an_answer_for_another_browser_or_for_the_second_time_is_refused(tmp_path: Path, there: Provider) -> None:
    with house_of(tmp_path, there.url) as (home, _mails):
        client, other = home.client(), home.client()
        back = go(client, there)
        assert "was begun in another window" in told(other, other.get(back))
        assert client.get(back).status_code == 303
        assert client.get("/account/").status_code == 200
        fresh = home.client()
        assert "another window" in told(fresh, fresh.get("/account/provider/callback?code=x&state=y"))
        assert "another window" in told(fresh, fresh.get("/account/provider/callback"))


def test_a_provider_that_is_away_is_said_so_and_passwords_still_work(tmp_path: Path) -> None:
    with house_of(tmp_path, f"http://127.0.0.1:{free_port()}") as (home, mails):
        client = home.client()
        said = told(client, client.get("/account/provider?next=/account/delete"))
        assert "SPID does not answer at the moment. Nothing is lost" in said
        ada(client, mails)
        assert client.get("/account/").status_code == 200


def test_a_provider_that_calls_itself_otherwise_is_not_trusted(tmp_path: Path, there: Provider) -> None:
    with house_of(tmp_path, there.url.replace("127.0.0.1", "localhost")) as (home, _mails):
        client = home.client()
        assert "does not answer" in told(client, client.get("/account/provider"))


def test_an_office_that_keeps_no_passwords_has_no_pages_for_them(tmp_path: Path, there: Provider) -> None:
    with house_of(tmp_path, there.url, passwords=False) as (home, _mails):
        client = home.client()
        page = client.get("/account/login").text
        assert "Log in with SPID" in page
        assert 'type="password"' not in page
        for path in ("register", "forgotten", "reset/x"):
            assert client.get(f"/account/{path}").status_code == 404
        client.get(go(client, there))
        assert client.get("/account/").status_code == 200


def test_without_a_provider_there_is_no_such_log_in(tmp_path: Path) -> None:
    with house_with_accounts(tmp_path) as (home, _mails):
        client = home.client()
        assert "provider" not in client.get("/account/login").text
        for path in ("/account/provider", "/account/provider/callback"):
            assert client.get(path).status_code == 404


def test_state_and_nonce_are_new_each_time(tmp_path: Path, there: Provider) -> None:
    with house_of(tmp_path, there.url) as (home, _mails):
        client = home.client()
        addresses = [client.get("/account/provider").headers["Location"] for _ in range(2)]
        asked = [parse_qs(urlsplit(one).query) for one in addresses]
        for name in ("state", "nonce", "code_challenge"):
            assert asked[0][name] != asked[1][name], name
        for _ in range(20):
            client.get("/account/provider")
        cookie = client.get_cookie("session")
        assert cookie is not None
        assert len(cookie.value) < 2000, "a cookie has little room"


def test_the_office_loads_what_a_provider_needs_only_when_it_is_used() -> None:
    heavy = ("authlib", "joserfc", "zxcvbn", "requests")
    code = f"import sys, dispatcher.web; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
