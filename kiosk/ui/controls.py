"""The buttons around the services: signs with a short text, or on a small screen the sign alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk import flow, moves
from kiosk.lettering import line_height, measure
from kiosk.texts import Words, language_name
from kiosk.ui import theme
from kiosk.ui.canvas import Canvas, fit
from kiosk.ui.layout import Box
from kiosk.ui.theme import Colour

SIGN = 96
"""Width of a button's sign."""
CODE_H = 76.0
"""Height of the sign of a QR code."""
SIGN_ONLY = 225
"""A button narrower than this shows its sign alone."""
Draw = Callable[[Canvas, float, float, Colour, Colour], None]


@dataclass(frozen=True)
class Control:
    """A button: its sign and text, what a touch means, and whether it is switched on."""

    sign: str
    label: str
    action: object
    on: bool = False


def of_choose(state: flow.State, choose: flow.Choose, words: Words, *, short: bool, languages: bool) -> list[Control]:
    """What may be touched beside the services. `short`: what is rarely needed stands behind one button. `languages`:
    they do not stand on the screen themselves."""
    found = []
    if any(service.assisted for service in flow.services(state)):
        key = "assisted.on" if choose.assisted else "assisted.off"
        found.append(Control("seated", words.say(key), flow.ToggleAssisted(), on=choose.assisted))
    key = "visit.easy_on" if state.slow else "visit.easy"
    found.append(Control("contrast", words.say(key), moves.ToggleEasy(), on=state.slow))
    if languages:
        found.append(Control("languages", language_name(state.language), moves.OpenLanguages()))
    if short:
        found.append(Control("ticket", words.say("visit.have"), moves.OpenHave()))
    else:
        found.append(Control("calendar", words.say("visit.appointment"), moves.OpenEntry("check_in")))
        found.append(Control("again", words.say("visit.missed"), moves.OpenEntry("rejoin")))
    return found


def draw(canvas: Canvas, box: Box, control: Control) -> None:
    """One button."""
    colours = canvas.palette
    pressed = canvas.target(box, control.action)
    if control.on:
        fill, ink = (colours.mark_pressed if pressed else colours.mark), colours.on_mark
    else:
        fill, ink = (colours.panel_pressed if pressed else colours.panel), colours.line
    canvas.panel(box, fill, border=ink, width=5 if control.on else 4)
    x, y = box.middle
    if box.w < SIGN_ONLY:
        SIGNS[control.sign](canvas, x, y, ink, fill)
        return
    lines = 2 if box.h >= 2 * line_height(theme.MIN_TEXT) + 4 else 1
    # some air at the right, where that does not cost the sign
    room = next((box.w - SIGN - air for air in (34, 28) if _fits(control.label, box.w - SIGN - air, lines)), None)
    if room is None:
        text(canvas, Box(box.x + 10, box.y, box.w - 20, box.h), control.label, ink, centred=True)
        return
    SIGNS[control.sign](canvas, box.x + SIGN / 2 + 10, y, ink, fill)
    text(canvas, Box(box.x + SIGN + 14, box.y, room, box.h), control.label, ink)


def plain(canvas: Canvas, box: Box, label: str, action: object, *, filled: bool = False, size: int = 48) -> None:
    """A button of words alone; `filled`: what most will touch."""
    colours = canvas.palette
    pressed = canvas.target(box, action)
    if filled:
        fill, ink, border = (colours.fill_pressed if pressed else colours.fill), colours.on_fill, None
    else:
        fill, ink, border = (colours.panel_pressed if pressed else colours.panel), colours.line, colours.line
    canvas.panel(box, fill, radius=min(theme.RADIUS * 2, box.h / 2), border=border)
    text(canvas, box.inset(14), label, ink, centred=True, size=size)


def sign_or_words(canvas: Canvas, box: Box, sign: str, label: str, action: object) -> None:
    """A plain button with its words, or where they do not fit with a sign."""
    if _fits(label, box.w - 36, 1):
        plain(canvas, box, label, action, size=44)
        return
    plain(canvas, box, "", action)
    SIGNS[sign](canvas, *box.middle, canvas.palette.line, canvas.palette.panel)


def text(canvas: Canvas, box: Box, label: str, ink: Colour, *, centred: bool = False, size: int = 44) -> None:
    """Words in the middle of a box's height, in one or two lines as they fit."""
    lines = max(1, min(3, int(box.h / line_height(theme.MIN_TEXT))))
    fitted, broken = fit(label, size, box.w, True, 1)
    if len(broken) > 1 or fitted < min(size, 42):
        fitted, broken = fit(label, size, box.w, True, lines)
    while fitted > theme.MIN_TEXT and len(broken) * line_height(fitted) > box.h:
        fitted, broken = fit(label, fitted - 2, box.w, True, lines)
    y = box.y + (box.h - len(broken) * line_height(fitted)) / 2
    x = box.x + box.w / 2 if centred else box.x
    for line in broken:
        y = canvas.text(x, y, line, fitted, ink, bold=True, align="centre" if centred else "left")


def _fits(label: str, width: float, lines: int) -> bool:
    """Whether the words stand in so many lines at the least size, none of them too long."""
    broken = fit(label, theme.MIN_TEXT, width, True, lines)[1]
    return len(broken) <= lines and all(measure(line, theme.MIN_TEXT, bold=True) <= width for line in broken)


# -- signs, each within 80 units around a middle


def _seated(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """A person on a chair."""
    y -= 8
    canvas.disc(x - 6, y - 26, 11, ink)
    canvas.panel(Box(x - 16, y - 12, 18, 40), ink, radius=8)
    canvas.panel(Box(x - 16, y + 11, 42, 17), ink, radius=8)
    canvas.panel(Box(x + 10, y + 11, 16, 38), ink, radius=7)
    canvas.panel(Box(x - 31, y - 8, 8, 57), ink, radius=4)
    canvas.panel(Box(x - 31, y + 31, 35, 8), ink, radius=4)
    canvas.panel(Box(x - 3, y + 36, 8, 13), ink, radius=3)
    canvas.panel(Box(x - 14, y + 3, 25, 6), ground, radius=2)


def _contrast(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """A disc, half of it dark."""
    canvas.disc(x, y, 36, ink)
    canvas.half(x, y, 28, ground)


def _ticket(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """A slip with a number."""
    canvas.panel(Box(x - 28, y - 36, 56, 72), ink, radius=8)
    canvas.panel(Box(x - 18, y - 22, 36, 8), ground, radius=3)
    canvas.panel(Box(x - 18, y - 2, 36, 22), ground, radius=3)


def _calendar(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    canvas.panel(Box(x - 34, y - 30, 68, 66), ink, radius=10)
    canvas.panel(Box(x - 22, y - 40, 8, 18), ink, radius=3)
    canvas.panel(Box(x + 14, y - 40, 8, 18), ink, radius=3)
    canvas.panel(Box(x - 26, y - 10, 52, 38), ground, radius=4)
    canvas.panel(Box(x + 2, y + 8, 16, 14), ink, radius=3)


def _again(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """An arrow that turns back."""
    canvas.disc(x, y, 34, ink)
    canvas.disc(x, y, 23, ground)
    canvas.panel(Box(x - 40, y, 40, 40), ground, radius=1)
    canvas.polygon([(x - 46, y - 2), (x - 10, y - 2), (x - 28, y + 22)], ink)


def _languages(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """Two speakers."""
    canvas.panel(Box(x - 40, y - 34, 52, 40), ink, radius=10)
    canvas.polygon([(x - 30, y), (x - 10, y), (x - 30, y + 22)], ink)
    canvas.panel(Box(x - 10, y - 12, 54, 44), ground, radius=12)
    canvas.panel(Box(x - 6, y - 8, 46, 36), ink, radius=9)
    canvas.polygon([(x + 12, y + 24), (x + 32, y + 24), (x + 32, y + 44)], ink)


def _back(canvas: Canvas, x: float, y: float, ink: Colour, _ground: Colour) -> None:
    canvas.polygon(chevron(x + 6, y, -1, 26), ink)


def _delete(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """The key that takes back a letter."""
    canvas.polygon([(x - 44, y), (x - 18, y - 28), (x + 40, y - 28), (x + 40, y + 28), (x - 18, y + 28)], ink)
    for d in (1, -1):
        canvas.polygon([(x - 4, y - 15 * d), (x + 3, y - 19 * d), (x + 26, y + 15 * d), (x + 19, y + 19 * d)], ground)


def _code(canvas: Canvas, x: float, y: float, ink: Colour, ground: Colour) -> None:
    """A QR code."""
    for dx, dy in ((-20, -20), (20, -20), (-20, 20)):
        canvas.panel(Box(x + dx - 16, y + dy - 16, 32, 32), ink, radius=3)
        canvas.panel(Box(x + dx - 10, y + dy - 10, 20, 20), ground, radius=1)
        canvas.panel(Box(x + dx - 5, y + dy - 5, 10, 10), ink, radius=1)
    for dx, dy in ((8, 8), (26, 8), (17, 17), (8, 26), (26, 26)):
        canvas.panel(Box(x + dx, y + dy, 9, 9), ink, radius=0)


def chevron(x: float, y: float, direction: int, half: float) -> list[tuple[float, float]]:
    """The corners of an arrow head; `direction` 1 to the right, -1 to the left."""
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


SIGNS: dict[str, Draw] = {
    "seated": _seated,
    "contrast": _contrast,
    "ticket": _ticket,
    "calendar": _calendar,
    "again": _again,
    "languages": _languages,
    "code": _code,
    "back": _back,
    "delete": _delete,
}
