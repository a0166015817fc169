"""C1: the screen of a zone sends people to where its counters are, with every arrow that it draws."""

from __future__ import annotations

import pygame
import pytest
from PIL import Image, ImageChops, ImageStat

from dispatcher.wire import looks
from dispatcher.wire.messages import DisplayConfig
from display import view
from display.draw.lettering import Lettering
from display.draw.pen import Pen, Towards
from display.draw.theme import Colour
from display.scenes import scene
from display.view import BoardView
from tests.display import pictures
from tests.display.samples import NINE, TEN, board, config, heartbeat, known
from tests.display.test_gallery import card_of

pytestmark = pytest.mark.usefixtures("screen")

BACK = {"left": Image.Transpose.ROTATE_180, "up": Image.Transpose.ROTATE_270, "down": Image.Transpose.ROTATE_90}


class Noting(Pen):
    """A pen that remembers the ways it was told to point."""

    def __init__(self, surface: pygame.Surface) -> None:
        super().__init__(surface, Lettering())
        self.ways: list[str] = []

    def arrow(self, rect: pygame.Rect, colour: Colour, towards: Towards = "right") -> None:
        self.ways.append(towards)
        super().arrow(rect, colour, towards)


def _zone(arrow: str, **changed: object) -> DisplayConfig:
    names = ("1", "2", "3", "4", "12")
    return config(layout="zone", counters=names, counter_names={name: name for name in names}, arrow=arrow, **changed)


def _made(settings: DisplayConfig) -> BoardView:
    calls = [each for each in TEN if each.counter != "Accettazione"]
    made = view.compose(known(settings, board(1, *calls), heartbeat(1)), 0.0, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


@pytest.mark.parametrize("languages", [("it", "en"), ("ar", "en")], ids="-".join)
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)], ids=str)
@pytest.mark.parametrize("way", ["left", "right", "up", "down"])
def test_every_arrow_of_a_zone_points_where_its_counters_are(
    way: str, size: tuple[int, int], languages: tuple[str, ...]
) -> None:
    """That of the sign, that beside the huge call, those of the last calls; a wall does not turn with a script."""
    pen = Noting(pygame.Surface(size).convert())
    made = _made(_zone(way, languages=languages))
    scene("zone").draw(pen, made)
    assert len(pen.ways) >= 4
    assert set(pen.ways) == {way}


def _arrow(picture: Image.Image) -> Image.Image:
    """The arrow beside the counter of the huge call: the first ink in its line."""
    left, top, right, bottom = card_of(picture)
    unit = looks.unit_of(*picture.size)
    inner = (left + 1, top + round(104 * unit), right - 1, bottom - round(8 * unit))
    first, last = pictures.dark_bands(picture, inner, least=round(60 * unit))[-1]
    line = picture.crop((inner[0], first, inner[2], last + 1)).convert("L").point(lambda v: 255 if v < 90 else 0)
    box = line.getbbox()
    assert box is not None
    arrow = line.crop((box[0], 0, box[0] + round(132 * unit), line.height))
    ink = arrow.getbbox()
    assert ink is not None
    return arrow.crop(ink)


@pytest.mark.parametrize("way", ["left", "up", "down"])
def test_arrow_beside_the_huge_call_is_drawn_that_way(way: str) -> None:
    right, turned = (_arrow(pictures.drawn(_made(_zone(each)))) for each in ("right", way))
    back = turned.transpose(BACK[way]).resize(right.size)
    assert ImageStat.Stat(ImageChops.difference(back, right)).mean[0] < 12
    assert ImageStat.Stat(ImageChops.difference(turned.resize(right.size), right)).mean[0] > 30


def test_other_screens_point_to_the_counter_that_is_written_there() -> None:
    pen = Noting(pygame.Surface((1920, 1080)).convert())
    settings = config(layout="list")
    scene("list").draw(pen, _made(settings))
    assert set(pen.ways) == {"right"}
