"""The anti-robot check of the booking pages and their limits by address, e-mail and network (E1)."""

from __future__ import annotations

from pathlib import Path

import altcha
import pytest
from flask.testing import FlaskClient

from dispatcher.web import Limits
from dispatcher.web.pages.forms import network_of
from dispatcher.web.texts import catalogue
from dispatcher.wire.clock import ManualClock
from tests.web.accounts import EMAIL, PASSWORD, house_with_accounts
from tests.web.bookings import Booking, answer_of, hidden
from tests.web.office import API, MONDAY_9, ROOMY, booking, house, slot


def test_check_solved_by_a_script_is_taken_once(client: FlaskClient) -> None:
    challenge = altcha.Challenge.from_dict(client.get(f"{API}/challenge").json)
    solved = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()
    way = Booking(client)
    assert way.send(altcha=solved, answer="").status_code == 200
    first = way.page
    assert way.confirm().status_code == 303
    way = Booking(client, start=slot(hour=11))
    way.send(altcha=solved, answer="", name="Bruno Neri")
    replay = way.confirm()
    assert replay.status_code == 422
    assert "was used before" in replay.text
    assert 'value="Bruno Neri"' in replay.text
    assert answer_of(replay.text), "and a new question is asked"
    assert first


def test_question_is_taken_once_and_dies_of_age(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house(tmp_path, clock=clock) as home:
        client = home.client()
        way = Booking(client)
        form = way.form()
        used = {"question": hidden(form)["question"], "answer": answer_of(form)}
        way.through()
        other = Booking(client, start=slot(hour=11))
        other.send(**used, name="Bruno Neri")
        assert "was used before" in other.confirm().text
        third = Booking(client, start=slot(hour=12))
        third.form()
        clock.advance(minutes=61)
        assert "The result is not right" in third.send(name="Carla Verdi").text


def test_answer_in_words_of_any_language_is_understood(client: FlaskClient) -> None:
    for language, service in (("fr", "passport"), ("de", "residence")):
        way = Booking(client, service=service)
        form = way.form()
        word = catalogue(language)[f"booking.number.{answer_of(form)}"]
        assert way.send(answer=f" {word.upper()} ").status_code == 200, word


def test_too_many_attempts_lose_nothing_that_was_typed(tmp_path: Path) -> None:
    limits = Limits(**{**ROOMY.__dict__, "question": "1 per minute", "booking_email": "1 per hour"})
    with house(tmp_path, limits=limits) as home:
        way = Booking(home.client())
        assert way.through().status_code == 303
        way = Booking(home.client(), start=slot(hour=11))
        answer = way.send(notes="ring twice")
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "Too many attempts" in answer.text
        assert "ring twice" in answer.text


def test_network_has_its_limit_beside_the_address(tmp_path: Path) -> None:
    limits = Limits(**{**ROOMY.__dict__, "hold": "2 per minute", "hold_network": "3 per minute"})
    with house(tmp_path, limits=limits) as home:
        statuses = []
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.77", "192.0.2.78", "198.51.100.1"):
            client = home.client()
            client.environ_base["REMOTE_ADDR"] = address
            statuses.append(Booking(client).hold().status_code)
        assert statuses == [303, 303, 429, 409, 429, 409], "those who are let in find the hour held by others"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("nonsense", "nonsense"),
        (None, ""),
    ],
)
def test_network_of_an_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_worker_of_the_check_may_be_loaded_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    csp = client.get("/").headers["Content-Security-Policy"]
    sources = dict(part.split(" ", 1) for part in csp.split("; "))
    assert sources["default-src"] == "'none'"
    assert {sources[name] for name in ("script-src", "worker-src", "connect-src", "style-src")} == {"'self'"}


def test_limits_of_the_network_hold_for_the_api_too(tmp_path: Path) -> None:
    limits = Limits(**{**ROOMY.__dict__, "booking_network": "1 per minute"})
    with house(tmp_path, limits=limits) as home:
        statuses = []
        for address in ("192.0.2.1", "192.0.2.2", "198.51.100.1"):
            client = home.client()
            client.environ_base["REMOTE_ADDR"] = address
            statuses.append(client.post(f"{API}/appointments", json=booking()).status_code)
        assert statuses == [422, 429, 422], "without a solved challenge, but let in, or not"


def test_robots_are_kept_from_sending_mails_to_strangers(tmp_path: Path) -> None:
    """E4: the check of the booking form, asked where no booking was begun; each is good for one account."""
    with house_with_accounts(tmp_path) as (home, mails):
        client = home.client()
        page = client.get("/account/register").text
        values = {**hidden(page), "name": "Ada Neri", "email": EMAIL, "password": PASSWORD}
        for answer in ("", "1"):
            refused = client.post("/account/register", data={**values, "answer": answer})
            assert (refused.status_code, 'href="#answer"' in refused.text) == (422, True), answer
        assert client.post("/account/register", data={**values, "answer": answer_of(page)}).status_code == 303
        again = home.client()
        mine = hidden(again.get("/account/register").text)["csrf_token"]
        used = {**values, "csrf_token": mine, "email": "eva@example.org", "answer": answer_of(page)}
        told = again.post("/account/register", data=used)
        assert told.status_code == 422
        assert "eva@example.org" in told.text, "nothing typed is lost"
        assert (
            again.post(
                "/account/register", data={**used, **hidden(told.text), "answer": answer_of(told.text)}
            ).status_code
            == 303
        )
        assert [str(mail["To"]) for mail in mails.new()] == [EMAIL, "eva@example.org"]
