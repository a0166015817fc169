"""C1, C4, C5, C6: every layout in every theme, language and state, compared with pictures that people have looked at.

After a wanted change: `python -m tests.display.gallery tests/display/golden`, look at the sheets, keep the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import pytest
from PIL import Image, ImageChops

from dispatcher.wire import looks
from dispatcher.wire.messages import LAYOUTS
from display.scenes import SCENES
from display.view import BoardView, CallView
from tests.display import gallery, pictures
from tests.display.gallery import Sample

pytestmark = pytest.mark.usefixtures("screen")

ALL = gallery.samples()
TILE = 16
DIFFERENT = 12.0
"""Mean difference (0 … 255) of the tile that differs most: few colours make 7, one digit of small text 16 and more."""
SURFACES = {"1080p": (1920, 1080), "4K": (3840, 2160), "portrait": (1080, 1920)}


def test_every_pair_of_layout_theme_language_and_state_is_kept() -> None:
    names = {path.stem for path in gallery.FOLDER.glob("*.png")}
    assert names == {sample.name for sample in ALL}
    assert len(ALL) <= gallery.MOST
    axes = (gallery.LAYOUTS, gallery.THEMES, gallery.LANGUAGES, gallery.STATES)
    kept = [(sample.layout, sample.theme, sample.language, sample.state) for sample in ALL]
    for one, other in combinations(range(4), 2):
        assert {(row[one], row[other]) for row in kept} == set(product(axes[one], axes[other]))
    for path in gallery.FOLDER.glob("*.png"):
        with Image.open(path) as kept_picture:
            assert kept_picture.width <= gallery.MOST_WIDE
    assert set(gallery.LAYOUTS) == set(LAYOUTS) == set(SCENES) == set(looks.LETTER_UNITS)


def _away(sample: Sample, drawn: Image.Image) -> float:
    """How far the drawn picture is from the kept one, in the tile where it is farthest."""
    with Image.open(gallery.FOLDER / f"{sample.name}.png") as stored:
        kept = stored.convert("RGB")
    assert drawn.size == kept.size
    red, green, blue = ImageChops.difference(drawn, kept).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    tiles = most.resize((-(-most.width // TILE), -(-most.height // TILE)), Image.Resampling.BOX)
    return float(tiles.getextrema()[1])


@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_pictures_are_those_that_were_looked_at(layout: str) -> None:
    away = {each.name: _away(each, gallery.draw(each)) for each in ALL if each.layout == layout}
    assert {name: value for name, value in away.items() if value >= DIFFERENT} == {}


def _huge(**changed: str) -> Callable[[BoardView], BoardView]:
    def change(made: BoardView) -> BoardView:
        assert made.huge is not None
        return replace(made, huge=replace(made.huge, **changed))

    return change


def _first_row(**changed: str) -> Callable[[BoardView], BoardView]:
    return lambda made: replace(made, calls=(replace(made.calls[0], **changed), *made.calls[1:]))


def _first_wait(made: BoardView) -> BoardView:
    first, *others = made.queues
    return replace(made, queues=(replace(first, text="8" + first.text[1:]), *others))


WRONG: dict[str, Callable[[BoardView], BoardView]] = {
    "another number": _huge(label="A046"),
    "another counter": _huge(counter="8"),
    "no service": _huge(service=""),
    "another counter in the list": _first_row(counter="8"),
    "another number in the list": _first_row(label="AA01"),
    "a row less": lambda made: replace(made, calls=made.calls[:1]),
    "a row that is no longer called": lambda made: replace(made, calls=(CallView("A099", "3"), *made.calls)),
    "another length of a queue": _first_wait,
    "no message": lambda made: replace(made, notice=""),
    "another minute": lambda made: replace(made, clock="10:31"),
}
ROWS = {what for what in WRONG if "list" in what or "row" in what}
QUEUE = "another length of a queue"
WITHOUT = {
    "call": {QUEUE},
    "zone": {QUEUE},
    "counter": {*ROWS, QUEUE, "no service", "no message", "another minute"},
}
"""What a layout does not show."""


@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_picture_that_says_something_else_is_refused(layout: str) -> None:
    """The comparison itself: each change that a person in the room would be misled by is far more than its limit."""
    sample = next(each for each in ALL if each.layout == layout and each.state == "ten")
    told = {what: change(sample.view()) for what, change in WRONG.items() if what not in WITHOUT.get(layout, ())}
    away = {what: _away(sample, pictures.drawn(made, sample.size, sample.config())) for what, made in told.items()}
    assert {what for what, value in away.items() if value < DIFFERENT} == set()


@pytest.mark.parametrize("layout", ["list", "split", "totem"])
def test_picture_with_another_number_that_was_missed_is_refused(layout: str) -> None:
    sample = next(each for each in ALL if each.layout == layout and each.state == "missed")
    right = sample.view()
    made = replace(right, missed=("A081", *right.missed[1:]))
    assert _away(sample, pictures.drawn(made, sample.size, sample.config())) >= DIFFERENT


def card_of(picture: Image.Image) -> pictures.Box:
    """Where the huge call stands; the picture is one in the dark theme, at rest."""
    return pictures.area_of(picture, looks.Theme().card)


def label_box(picture: Image.Image, card: pictures.Box, layout: str) -> pictures.Box:
    """The bounds of the label's ink within the card."""
    unit = looks.unit_of(*picture.size)
    above = 0 if layout == "counter" else round(104 * unit)
    inner = (card[0] + 1, card[1] + above, card[2] - 1, card[3] - round(8 * unit))
    top, bottom = pictures.dark_bands(picture, inner, least=round(100 * unit))[0]
    found = pictures.ink_box(picture, (inner[0], top, inner[2], bottom + 1))
    assert found is not None
    return found


def _read(layout: str, size: tuple[int, int]) -> None:
    sample = Sample(layout, "dark", "it", "ten")
    picture = gallery.draw(sample, size)
    left, top, right, bottom = label_box(picture, card_of(picture), layout)
    pad = round(16 * looks.unit_of(*size))
    assert pictures.read_label(picture, (left - 2 * pad, top - pad, right + 2 * pad, bottom + pad)) == "A045"


@pytest.mark.parametrize(
    ("layout", "surface"),
    [("split", "1080p"), ("zone", "4K"), ("counter", "1080p"), ("totem", "portrait"), ("call", "portrait")],
)
def test_label_is_read_back(layout: str, surface: str) -> None:
    _read(layout, SURFACES[surface])


@pytest.mark.full
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_label_is_read_back_in_every_layout_from_every_surface(layout: str, surface: str) -> None:
    _read(layout, SURFACES[surface])
