"""Several screens in one process, for the several monitors of one computer (C1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from display.app import main
from tests.display.office import MOSQUITTO, DisplayProcess, PrivateBroker, Script, until
from tests.display.samples import NINE, call
from tests.display.test_app import ENDS_WITHIN_S, label_of


@dataclass
class House:
    hall: Script
    stairs: Script
    screens: DisplayProcess


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    if not Path(MOSQUITTO).exists():
        pytest.skip("mosquitto is not installed")
    broker = PrivateBroker(tmp_path)
    broker.start()
    hall, stairs = Script(broker.url), Script(broker.url, device="stairs", beats=False)
    screens = DisplayProcess(broker.url, tmp_path, "--also", "stairs", "--size", "1280x720")
    try:
        yield House(hall, stairs, screens)
    finally:
        screens.kill()
        hall.stop()
        stairs.stop()
        broker.kill()


def test_each_screen_of_a_process_shows_its_own_counters_and_answers_for_itself(house: House) -> None:
    house.hall.settings(layout="call")
    house.hall.board(call("A051", "1", at=datetime.now(UTC)), call("B062", "2", at=NINE))
    assert until(lambda: house.hall.shown() == 1)
    assert not house.screens.ready.exists(), "the other one has nothing to draw yet"
    house.stairs.settings(layout="call", counters=("2",))
    assert until(lambda: house.stairs.shown() == 1)
    assert until(house.screens.ready.exists)
    assert (label_of(house.hall.frame()), label_of(house.stairs.frame())) == ("A051", "B062")
    assert [each.statuses[-1]["resolution"] for each in (house.hall, house.stairs)] == ["1280x720"] * 2
    code, took_s = house.screens.end(5)
    assert (code, took_s < ENDS_WITHIN_S) == (0, True)
    assert until(lambda: not house.hall.statuses[-1]["online"] and not house.stairs.statuses[-1]["online"])


def test_screen_that_is_named_twice_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--site", "torino", "--id", "hall", "--broker", "mqtt://127.0.0.1:1", "--headless"]
    assert main([*arguments, "--also", "hall"]) == 2
    assert "--also names a screen twice" in capsys.readouterr().err
