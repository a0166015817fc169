"""C1, C5: the living screen takes look, place and slides from the settings, and says what it cannot show."""

from __future__ import annotations

import base64
from typing import Any

import pygame
import pytest
from PIL import Image

from dispatcher.wire import topics
from dispatcher.wire.looks import LIGHT, parse_colour
from dispatcher.wire.messages import DisplayConfig, Look, Slide
from display.draw.theme import Theme
from display.inbox import Exposed
from tests.display import gallery, pictures
from tests.display.samples import SITE, TEN, board, config, event, heartbeat
from tests.display.test_loop import FragileScreen, Room

CONFIG = topics.device(SITE, "hall", "config")


@pytest.fixture
def room() -> Any:
    yield Room(FragileScreen((1920, 1080), headless=True))
    pygame.display.quit()


def _set(room: Room, settings: DisplayConfig) -> None:
    room.say(CONFIG, settings, retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(5))
    room.turn(seconds=1)


def _codes(room: Room) -> list[str]:
    return [each["code"] for each in room.status["problems"]]


def test_another_theme_is_seen_at_once(room: Room) -> None:
    room.begin()
    assert room.pixel() == Theme().background
    _set(room, config(theme=Look(colours=LIGHT)))
    assert room.pixel() == parse_colour(LIGHT["background"])


def test_screen_too_small_for_its_room_says_so_to_people_and_office_and_takes_better_settings(room: Room) -> None:
    room.begin()
    calls = room.screen.snapshot()[0]
    _set(room, config(diagonal_mm=600.0, distance_m=9.0))
    refused = room.screen.snapshot()[0]
    assert refused != calls
    assert bytes(Theme().card) not in refused, "no card of a call"
    assert _codes(room) == ["text_too_small"]
    assert room.status["shown_revision"] is None
    _set(room, config(diagonal_mm=2000.0, distance_m=9.0))
    assert _codes(room) == []
    assert room.status["shown_revision"] == 5


def test_slides_turn_and_a_broken_one_is_reported(room: Room) -> None:
    pages = tuple(Slide(id=str(at), text={"it": f"# Pagina {at}"}, seconds=4) for at in (1, 2))
    room.begin()
    _set(room, config(layout="split", slides=(*pages, Slide(id="bad", picture="AAAA"))))
    assert _codes(room) == ["slide_unreadable"]
    seen = set()
    for _step in range(8):
        room.say(topics.heartbeat(SITE), heartbeat(5))
        assert room.turn(seconds=1) <= 4.0
        seen.add(room.screen.snapshot()[0])
    assert len(seen) == 2


def test_settings_with_large_pictures_are_taken(room: Room) -> None:
    """They are the only messages that may be so large."""
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(900_000)).decode()
    room.begin()
    pictures = tuple(Slide(id=f"p{at}", picture=large) for at in range(2))
    _set(room, config(layout="split", slides=(*pictures, Slide(id="page", text={"it": "# Pagina"}))))
    assert _codes(room) == ["slide_unreadable"]
    assert room.display.state.config is not None
    assert room.display.state.config.layout == "split"


def test_broken_picture_never_becomes_a_broken_screen(room: Room) -> None:
    """Its head is sound and its body is cut off: it passes the first look and fails when it is drawn."""
    whole = gallery.photograph(300, 200)
    room.begin()
    _set(room, config(layout="split", slides=(Slide(id="cut", picture=whole[: len(whole) // 8 * 4]),)))
    assert _codes(room) in ([], ["slide_unreadable"])
    assert room.status["shown_revision"] == 5


def test_closed_office_is_said_from_the_menu(room: Room) -> None:
    room.begin()
    room.say(topics.board(SITE), board(6), retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(6))
    room.turn(seconds=1)
    before = room.screen.snapshot()[0]
    room.say(topics.menu(SITE), gallery.menu(), retain=True)
    room.turn(milliseconds=10)
    assert room.screen.snapshot()[0] != before
    room.say(topics.menu(SITE), b"{}", retain=True)
    room.say(topics.call(SITE), event(TEN[0], 7))
    room.turn()
    room.turn(milliseconds=500)
    assert bytes(Theme().card_new) in room.screen.snapshot()[0]


def test_screen_in_trouble_says_that_the_office_knows_only_while_it_can(room: Room) -> None:
    """C4: with the link down nobody has been told, and whoever sits there can tell the staff."""
    room.begin()

    def said() -> str:
        room.screen.broken = True
        room.turn(seconds=1)
        pixels, size = room.screen.snapshot()
        return pictures.read_page(Image.frombytes("RGB", size, pixels), (0, 340, 1920, 440))

    room.say(topics.board(SITE), board(6, TEN[0]), retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(6))
    assert "L'ufficio" in said()
    room.link.lose()
    room.turn(seconds=9)
    room.display.take(Exposed())
    assert "personale" in said()
