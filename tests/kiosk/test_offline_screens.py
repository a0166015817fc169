"""What a dispenser shows without its dispatcher: as legible as all else, and nothing that it cannot know (B1, B5)."""

from __future__ import annotations

from collections.abc import Iterator

import pygame
import pytest

from dispatcher.wire.messages import Menu
from kiosk import flow
from kiosk.lease import issued_off_line
from kiosk.texts import LANGUAGES, Words
from kiosk.ui import screens, theme
from kiosk.ui.canvas import Canvas
from tests.kiosk.peer import NOW
from tests.kiosk.test_screens import MENUS, VIEW


def _menu(name: str) -> Menu:
    """As it is offered alone: the second service has no numbers left."""
    menu = MENUS[name]
    services = list(menu.groups[0].services)
    services[1] = services[1].model_copy(update={"open": False, "reason": "offline.none", "opens_at": None})
    first = menu.groups[0].model_copy(update={"services": tuple(services)})
    return menu.model_copy(update={"groups": (first, *menu.groups[1:])})


SCREENS: dict[str, tuple[flow.Screen, str]] = {
    "choose": (flow.Choose(), "four"),
    "many": (flow.Choose(), "twelve"),
    "take": (flow.Ticket(issued_off_line("A501", NOW), "take"), "four"),
    "exhausted": (flow.OutOfService("offline.exhausted"), "four"),
    "clock": (flow.OutOfService("offline.clock"), "four"),
}


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    pygame.display.init()
    pygame.display.set_mode((theme.WIDTH, theme.HEIGHT))
    yield
    pygame.display.quit()


def _drawn(name: str, language: str) -> tuple[Canvas, pygame.Surface]:
    surface = pygame.display.get_surface()
    assert surface is not None
    screen, menu = SCREENS[name]
    state = flow.State(
        screen=screen, languages=LANGUAGES, language=language, menu=_menu(menu), alone=None, trouble=None
    )  # fmt: skip
    canvas = Canvas(surface)
    screens.paint(canvas, state, VIEW)
    return canvas, surface


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_all_of_it_can_be_read_and_nothing_is_made_up(name: str, language: str) -> None:
    canvas, surface = _drawn(name, language)
    boxes = canvas.text_boxes
    assert all(surface.get_rect().contains(box) for _text, box in boxes), boxes
    assert not [
        (a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :] if a[1].colliderect(b[1].inflate(-4, -16))
    ]
    assert not [text for text, size in canvas.texts if size < theme.MIN_TEXT]
    said, words = " ".join(text for text, _size in canvas.texts), Words(language)
    assert not [n for n in (0, 1, 3) if words.count("waiting", n) in said or words.count("ahead", n) in said]
    expected = {"choose": "offline.card", "many": "offline.card", "take": "offline.ticket"}
    assert words.say(expected.get(name, "out.title")) in said


def _overlap(one: pygame.Rect, other: pygame.Rect) -> bool:
    return one.inflate(-2, -one.height // 4).colliderect(other.inflate(-2, -other.height // 4))
