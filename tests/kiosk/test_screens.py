"""The screens as pictures: B1. Big enough to touch and to read, nothing outside, nothing over another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pygame
import pytest

from dispatcher.wire.messages import Issued, Menu, MenuGroup, MenuService
from kiosk import flow
from kiosk.texts import LANGUAGES
from kiosk.ui import screens, theme
from kiosk.ui.canvas import Canvas

LOCAL = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Rome"))
VIEW = screens.View("Camera di commercio di Torino", "entrance", LOCAL, simulated=True)
NAMES = [
    ("Passaporti", "Passports", "Pässe", "Passeports"),
    ("Residenza e stato civile", "Residence and civil status", "Wohnsitz und Personenstand", "Résidence et état civil"),
    ("Registro delle imprese", "Business register", "Handelsregister", "Registre du commerce"),
    ("Visure e certificati", "Extracts and certificates", "Auszüge und Bescheinigungen", "Extraits et certificats"),
]


def _service(at: int, **fields: object) -> MenuService:
    body = {
        "id": f"s{at}",
        "name": dict(zip(LANGUAGES, NAMES[at % 4], strict=True)),
        "open": True,
        "waiting": at,
        **fields,
    }
    return MenuService.model_validate(body)


CLOSED = {"open": False, "reason": "hours", "opens_at": datetime(2026, 11, 23, 13, tzinfo=UTC)}
FOUR = tuple(_service(at, wait_low_s=600, wait_high_s=1200, **(CLOSED if at == 3 else {})) for at in range(4))
MENUS = {
    "four": Menu(revision=1, groups=(MenuGroup(id="", services=FOUR),)),
    "twelve": Menu(revision=1, groups=(MenuGroup(id="", services=tuple(_service(at) for at in range(12))),)),
    "groups": Menu(
        revision=1,
        groups=(
            MenuGroup(id="d", name={"it": "Documenti", "de": "Dokumente"}, services=FOUR[:2]),
            MenuGroup(id="b", name={"it": "Imprese", "de": "Unternehmen"}, services=FOUR[2:]),
        ),
    ),
}
ISSUED = Issued(id="x", label="AA1000", ahead=3, wait_low_s=600, wait_high_s=1200, status_url="", queued_at=LOCAL)
PRESS = flow.Press("k", "s1", LOCAL, "it", assisted=True)
SCREENS: dict[str, flow.Screen] = {
    "choose": flow.Choose(),
    "assisted": flow.Choose(assisted=True),
    "group": flow.Choose(group="d"),
    "issuing": flow.Issuing(PRESS),
    "printing": flow.Ticket(ISSUED, "printing"),
    "take": flow.Ticket(ISSUED, "take"),
    "unsure": flow.Ticket(ISSUED, "unsure"),
    "sorry": flow.Sorry("limit_reached"),
    **{
        reason: flow.OutOfService(reason)
        for reason in (
            *("starting", "no_link", "paper_out", "cover_open", "cutter", "printer_off", "unknown_status"),
            *("printer_error", "misconfigured", "no_service"),
        )
    },
    "held": flow.OutOfService("paper_out", "AA1000"),
}


def render(name: str, language: str, menu: str = "four") -> tuple[pygame.Surface, Canvas]:
    """One screen as the customer sees it, with what was drawn on it; also for the pictures of the README."""
    surface = pygame.display.get_surface()
    assert surface is not None
    state = flow.State(
        screen=SCREENS[name], languages=LANGUAGES, language=language, menu=MENUS[menu], link=True, trouble=None
    )
    canvas = Canvas(surface)
    screens.paint(canvas, state, VIEW)
    return surface, canvas


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    pygame.display.init()
    pygame.display.set_mode((theme.WIDTH, theme.HEIGHT))
    yield
    pygame.display.quit()


CASES = [(name, "groups" if name == "group" else "four") for name in SCREENS] + [
    ("choose", "twelve"),
    ("choose", "groups"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "menu"), CASES)
def test_targets_and_texts_are_large_enough(name: str, menu: str, language: str) -> None:
    surface, canvas = render(name, language, menu)
    least = 20 * theme.UNITS_PER_MM
    rects = [target.rect for target in canvas.targets]
    assert all(surface.get_rect().contains(rect) for rect in rects)
    assert all(min(rect.size) >= least for rect in rects)
    assert not [(a, b) for at, a in enumerate(rects) for b in rects[at + 1 :] if a.colliderect(b)]
    small = [(text, size) for text, size in canvas.texts if size < theme.MIN_TEXT]
    assert not small


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "menu"), CASES)
def test_no_text_is_cut_off_or_overlaps(name: str, menu: str, language: str) -> None:
    surface, canvas = render(name, language, menu)
    boxes = canvas.text_boxes
    assert all(surface.get_rect().contains(box) for _text, box in boxes), boxes
    overlaps = [
        (one, other)
        for at, (one, a) in enumerate(boxes)
        for other, b in boxes[at + 1 :]
        if a.inflate(-2, -a.height // 4).colliderect(b.inflate(-2, -b.height // 4))
    ]
    assert not overlaps


def test_colours_are_readable() -> None:
    assert [pair for pair in theme.PAIRS if theme.contrast(*pair) < 7] == []
    # a button stands out from what is around it
    assert theme.contrast(theme.PETROL, theme.PAPER) >= 3


def test_what_can_be_touched() -> None:
    _surface, canvas = render("choose", "it")
    actions = [target.action for target in canvas.targets]
    assert [a for a in actions if isinstance(a, flow.ChooseLanguage)] == [
        flow.ChooseLanguage(code) for code in LANGUAGES
    ]
    assert [getattr(a, "service", None) for a in actions if hasattr(a, "service")] == ["s0", "s1", "s2"]
    assert flow.ToggleAssisted() in actions
    texts = [text for text, _size in canvas.texts]
    assert {"Chiuso adesso", "Apre alle 14:00", "Orologio simulato", "09:41"} <= set(texts)


def test_out_of_service_says_why_in_all_languages() -> None:
    _surface, canvas = render("paper_out", "de")
    texts = {text for text, _size in canvas.texts}
    assert {
        "La carta è finita.", "The paper has run out.", "Das Papier ist zu Ende.", "Il n'y a plus de papier."
    } <= texts  # fmt: skip


def test_a_pressed_button_shows_it() -> None:
    surface, canvas = render("choose", "it")
    target = next(t for t in canvas.targets if hasattr(t.action, "service"))
    before = surface.get_at(target.rect.move(-20, 0).midright)
    state = flow.State(
        screen=flow.Choose(), languages=LANGUAGES, language="it", menu=MENUS["four"], link=True, trouble=None
    )
    screens.draw(surface, state, VIEW, target.action)
    assert surface.get_at(target.rect.move(-20, 0).midright) != before


@pytest.mark.parametrize("size", [(540, 960), (1080, 1920), (800, 1280), (1920, 1080)])
def test_other_sizes_keep_everything_on_the_screen(size: tuple[int, int]) -> None:
    surface = pygame.display.set_mode(size)
    for screen in SCREENS.values():
        state = flow.State(
            screen=replace(screen), languages=LANGUAGES, language="de", menu=MENUS["groups"], link=True, trouble=None
        )
        targets = screens.draw(surface, state, VIEW)
        assert all(surface.get_rect().contains(target.rect) for target in targets)
