"""The office's page of devices: what is wrong, since when, what to do, what paper there is (B3, F2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatcher.engine.model import Device, Display, Kiosk
from dispatcher.usecases import presence
from dispatcher.usecases.desk import SYSTEM
from tests.web.desk import log_in
from tests.web.office import House, house, make_office
from tests.web.scenarios import trouble


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    office = make_office(
        kiosks={"entrance": Kiosk(id="entrance")},
        displays={"hall": Display(id="hall")},
        devices={"button": Device(id="button", kind="tasmota", counter="1")},
    )
    with house(tmp_path, office=office) as made:
        yield made


def _page(client: FlaskClient, path: str, language: str = "it") -> str:
    return client.get(f"{path}?lang={language}").get_data(as_text=True)


def test_nobody_sees_it_without_having_logged_in(home: House) -> None:
    answer = home.client().get("/office/devices")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/office/devices")


def test_what_is_wrong_since_when_what_to_do_and_the_paper(home: House) -> None:
    trouble(home)
    client = log_in(home.client(), "anna")
    assert "2 problemi" in _page(client, "/office/")
    page = _page(client, "/office/devices")
    assert page.index("entrance") < page.index("hall"), "what needs a hand comes first"
    assert "La carta è finita: mettere un nuovo rotolo." in page
    assert "Da: " in page
    assert "carta per circa 300 biglietti" in page
    for language, sentence in (
        ("en", "The paper has run out: put in a new roll."),
        ("de", "Das Papier ist zu Ende: eine neue Rolle einlegen."),
        ("fr", "Il n&#39;y a plus de papier : mettez un nouveau rouleau."),
    ):
        assert sentence in _page(client, "/office/devices", language)


def test_an_unknown_problem_is_said_in_the_device_s_own_words(home: House) -> None:
    told: dict[str, Any] = {"code": "smoke", "text": "Esce fumo", "since": "2026-11-22T10:00:00Z"}
    home.desk.execute(
        SYSTEM, presence.note, device_id="hall", online=True, status={"at": told["since"], "problems": [told]}
    )
    assert "Esce fumo" in _page(log_in(home.client(), "anna"), "/office/devices")


def test_when_all_is_well_it_says_so(home: House) -> None:
    client = log_in(home.client(), "anna")
    assert "tutto a posto" in _page(client, "/office/")
    assert "spento" in _page(client, "/office/devices")


def test_a_scanner_that_is_gone_stands_there_in_the_reader_s_language_until_it_is_back(home: House) -> None:
    """B6: since when, and what to do."""
    since = home.desk.clock.now()
    told = {"code": "scanner_gone", "text": "Der Codeleser ist weg.", "since": since.isoformat()}

    def says(*problems: dict[str, Any]) -> None:
        status = {"at": since.isoformat(), "problems": list(problems)}
        home.desk.execute(SYSTEM, presence.note, device_id="entrance", online=True, status=status)

    says(told)
    client = log_in(home.client(), "anna")
    assert "Da: " in _page(client, "/office/devices")
    for language, sentence in (
        ("it", "controllare il cavo, staccarlo e riattaccarlo"),
        ("en", "check its cable, unplug it and plug it in again"),
        ("de", "Kabel prüfen, abziehen und wieder einstecken"),
        ("fr", "vérifiez le câble, débranchez-le et rebranchez-le"),
    ):
        assert sentence in _page(client, "/office/devices", language)
    says()
    assert "staccarlo" not in _page(client, "/office/devices")


@pytest.mark.parametrize(
    ("device", "language", "sentence"),
    [
        ("hall", "de", "Aufrufe ertönen, werden aber nicht gesprochen"),
        ("entrance", "de", "Die Sprachführung schweigt"),
        ("hall", "fr", "Les appels sonnent mais ne sont pas dits"),
    ],
)
def test_what_keeps_a_device_from_speaking_is_said_for_what_it_is(
    home: House, device: str, language: str, sentence: str
) -> None:
    told: dict[str, Any] = {"code": "no_voice", "text": "espeak-ng is missing", "since": "2026-11-22T10:00:00Z"}
    home.desk.execute(
        SYSTEM, presence.note, device_id=device, online=True, status={"at": told["since"], "problems": [told]}
    )
    assert sentence in _page(log_in(home.client(), "anna"), "/office/devices", language)
