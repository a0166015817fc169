"""Every screen of the dispenser on every size of glass: what the tests draw."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pygame

from dispatcher.wire.messages import Issued, Menu, MenuGroup, MenuService
from kiosk import flow, moves
from kiosk.lettering import line_height, measure
from kiosk.texts import LANGUAGES
from kiosk.ui import screens
from kiosk.ui.canvas import Align, Canvas
from kiosk.ui.layout import Box
from kiosk.ui.theme import Colour

LOCAL = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Rome"))
VIEW = screens.View("Camera di commercio di Torino", "entrance", LOCAL)
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


def _closed(reason: str, opens_at: str) -> dict[str, object]:
    return {"open": False, "reason": reason, "opens_at": datetime.fromisoformat(opens_at)}


CLOSED = _closed("hours", "2026-11-23T13:00Z")
TOMORROW = _closed("limit", "2026-11-24T07:30Z")
FOUR = tuple(_service(at, wait_low_s=600, wait_high_s=1200, **(CLOSED if at == 3 else {})) for at in range(4))
MANY = tuple(_service(at, **(TOMORROW if at == 1 else {})) for at in range(12))
MENUS = {
    "four": Menu(revision=1, groups=(MenuGroup(id="", services=FOUR),)),
    "twelve": Menu(revision=1, groups=(MenuGroup(id="", services=MANY),)),
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
LETTERS = ("A", "B", "C", "D", "P")
MISSED = moves.Proof(label="A045")
ARRIVED = {
    "early": moves.Arrived("early", "AA07", at=LOCAL.replace(hour=10, minute=30)),
    "due": moves.Arrived("due", "AA07", at=LOCAL),
    "late": moves.Arrived("late", "AA07", again=MISSED),
    "wrong_day": moves.Arrived("wrong_day", "AA07", at=LOCAL.replace(day=26)),
    "called": moves.Arrived("called", "AA1000", counter="3"),
    "back": moves.Arrived("back", "A045", ahead=12),
    "in_queue": moves.Arrived("in_queue", "A045", ahead=1),
    **{name: moves.Arrived(name, "A045") for name in ("too_late", "too_often", "not_missed", "closed")},
    **{name: moves.Arrived(name) for name in ("unknown", "unreadable", "away")},
}
OUT = (
    *("starting", "no_link", "paper_out", "cover_open", "cutter", "printer_off", "unknown_status"),
    *("printer_error", "misconfigured", "no_service"),
)
SCREENS: dict[str, flow.Screen] = {
    "choose": flow.Choose(),
    "assisted": flow.Choose(assisted=True),
    "group": flow.Choose(group="d"),
    "issuing": flow.Issuing(PRESS),
    "printing": flow.Ticket(ISSUED, "printing"),
    "take": flow.Ticket(ISSUED, "take"),
    "unsure": flow.Ticket(ISSUED, "unsure"),
    **{f"sorry_{code}": flow.Sorry(code) for code in ("limit_reached", "no_answer", "other")},
    "sorry_opens": flow.Sorry("limit_reached", "s1"),
    **{reason: flow.OutOfService(reason) for reason in OUT},
    "held": flow.OutOfService("paper_out", "AA1000"),
    "stopped": flow.Stopped("AA1000"),
    "attract": moves.Attract(),
    "languages": moves.Languages(),
    "have": moves.Have(),
    "code": moves.Enter("check_in", "7K4M9P2Q"),
    "code_begun": moves.Enter("check_in", "7K"),
    "label": moves.Enter("rejoin", "A045"),
    "asking": moves.Asking("k", "check_in"),
    **{f"arrived_{name}": arrived for name, arrived in ARRIVED.items()},
    "still_there": moves.StillThere(flow.Choose(), 17),
    "wait": moves.Wait(3, flow.Choose()),
}
CASES = [
    *((name, "groups" if name == "group" else "four") for name in SCREENS),
    ("choose", "twelve"),
    ("choose", "groups"),
    ("sorry_opens", "twelve"),
]


@dataclass(frozen=True)
class Glass:
    """A screen: its pixels and its diagonal in inches."""

    pixels: tuple[int, int]
    diagonal_in: float

    @property
    def px_per_mm(self) -> float:
        width, height = self.pixels
        return math.hypot(width, height) / (self.diagonal_in * 25.4)


GLASS = {
    "10 portrait": Glass((800, 1280), 10.1),
    "10 landscape": Glass((1280, 800), 10.1),
    "10 flat": Glass((1024, 600), 10.1),
    "10 narrow": Glass((1080, 1920), 10.1),
    "10 low": Glass((1920, 1080), 10.1),
    "15 portrait": Glass((1080, 1920), 15.6),
    "15 landscape": Glass((1920, 1080), 15.6),
    "17 square": Glass((1280, 1024), 17),
    "21 portrait": Glass((1080, 1920), 21.5),
    "21 landscape": Glass((1920, 1080), 21.5),
    "32 portrait": Glass((2160, 3840), 32),
}


LARGE = {
    "19 square": Glass((1280, 1024), 19),
    "24 portrait": Glass((1080, 1920), 23.8),
    "27 landscape": Glass((2560, 1440), 27),
    "28 stretched": Glass((1080, 3840), 28),
    "32 landscape": Glass((1920, 1080), 32),
    "43 portrait": Glass((2160, 3840), 43),
    "65 portrait": Glass((1080, 1920), 65),
    "65 landscape": Glass((3840, 2160), 65),
}
"""Up to the largest that may be set: what is touched stands low on it."""


class Sketch(Canvas):
    """Notes where everything stands and draws nothing: hundreds of screens a second. `slips` are tickets shown."""

    slips: list[pygame.Rect]

    def fill(self, colour: Colour) -> None:
        del colour

    def band(self, y: float, height: float, colour: Colour) -> None:
        del y, height, colour

    def panel(self, *_args: object, **_options: object) -> None:
        return

    def ticket(self, box: Box, colour: Colour, notch_y: float) -> None:
        del colour, notch_y
        self.slips.append(self.rect(box))

    def disc(self, *_args: object) -> None:
        return

    def polygon(self, *_args: object) -> None:
        return

    def text(
        self, x: float, y: float, text: str, size: int, colour: Colour, *, bold: bool = False, align: Align = "left"
    ) -> float:
        del colour
        if text:
            height = self.px(size)
            width = measure(text, height, bold=bold) + 2
            left, top = self.at(x, y)
            shift = {"left": 0, "centre": width // 2, "right": width}[align]
            self.texts.append((text, size))
            self.text_boxes.append((text, pygame.Rect(left - shift, top, width, line_height(height))))
        return y + line_height(size)


def state(name: str, language: str, menu: str = "four", *, contrast: bool = False) -> flow.State:
    return flow.State(
        screen=SCREENS[name],
        languages=LANGUAGES,
        language=language,
        menu=MENUS[menu],
        link=True,
        trouble=None,
        contrast=contrast,
        slow=contrast,
        house=moves.House(letters=LETTERS, scanner=True),
    )


def sketch(name: str, language: str, glass: Glass, menu: str = "four", *, contrast: bool = False) -> Sketch:
    """A screen's texts and targets, not drawn."""
    return sketched(state(name, language, menu, contrast=contrast), glass)


def sketched(shown: flow.State, glass: Glass, *, simulated: bool = False) -> Sketch:
    """What stands where on that screen in this state."""
    view = replace(VIEW, diagonal_in=glass.diagonal_in, simulated=simulated)
    model = screens.canvas_for(pygame.Surface(glass.pixels, depth=8), shown, view)
    canvas = Sketch(model.surface, None, model.layout, model.palette)
    canvas.slips = []
    screens.paint(canvas, shown, view)
    return canvas


def picture(name: str, language: str, glass: Glass, menu: str = "four", *, contrast: bool = False) -> pygame.Surface:
    """A screen as the customer sees it."""
    surface = pygame.Surface(glass.pixels)
    view = replace(VIEW, diagonal_in=glass.diagonal_in)
    screens.draw(surface, state(name, language, menu, contrast=contrast), view)
    return surface
