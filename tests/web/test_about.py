"""Privacy notice, accessibility statement, a mail that did not come; keys that are guessed (E2, E11, F6)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dispatcher.engine.model import Mail, Privacy
from dispatcher.mail import Postman, postman
from dispatcher.usecases.holder import holder_key, signing_key
from dispatcher.web import Limits
from dispatcher.wire.clock import ManualClock
from tests.web.office import API, MONDAY_9, OFFICE, ROOMY, House, booking, house, make_office, slot

CONTACT = {"it": "011 571 6111", "en": "Call 011 571 6111"}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def book(client: FlaskClient, **changes: object) -> dict:
    answer = client.post(f"{API}/appointments", json=booking(language="en", **changes), headers=OFFICE)
    assert answer.status_code == 201
    body: dict = answer.get_json()
    return body


# ---- privacy and accessibility


@pytest.mark.parametrize(
    ("language", "period"),
    [
        ("it", "30 giorni dopo il giorno"),
        ("en", "30 days after the day"),
        ("de", "30 Tage nach dem Tag"),
        ("fr", "30 jours après le jour"),
    ],
)
def test_the_notice_says_in_each_language_how_long(client: FlaskClient, language: str, period: str) -> None:
    page = client.get(f"/privacy?lang={language}").text
    assert period in page
    assert "Camera di commercio" in page
    assert 'href="/privacy"' in client.get("/").text


def test_an_office_says_it_in_its_own_words(tmp_path: Path) -> None:
    own = Privacy(bookings=timedelta(0), notice={"it": "Testo nostro.\n\nSecondo <b>punto</b>."}, contact=CONTACT)
    with house(tmp_path, office=make_office(privacy=own)) as home:
        page = home.client().get("/privacy?lang=en").text
    assert "Testo nostro." in page, "a language that the office has not written is answered in its first"
    assert "&lt;b&gt;punto" in page
    assert "until the end of the day of the appointment" in page
    assert "Call 011 571 6111" in page


def test_accounts_are_spoken_of_where_there_are_any(tmp_path: Path) -> None:
    with house(tmp_path, office=make_office(accounts="optional")) as home:
        page = home.client().get("/privacy?lang=en").text
    assert "If you have an account" in page
    assert "730 days after the last log-in" in page


@pytest.mark.parametrize("language", ["it", "en", "de", "fr"])
def test_the_accessibility_statement_names_standard_limits_and_whom_to_tell(tmp_path: Path, language: str) -> None:
    with house(tmp_path, office=make_office(contact=CONTACT)) as home:
        page = home.client().get(f"/accessibility?lang={language}").text
    assert "WCAG 2.2" in page
    assert "EN 301 549" in page
    assert "011 571 6111" in page
    assert "2026" in page


# ---- a mail that did not come (E11)


class Post:
    """The mails of a house, as files."""

    def __init__(self, home: House, folder: Path) -> None:
        made = postman(home.desk, secret_key="a key for tests", secrets={}, folder=folder)
        assert isinstance(made, Postman)
        self.postman, self.folder = made, folder

    def number(self) -> int:
        self.postman.round()
        return len(list(self.folder.glob("*.eml")))


def ask_again(client: FlaskClient, code: str) -> str:
    fields = hidden(client.get("/mail?lang=en").text)
    answer = client.post("/mail", data={**fields, "code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mail"), "the code is in no address"
    return re.sub(r'name="csrf_token" value="[^"]*"', "", client.get("/mail").text.partition("<main")[2])


def test_a_mail_is_sent_again_by_its_code_and_unknown_codes_are_answered_alike(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        client, post = home.client(), Post(home, tmp_path / "mail")
        booked = book(client)
        assert post.number() == 1
        too_soon = ask_again(client, booked["code"])
        assert post.number() == 1, "two minutes lie between two mails"
        unknown = ask_again(client, "00000000")
        assert too_soon == unknown
        assert "its mail is on its way again" in unknown
        assert booked["label"] not in unknown


def test_it_is_sent_three_times_and_not_more(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9.astimezone(UTC))
    with house(tmp_path, clock=clock) as home:
        client, post = home.client(), Post(home, tmp_path / "mail")
        booked = book(client, start=slot(40))
        counts = [post.number()]
        said = set()
        for _ in range(6):
            clock.advance(minutes=3)
            said.add(ask_again(client, booked["code"].lower()))
            counts.append(post.number())
        assert counts[0] == 1
        assert counts[-1] == 4
        assert len(said) == 1, "the limit is answered in the same words"


def test_the_page_says_where_to_look_and_whom_to_ask(tmp_path: Path) -> None:
    office = make_office(contact=CONTACT, mail=Mail(host="127.0.0.1", port=25, sender="numeretto@example.org"))
    services = {**office.services}
    services["passport"] = replace(services["passport"], contact={"it": "passaporti@example.org"})
    with house(tmp_path, office=replace(office, services=services)) as home:
        page = home.client().get("/mail?lang=en").text
    for words in ("spam", "numeretto@example.org", "Call 011 571 6111", "Passports", "passaporti@example.org"):
        assert words in page, words


def test_sending_again_is_limited_for_an_address_and_needs_the_forms_token(tmp_path: Path) -> None:
    with house(tmp_path, limits=replace(ROOMY, again="3 per hour")) as home:
        client = home.client()
        fields = hidden(client.get("/mail").text)
        statuses = [client.post("/mail", data={**fields, "code": "ABCDEFGH"}).status_code for _ in range(4)]
        assert statuses == [303, 303, 303, 429]
        assert client.post("/mail", data={"code": "ABCDEFGH"}).status_code == 400
        assert "Write your booking code." in ask_nothing(tmp_path)


def ask_nothing(tmp_path: Path) -> str:
    folder = tmp_path / "other"
    folder.mkdir()
    with house(folder) as home:
        return ask_again(home.client(), "  ")


# ---- keys and tokens that are guessed


def test_after_cancelling_a_holders_link_only_says_so(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        client = home.client()
        mine = book(client)
        key = holder_key(signing_key("a key for tests"), mine["code"])
        page = f"/appointment/{mine['code']}?key={key}"
        fields = hidden(client.get(f"{page}&lang=en").text)
        for _ in range(2):
            assert client.post(f"/appointment/{mine['code']}/cancel", data=fields).status_code == 303
        moved = client.post(f"/appointment/{mine['code']}/move", data={**fields, "start": slot(2)})
        assert "not possible any more" in client.get(moved.headers["Location"] + "&lang=en").text
        again = client.get(page + "&lang=en").text
        assert "This appointment is cancelled." in again
        assert "<form" not in again.split("<main")[1].split("</main>")[0]
        assert client.patch(f"{API}/appointments/{mine['code']}?key={key}", json={"start": slot(2)}).status_code == 409


def test_wrong_bearer_tokens_are_limited_and_good_ones_never(tmp_path: Path) -> None:
    with house(tmp_path, limits=Limits(refusals="5 per minute")) as home:
        client = home.client()
        guesses = [client.get(f"{API}/board", headers={"Authorization": f"Bearer guess-{n}"}) for n in range(7)]
        assert [one.status_code for one in guesses] == [401] * 5 + [429] * 2
        assert guesses[-1].get_json()["code"] == "too_many"
        assert guesses[-1].headers["Retry-After"] == "60"
        for _ in range(40):
            assert client.get(f"{API}/board", headers=OFFICE).status_code == 200
        assert client.get(f"{API}/services").status_code == 200
