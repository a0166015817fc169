"""The screens of somebody who has a number already: keypad, question, answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk import arriving, flow, moves
from kiosk.texts import Words
from kiosk.ui import controls, stack
from kiosk.ui.canvas import Canvas
from kiosk.ui.layout import Box
from kiosk.ui.stack import Line

KEY_MOST = 150.0
KEY_LEAST = 81.0
BUTTON_H = 120
HAVE_MOST = 240.0


def draw_have(canvas: Canvas, words: Words) -> None:
    """An appointment, or a missed call."""
    layout = canvas.layout
    rest, strip = layout.reach.from_bottom(100, layout.gap)
    top = rest.y
    if not layout.small:
        y = canvas.block(layout.body.x, layout.body.y, words.say("visit.have_title"), 60, canvas.palette.ink,
                         layout.body.w, bold=True)  # fmt: skip
        top = max(top, y + layout.gap)
    height = min(rest.bottom - top, 2 * HAVE_MOST + layout.gap)
    area = Box(rest.x, rest.bottom - height, rest.w, height)
    first, second = area.columns(2, layout.gap) if layout.wide else area.rows(2, layout.gap)
    controls.plain(canvas, first, words.say("visit.appointment"), moves.OpenEntry("check_in"), filled=True, size=54)
    controls.plain(canvas, second, words.say("visit.missed"), moves.OpenEntry("rejoin"), filled=True, size=54)
    controls.plain(canvas, strip, words.say("choose.back"), flow.Dismiss())


def draw_enter(canvas: Canvas, state: flow.State, enter: moves.Enter, words: Words) -> None:
    """The keypad, with what was entered so far above it."""
    layout, colours = canvas.layout, canvas.palette
    keys = arriving.keys(state, enter.purpose)
    small = layout.small
    margin, gap = (6.0, 5.0) if small else (layout.margin, 14.0)
    foot = max(margin, layout.foot_h)
    top = max(layout.reach_y, layout.header_h + gap)
    reach = Box(margin, top, layout.width - 2 * margin, layout.height - foot - top)
    rest, strip = reach.from_bottom(82 if small else BUTTON_H, gap)
    columns, rows = _grid(rest.w, len(keys), layout.wide, gap)
    # what was entered stands above the keys; in landscape a small screen has it in the header, a tall one has room
    above = 0.0 if small and layout.wide else 54.0 if small else max(0.0, layout.header_h + 150 - top)
    above = min(above, rest.h - rows * (KEY_LEAST + 2 + gap) + gap)
    key_h = min(KEY_MOST, rest.w / columns * 1.2, (rest.h - above - (rows - 1) * gap) / rows)
    pad = Box(rest.x, rest.bottom - rows * key_h - (rows - 1) * gap, rest.w, rows * key_h + (rows - 1) * gap)
    if not (small and layout.wide):
        free = Box(layout.body.x, layout.header_h + gap, layout.body.w, pad.y - 2 * gap - layout.header_h)
        _entered(canvas, free, enter, words, scanner=state.house.scanner)
    for letter, box in zip(keys, pad.grid(columns, rows, gap), strict=False):
        pressed = canvas.target(box, moves.Key(letter))
        canvas.panel(box, colours.panel_pressed if pressed else colours.panel, radius=16, border=colours.line)
        controls.text(canvas, box, letter, colours.line, centred=True, size=56)
    back, delete, done = strip.columns(3, gap)
    controls.sign_or_words(canvas, back, "back", words.say("choose.back"), flow.Dismiss())
    controls.sign_or_words(canvas, delete, "delete", words.say("visit.delete"), moves.Key(arriving.BACK))
    if arriving.complete(enter) is not None:
        controls.plain(canvas, done, words.say("visit.ok"), moves.Submit(), filled=True, size=56)


def _grid(width: float, count: int, wide: bool, gap: float) -> tuple[int, int]:
    """Columns and rows of so many keys: few rows in landscape, few columns in portrait, no key below 20 mm."""
    widest = int((width + gap) // (KEY_LEAST + gap))
    rows = max(-(-count // widest), -(-count // (8 if wide else 6)))
    return -(-count // rows), rows


def entered(enter: moves.Enter) -> str:
    """The places of the keypad's field, spaced, the empty ones as underscores."""
    check_in = enter.purpose == "check_in"
    return " ".join(enter.text.ljust(arriving.CODE_LENGTH, "_") if check_in else enter.text + "_")


def _entered(canvas: Canvas, area: Box, enter: moves.Enter, words: Words, *, scanner: bool) -> None:
    """What is asked for (a small screen has it in the header), and the places that are filled."""
    colours, layout = canvas.palette, canvas.layout
    label = entered(enter)
    title, hint = words.say(f"visit.enter_{enter.purpose}"), words.say(f"visit.hint_{enter.purpose}")
    if scanner:
        hint = f"{hint} {words.say('visit.hint_scan')}"
    if layout.small:
        controls.text(canvas, area, label, colours.ink, centred=True, size=72)
        return
    told, field = area.columns(2, 20) if layout.wide else area.from_bottom(min(150.0, area.h / 2), 0)
    lines = [Line(title, 60, colours.ink, bold=True, after=20), Line(hint, 44, colours.ink_soft, lines=3)]
    stack.draw(canvas, told, lines if stack.fits(told, lines) else lines[:1])
    controls.text(canvas, field, label, colours.ink, centred=True, size=96)


def draw_asking(canvas: Canvas, words: Words) -> None:
    x, y = canvas.layout.body.middle
    canvas.block(x, y - 60, words.say("issuing.title"), 84, canvas.palette.ink, canvas.layout.body.w, bold=True,
                 align="centre", lines=1)  # fmt: skip


def draw_arrived(canvas: Canvas, arrived: moves.Arrived, words: Words, local: datetime) -> None:
    """The office's answer: the number, a word, a sentence, and what to do next."""
    layout, colours = canvas.layout, canvas.palette
    height = 96 if layout.small else BUTTON_H
    rest, strip = layout.reach.from_bottom(height, layout.gap)
    if arrived.again is not None:
        back, again = strip.columns(2, layout.gap)
        controls.plain(canvas, back, words.say("take.done"), flow.Dismiss(), size=46)
        controls.plain(canvas, again, words.say("visit.again"), moves.Rejoin(), filled=True, size=46)
    else:
        controls.plain(canvas, strip, words.say("take.done"), flow.Dismiss(), filled=True)
    area = Box(layout.body.x, layout.body.y, layout.body.w, rest.bottom - layout.body.y)
    flat = layout.small and layout.wide
    title = words.say(f"visit.arrived.{arrived.result}.title")
    lines = []
    if arrived.label and flat:
        title = f"{arrived.label}: {title}"
    elif arrived.label:
        lines.append(Line(arrived.label, 230, colours.ink, bold=True, lines=1))
    lines.append(Line(title, 80, colours.ink, bold=True, after=16))
    lines += [Line(text, 56, colours.ink_soft, lines=4) for text in sentences(arrived, words, local)]
    stack.draw(canvas, area, lines)


def sentences(arrived: moves.Arrived, words: Words, local: datetime) -> list[str]:
    """What the answer says, in whole sentences."""
    key = f"visit.arrived.{arrived.result}.text"
    found = [words.say(key, counter=arrived.counter or "?", when=_when(arrived.at, words, local))]
    if arrived.ahead is not None:
        found.append(words.count("ahead", arrived.ahead) + ".")
    return found


def _when(at: datetime | None, words: Words, local: datetime) -> str:
    """A time today, or a date with its time."""
    if at is None:
        return ""
    at = at.astimezone(local.tzinfo)
    if at.date() == local.date():
        return f"{at:%H:%M}"
    day = words.weekday(at) + " " if local.date() < at.date() < (local + timedelta(days=7)).date() else ""
    return f"{day}{words.short_date(at)}, {at:%H:%M}"
