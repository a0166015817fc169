"""What a dispenser shows without its dispatcher: as legible as all else, and nothing that it cannot know (B1, B5)."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from dispatcher.wire.messages import Menu
from kiosk import flow
from kiosk.lease import issued_off_line
from kiosk.texts import LANGUAGES, Words
from tests.kiosk.gallery import GLASS, MENUS, sketched, state
from tests.kiosk.legible import misplaced, too_small
from tests.kiosk.peer import NOW


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_all_of_it_can_be_read_and_nothing_is_made_up(name: str, language: str) -> None:
    screen, menu = SCREENS[name]
    shown = replace(state("choose", language), screen=screen, menu=_menu(menu), link=False, alone=None)
    for glass in GLASS.values():
        canvas = sketched(shown, glass)
        assert too_small(canvas, glass.px_per_mm) == []
        assert misplaced(canvas, pygame.Rect((0, 0), glass.pixels)) == []
        said, words = " ".join(text for text, _size in canvas.texts), Words(language)
        assert not [n for n in (0, 1, 3) if words.count("waiting", n) in said or words.count("ahead", n) in said]
        expected = {"choose": "offline.card", "many": "offline.card", "take": "offline.ticket"}
        assert words.say(expected.get(name, "out.title")).split()[0] in said
