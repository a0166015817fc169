"""Everybody at once, over HTTP and MQTT, on both databases: each ticket once, each number once (A1, A8, A11)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests import servers
from tests.journeys import sites
from tests.journeys.crowd import together
from tests.journeys.office import Office, running
from tests.journeys.web import Answered

pytestmark = pytest.mark.journey
CLIENTS = 16
WAITING = 400
MANY_ROUNDS = 20
BUTTONS = range(CLIENTS // 2, CLIENTS)
"""Half of the counters press a button over MQTT, the others over HTTP."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Sixteen counters and two services, on each database."""
    text = sites.site() + sites.service("passport", "A") + sites.service("residence", "B")
    for number in range(CLIENTS):
        text += sites.counter(str(number), "passport", "residence")
    for number in BUTTONS:
        text += sites.table("device", id=f"button{number}", kind="esphome", counter=str(number))
    environ = {}
    if request.param == "postgresql":
        cluster: servers.Postgres = request.getfixturevalue("postgres")
        environ["NUMERETTO_DATABASE"] = cluster.url(cluster.create())
    folder: Path = tmp_path_factory.mktemp(f"race-{request.param}")
    with running(folder, text, environ=environ) as office:
        for number in range(CLIENTS):
            office.acted(str(number), "open")
        yield office


def test_race(office: Office) -> None:
    """A8 A11: 400 issued by 16 at once, then called by 16 at once."""
    _race(office)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_race_many_rounds(office: Office) -> None:
    """The same, 20 times."""
    for _ in range(MANY_ROUNDS):
        _race(office)


def test_same_request_five_times_at_once_is_one_ticket(office: Office) -> None:
    """A8: one ticket, five equal answers; over HTTP, and over MQTT for a press."""
    before = _waiting(office)
    key = uuid.uuid4().hex
    ask = partial(office.api, "POST", "/tickets", {"service": "passport"}, key=key)
    answers = together([ask] * 5)
    assert [answer.status for answer in answers] == [201] * 5
    assert all(answer.body == answers[0].body for answer in answers), [answer.body for answer in answers]
    assert _waiting(office) == before + 1
    command = {"request_id": uuid.uuid4().hex, "action": "next"}
    device = office.device(f"button{BUTTONS[0]}")
    replies = [device.command(f"counter/{BUTTONS[0]}", command) for _ in range(5)]
    assert all(reply == replies[0] for reply in replies), replies
    assert replies[0]["ticket"]["label"] == answers[0].body["label"]
    assert _waiting(office) == before
    office.acted(str(BUTTONS[0]), "finish")


def _race(office: Office) -> None:
    issued = [one for some in together([partial(_take, office, WAITING // CLIENTS)] * CLIENTS) for one in some]
    assert len({one["id"] for one in issued}) == WAITING
    for letter in "AB":
        numbers = sorted(int(str(one["label"])[1:]) for one in issued if str(one["label"]).startswith(letter))
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no number twice; no void, so no gap"
    assert _waiting(office) == WAITING
    called = [label for some in together([_presser(office, number) for number in range(CLIENTS)]) for label in some]
    twice = [label for label, times in Counter(called).items() if times > 1]
    assert twice == []
    assert sorted(called) == sorted(str(one["label"]) for one in issued)
    assert _waiting(office) == 0
    states = Counter(office.ticket(str(one["id"]))["state"] for one in issued[:: WAITING // 40])
    assert set(states) == {"served"}


def _take(office: Office, times: int) -> list[dict[str, object]]:
    services = ("passport", "residence")
    return [office.issue(services[number % 2]) for number in range(times)]


def _presser(office: Office, number: int) -> Callable[[], list[str]]:
    """Presses next until nobody is left; the labels that came."""
    if number in BUTTONS:
        office.device(f"button{number}")

    def press() -> list[str]:
        labels: list[str] = []
        while True:
            ticket = _next(office, number)
            if ticket is None:
                return labels
            labels.append(str(ticket["label"]))

    return press


def _next(office: Office, number: int) -> dict[str, object] | None:
    if number in BUTTONS:
        error, content = office.button(f"button{number}", str(number), "next")
        assert error is None, (error, content)
        return content["ticket"]  # type: ignore[no-any-return]
    answer: Answered = office.act(str(number), "next")
    assert answer.status == 200, answer
    return answer.body["ticket"]  # type: ignore[no-any-return]


def _waiting(office: Office) -> int:
    return sum(int(one["waiting"]) for one in office.get("/queues"))
