"""The guide with its keys and its voice, as the dispenser's main loop has it (B10)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.wire.clock import SystemClock
from firmware_config.virtual.keypad.stream import Stream
from kiosk import flow
from kiosk.aid import Brought, Pick
from kiosk.speech.aid import SpeechAid
from kiosk.speech.words import Said
from kiosk.texts import Words
from kiosk.ui.window import Stroke
from tests.journeys.waiting import stays, wait_until
from tests.kiosk.peer import config
from tests.kiosk.speech.test_guide import SCENE, customer
from tests.kiosk.speech.test_voice import Card


class Loop:
    """A main loop around the guide: what it said, and what was wanted."""

    def __init__(self, folder: Path, card: Card, **settings: object) -> None:
        self.state = customer(languages=("it",)).state
        self.inbox: list[Brought] = []
        self.heard: list[str] = []
        self.wanted: list[object] = []
        self.aid = SpeechAid(folder, SystemClock(), self.inbox.append, output=lambda: card, heard=self._hear)
        self.aid.use(config("tcp://127.0.0.1:9", voice=True, **settings))

    def turn(self, item: object = None) -> Loop:
        items = [item] if item else []
        while self.inbox or items:
            self._carry_out(self.aid.take(items.pop() if items else self.inbox.pop(0), self.state, SCENE))
        self._carry_out(self.aid.follow(self.state, SCENE))
        return self

    def problems(self) -> set[str]:
        return set(self.turn().aid.problems(Words("en")))

    def _hear(self, said: Said) -> None:
        self.heard.append(said.text)

    def _carry_out(self, events: object) -> None:
        for event in events:  # type: ignore[attr-defined]
            if isinstance(event, Pick):
                self.wanted.append(event)
            else:
                self.state, _ = flow.step(self.state, event)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Stream]:
    made = Stream(tmp_path / "keys")
    yield made
    made.close()


@pytest.fixture
def begin(tmp_path: Path):
    loops: list[Loop] = []

    def start(card: Card, **settings: object) -> Loop:
        loops.append(Loop(tmp_path, card, **settings))
        return loops[-1]

    yield start
    for one in loops:
        one.aid.stop(3)


def test_keys_of_a_device_are_heard_by_their_click_and_by_what_is_said(begin, keys: Stream) -> None:
    card = Card()
    one = begin(card, keys=str(keys.path))
    keys.press("down")
    wait_until(lambda: one.turn().heard[:1] == ["Scegli il servizio con i tasti su e giù, poi premi OK."])
    keys.press("enter")
    wait_until(lambda: one.turn().wanted == [Pick("passport")])
    wait_until(lambda: card.clicks == 2)


def test_keyboard_of_the_window_needs_no_device(begin) -> None:
    one = begin(Card())
    one.turn(Stroke("down", True)).turn(Stroke("down", False))
    assert one.turn(Stroke("return", True)).wanted == [Pick("passport")]
    assert one.problems() == set()


def test_without_a_sound_card_the_office_is_told_and_the_keys_still_choose(begin, keys: Stream) -> None:
    one = begin(Card(missing=True), keys=str(keys.path))
    wait_until(lambda: one.problems() == {"no_audio"})
    assert "headphone jack" in one.aid.problems(Words("en"))["no_audio"]
    keys.press("down", "enter")
    wait_until(lambda: one.turn().wanted == [Pick("passport")])
    assert one.heard == []


def test_keys_that_are_unplugged_are_said_and_work_again(begin, keys: Stream) -> None:
    one = begin(Card(), keys=str(keys.path))
    wait_until(lambda: one.problems() == set())
    keys.unplug()
    wait_until(lambda: one.problems() == {"keys_gone"})
    keys.plug()
    wait_until(lambda: one.problems() == set(), 8)
    keys.press("down", "enter")
    wait_until(lambda: one.turn().wanted == [Pick("passport")])


def test_a_dispenser_that_is_not_to_speak_is_deaf_and_dumb(begin, keys: Stream) -> None:
    one = begin(Card(), keys=str(keys.path))
    one.aid.use(config("tcp://127.0.0.1:9", voice=False, keys=str(keys.path)))
    keys.press("down", "enter")
    one.turn(Stroke("down", True))
    stays(lambda: not one.turn().wanted and not one.heard, 0.3)
    assert one.problems() == set()
