"""C1, C3: a call that waits for the large place is on the screen at once, readable, in every layout."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pygame
import pytest
from PIL import Image, ImageChops

from dispatcher.wire import looks
from dispatcher.wire.messages import DisplayConfig, Withdrawn
from display import board as model
from display import view
from display.view import BoardView
from tests.display import gallery, pictures
from tests.display.hall import Hall
from tests.display.samples import NINE, NOTICE, TEN, board, call, config, event, heartbeat, known

SIZES = {"totem": (1080, 1920)}
INCH = 25.4
ONE_HUGE = ("call", "counter", "zone")
LAYOUTS = [pytest.param(each, marks=() if each in ONE_HUGE else pytest.mark.full, id=each) for each in gallery.LAYOUTS]


def _state(layout: str, *waiting: tuple[str, str], **changed: object) -> model.State:
    """A045 at counter 3 has the large place; the calls that wait came a moment ago, before their board."""
    over = ("3",) if layout == "counter" else None
    settings = config(layout=layout, counters=over, counter_names={"3": "3"} if over else {}, **changed)
    before = TEN[1:6] if layout != "counter" else ()
    state = known(settings, board(1, *before, notices=(NOTICE,)), heartbeat(1), event(call("A045", "3")))
    state, _begun = model.step(state, 0.0)
    for label, counter in waiting:
        place = "3" if layout == "counter" else counter
        state = model.receive(state, event(call(label, place, counter_name=counter)), model.Moment(0.0, NINE))
    return state


def _made(state: model.State) -> BoardView:
    made = view.compose(state, 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


def _drawn(state: model.State, size: tuple[int, int] = (1920, 1080)) -> Image.Image:
    assert isinstance(state.config, DisplayConfig)
    return pictures.drawn(_made(state), size, state.config)


def _changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    found = ImageChops.difference(one, other).getbbox()
    assert found is not None
    return found


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_call_that_waits_is_read_from_the_very_next_picture_in_every_layout(layout: str) -> None:
    size = SIZES.get(layout, (1920, 1080))
    picture = _drawn(_state(layout, ("B762", "2")), size)
    left, top, right, bottom = _changed(picture, _drawn(_state(layout, ("K118", "2")), size))
    pad = round(20 * looks.unit_of(*size))
    box = (left - pad, top - pad, right + pad, bottom + pad)
    assert pictures.read_label(picture, box) == "B762"
    assert bottom - top >= 0.85 * 88 * looks.unit_of(*size)


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize(("inches", "distance_m"), [(43, 8.0), (55, 6.0), (55, 10.0)])
def test_letters_of_the_strip_are_as_tall_as_the_distance_asks(inches: int, distance_m: float) -> None:
    looked = {"diagonal_mm": inches * INCH, "distance_m": distance_m}
    picture = _drawn(_state("call", ("B762", "2"), **looked))
    _left, top, _right, bottom = _changed(picture, _drawn(_state("call", ("K118", "2"), **looked)))
    pixel_mm = inches * INCH / math.hypot(1920, 1080)
    assert (bottom - top) * pixel_mm >= looks.text_height_mm(distance_m) - pixel_mm


@pytest.mark.usefixtures("screen")
def test_where_all_the_room_is_for_the_far_letters_a_waiting_call_takes_that_of_the_message() -> None:
    far = {"diagonal_mm": 43 * INCH, "distance_m": 12.0}
    lit, alone = (_drawn(_state("call", *more, **far)) for more in ([("B762", "2")], []))
    assert _changed(lit, alone)[1] > 900
    assert _changed(lit, _drawn(_state("call", ("K118", "2"), **far)))


@pytest.mark.usefixtures("screen")
def test_last_calls_stay_on_the_strip_and_a_recall_stands_there_once() -> None:
    made = _made(_state("call", ("AA07", "1"), ("B762", "2")))
    rows = [(each.label, each.coming) for each in made.calls]
    assert rows[:4] == [("B762", True), ("AA07", True), ("B112", False), ("A044", False)]
    assert [label for label, _coming in rows].count("AA07") == 1


@pytest.fixture
def hall() -> Iterator[Hall]:
    room = Hall(settings={"layout": "call", "languages": ("it", "en")})
    yield room
    room.close()
    pygame.display.quit()


def test_while_one_is_spoken_the_next_is_seen_within_one_frame_and_gone_when_withdrawn(hall: Hall) -> None:
    """The room hears ten seconds of the first call; nobody waits so long to see the second."""
    hall.call(call("A045", "3"))
    hall.pass_time(1)
    before = hall.screens[0].display.state
    hall.call(call("B762", "2"))
    hall.pass_time(0.03, step_s=0.03)
    state, now = hall.screens[0].display.state, hall.clock.monotonic()
    made = view.compose(state, now, hall.clock.now(), "hall")
    assert isinstance(made, BoardView)
    assert before.queue.current is state.queue.current
    assert made.huge is not None
    assert made.huge.label == "A045"
    assert [(each.label, each.coming) for each in made.calls] == [("B762", True)]
    gone = model.receive(state, Withdrawn(call_id="call-B762", withdrawn=True), model.Moment(now, NINE))
    after = view.compose(gone, now, NINE, "hall")
    assert isinstance(after, BoardView)
    assert not any(each.coming for each in after.calls)
