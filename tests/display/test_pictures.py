"""Pictures for those who are not in the room, made beside the drawing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from display.pictures import KINDS, Photographer, keep, png
from tests.display import pictures
from tests.display.office import until

SIZE = (320, 180)


def _pixels(shade: int) -> bytes:
    return bytes([shade]) * (SIZE[0] * SIZE[1] * 3)


@pytest.mark.parametrize(
    ("width", "made"), [(None, SIZE), (160, (160, 90)), (5000, SIZE), (1, (64, 36)), (-5, (64, 36))]
)
def test_picture_is_made_as_small_as_it_was_asked_for(width: int | None, made: tuple[int, int]) -> None:
    assert pictures.of_png(png(_pixels(9), SIZE, width)).size == made


def test_picture_that_waits_gives_way_to_a_newer_one_of_its_width_and_all_requests_are_few() -> None:
    """However many ask, memory holds at most one picture of a width."""
    made: list[tuple[bytes, str | None]] = []
    busy, go_on = threading.Event(), threading.Event()

    def send(picture: bytes, request: str | None) -> None:
        made.append((picture, request))
        busy.set()
        go_on.wait(10)

    photographer = Photographer(send)
    photographer.take(_pixels(1), SIZE, request="first")
    assert busy.wait(10)
    for number in range(50):
        photographer.take(_pixels(number), SIZE, request=f"r{number}")
    for width in range(100, 200):
        photographer.take(_pixels(7), SIZE, width=width, request=f"w{width}")
    go_on.set()
    assert until(lambda: len(made) == 1 + KINDS)
    assert [request for _picture, request in made] == ["first", "r49", "w100", "w101", "w102"]
    assert pictures.of_png(made[1][0]).getpixel((0, 0)) == (49, 49, 49)


def test_picture_that_cannot_be_sent_does_not_end_the_work() -> None:
    sent: list[bytes] = []

    def send(picture: bytes, _request: str | None) -> None:
        sent.append(picture)
        if len(sent) == 1:
            raise OSError("no space left on device")

    photographer = Photographer(send)
    photographer.take(_pixels(1), SIZE)
    assert until(lambda: len(sent) == 1)
    photographer.take(_pixels(2), SIZE)
    assert until(lambda: len(sent) == 2)


def test_kept_picture_has_the_screen_and_the_instant_in_its_name(tmp_path: Path) -> None:
    at = datetime(2026, 11, 23, 9, 30, 5, 120_000, tzinfo=UTC)
    path = keep(tmp_path / "new", "hall", at, b"png")
    assert path == tmp_path / "new" / "screen-hall-20261123T093005.120Z.png"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == b"png"
