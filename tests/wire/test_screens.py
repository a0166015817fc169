"""The office's eye on its screens: small pictures, asked for only when somebody looks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from dispatcher.wire.clock import ManualClock
from dispatcher.wire.screens import WIDTH
from tests.web.screens import Walls, size_of

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NINE)


def test_picture_is_asked_for_when_somebody_looks_and_not_again_while_it_is_fresh(clock: ManualClock) -> None:
    walls = Walls(clock, "hall", "stairs")
    assert walls.screens.last("hall") is None
    first = walls.screens.picture("hall", 1.0)
    assert first is not None
    assert (first.number, first.at, size_of(first.png)) == (1, NINE, (WIDTH, 360))
    assert [(order.action, order.width) for order in walls.orders] == [("frame", WIDTH)]
    clock.advance(seconds=9)
    assert walls.screens.picture("hall", 1.0) == first
    clock.advance(seconds=1)
    second = walls.screens.picture("hall", 1.0)
    assert second is not None
    assert (second.number, len(walls.orders)) == (2, 2)


def test_many_that_look_ask_once_in_two_seconds(clock: ManualClock) -> None:
    walls = Walls(clock, "hall")
    assert [walls.screens.ask("hall") for _ in range(5)] == [True, False, False, False, False]
    clock.advance(seconds=2)
    assert walls.screens.ask("hall")
    assert not walls.screens.ask("unknown")
    assert len(walls.orders) == 2


def test_screen_that_does_not_answer_leaves_its_last_picture(clock: ManualClock) -> None:
    walls = Walls(clock, "hall")
    last = walls.screens.picture("hall", 1.0)
    walls.answering.clear()
    clock.advance(seconds=60)
    assert walls.screens.picture("hall", 0.01) == last
    assert Walls(clock).screens.picture("nowhere", 0.01) is None


def test_screen_hangs_only_if_it_was_asked_and_is_on_line(clock: ManualClock) -> None:
    walls = Walls(clock, "hall")
    walls.answering.clear()
    assert walls.screens.answers("hall")
    walls.screens.ask("hall")
    clock.advance(seconds=3600)
    walls.screens.ask("hall")
    assert walls.screens.answers("hall"), "nobody has looked for an hour: it has only just been asked"
    clock.advance(seconds=6)
    assert not walls.screens.answers("hall")
    walls.says("hall", online=False)
    assert walls.screens.answers("hall")


def test_who_waits_gets_the_picture_when_it_comes(clock: ManualClock) -> None:
    walls = Walls(clock, "hall")
    walls.answering.clear()
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(walls.screens.picture("hall", 10.0)))
    waiting.start()
    for _attempt in range(500):
        if walls.orders:
            break
        threading.Event().wait(0.01)
    walls.publish("hall", b"\x89PNG\r\n\x1a\nrest", walls.orders[0].request_id.encode())
    waiting.join(10)
    assert got == [walls.screens.last("hall")]
    assert got != [None]


@pytest.mark.parametrize(
    ("payload", "correlation"),
    [
        (b"<svg/>", b"thumbnail-1"),
        (b"", b"thumbnail-1"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 5_000_000, b"thumbnail-1"),
        (b"\x89PNG\r\n\x1a\nfor the room", b"another"),
        (b"\x89PNG\r\n\x1a\nfor anybody", None),
    ],
)
def test_what_is_no_picture_or_was_made_for_others_is_not_shown(
    clock: ManualClock, payload: bytes, correlation: bytes | None
) -> None:
    walls = Walls(clock, "hall")
    walls.publish("hall", payload, correlation)
    assert walls.screens.last("hall") is None
