"""C1, C4, C5, C6: every layout in every theme, language and state, compared with pictures that people have looked at.

After a wanted change: `python -m tests.display.gallery tests/display/golden`, look at the sheets, keep the pictures.
"""

from __future__ import annotations

from itertools import combinations, product

import pytest
from PIL import Image, ImageChops, ImageStat

from dispatcher.wire import looks
from dispatcher.wire.messages import LAYOUTS
from display.scenes import SCENES
from tests.display import gallery, pictures
from tests.display.gallery import Sample

pytestmark = pytest.mark.usefixtures("screen")

ALL = gallery.samples()
DIFFERENT = 2.5
"""Mean difference of a pixel, 0 … 255: few colours and another rasterizer's edges make less than 1.5."""
REDRAWN = [sample for place, sample in enumerate(ALL) if place % 4 == 0]
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


def _same(sample: Sample) -> None:
    with Image.open(gallery.FOLDER / f"{sample.name}.png") as stored:
        kept = stored.convert("RGB")
    drawn = gallery.draw(sample)
    assert drawn.size == kept.size
    away = ImageStat.Stat(ImageChops.difference(drawn, kept)).mean
    assert max(away) < DIFFERENT, sample.name


@pytest.mark.parametrize("sample", REDRAWN, ids=lambda sample: sample.name)
def test_picture_is_the_one_that_was_looked_at(sample: Sample) -> None:
    _same(sample)


@pytest.mark.full
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_all_pictures_are_those_that_were_looked_at(sample: Sample) -> None:
    _same(sample)


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
