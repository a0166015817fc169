"""How screens sound, as the office file says it: voice, loudness by time of day, rooms (C2, F1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.onebox import broker
from dispatcher import config
from dispatcher.bus.settings import device_settings
from dispatcher.wire import codec
from dispatcher.wire.messages import DisplayConfig
from tests.test_config import SMALL, fault, write

BASE = SMALL.replace('[[display]]\nid = "hall"\n', "")
SCREENS = """
[[display]]
id = "hall"
room = "ground"
counters = ["1"]

[[display]]
id = "lift"
voice = false
volume = 30

[[display]]
id = "door"
room = "ground"

[voice]
volume = { "08:00-18:00" = 80, "18:00-08:00" = 0 }
"""


def settings(tmp_path: Path, more: str) -> dict[str, DisplayConfig]:
    office = config.load(write(tmp_path, BASE + more))
    found = device_settings(office, printers={}, room=False, simulated_clock=False)
    return {name: codec.decode(DisplayConfig, found[name]) for name in office.displays}


def test_screens_know_how_loud_they_are_and_who_stands_beside_them(tmp_path: Path) -> None:
    found = settings(tmp_path, SCREENS)
    by_day = {"08:00-18:00": 80, "18:00-08:00": 0}
    assert {name: (each.voice, each.volume) for name, each in found.items()} == {
        "hall": (True, by_day),
        "lift": (False, 30),
        "door": (True, by_day),
    }
    assert found["hall"].speakers == found["door"].speakers == ("hall", "door")
    assert (found["hall"].counters, found["hall"].room_counters) == (("1",), None)
    assert (found["lift"].speakers, found["lift"].room_counters) == ((), ())


def test_calls_of_the_room_are_those_that_any_of_its_screens_shows(tmp_path: Path) -> None:
    both = SCREENS.replace('id = "door"', 'id = "door"\ncounters = ["1"]')
    assert settings(tmp_path, both)["hall"].room_counters == ("1",)


def test_office_that_says_nothing_speaks_at_eighty(tmp_path: Path) -> None:
    found = settings(tmp_path, '[[display]]\nid = "hall"\n')["hall"]
    assert (found.voice, found.volume, found.speakers) == (True, 80, ())


@pytest.mark.parametrize(
    ("text", "key", "sentence"),
    [
        ("volume = 101", "voice.volume", "from 0 to 100"),
        ("volume = true", "voice.volume", "from 0 to 100"),
        ('volume = "loud"', "voice.volume", "from 0 to 100"),
        ("volume = {}", "voice.volume", "by time of day"),
        ('volume = { "8-18" = 80 }', "voice.volume.8-18", "no span"),
        ('volume = { "08:00-24:00" = 80 }', "voice.volume.08:00-24:00", "no span"),
        ('volume = { "08:00-08:00" = 80 }', "voice.volume.08:00-08:00", "no length"),
        ('volume = { "08:00-18:00" = -1 }', "voice.volume.08:00-18:00", "0 (silent) to 100"),
        ('volume = { "08:00-18:00" = 80, "17:59-08:00" = 9 }', "voice.volume.17:59-08:00", "overlap at 17:59"),
        ("volumes = 3", "voice.volumes", 'did you mean "volume"?'),
    ],
)
def test_wrong_loudness_is_refused_with_its_place(tmp_path: Path, text: str, key: str, sentence: str) -> None:
    whole = f"{SMALL}\n[voice]\n{text}\n"
    error = fault(tmp_path, whole)
    assert (error.line, error.key) == (whole.rstrip().count("\n") + 1, key)
    assert sentence in error.message


def test_room_is_an_id(tmp_path: Path) -> None:
    assert "letters, digits" in fault(tmp_path, f'{BASE}\n[[display]]\nid = "hall"\nroom = "the hall"\n').message


def test_room_of_one_screen_is_doubted(tmp_path: Path) -> None:
    path = write(tmp_path, BASE + '\n[[display]]\nid = "hall"\nroom = "ground"\n')
    _office, warnings = config.load_with_warnings(path)
    assert [each.key for each in warnings if "no other screen" in each.message] == ["display[hall].room"]


def test_screens_of_a_room_hear_each_others_status_and_nobody_elses(tmp_path: Path) -> None:
    office = config.load(write(tmp_path, BASE + SCREENS))
    heard = broker.room_topics(office)
    assert {name: [topic.split("/")[-2] for topic in topics] for name, topics in heard.items()} == {
        "hall": ["door"],
        "door": ["hall"],
    }
    rules = broker.acl_text(office.id, broker.device_ids(office), {}, heard)
    blocks = {block.split("\n")[0]: block for block in rules.split("\n\n")}
    assert "topic read numeretto/v1/torino/device/door/status" in blocks["user hall"]
    assert "device/hall/status" not in blocks["user lift"]
