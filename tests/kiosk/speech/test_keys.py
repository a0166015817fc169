"""Four tactile keys, as the kernel and as the window's keyboard say them (B10)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firmware_config.virtual.keypad.stream import Stream
from kiosk.counter.actions import Press
from kiosk.counter.keypad import Keypad
from kiosk.speech.guide import Key
from kiosk.speech.keys import FourKeys


@pytest.fixture
def read(tmp_path: Path):
    """read(stream) gives all bytes that the stream has said."""

    def take(stream: Stream) -> bytes:
        end = os.open(stream.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return os.read(end, 65536)
        finally:
            os.close(end)

    return take


@pytest.fixture
def stream(tmp_path: Path):
    made = Stream(tmp_path / "keys")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("up", [Key.PREVIOUS]), ("left", [Key.PREVIOUS]), ("kp_8", [Key.PREVIOUS]),
        ("down", [Key.NEXT]), ("right", [Key.NEXT]), ("kp_2", [Key.NEXT]),
        ("enter", [Key.OK]), ("kp_enter", [Key.OK]),
        ("space", [Key.HUSH, Key.REPEAT]), ("kp_0", [Key.HUSH, Key.REPEAT]), ("help", [Key.HUSH, Key.REPEAT]),
        ("backspace", []),
    ],
)  # fmt: skip
def test_each_key_is_one_of_the_four(stream: Stream, read, name: str, keys: list[Key]) -> None:
    stream.press(name)
    assert FourKeys().feed(read(stream), 1.0) == keys


def test_the_kernels_own_repeats_are_no_presses(stream: Stream, read) -> None:
    stream.hold("down", 0.4)
    assert FourKeys().feed(read(stream), 1.0) == [Key.NEXT]


def test_held_for_a_moment_the_fourth_key_turns_the_volume() -> None:
    four = FourKeys()
    assert four.key(Key.REPEAT, True, 1.0) == [Key.HUSH], "silence at once, whatever it becomes"
    assert four.key(Key.REPEAT, False, 1.79) == [Key.REPEAT]
    assert four.key(Key.REPEAT, True, 3.0) == [Key.HUSH]
    assert four.key(Key.REPEAT, False, 3.81) == [Key.VOLUME]


def test_a_contact_that_bounces_is_one_press_and_a_quick_finger_two() -> None:
    four = FourKeys()
    story = [(True, 1.0), (False, 1.01), (True, 1.02), (False, 1.1), (True, 1.2), (False, 1.3)]
    assert [four.key(Key.NEXT, down, at) for down, at in story] == [[Key.NEXT], [], [], [], [Key.NEXT], []]


def test_keyboard_of_the_window() -> None:
    four = FourKeys()
    told = [four.named(name, True, at) for at, name in enumerate(("up", "down", "return", "enter", "space", "q"))]
    assert told == [[Key.PREVIOUS], [Key.NEXT], [Key.OK], [Key.OK], [Key.HUSH], []], "a lost up hinders nothing"


def test_what_a_scanner_types_is_no_press() -> None:
    """B6: many scanners are keyboards, and end each code with Enter."""
    four = FourKeys()
    typed = [("k", 1.0), ("7", 1.01), ("p", 1.02), ("return", 1.03)]
    assert [four.named(name, down, at) for name, at in typed for down in (True, False)] == [[]] * 8
    assert four.named("return", True, 2.0) == [Key.OK]


def test_a_counters_keypad_reads_the_same_stream(stream: Stream, read) -> None:
    """D2: the same virtual end says a numeric keypad's keys."""
    stream.press("kp_4", "kp_2", "kp_enter", "kp_star")
    assert Keypad().feed(read(stream), 1.0) == [Press("call", "42"), Press("recall")]
