"""The voice on its thread, with an output made of software that takes as long as it is told to (B10)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatcher.wire.speech import Clips, NoVoice
from kiosk.speech import voice
from kiosk.speech.guide import Speech
from kiosk.speech.voice import NoSound, Voice
from kiosk.speech.words import Said
from tests.journeys.waiting import stays, wait_until


class Card:
    """A sound card: what is played sounds until `over` or `stop`."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.played: list[tuple[int, float]] = []
        self.clicks = 0
        self.stopped = 0
        self._sounds = threading.Event()

    def open(self) -> None:
        if self.missing:
            raise NoSound("no such device")

    def play(self, samples: bytes, volume: float) -> None:
        self._sounds.set()
        self.played.append((len(samples), volume))

    def click(self, samples: bytes, volume: float) -> None:
        self.clicks += 1

    @property
    def playing(self) -> bool:
        return self._sounds.is_set()

    def over(self) -> None:
        self._sounds.clear()

    def stop(self) -> None:
        self.stopped += 1
        self._sounds.clear()


Begin = Callable[..., Voice]


@pytest.fixture
def card() -> Card:
    return Card()


@pytest.fixture
def heard() -> list[Said]:
    return []


@pytest.fixture
def begin(tmp_path: Path, heard: list[Said]) -> Iterator[Begin]:
    voices: list[Voice] = []

    def start(card: Card, clips: Clips | None = None) -> Voice:
        voices.append(Voice(clips or Clips(tmp_path), card, heard=heard.append, changed=lambda: None))
        voices[-1].start()
        return voices[-1]

    yield start
    for one in voices:
        one.stop(5)


ONE, TWO, THREE = Said("it", "Uno."), Said("en", "Two."), Said("de", "Drei.")


def test_sentences_follow_each_other_each_when_the_one_before_is_over(begin: Begin, card: Card, heard) -> None:
    one = begin(card)
    one.say(Speech((ONE, TWO)), 2)
    wait_until(lambda: heard == [ONE])
    stays(lambda: heard == [ONE], 0.1)
    card.over()
    wait_until(lambda: heard == [ONE, TWO])
    assert [volume for _, volume in card.played] == [0.75, 0.75]


def test_a_key_cuts_off_what_is_said_and_all_behind_it(begin: Begin, card: Card, heard) -> None:
    one = begin(card)
    one.say(Speech((ONE, TWO)), 2)
    wait_until(lambda: heard == [ONE])
    stopped = card.stopped
    one.click(3)
    one.say(Speech((THREE,)), 3)
    wait_until(lambda: heard == [ONE, THREE])
    assert (card.stopped - stopped, card.clicks) == (1, 1)
    wait_until(lambda: card.played[-1][1] == 1.0)
    one.say(Speech(()), 3)
    wait_until(lambda: not card.playing)
    assert heard == [ONE, THREE]


def test_what_comes_behind_waits_for_its_turn(begin: Begin, card: Card, heard) -> None:
    one = begin(card)
    one.say(Speech((ONE,)), 2)
    wait_until(lambda: heard == [ONE])
    one.say(Speech((TWO,), interrupts=False), 2)
    stays(lambda: heard == [ONE], 0.1)
    card.over()
    wait_until(lambda: heard == [ONE, TWO])


def test_without_a_sound_card_it_says_so_and_speaks_when_there_is_one(begin: Begin, heard) -> None:
    card = Card(missing=True)
    one = begin(card)
    wait_until(lambda: one.faults == ("no_audio",))
    one.say(Speech((ONE,)), 2)
    stays(lambda: not heard, 0.1)
    card.missing = False
    one.say(Speech((TWO,)), 2)
    wait_until(lambda: heard == [TWO])
    assert one.faults == ()


def test_without_a_generator_it_says_so_and_lives(begin: Begin, card: Card, heard, tmp_path: Path) -> None:
    class Dumb(Clips):
        def look(self) -> bool:
            return False

        def samples(self, language: str, text: str) -> bytes:
            raise NoVoice("espeak-ng is not there")

    one = begin(card, Dumb(tmp_path))
    one.say(Speech((ONE, TWO)), 2)
    wait_until(lambda: one.faults == ("no_voice",))
    assert (heard, card.played) == ([], [])


def test_clips_are_made_once_and_a_damaged_one_anew(tmp_path: Path) -> None:
    clips = Clips(tmp_path / "speech")
    first = clips.samples("it", "-v non è un'opzione.")
    assert len(first) > 20_000
    (path,) = (tmp_path / "speech").iterdir()
    made_at = path.stat().st_mtime_ns
    assert clips.samples("it", "-v non è un'opzione.") == first
    assert path.stat().st_mtime_ns == made_at
    path.write_bytes(path.read_bytes()[:20])
    assert clips.samples("it", "-v non è un'opzione.") == first
    assert clips.samples("en", "-v non è un'opzione.") != first, "each language has its own voice"


def test_a_language_without_a_voice_is_read_by_the_english_one(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    assert clips.samples("qq", "Passports.") == clips.samples("en", "Passports.")


def test_the_click_is_short_soft_and_low(begin: Begin) -> None:
    assert voice.CLICK_HZ <= 1500
    samples = memoryview(voice.click()).cast("h")
    assert len(samples) < 0.05 * 22_050
    assert max(map(abs, samples)) < 16_000
