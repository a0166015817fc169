"""C1: counters with long names, zones of many counters and long services are read, whole, on every layout."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pygame
import pytest

from dispatcher.wire import looks
from dispatcher.wire.messages import QueueLength
from display import outfit, view
from display.draw.fonts import Weight
from display.draw.lettering import ELLIPSIS, Lettering, ink, lines
from display.draw.pen import Pen
from display.draw.theme import Colour
from display.scenes import scene
from display.signage import ranges
from display.view import BoardView
from tests.display import gallery, pictures
from tests.display.samples import NINE, QUEUES, TEN, board, call, config, heartbeat, known

pytestmark = pytest.mark.usefixtures("screen")

FIRST_FLOOR = "Sportello 12 primo piano"
INCH = 25.4
BEFORE = NINE - timedelta(seconds=9)
SERVICE = "Rilascio e rinnovo dei passaporti ordinari e collettivi per minorenni accompagnati"


class Noting(Lettering):
    """Lettering that remembers what it wrote: the text, pixels to the em, and the box of its ink."""

    def __init__(self) -> None:
        super().__init__()
        self.wrote: list[tuple[str, int, pygame.Rect]] = []

    def draw(
        self, surface: pygame.Surface, text: str, size: int, colour: Colour, weight: Weight, place: tuple[int, int]
    ) -> None:
        box = ink(text, size, weight)
        self.wrote.append((text, size, pygame.Rect(place[0], place[1] + box.top, box.width, box.height)))
        super().draw(surface, text, size, colour, weight, place)


def _wrote(layout: str, made: BoardView, **settings: object) -> list[tuple[str, int, pygame.Rect]]:
    lettering, size = Noting(), looks.usual_size(layout)
    pen = outfit.dress(Pen(pygame.Surface(size).convert(), lettering), config(layout=layout, **settings))
    scene(layout).draw(pen, made)
    return lettering.wrote


def _made(layout: str, *calls: object, **more: object) -> BoardView:
    zone = layout in ("zone", "counter")
    counters = ("3",) if zone else None
    services = {"passport": {"it": SERVICE}}
    settings = config(layout=layout, counters=counters, counter_names={"3": "3"}, services=services)
    made = view.compose(known(settings, board(1, *calls, **more), heartbeat(1)), 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


@pytest.mark.parametrize("layout", ["call", "list", "split", "zone", "counter", "totem"])
def test_long_name_of_a_counter_stands_whole_and_large_in_the_call(layout: str) -> None:
    made = _made(layout, call("AA1000", "3", counter_name=FIRST_FLOOR), queues=QUEUES[:1])
    wrote = [(text, size) for text, size, _box in _wrote(layout, made) if text in FIRST_FLOOR and len(text) > 1]
    wrote = [each for each in wrote if each[0] != "Sportello"]
    assert " ".join(text for text, _size in wrote) == FIRST_FLOOR
    assert min(size for _text, size in wrote) >= 80


@pytest.mark.parametrize("layout", ["list", "split", "zone", "totem"])
@pytest.mark.parametrize("label", ["A045", "WW9999"])
def test_long_name_of_a_counter_stands_whole_in_the_last_calls(layout: str, label: str) -> None:
    named = call(label, "3", counter_name=FIRST_FLOOR)
    wrote = _wrote(layout, _made(layout, call("B001", "3"), named, call("B002", "3"), queues=QUEUES))
    lines_of_name = [(text, size) for text, size, _box in wrote if text in (FIRST_FLOOR, "Sportello 12", "primo piano")]
    assert " ".join(text for text, _size in lines_of_name) == FIRST_FLOOR
    assert min(size for _text, size in lines_of_name) >= 42


@pytest.mark.parametrize("layout", ["call", "list", "split", "zone", "totem"])
def test_long_services_take_two_lines_and_nothing_is_written_over_another(layout: str) -> None:
    queues = (QueueLength(service="passport", waiting=1234, wait_low_s=6000, wait_high_s=10800),)
    calls = [each.model_copy(update={"counter_name": FIRST_FLOOR}) for each in TEN]
    wrote = _wrote(layout, _made(layout, *calls, queues=queues * 2))
    service = [text for text, _size, _box in wrote if text in SERVICE and text != "a"]
    assert SERVICE.startswith(" ".join(service[:2]).rstrip(ELLIPSIS)[:60])
    assert not [text for text, _size, _box in wrote if ELLIPSIS in text]
    inked = [(text, box.inflate(-2, -2)) for text, _size, box in wrote]
    crossed = [(one, other) for at, (one, box) in enumerate(inked) for other, far in inked[:at] if box.colliderect(far)]
    assert crossed == []


def test_call_that_needs_two_rows_is_there_where_only_one_has_room() -> None:
    made = _made("split", TEN[0], call("WW9999", "108", at=BEFORE), *TEN[2:], queues=QUEUES)
    wrote = [text for text, _size, _box in _wrote("split", made, diagonal_mm=75 * INCH, distance_m=9.0)]
    assert {"WW9999", "108"} <= set(wrote)


def test_split_with_ten_calls_shows_the_newest_and_the_four_before_it() -> None:
    made = _made("split", *TEN, queues=QUEUES)
    wrote = _wrote("split", made)
    labels = [text for text, _size, _box in wrote if text in {each.label for each in TEN}]
    assert set(labels) == {each.label for each in TEN[:5]}
    sizes = {text: size for text, size, _box in wrote}
    assert min(sizes[each.label] for each in TEN[:5]) >= 100


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("1", "2", "3", "4", "7"), ("1–4", "7")),
        (("7", "4", "3", "2", "1"), ("1–4", "7")),
        (("1", "2"), ("1", "2")),
        (("1", "3", "5"), ("1", "3", "5")),
        (("Sportello 1", "Sportello 2", "Sportello 3"), ("1–3",)),
        (("Ufficio 1", "Ufficio 2", "Ufficio 3", "Anagrafe"), ("Ufficio 1–3", "Anagrafe")),
        (("8", "9", "10", "11"), ("8–11",)),
        (("01", "A", "A"), ("01", "A")),
        ((), ()),
    ],
)
def test_sign_of_a_zone_says_ranges(names: tuple[str, ...], said: tuple[str, ...]) -> None:
    assert ranges(names, "Sportello") == said


def test_sign_of_a_zone_with_many_counters_is_read_back() -> None:
    names = tuple(str(number) for number in (*range(1, 13), 15))
    settings = config(layout="zone", counters=names, counter_names={name: name for name in names}, arrow="left")
    made = view.compose(known(settings, board(1), heartbeat(1)), 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    sign = next(each for each in _wrote("zone", made) if each[0].startswith("1–12"))
    assert sign[1] >= 90


def test_name_is_broken_where_its_lines_are_largest() -> None:
    assert lines(FIRST_FLOOR, 120, "label", 700, 250)[0] == ("Sportello 12", "primo piano")
    assert lines("Accettazione", 120, "label", 700, 250)[0] == ("Accettazione",)
    found, size = lines(FIRST_FLOOR, 120, "label", 3000, 250)
    assert (found, size) == ((FIRST_FLOOR,), 120)


@pytest.mark.parametrize("label", ["A046", "AA1000", "WW9999"])
@pytest.mark.parametrize(("size", "inches", "distance_m"), [((1920, 1080), 55, 6.3), ((1080, 1920), 55, 7.5)], ids=str)
def test_rows_of_a_list_that_is_admitted_are_as_tall_as_the_distance_asks(
    label: str, size: tuple[int, int], inches: int, distance_m: float
) -> None:
    """The label and the counter of whoever was called before the newest, measured where they are written."""
    settings = config(layout="list", diagonal_mm=inches * INCH, distance_m=distance_m)
    assert not looks.too_small("list", size, inches * INCH, distance_m)
    made = view.compose(
        known(settings, board(1, TEN[0], call(label, "108", at=BEFORE), *TEN[2:]), heartbeat(1)), 0.0, NINE, "hall"
    )
    assert isinstance(made, BoardView)
    made = replace(made, queues=())
    lettering = Noting()
    pen = outfit.dress(Pen(pygame.Surface(size).convert(), lettering), settings)
    scene("list").draw(pen, made)
    pixel_mm = inches * INCH / math.hypot(*size)
    for wanted in (label, "108"):
        tall = next(letters for text, letters, _box in lettering.wrote if text == wanted) * 0.714 * pixel_mm
        assert tall >= looks.text_height_mm(distance_m) - 1


def test_counter_that_is_closed_says_one_hour_the_next_opening_and_keeps_the_clock_apart() -> None:
    picture = gallery.draw(gallery.Sample("counter", "dark", "it", "closed"), (1920, 1080))
    assert "Chiuso" in pictures.read(picture, (200, 795, 1720, 905))
    opening = pictures.read(picture, (200, 915, 1720, 1030))
    assert ("Apre" in opening, "10:30" in opening) == (True, False)
    assert pictures.read(picture, (1600, 20, 1900, 110), allowed="0123456789:") == "10:30"
