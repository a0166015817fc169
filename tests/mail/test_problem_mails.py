"""What is wrong with a device reaches whoever looks after it: once when it lasts, once when it is over (B3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatcher.engine.model import Display, Kiosk, Problems
from dispatcher.mail import Postman
from dispatcher.mail.carriers import Server
from dispatcher.store.session import Store
from dispatcher.usecases import presence, problems
from dispatcher.usecases.desk import SYSTEM, Desk
from dispatcher.wire.clock import ManualClock
from tests.mail.post import ROME, Inbox, inbox, office, sender

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)
OUT = {"code": "paper_out", "text": "La carta è finita: metti un nuovo rotolo."}
WHO = "tecnico@example.org"


@dataclass
class House:
    """An office with a dispenser and a screen; the postman looks in every half minute."""

    desk: Desk
    clock: ManualClock
    postman: Postman
    box: Inbox

    def says(self, *told: dict[str, str], device: str = "entrance", online: bool = True) -> None:
        """The device's status."""
        now = self.clock.now().isoformat()
        status = {"at": now, "problems": [{"since": now, **one} for one in told]}
        assert self.desk.execute(SYSTEM, presence.note, device_id=device, online=online, status=status).ok

    def lost(self, device: str = "entrance") -> None:
        """Its last will."""
        assert self.desk.execute(SYSTEM, presence.note, device_id=device, online=False, status={"online": False}).ok

    def later(self, **delta: float) -> None:
        left = timedelta(**delta)
        while left > timedelta(0):
            self.clock.advance(seconds=30)
            left -= timedelta(seconds=30)
            self.postman.round()

    def problems(self, device: str = "entrance") -> list[str]:
        listed: list[dict[str, Any]] = self.desk.read(problems.overview)
        return [one["code"] for one in next(row for row in listed if row["id"] == device)["problems"]]


@contextmanager
def _house(store: Store, box: Inbox, settings: Problems) -> Iterator[House]:
    clock = ManualClock(MORNING)
    at = office(
        kiosks={"entrance": Kiosk(id="entrance")}, displays={"hall": Display(id="hall")}, mail=box.settings,
        problems=settings, languages=("it", "en", "de", "fr"),
    )  # fmt: skip
    desk = Desk(store, at, clock, base_url="https://code.example.org")
    desk.prepare()
    yield House(desk, clock, Postman(desk, Server(box.settings, None, timeout_s=5), sender(office=at)), box)


@pytest.fixture
def begin(store: Store) -> Iterator[Callable[..., House]]:
    with inbox() as box:
        opened: list[Any] = []

        def make(email: str | None = WHO, minutes: float = 5) -> House:
            opened.append(_house(store, box, Problems(email=email, after=timedelta(minutes=minutes))))
            house: House = opened[-1].__enter__()
            return house

        yield make
        for one in opened:
            one.__exit__(None, None, None)


def test_one_mail_when_it_lasts_and_one_when_it_is_over(begin: Callable[..., House]) -> None:
    house = begin()
    house.says(OUT)
    house.later(minutes=4)
    assert house.box.got == []
    house.later(minutes=2)
    house.says(OUT)
    house.later(hours=2)
    assert house.box.subjects == ["entrance: La carta è finita: metti un nuovo rotolo."]
    house.says()
    house.later(minutes=2)
    assert house.box.subjects[1:] == ["entrance: risolto"]
    assert house.box.recipients == [WHO, WHO]
    text = str(house.box.got[0][1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "entrance" in text
    assert "lunedì 23 novembre" in text
    assert "09:00" in text
    assert "https://code.example.org/office/devices" in text
    over = str(house.box.got[1][1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Risolto" in over
    assert house.problems() == []


def test_what_passes_quickly_is_nobody_s_mail(begin: Callable[..., House]) -> None:
    house = begin()
    for _ in range(5):
        house.says(OUT)
        house.later(minutes=3)
        house.says()
        house.later(minutes=3)
    assert house.box.got == []


def test_without_an_address_the_office_page_alone_knows(begin: Callable[..., House]) -> None:
    house = begin(email=None)
    house.says(OUT)
    house.later(minutes=30)
    assert house.box.got == []
    assert house.problems() == ["paper_out"]


def test_a_lost_device_is_a_problem_and_one_that_says_good_bye_is_not(begin: Callable[..., House]) -> None:
    house = begin()
    house.says()
    house.says(online=False)
    assert house.problems() == []
    house.lost("hall")
    house.later(minutes=6)
    assert house.problems("hall") == ["gone"]
    assert house.box.subjects == ["hall: Il dispositivo non è collegato: controllare alimentazione e rete."]


def test_a_problem_is_not_over_because_its_device_is_lost(begin: Callable[..., House]) -> None:
    house = begin()
    house.says(OUT)
    house.later(minutes=6)
    house.lost()
    assert sorted(house.problems()) == ["gone", "paper_out"]
    assert len(house.box.got) == 1
    house.says(OUT)
    house.later(minutes=6)
    assert house.problems() == ["paper_out"]
    assert len(house.box.got) == 1, "back within five minutes"


def test_a_device_whose_clock_is_wrong_is_not_believed(begin: Callable[..., House]) -> None:
    house = begin()
    for since in ("1970-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00", "soon"):
        status = {"at": since, "problems": [{**OUT, "since": since}]}
        assert house.desk.execute(SYSTEM, presence.note, device_id="entrance", online=True, status=status).ok
        listed = house.desk.read(problems.overview)
        assert listed[0]["problems"][0]["since"] == "2026-11-23T08:00:00.000Z"
        house.says()
