"""C1: on every screen, of whatever size and shape, a call is as tall as its readers need, or is refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from PIL import Image

from dispatcher.wire import looks
from dispatcher.wire.messages import DisplayConfig
from display import outfit, view
from display.draw.geometry import READING_DISTANCE_M
from display.view import BoardView, PlainView
from tests.display import gallery, pictures
from tests.display.samples import NINE, NOTICE, QUEUES, TEN, board, call, config, heartbeat, known, missed
from tests.display.test_gallery import card_of

pytestmark = pytest.mark.usefixtures("screen")

WIDE = ((1920, 1080), (3840, 2160), (1280, 1024), (1366, 768), (800, 480), (2560, 1080))
UPRIGHT = ((1080, 1920), (2160, 3840), (480, 800))
CALLS = (("A045", "3"), ("WW9999", "12"), ("AA1000", "108"))
INCH = 25.4


def _config(layout: str, **changed: object) -> DisplayConfig:
    counters = ("3",) if layout == "counter" else None
    return config(layout=layout, counters=counters, counter_names={"1": "1", "2": "2"}, **changed)


def _letters(layout: str, size: tuple[int, int], label: str, counter: str, *, full: bool) -> tuple[int, int]:
    """The heights of the drawn label and counter, in pixels."""
    others = TEN[1:] if full and layout != "counter" else ()
    more = {"queues": QUEUES, "notices": (NOTICE,), "missed": missed("A031", "B104", "A1", "A2", "A3")} if full else {}
    settings = _config(layout, **_far(layout, size))
    state = known(settings, board(1, call(label, "3", counter_name=counter), *others, **more), heartbeat(1))
    made = view.compose(state, 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    picture = pictures.drawn(made, size, settings)
    card, unit = card_of(picture), looks.unit_of(*size)
    above = 0 if layout == "counter" else round(104 * unit)
    inner = (card[0] + 1, card[1] + above, card[2] - 1, card[3] - round(8 * unit))
    heights = [bottom - top + 1 for top, bottom in pictures.dark_bands(picture, inner, least=round(60 * unit))]
    return heights[0], heights[-1]


def _far(layout: str, size: tuple[int, int]) -> dict[str, float]:
    """The greatest distance that is admitted: where less is asked for, a huge call leaves room for others."""
    if layout != "call":
        return {}
    needed_mm = looks.letters_mm(layout, size, 55 * INCH)
    return {"diagonal_mm": 55 * INCH, "distance_m": 4.57 + (needed_mm - 51.0) / 3.2 * 0.305}


def _holds(layout: str, size: tuple[int, int], label: str, counter: str, *, full: bool) -> None:
    wanted = looks.LETTER_UNITS[layout][size[0] < size[1]] * looks.unit_of(*size)
    drawn = _letters(layout, size, label, counter, full=full)
    assert min(drawn) >= wanted - 1, (layout, size, label, counter, full)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 1024), (800, 480), (1080, 1920)], ids=str)
@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_letters_are_as_tall_as_the_layout_promises(layout: str, size: tuple[int, int]) -> None:
    for label, counter in CALLS[1:]:
        _holds(layout, size, label, counter, full=True)


@pytest.mark.full
@pytest.mark.parametrize("size", WIDE + UPRIGHT, ids=str)
@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_letters_are_as_tall_as_promised_on_all_sizes(layout: str, size: tuple[int, int]) -> None:
    for label, counter in CALLS:
        for full in (False, True):
            _holds(layout, size, label, counter, full=full)


@pytest.mark.parametrize(
    ("layout", "size", "inches", "distance_m"),
    [
        ("call", (1920, 1080), 43, 8.0),
        ("list", (3840, 2160), 86, READING_DISTANCE_M),
        ("totem", (1080, 1920), 55, 7.0),
        ("split", (1920, 1080), 65, 7.0),
        ("counter", (800, 480), 16, 4.0),
    ],
)
def test_admitted_screens_have_the_millimetres_of_the_standard(
    layout: str, size: tuple[int, int], inches: int, distance_m: float
) -> None:
    """From the glyphs as drawn: pixels of ink times the millimetres of a pixel."""
    assert not looks.too_small(layout, size, inches * INCH, distance_m)
    pixel_mm = inches * INCH / math.hypot(*size)
    drawn = min(_letters(layout, size, "WW9999", "12", full=True))
    assert drawn * pixel_mm >= looks.text_height_mm(distance_m)


def test_screen_that_is_too_small_says_so_instead_of_calls_that_nobody_can_read() -> None:
    settings = _config("list", diagonal_mm=24 * INCH, distance_m=8.0)
    made = view.compose(known(settings, board(1, *TEN), heartbeat(1)), 0.0, NINE, "hall")
    shown = outfit.admitted(made, settings, (1920, 1080))
    assert isinstance(shown, PlainView)
    assert shown.headings[:2] == (
        "Questo schermo è troppo piccolo per essere letto da lontano",
        "This screen is too small to be read from afar",
    )
    assert shown.detail == (
        "the letters of a call would be 30 mm tall, and 8 m need 87 mm: take a screen of 69in, or a smaller distance"
    )
    assert outfit.faults(settings, (1920, 1080))["text_too_small"].startswith("No calls are shown: the letters")
    larger = settings.model_copy(update={"diagonal_mm": 69 * INCH})
    assert outfit.admitted(made, larger, (1920, 1080)) == made
    assert outfit.faults(larger, (1920, 1080)) == {}


def test_totem_that_lies_shows_its_calls_as_a_list_and_says_to_the_office_that_it_should_stand() -> None:
    settings = _config("totem")
    said = outfit.faults(settings, (1920, 1080))
    assert list(said) == ["not_upright"]
    assert "is for an upright screen, and this one lies (1920x1080)" in said["not_upright"]
    assert outfit.faults(settings, (1080, 1920)) == {}
    assert outfit.faults(_config("list"), (1920, 1080)) == {}
    made = view.compose(known(settings, board(1, *TEN, queues=QUEUES), heartbeat(1)), 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    lying, listed = (pictures.drawn(replace(made, layout=each), (1920, 1080)) for each in ("totem", "list"))
    assert lying.tobytes() == listed.tobytes()


def test_rows_of_the_list_grow_with_the_distance_and_shrink_with_density() -> None:
    size = (1920, 1080)
    near = _config("list", diagonal_mm=55 * INCH, distance_m=4.0)
    far = _config("list", diagonal_mm=55 * INCH, distance_m=7.0)
    dense = _config("list", theme={"density": "dense"})
    scales = [outfit.rows(each, size) for each in (_config("list"), near, far, dense)]
    assert scales == pytest.approx([1.0, 1.0, 1.37, 0.86], abs=0.01)
    heights = [_row_pitch(each) for each in (near, far)]
    assert heights[1] / heights[0] == pytest.approx(1.37, abs=0.02)


def test_rows_of_the_list_are_readable_from_the_distance_too() -> None:
    """From the drawn letters: 55 inches, 4 and 7 m."""
    for distance_m in (4.0, 7.0):
        settings = _config("list", diagonal_mm=55 * INCH, distance_m=distance_m)
        picture, starts = _rows_drawn(settings)
        row = picture.crop((1209, starts[0] + 4, 1480, starts[1] - 2)).convert("L")
        ink = row.point(lambda value: 255 if value > 160 else 0).getbbox()
        assert ink is not None
        pixel_mm = 55 * INCH / math.hypot(1920, 1080)
        assert (ink[3] - ink[1]) * pixel_mm >= looks.text_height_mm(distance_m) - 1


def _row_pitch(settings: DisplayConfig) -> int:
    """Pixels from one line between two rows of the list to the next."""
    _picture, starts = _rows_drawn(settings)
    return starts[1] - starts[0]


def _rows_drawn(settings: DisplayConfig) -> tuple[Image.Image, list[int]]:
    """The picture, and where the lines between the rows of its list are."""
    made = view.compose(known(settings, board(1, *TEN), heartbeat(1)), 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    picture = pictures.drawn(made, (1920, 1080), settings)
    line = looks.Theme().line
    rows = [y for y in range(120, 1040) if picture.getpixel((1870, y)) == line]
    return picture, [y for y in rows if y - 1 not in rows]


def test_the_promise_is_part_of_what_the_office_file_is_checked_by() -> None:
    assert json.loads(json.dumps(looks.LETTER_UNITS)).keys() == set(gallery.LAYOUTS)
    assert looks.too_small("list", (1920, 1080), 24 * INCH, 8.0)
    assert 'layout = "call"' in looks.too_small("list", (1920, 1080), 43 * INCH, 9.0)
