"""The screens: from the flow's state to a drawn surface and what can be touched on it. Draws everything, decides
nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pygame

from dispatcher.wire.messages import Issued
from kiosk import flow
from kiosk.lease import is_off_line
from kiosk.texts import Words, language_name, pick
from kiosk.ui import service_cards, theme
from kiosk.ui.canvas import Box, Canvas, Target

HEADER_H = 250
LANGUAGES_Y = 296
LANGUAGE_H = 100
TITLE_Y = 436
LIST_Y = 560
LIST_BOTTOM = 1576
ASSISTED_Y = 1624
ASSISTED_H = 190
FOOT_Y = 1846


@dataclass(frozen=True)
class View:
    """What a frame needs besides the flow: `local` is office time in the office's zone."""

    office: str
    kiosk: str
    local: datetime
    simulated: bool = False
    identify: bool = False
    beat: int = 0
    """Grows with the arrow's animation, about eight times a second while a ticket is to be taken."""


def draw(surface: pygame.Surface, state: flow.State, view: View, pressed: object = None) -> list[Target]:
    """Draw the whole frame; the targets on it, uppermost last."""
    canvas = Canvas(surface, pressed)
    paint(canvas, state, view)
    return canvas.targets


def warm(surface: pygame.Surface, state: flow.State, view: View) -> None:
    """Draw once what a touch brings up, so that its shapes are at hand when it is needed."""
    language = state.language
    press = flow.Press("", "", view.local, language, assisted=True)
    issued = Issued(id="-", label="A000", ahead=0, status_url="", queued_at=view.local)
    for screen in (flow.Issuing(press), flow.Ticket(issued, "printing"), flow.Ticket(issued, "take")):
        draw(surface, replace(state, screen=screen), view)


def paint(canvas: Canvas, state: flow.State, view: View) -> None:
    """The frame on a canvas (which a test may ask for the texts and targets on it)."""
    words = Words(state.language)
    canvas.fill(theme.PAPER)
    _header(canvas, state, view, words)
    match state.screen:
        case flow.Choose() as choose:
            _languages(canvas, state)
            _choose(canvas, state, choose, words, view)
        case flow.Issuing() as issuing:
            _issuing(canvas, state, issuing, words)
        case flow.Ticket() as ticket:
            _ticket(canvas, ticket, words, view)
        case flow.Sorry() as sorry:
            _sorry(canvas, sorry, words)
        case flow.OutOfService() as out:
            _out_of_service(canvas, state, out)
    _foot(canvas, view, words)


def _header(canvas: Canvas, state: flow.State, view: View, words: Words) -> None:
    canvas.band(0, HEADER_H, theme.PETROL_DEEP)
    for at in range(-12, theme.WIDTH + 12, 36):
        canvas.disc(at + 18, HEADER_H, 10, theme.PAPER)
    wide = theme.WIDTH - 2 * theme.MARGIN - 270
    if view.office:
        canvas.block(theme.MARGIN, 46, view.office, 58, theme.WHITE, wide, bold=True, lines=2)
    languages = state.languages or (state.language,)
    canvas.text(theme.WIDTH - theme.MARGIN, 34, f"{view.local:%H:%M}", 88, theme.WHITE, bold=True, align="right")
    date = words if state.languages else Words(languages[0])
    canvas.text(theme.WIDTH - theme.MARGIN, 154, date.long_date(view.local), 38, theme.MIST, align="right")


def _languages(canvas: Canvas, state: flow.State) -> None:
    count = len(state.languages)
    if count < 2:
        return
    width = (theme.WIDTH - 2 * theme.MARGIN - (count - 1) * theme.GAP) / count
    for at, language in enumerate(state.languages):
        box = Box(theme.MARGIN + at * (width + theme.GAP), LANGUAGES_Y, width, LANGUAGE_H)
        pressed = canvas.target(box, flow.ChooseLanguage(language))
        chosen = language == state.language
        fill = theme.PETROL_PRESSED if pressed else theme.PETROL if chosen else theme.WHITE
        canvas.panel(box, fill, radius=LANGUAGE_H / 2, border=theme.PETROL)
        colour = theme.WHITE if chosen or pressed else theme.PETROL
        canvas.block(
            box.x + width / 2,
            box.y + 24,
            language_name(language),
            40,
            colour,
            width - 32,
            bold=True,
            align="centre",
            lines=1,
        )


def _choose(canvas: Canvas, state: flow.State, choose: flow.Choose, words: Words, view: View) -> None:
    level = choose.group is None and len(flow.named_groups(state)) > 1
    key = "choose.group" if level else "choose.title_assisted" if choose.assisted else "choose.title"
    top = TITLE_Y
    indent = 0
    if choose.group is not None:
        box = Box(theme.MARGIN, top - 8, 250, theme.MIN_TARGET)
        pressed = canvas.target(box, flow.OpenGroup(None))
        canvas.panel(box, theme.MIST if pressed else theme.WHITE, radius=48, border=theme.PETROL)
        canvas.polygon(_chevron(box.x + 40, box.y + 48, -1, 18), theme.PETROL)
        canvas.block(box.x + 72, box.y + 22, words.say("choose.back"), 40, theme.PETROL, 160, bold=True, lines=1)
        indent = 280
    width = theme.WIDTH - 2 * theme.MARGIN - indent
    canvas.block(theme.MARGIN + indent, top, words.say(key), 60, theme.INK, width, bold=True, lines=1)
    area = Box(theme.MARGIN, LIST_Y, theme.WIDTH - 2 * theme.MARGIN, LIST_BOTTOM - LIST_Y)
    service_cards.draw_list(canvas, area, state, choose, words, view.local)
    if any(service.assisted for service in flow.services(state)):
        _assisted(canvas, choose, words)


def _assisted(canvas: Canvas, choose: flow.Choose, words: Words) -> None:
    box = Box(theme.MARGIN, ASSISTED_Y, theme.WIDTH - 2 * theme.MARGIN, ASSISTED_H)
    pressed = canvas.target(box, flow.ToggleAssisted())
    on = choose.assisted
    fill = (theme.AMBER_PRESSED if pressed else theme.AMBER) if on else (theme.MIST if pressed else theme.WHITE)
    canvas.panel(box, fill, border=theme.INK if on else theme.PETROL)
    ink = theme.INK if on else theme.PETROL
    _seated(canvas, box.x + 96, box.y + box.h / 2, ink, fill)
    key = "on" if on else "off"
    y = canvas.block(box.x + 196, box.y + 34, words.say(f"assisted.{key}"), 52, ink, box.w - 240, bold=True, lines=1)
    detail = theme.INK if on else theme.INK_SOFT
    canvas.block(box.x + 196, y + 4, words.say(f"assisted.{key}_detail"), 40, detail, box.w - 230, lines=1)


def _seated(canvas: Canvas, x: float, y: float, colour: theme.Colour, ground: theme.Colour) -> None:
    """A person on a chair."""
    canvas.disc(x - 10, y - 50, 17, colour)
    canvas.panel(Box(x - 26, y - 28, 28, 62), colour, radius=12)
    canvas.panel(Box(x - 26, y + 8, 66, 26), colour, radius=12)
    canvas.panel(Box(x + 16, y + 8, 24, 60), colour, radius=11)
    canvas.panel(Box(x - 50, y - 20, 12, 88), colour, radius=6)
    canvas.panel(Box(x - 50, y + 40, 58, 12), colour, radius=6)
    canvas.panel(Box(x - 4, y + 48, 12, 20), colour, radius=5)
    canvas.panel(Box(x - 22, y - 2, 40, 9), ground, radius=4)


def _chevron(x: float, y: float, direction: int, half: float) -> list[tuple[float, float]]:
    d = direction * half
    thick = direction * half * 0.75
    return [
        (x - d / 2, y - half),
        (x - d / 2 + thick, y - half),
        (x + d / 2 + thick, y),
        (x - d / 2 + thick, y + half),
        (x - d / 2, y + half),
        (x + d / 2, y),
    ]


def _issuing(canvas: Canvas, state: flow.State, issuing: flow.Issuing, words: Words) -> None:
    service = flow.find(state, issuing.press.service)
    name = pick(service.name, state.language, state.languages) if service else issuing.press.service
    _slip(canvas, 560, 700, 440)
    canvas.block(540, 660, words.say("issuing.title"), 92, theme.INK, 860, bold=True, align="centre", lines=1)
    canvas.block(540, 810, name, 58, theme.INK_SOFT, 820, align="centre", lines=2)
    if issuing.press.assisted:
        _badge(canvas, 1086, words.say("ticket.assisted"))


def _ticket(canvas: Canvas, ticket: flow.Ticket, words: Words, view: View) -> None:
    issued, ready = ticket.issued, ticket.paper != "printing"
    title = words.say("take.title" if ready else "take.printing")
    canvas.block(540, 340, title, 76, theme.INK, 984, bold=True, align="centre", lines=1)
    _slip(canvas, 500, 860, 482)
    canvas.block(540, 560, issued.label, 290, theme.INK, 840, bold=True, align="centre", lines=1)
    alone = is_off_line(issued)
    ahead = words.say("offline.ticket") if alone else words.count("ahead", issued.ahead)
    y = canvas.block(540, 1040, ahead, 54, theme.INK, 840, bold=True, align="centre", lines=1)
    wait = words.say("offline.hint") if alone else words.wait(issued.wait_low_s, issued.wait_high_s)
    canvas.block(540, y + 14, wait, 50, theme.INK_SOFT, 840, align="centre", lines=1)
    hint = words.say("take.unconfirmed" if ticket.paper == "unsure" else "take.watch")
    canvas.block(540, 1220, hint, 42, theme.INK_SOFT, 800, align="centre", lines=2)
    if ready:
        _arrow(canvas, 1420 + (0, 6, 14, 22, 26, 22, 14, 6)[view.beat % 8])
        box = Box(300, 1680, 480, 120)
        pressed = canvas.target(box, flow.Dismiss())
        canvas.panel(box, theme.MIST if pressed else theme.WHITE, radius=60, border=theme.PETROL)
        canvas.block(540, box.y + 30, words.say("take.done"), 46, theme.PETROL, 420, bold=True, align="centre", lines=1)


def _slip(canvas: Canvas, y: float, height: float, torn: float) -> None:
    """The ticket as the customer will hold it; `torn` is where it is torn off, below its top."""
    canvas.panel(Box(90, y + 12, 900, height), theme.SHADOW)
    canvas.ticket(Box(90, y, 900, height), theme.WHITE, torn)
    for x in (90, 990):
        canvas.disc(x, y + torn, 20, theme.PAPER)


def _arrow(canvas: Canvas, y: float) -> None:
    points = [(500, y), (580, y), (580, y + 90), (650, y + 90), (540, y + 200), (430, y + 90), (500, y + 90)]
    canvas.polygon(points, theme.AMBER)


def _badge(canvas: Canvas, y: float, text: str) -> None:
    canvas.panel(Box(310, y, 460, 86), theme.AMBER, radius=43)
    canvas.block(540, y + 17, text, 42, theme.INK, 420, bold=True, align="centre", lines=1)


def _sorry(canvas: Canvas, sorry: flow.Sorry, words: Words) -> None:
    key = f"sorry.{sorry.code}"
    _sign(canvas, 640)
    canvas.block(540, 800, words.say("sorry.title"), 80, theme.INK, 940, bold=True, align="centre", lines=1)
    text = words.say(key if words.knows(key) else "sorry.other")
    canvas.block(540, 950, text, 54, theme.INK_SOFT, 900, align="centre", lines=3)
    box = Box(270, 1300, 540, 150)
    pressed = canvas.target(box, flow.Dismiss())
    canvas.panel(box, theme.PETROL_PRESSED if pressed else theme.PETROL, radius=75)
    canvas.block(540, box.y + 42, words.say("sorry.done"), 52, theme.WHITE, 480, bold=True, align="centre", lines=1)


def _sign(canvas: Canvas, y: float) -> None:
    """Two bars in a disc: it rests, it is not broken for ever."""
    canvas.disc(540, y, 110, theme.AMBER)
    canvas.panel(Box(492, y - 52, 32, 104), theme.INK, radius=10)
    canvas.panel(Box(556, y - 52, 32, 104), theme.INK, radius=10)


def _out_of_service(canvas: Canvas, state: flow.State, out: flow.OutOfService) -> None:
    languages = (state.languages or ("it", "en"))[:4]
    y = 400.0
    if out.label:
        _slip(canvas, 306, 280, 236)
        canvas.block(540, 310, out.label, 180, theme.INK, 840, bold=True, align="centre", lines=1)
        y = 610
    elif out.reason == "starting":
        y = 620
    else:
        _sign(canvas, y + 60)
        y += 210
    room = (1810 - y) / len(languages)
    for at, language in enumerate(languages):
        words = Words(language)
        top = y + at * room
        if at:
            canvas.panel(Box(theme.MARGIN, top, theme.WIDTH - 2 * theme.MARGIN, 3), theme.SHADOW, radius=1)
        _reason(canvas, out, words, top + (room - (258 if out.label else 212)) / 2, first=at == 0)


def _reason(canvas: Canvas, out: flow.OutOfService, words: Words, top: float, *, first: bool) -> None:
    ink = theme.INK if first else theme.PETROL
    width = theme.WIDTH - 2 * theme.MARGIN
    if out.reason == "starting":
        canvas.block(540, top + 60, words.say("out.starting"), 50, ink, width, bold=first, align="centre", lines=1)
        return
    y = canvas.block(540, top, words.say("out.title"), 62, ink, width, bold=True, align="centre", lines=1)
    y = canvas.block(540, y + 4, words.say(f"out.{out.reason}"), 46, theme.INK, width, align="centre", lines=1)
    text = words.say("out.held", label=out.label) if out.label else words.say("out.ask")
    canvas.block(540, y + 2, text, 40, theme.INK_SOFT, width, align="centre", lines=2 if out.label else 1)


def _foot(canvas: Canvas, view: View, words: Words) -> None:
    if view.simulated:
        canvas.panel(Box(340, FOOT_Y, 400, 62), theme.AMBER, radius=31)
        canvas.block(
            540, FOOT_Y + 7, words.say("screen.simulated"), 38, theme.INK, 380, bold=True, align="centre", lines=1
        )
    if view.identify:
        canvas.panel(Box(90, 800, 900, 320), theme.PETROL, border=theme.AMBER, width=12)
        text = words.say("screen.identify", id=view.kiosk)
        canvas.block(540, 900, text, 84, theme.WHITE, 820, bold=True, align="centre", lines=1)
