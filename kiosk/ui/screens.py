"""The screens: from the flow's state to a drawn surface and what can be touched on it. Draws everything, decides
nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pygame

from dispatcher.wire.messages import Issued
from kiosk import flow, moves
from kiosk.texts import Words
from kiosk.ui import arrival, choose, controls, layout, notices, stack, theme
from kiosk.ui.canvas import Canvas, Target
from kiosk.ui.layout import Box
from kiosk.ui.stack import Line

FOOT_H = 56.0
MUCH_TO_TOUCH = (flow.Choose, moves.Languages, moves.Have, moves.Enter)


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
    diagonal_in: float = theme.DIAGONAL_IN
    """Of the screen: it decides how large a millimetre is."""


def canvas_for(surface: pygame.Surface, state: flow.State, view: View, pressed: object = None) -> Canvas:
    """An empty frame for that screen, in the customer's colours."""
    palette = theme.CONTRAST if state.contrast else theme.NORMAL
    found = layout.nearest(surface.get_size(), view.diagonal_in)
    if view.simulated:
        found = replace(found, foot_h=FOOT_H)
    if isinstance(state.screen, MUCH_TO_TOUCH):
        found = found.within_reach()
    return Canvas(surface, pressed, found, palette)


def draw(surface: pygame.Surface, state: flow.State, view: View, pressed: object = None) -> list[Target]:
    """Draw the whole frame; the targets on it, uppermost last."""
    canvas = canvas_for(surface, state, view, pressed)
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
    canvas.fill(canvas.palette.ground)
    if isinstance(state.screen, moves.Attract):
        notices.draw_attract(canvas, state, view.office, view.local)
    else:
        layout = canvas.layout
        canvas.use(layout.large or layout)
        _header(canvas, state, view, words)
        canvas.use(layout)
        _body(canvas, state, view, words)
    canvas.use(canvas.layout.large or canvas.layout)
    _signs(canvas, view, words)


def _body(canvas: Canvas, state: flow.State, view: View, words: Words) -> None:
    match state.screen:
        case flow.Choose() as screen:
            choose.draw(canvas, state, screen, words, view.local)
        case moves.Languages() as screen:
            choose.draw_languages(canvas, state, screen, words)
        case moves.Have():
            arrival.draw_have(canvas, words)
        case moves.Enter() as screen:
            arrival.draw_enter(canvas, state, screen, words)
        case moves.Asking():
            arrival.draw_asking(canvas, words)
        case moves.Arrived() as screen:
            arrival.draw_arrived(canvas, screen, words, view.local)
        case flow.Issuing() as screen:
            notices.draw_issuing(canvas, state, screen, words)
        case flow.Ticket() as screen:
            notices.draw_ticket(canvas, screen, words, 0 if state.slow else view.beat)
        case flow.Sorry() as screen:
            notices.draw_sorry(canvas, state, screen, words, view.local)
        case flow.Stopped(label):
            notices.draw_stopped(canvas, label, words)
        case moves.StillThere() as screen:
            notices.draw_still_there(canvas, screen, words)
        case moves.Wait() as screen:
            notices.draw_wait(canvas, screen, words)
        case flow.OutOfService() as screen:
            notices.draw_out_of_service(canvas, state, screen)


def _header(canvas: Canvas, state: flow.State, view: View, words: Words) -> None:
    layout, colours = canvas.layout, canvas.palette
    height = layout.header_h
    canvas.band(0, height, colours.head)
    if colours.head == colours.ground:
        canvas.band(height - 4, 4, colours.line)
    else:
        for at in range(0, int(layout.width) + 36, 36):
            canvas.disc(at, height, 10, colours.ground)
    inside = Box(layout.margin, 4, layout.width - 2 * layout.margin, height - 16)
    if layout.small:
        _small_header(canvas, inside, state, view, words)
    else:
        _large_header(canvas, inside, state, view, words)


def _small_header(canvas: Canvas, box: Box, state: flow.State, view: View, words: Words) -> None:
    """What is to be done; where nothing is, the office. The clock stands on the first screen only."""
    ink = canvas.palette.on_head
    match state.screen:
        case flow.Choose() as screen:
            canvas.text(box.right, box.y + (box.h - 68) / 2, f"{view.local:%H:%M}", 52, ink, bold=True, align="right")
            text, box = choose.title(state, screen, words, short=True), Box(box.x, box.y, box.w - 160, box.h)
        case moves.Enter() as screen:
            text = words.say(f"visit.enter_{screen.purpose}")
            if canvas.layout.wide:
                field = Box(box.x + box.w * 0.55, box.y, box.w * 0.45, box.h)
                controls.text(canvas, field, arrival.entered(screen), ink, centred=True, size=54)
                box = Box(box.x, box.y, box.w * 0.54, box.h)
        case moves.Have():
            text = words.say("visit.have_title")
        case _:
            text = view.office
    if text:
        controls.text(canvas, box, text, ink, size=46)


def _large_header(canvas: Canvas, box: Box, state: flow.State, view: View, words: Words) -> None:
    """The office, the time, the date."""
    colours = canvas.palette
    languages = state.languages or (state.language,)
    date = (words if state.languages else Words(languages[0])).long_date(view.local)
    tall = box.h > 180
    y = 34 if tall else box.y + (box.h - 114) / 2
    canvas.text(box.right, y, f"{view.local:%H:%M}", 88, colours.on_head, bold=True, align="right")
    room = box.w - 260
    if tall:
        canvas.text(box.right, 154, date, 38, colours.head_soft, align="right")
    elif canvas.layout.wide:
        canvas.text(box.right - 260, box.y + box.h / 2 - 26, date, 40, colours.head_soft, align="right")
        room -= 440
    if view.office:
        top = 42 if tall else box.y
        area = Box(box.x, top, room, 150 if tall else box.h)
        controls.text(canvas, area, view.office, colours.on_head, size=58)


def _signs(canvas: Canvas, view: View, words: Words) -> None:
    """That the clock is not the real one; and which dispenser this is, when the office asks it."""
    layout, colours = canvas.layout, canvas.palette
    if view.simulated:
        width = 400.0
        box = Box((layout.width - width) / 2, layout.height - FOOT_H, width, FOOT_H)
        canvas.panel(box, colours.mark, radius=20)
        controls.text(canvas, box.inset(2), words.say("screen.simulated"), colours.on_mark, centred=True, size=38)
    if view.identify:
        width, height = min(900.0, layout.width - 40), min(320.0, layout.height - 40)
        box = Box((layout.width - width) / 2, (layout.height - height) / 2, width, height)
        canvas.panel(box, colours.head, border=colours.mark, width=12)
        text = words.say("screen.identify", id=view.kiosk)
        stack.draw(canvas, box.inset(30), [Line(text, 84, colours.on_head, bold=True, lines=3)])
