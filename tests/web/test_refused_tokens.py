"""Keys in links that are guessed, altered, old or used: refused in the same words, after the same work (E2, E4, E5)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatcher.usecases.holder import holder_key, signing_key
from dispatcher.wire.clock import ManualClock
from tests.web.accounts import EMAIL, PASSWORD, Post, ada, house_with_accounts, log_in, post, register, token
from tests.web.office import API, MONDAY_9, OFFICE, ROOMY, House, booking

ROUNDS = 40
ALIKE = 1.6
"""The dearest refusal by the cheapest; a look-up more or less, or a password that is hashed or not, is far beyond."""

Ask = Callable[[], TestResponse]


def least_work_s(asks: dict[str, Ask], rounds: int = ROUNDS) -> dict[str, float]:
    """The least processor time of this process for one answer to each: what else runs on the machine does not count,
    and they are asked in turn, so that a slow moment meets all of them."""
    least = dict.fromkeys(asks, float("inf"))
    for _ in range(rounds):
        for name, ask in asks.items():
            begun = time.process_time()
            ask()
            least[name] = min(least[name], time.process_time() - begun)
    return least


def alike_in_work(asks: dict[str, Ask]) -> None:
    work = least_work_s(asks)
    assert max(work.values()) / min(work.values()) < ALIKE, work


def words(answer: TestResponse) -> tuple[int, str]:
    """What is said: the page without its own address and without its forms' token."""
    text = re.sub(r'(href="[^"]*\?|name="csrf_token" value=")[^"]*"', "", answer.text)
    return answer.status_code, re.sub(r"/appointment/[^?\"]*|/t/[^?\"]*", "", text)


def refused_alike(asks: dict[str, Ask], status: int = 404) -> None:
    said = {name: words(ask()) for name, ask in asks.items()}
    assert set(said.values()) == {(status, next(iter(said.values()))[1])}, list(said)
    alike_in_work(asks)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_9)


@pytest.fixture
def here(tmp_path: Path, clock: ManualClock) -> Iterator[tuple[House, Post]]:
    with house_with_accounts(tmp_path, clock=clock, limits=ROOMY) as made:
        yield made


def altered(path: str) -> str:
    return path[:-1] + ("0" if path[-1] != "0" else "1")


def path_in_mail(client: FlaskClient, mails: Post, kind: str, email: str) -> str:
    """A link of this kind that can be used, out of its mail."""
    register(client, email)
    path = mails.link().split("?")[0]
    if kind == "reset":
        assert post(client, path).status_code == 303
        post(client, "/account/forgotten", email=email)
        path = mails.link().split("?")[0]
    return path


@pytest.mark.parametrize(("kind", "other"), [("confirm", "reset"), ("reset", "confirm")])
def test_account_links(here: tuple[House, Post], clock: ManualClock, kind: str, other: str) -> None:
    home, mails = here
    old = path_in_mail(home.client(), mails, kind, "old@example.org")
    clock.advance(minutes=61)
    client = home.client()
    used = path_in_mail(client, mails, kind, "used@example.org")
    assert post(client, used, **({"password": "tre gatti sul tetto"} if kind == "reset" else {})).status_code == 303
    mails.new()
    good = path_in_mail(home.client(), mails, kind, "good@example.org")
    refused = {
        "used": used,
        "old": old,
        "altered": altered(good),
        "guessed": f"/account/{kind}/{'a' * 69}",
        "of the other kind": path_in_mail(home.client(), mails, other, "other@example.org").replace(other, kind),
    }
    reader = home.client()
    assert reader.get(good).status_code == 200
    data = {"csrf_token": token(reader, "/account/login"), "password": PASSWORD}
    refused_alike({name: getting(reader, path) for name, path in refused.items()})
    refused_alike({name: sending(reader, path, data) for name, path in refused.items()})
    assert reader.post(used).status_code == 400, "a form that is not ours"


def getting(client: FlaskClient, path: str) -> Ask:
    return lambda: client.get(path)


def sending(client: FlaskClient, path: str, data: dict[str, str]) -> Ask:
    return lambda: client.post(path, data=data)


def test_holders_links(here: tuple[House, Post]) -> None:
    client = here[0].client()
    mine, other = (made(client, name=name, email=f"{name[:3]}@example.org") for name in ("Ada Neri", "Bruno Verdi"))
    key = holder_key(signing_key("a key for tests"), mine["code"])
    assert client.get(f"/appointment/{mine['code']}?key={key}").status_code == 200
    refused_alike({
        name: getting(client, f"/appointment/{path}&lang=en")
        for name, path in {
            "another's": f"{other['code']}?key={key}",
            "altered": f"{mine['code']}?key={altered(key)}",
            "none": f"{mine['code']}?key=",
            "no such code": f"ZZZZZZZZ?key={key}",
            "no such code, signed": f"ZZZZZZZZ?key={holder_key(signing_key('a key for tests'), 'ZZZZZZZZ')}",
        }.items()
    })  # fmt: skip


def test_holders_keys_over_the_api(here: tuple[House, Post]) -> None:
    client = here[0].client()
    mine, other = made(client), made(client, name="Bruno Verdi", email="bruno@example.org")
    key = holder_key(signing_key("a key for tests"), mine["code"])
    asks = {
        path: getting(client, f"{API}/appointments/{path}")
        for path in (f"{other['code']}?key={key}", f"{mine['code']}?key={altered(key)}", f"ZZZZZZZZ?key={key}")
    }
    said = {(ask().status_code, (ask().get_json() or {})["detail"]) for ask in asks.values()}
    assert said == {(403, "this link is not valid")}
    alike_in_work(asks)


def made(client: FlaskClient, **changes: object) -> dict:
    answer = client.post(f"{API}/appointments", json=booking(**changes), headers=OFFICE)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def test_tickets_pages(here: tuple[House, Post]) -> None:
    client = here[0].client()
    path = re.sub("^https?://[^/]*", "", made(client)["status_url"])
    assert client.get(path).status_code == 200
    tokens = {"altered": altered(path), "cut": path[:-1], "guessed": "/t/" + "a" * len(path.removeprefix("/t/"))}
    refused_alike({name: getting(client, f"{one}?lang=en") for name, one in tokens.items()})


def test_a_wrong_password_and_an_unknown_address(here: tuple[House, Post]) -> None:
    home, mails = here
    ada(home.client(), mails)
    reader = home.client()
    csrf = token(reader, "/account/login")
    asks = {
        email: sending(reader, "/account/login", {"csrf_token": csrf, "email": email, "password": "wrong horse"})
        for email in (EMAIL, "nobody@example.org")
    }
    said = {email: words(ask())[1].replace(email, "") for email, ask in asks.items()}
    assert len(set(said.values())) == 1
    work = least_work_s(asks, rounds=4).values()
    assert max(work) / min(work) < ALIKE
    assert min(work) > 0.02, "a password was hashed both times"
    assert log_in(reader, "wrong horse").status_code == 422
