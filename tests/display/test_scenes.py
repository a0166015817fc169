"""C1, C4, C6: the drawn pictures say what they should, large enough, to an independent reader."""

from __future__ import annotations

import pygame
import pytest
from PIL import Image

from display import board as model
from display import view
from display.draw.geometry import READING_DISTANCE_M, text_height_mm
from display.draw.geometry import Screen as Geometry
from display.draw.lettering import Lettering
from display.draw.pen import Pen
from display.draw.theme import Theme
from display.scenes import SCENES
from display.scenes.plain import draw_identity, draw_plain
from display.screen import Screen
from display.view import BoardView, PlainView
from tests.display import pictures
from tests.display.samples import NINE, NOTICE, QUEUES, TEN, board, call, config, event, heartbeat, known, missed

pytestmark = pytest.mark.usefixtures("screen")

CARD = (80, 200, 1158, 740)
"""Within the card of layout `list` beside a list, below the service's name."""
LIST = (1225, 150, 1900, 780)
FULL = board(5, *TEN, missed=missed("A031", "B104"), queues=QUEUES, notices=(NOTICE,))


def _view(state: model.State, at_s: float = 0.0) -> BoardView:
    made = view.compose(state, at_s, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


def _announced(state: model.State) -> model.State:
    return model.step(state, 0.0)[0]


def _bands(picture: Image.Image, box: pictures.Box) -> list[tuple[int, int]]:
    return pictures.dark_bands(picture, box, least=40)


@pytest.mark.parametrize("label", ["A045", "AA07", "B112", "A1000", "AA100", "WW9999"])
def test_huge_label_is_read_back_and_is_tall_enough_for_ten_metres(label: str) -> None:
    calls = (call(label, "12"), *TEN[2:8])
    picture = pictures.drawn(_view(known(config(), board(1, *calls, queues=QUEUES, notices=(NOTICE,)), heartbeat(1))))
    (top, bottom), (way_top, way_bottom) = _bands(picture, CARD)
    assert pictures.read_label(picture, (80, top - 16, 1158, bottom + 16)) == label
    wanted = text_height_mm(READING_DISTANCE_M)
    geometry = Geometry(*picture.size)
    assert geometry.mm(bottom - top + 1) >= wanted
    assert geometry.mm(way_bottom - way_top + 1) >= wanted, "the counter's number"


@pytest.mark.parametrize("layout", sorted(SCENES))
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1280, 720), (1280, 1024), (1080, 1920)])
def test_every_layout_fits_every_screen(layout: str, size: tuple[int, int]) -> None:
    """The label keeps the height that it needs on the wall, within the picture."""
    picture = pictures.drawn(_view(known(config(layout=layout), FULL, heartbeat(5))), size)
    unit = Geometry(*size).unit
    card = pictures.area_of(picture, Theme().card)
    inner = (card[0] + 1, card[1] + round(90 * unit), card[2] - 1, card[3] - round(30 * unit))
    ink = pictures.ink_box(picture, inner)
    assert ink is not None
    assert ink[0] - card[0] >= 30 * unit
    assert card[2] - ink[2] >= 30 * unit
    assert pictures.dark_bands(picture, inner, least=round(120 * unit))


def test_list_says_the_last_calls_with_their_counters() -> None:
    picture = pictures.drawn(_view(known(config(), FULL, heartbeat(5))))
    rows = [(160 + 120 * row, 280 + 120 * row) for row in range(5)]
    read = [pictures.read_label(picture, (1200, top + 4, 1608, bottom - 8)) for top, bottom in rows]
    assert read == ["AA07", "B112", "A044", "A1000", "AA100"]
    assert "Ultime chiamate" in pictures.read(picture, (1200, 104, 1880, 156))
    counters = [pictures.read(picture, (1700, top + 4, 1900, bottom - 8), allowed="0123456789") for top, bottom in rows]
    assert counters[1:3] == ["12", "2"]


def test_missed_queues_message_and_clock_are_written() -> None:
    picture = pictures.drawn(_view(known(config(), FULL, heartbeat(5))))
    assert "Non presenti" in pictures.read(picture, (1220, 795, 1860, 848))
    assert pictures.read_label(picture, (1225, 850, 1385, 905)) == "A031"
    assert "10-18 min" in pictures.read(picture, (36, 815, 560, 870)).replace("–", "-").replace("—", "-")
    assert "appuntamenti sono chiamati" in pictures.read(picture, (36, 1000, 1880, 1076))
    assert pictures.read(picture, (1690, 10, 1900, 90), allowed="0123456789:") == "10:30"
    assert "Camera di commercio" in pictures.read(picture, (36, 10, 900, 90))


def test_one_call_has_the_whole_width() -> None:
    picture = pictures.drawn(_view(known(config(), board(1, TEN[0]), heartbeat(1))))
    assert picture.getpixel((1850, 500)) == Theme().card
    (top, bottom), _way = _bands(picture, (80, 200, 1840, 1000))
    assert pictures.read_label(picture, (200, top - 16, 1720, bottom + 16)) == "A045"


def test_empty_board_says_that_there_is_no_call() -> None:
    picture = pictures.drawn(_view(known(config(), board(1), heartbeat(1))))
    assert "Nessuna chiamata" in pictures.read(picture, (300, 700, 1620, 810))


def test_new_call_is_bright_and_comes_to_rest() -> None:
    state = _announced(known(config(), FULL, heartbeat(5), event(TEN[0])))
    place = (60, 300)
    new, glowing, rest = (pictures.drawn(_view(state, at)).getpixel(place) for at in (0.5, 0.0, 9.0))
    theme = Theme()
    assert (new, glowing) == (theme.card_new, theme.card_glow)
    assert rest == theme.card_stale
    heard = model.receive(state, heartbeat(5), model.Moment(8.0, NINE))
    assert pictures.drawn(_view(heard, 9.0)).getpixel(place) == theme.card


def test_recall_is_written_beside_the_service() -> None:
    state = _announced(known(config(), FULL, heartbeat(5), event(TEN[0].model_copy(update={"attempt": 2}))))
    picture = pictures.drawn(_view(state, 0.5))
    assert "Richiamo" in pictures.read(picture, (880, 125, 1170, 195))


def test_stale_is_seen_from_afar_with_the_time_of_the_last_truth() -> None:
    state = known(config(), FULL, heartbeat(5))
    fresh, stale = (pictures.drawn(_view(state, at)) for at in (1.0, 5.0))
    theme = Theme()
    assert fresh.getpixel((8, 8)) == theme.background
    assert stale.getpixel((8, 8)) == theme.alarm
    assert stale.getpixel((60, 300)) == theme.card_stale
    heading = pictures.read(stale, (30, 8, 1200, 88))
    assert "Collegamento interrotto" in heading
    assert "10:30" in heading
    (top, bottom), _way = _bands(stale, CARD)
    assert pictures.read_label(stale, (80, top - 16, 1158, bottom + 16)) == "A045"


def test_simulated_clock_is_written() -> None:
    picture = pictures.drawn(_view(known(config(simulated_clock=True), FULL, heartbeat(5))))
    assert "simulato" in pictures.read(picture, (1050, 20, 1345, 84))


def test_arabic_service_and_long_names_stay_within_their_places() -> None:
    names = {"permits": {"ar": "تصاريح الإقامة وتجديدها للمقيمين " * 3}}
    made = call("A045", "Accettazione centrale e informazioni", service="permits")
    office = "Camera di commercio, industria, artigianato e agricoltura di Torino e provincia"
    state = known(config(services=names, site_name=office), board(1, made, *TEN[1:], queues=QUEUES), heartbeat(1))
    picture = pictures.drawn(_view(state))
    theme = Theme()
    edges = [picture.getpixel((x, y)) for x in (44, 1170) for y in range(150, 700, 10)]
    assert set(edges) == {theme.card}
    gap = [picture.getpixel((1195, y)) for y in range(110, 1000, 10)]
    assert set(gap) == {theme.background}
    (top, bottom), *_way = _bands(picture, CARD)
    assert pictures.read_label(picture, (80, top - 16, 1158, bottom + 16)) == "A045"


def test_waiting_screen_says_in_four_languages_what_is_missing() -> None:
    surface = pygame.Surface((1920, 1080)).convert()
    made = view.compose(model.State(started=0.0), 0.0, NINE, "hall · torino · 127.0.0.1:1883")
    assert isinstance(made, PlainView)
    draw_plain(Pen(surface, Lettering()), made)
    picture = pictures.of_surface(surface)
    assert "In attesa del collegamento" in pictures.read(picture, (200, 330, 1720, 430))
    assert "Waiting for the network" in pictures.read(picture, (200, 440, 1720, 520))
    assert "hall - torino - 127." in pictures.read(picture, (200, 1000, 1720, 1060))


def test_identity_is_a_band_with_the_name() -> None:
    surface = pygame.Surface((1920, 1080)).convert()
    draw_identity(Pen(surface, Lettering()), "hall-2", "torino")
    assert pictures.read(pictures.of_surface(surface), (200, 360, 1720, 660)) == "hall-2"


def test_picture_that_is_not_committed_is_not_seen(screen: Screen) -> None:
    screen.pen().fill((255, 0, 0))
    screen.commit()
    screen.pen().fill((0, 255, 0))
    pixels, size = screen.snapshot()
    assert size == (1920, 1080)
    assert pixels[:3] == b"\xff\x00\x00"
