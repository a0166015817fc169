"""The screens that tell something: the ticket, a refusal, out of service, the warning of a time-out, the rest."""

from __future__ import annotations

from datetime import datetime

from dispatcher.wire.messages import Issued
from kiosk import flow, moves
from kiosk.lease import is_off_line
from kiosk.lettering import measure
from kiosk.texts import Words, pick
from kiosk.ui import controls, stack, theme
from kiosk.ui.canvas import Canvas
from kiosk.ui.layout import Box
from kiosk.ui.stack import Line

ARROW_H = 200.0
TORN = 0.84
"""Where the slip of a number that still waits for its paper is torn off."""
STEPS = (0, 6, 14, 22, 26, 22, 14, 6)


def _button_h(canvas: Canvas) -> float:
    return 92 if canvas.layout.small else 150


def _split(canvas: Canvas) -> tuple[Box, Box]:
    """What is told, and the strip of buttons below it."""
    body = canvas.layout.body
    return body.from_bottom(_button_h(canvas), canvas.layout.gap)


def slip(canvas: Canvas, box: Box, torn: float) -> None:
    """The ticket as the customer will hold it; `torn` is where it is torn off, as a part of its height."""
    colours = canvas.palette
    if colours.panel == colours.ground:
        canvas.panel(box, colours.panel, border=colours.ink, width=5)
        return
    canvas.panel(Box(box.x, box.y + 12, box.w, box.h), colours.shadow)
    canvas.ticket(box, colours.panel, box.h * torn)
    for x in (box.x, box.right):
        canvas.disc(x, box.y + box.h * torn, 20, colours.ground)


def _upper(paper: Box) -> Box:
    """The part of the slip above where it is torn off."""
    return Box(paper.x + 16, paper.y, paper.w - 32, paper.h * TORN)


def draw_issuing(canvas: Canvas, state: flow.State, issuing: flow.Issuing, words: Words) -> None:
    service = flow.find(state, issuing.press.service)
    name = pick(service.name, state.language, state.languages) if service else issuing.press.service
    body, colours = canvas.layout.body, canvas.palette
    width, height = min(900.0, body.w), min(700.0, body.h)
    box = Box(body.middle[0] - width / 2, body.middle[1] - height / 2, width, height)
    slip(canvas, box, 0.66)
    lines = [
        Line(words.say("issuing.title"), 92, colours.ink, bold=True, lines=1, after=24),
        Line(name, 58, colours.ink_soft, after=24),
    ]
    upper = Box(box.x + 30, box.y + 20, box.w - 60, box.h * (0.62 if issuing.press.assisted else 0.9))
    stack.draw(canvas, upper, lines)
    if issuing.press.assisted:
        _badge(canvas, Box(box.x, box.y + box.h * 0.72, box.w, box.h * 0.2), words.say("ticket.assisted"))


def draw_ticket(canvas: Canvas, ticket: flow.Ticket, words: Words, beat: int) -> None:
    issued, ready = ticket.issued, ticket.paper != "printing"
    title = Line(words.say("take.title" if ready else "take.printing"), 76, canvas.palette.ink, bold=True)
    head, paper, arrow, strip = _ticket_boxes(canvas, title, unsure=ticket.paper == "unsure")
    stack.draw(canvas, head, [title])
    hint = words.say("take.unconfirmed" if ticket.paper == "unsure" else "take.watch")
    _paper(canvas, paper, issued, words, hint)
    if ready:
        if arrow.h > 0:
            _arrow(canvas, arrow, beat)
        controls.plain(canvas, _centred(strip, 480), words.say("take.done"), flow.Dismiss())


def _ticket_boxes(canvas: Canvas, title: Line, *, unsure: bool) -> tuple[Box, Box, Box, Box]:
    """Title, slip, arrow and button: one below the other, or in landscape beside the slip."""
    layout = canvas.layout
    rest, strip = _split(canvas)
    if layout.wide:
        share = 0.6 if layout.small else 0.48
        left = Box(rest.x, rest.y, rest.w * share, strip.bottom - rest.y)
        right = Box(left.right + layout.gap, rest.y, rest.w - left.w - layout.gap, rest.h)
        head, arrow = right.rows(2, 0)
        return head, left, arrow, Box(right.x, strip.y, right.w, strip.h)
    head_h, arrow_h = (60.0, 110.0) if layout.small else (150.0, 260.0)
    if layout.small and not stack.fits(Box(0, 0, rest.w, head_h), [title]):
        head_h = 104.0
    if layout.small and unsure:
        arrow_h = 0.0  # the sentence is longer, and what may not be there is not pointed at
    head = Box(rest.x, rest.y, rest.w, head_h)
    arrow = Box(rest.x, rest.bottom - arrow_h, rest.w, arrow_h)
    width = min(900.0, rest.w)
    height = min(900.0, arrow.y - head.bottom - 16)
    return head, Box(rest.middle[0] - width / 2, head.bottom + 8, width, height), arrow, strip


def _paper(canvas: Canvas, paper: Box, issued: Issued, words: Words, hint: str) -> None:
    """The slip with what the ticket says."""
    layout, colours = canvas.layout, canvas.palette
    torn = 0.56 if not layout.small else 0.3 if layout.wide else 0.42
    slip(canvas, paper, torn)
    label = Box(paper.x + 24, paper.y, paper.w - 48, paper.h * torn)
    stack.draw(canvas, label, [Line(issued.label, 290, colours.ink, bold=True, lines=1)])
    alone = is_off_line(issued)
    ahead = words.say("offline.ticket") if alone else words.count("ahead", issued.ahead)
    wait = words.say("offline.hint") if alone else words.wait(issued.wait_low_s, issued.wait_high_s)
    if measure(wait, theme.MIN_TEXT) > label.w:
        wait = wait.split(": ", 1)[-1]
    lines = [
        Line(ahead, 54, colours.ink, bold=True, lines=1),
        Line(wait, 50, colours.ink_soft, lines=1, after=24),
        Line(hint, 42, colours.ink_soft, lines=3),
    ]
    below = Box(label.x, label.bottom + 12, label.w, paper.bottom - label.bottom - 20)
    stack.draw(canvas, below, lines if stack.fits(below, lines) else [lines[0], lines[2]])


def _arrow(canvas: Canvas, box: Box, beat: int) -> None:
    """Down, to where the paper comes out; it sways a little."""
    f = min(1.0, (box.h - 8) / (ARROW_H + max(STEPS)))
    x, y = box.middle[0], box.y + STEPS[beat % 8] * f
    shape = [(-40, 0), (40, 0), (40, 90), (110, 90), (0, 200), (-110, 90), (-40, 90)]
    canvas.polygon([(x + dx * f, y + dy * f) for dx, dy in shape], canvas.palette.mark)


def _badge(canvas: Canvas, box: Box, text: str) -> None:
    height = min(86.0, box.h)
    middle, width = box.middle, min(460.0, box.w - 40)
    canvas.panel(Box(middle[0] - width / 2, middle[1] - height / 2, width, height), canvas.palette.mark, radius=40)
    controls.text(
        canvas, Box(middle[0] - width / 2 + 16, middle[1] - height / 2, width - 32, height), text,
        canvas.palette.on_mark, centred=True, size=42,
    )  # fmt: skip


def draw_sorry(canvas: Canvas, state: flow.State, sorry: flow.Sorry, words: Words, local: datetime) -> None:
    """Why there is no ticket, and when there will be one; the sign where there is room for it besides."""
    key, colours = f"sorry.{sorry.code}", canvas.palette
    rest, strip = _split(canvas)
    text = words.say(key if words.knows(key) else "sorry.other")
    lines = [
        Line(words.say("sorry.title"), 80, colours.ink, bold=True, after=24),
        Line(text, 54, colours.ink_soft, lines=4, after=24),
    ]
    if (at := flow.next_opening(state, sorry)) is not None:
        at = at.astimezone(local.tzinfo)
        opens = words.say("sorry.opens", day=words.long_date(at), time=f"{at:%H:%M}")
        lines.append(Line(opens, 54, colours.ink, bold=True, lines=3))
    place = Box(rest.x, rest.y + (0 if canvas.layout.small else rest.h * 0.12), rest.w, rest.h)
    below = Box(rest.x, place.y + _sign_h(canvas), rest.w, rest.bottom - place.y - _sign_h(canvas))
    if stack.fits(below, lines):
        _sign(canvas, place)
        stack.draw(canvas, below, lines, middle=False)
    else:
        stack.draw(canvas, rest, lines if stack.fits(rest, lines) else lines[1:])
    controls.plain(canvas, _centred(strip, 640), words.say("sorry.done"), flow.Dismiss(), filled=True)


def draw_stopped(canvas: Canvas, label: str, words: Words) -> None:
    """The number whose paper is not out, and what its customer does; the next one only has to touch the button."""
    layout, colours = canvas.layout, canvas.palette
    rest, strip = _split(canvas)
    if layout.wide:
        left, right = rest.columns(2, layout.gap)
        height = min(420.0, left.h)
        paper = Box(left.x, left.middle[1] - height / 2, left.w, height)
    else:
        width, height = min(900.0, rest.w), min(420.0, rest.h * 0.34)
        paper = Box(rest.middle[0] - width / 2, rest.y, width, height)
        right = Box(rest.x, paper.bottom + layout.gap, rest.w, rest.bottom - paper.bottom - layout.gap)
    slip(canvas, paper, TORN)
    stack.draw(canvas, _upper(paper), [Line(label, 240, colours.ink, bold=True, lines=1)])
    lines = [
        Line(words.say("stopped.title"), 72, colours.ink, bold=True, after=24),
        Line(words.say("stopped.ask"), 50, colours.ink, lines=3, after=16),
        Line(words.say("stopped.place"), 44, colours.ink_soft, lines=4),
    ]
    if not stack.fits(right, lines):
        # a small screen says in two words what a large one says in two sentences
        lines[2] = Line(words.say("stopped.keep"), 44, colours.ink_soft, lines=2)
    stack.draw(canvas, right, lines if stack.fits(right, lines) else lines[:2])
    controls.plain(canvas, _centred(strip, 640), words.say("take.done"), flow.Dismiss(), filled=True)


def draw_wait(canvas: Canvas, wait: moves.Wait, words: Words) -> None:
    """One moment, and how long it is."""
    rest, strip = _split(canvas)
    colours = canvas.palette
    lines = [
        Line(words.say("issuing.title"), 84, colours.ink, bold=True, after=24),
        Line(words.count("visit.wait", wait.left_s), 56, colours.ink_soft, lines=4),
    ]
    stack.draw(canvas, rest, lines)
    controls.plain(canvas, _centred(strip, 640), words.say("choose.back"), flow.Dismiss())


def draw_still_there(canvas: Canvas, still: moves.StillThere, words: Words) -> None:
    """A question, the seconds that are left, and one large button for more."""
    layout, colours = canvas.layout, canvas.palette
    rest, strip = layout.body.from_bottom(_button_h(canvas) * (1 if layout.wide else 2), layout.gap)
    lines = [
        Line(words.say("visit.still_there"), 84, colours.ink, bold=True, after=16),
        Line(words.say("visit.starts_again"), 50, colours.ink_soft, after=16),
        Line(str(still.left_s), 240, colours.ink, bold=True, lines=1),
    ]
    stack.draw(canvas, rest, lines)
    if layout.wide:
        done, more = strip.columns(2, layout.gap)
    else:
        more, done = strip.rows(2, layout.gap)
    controls.plain(canvas, more, words.say("visit.more_time"), moves.MoreTime(), filled=True, size=60)
    controls.plain(canvas, done, words.say("visit.no_more"), flow.Dismiss())


def draw_attract(canvas: Canvas, state: flow.State, office: str, local: datetime) -> None:
    """Calm, and nothing of it for long in the same place (burn-in): it moves a little each minute."""
    layout, colours = canvas.layout, canvas.palette
    whole = Box(0, 0, layout.width, layout.height)
    pressed = canvas.target(whole, moves.Begin())
    canvas.fill(colours.panel_pressed if pressed and colours.ground == colours.panel else colours.head)
    shift = ((local.minute * 7) % 5 - 2) * layout.margin * 0.4, ((local.minute * 3) % 7 - 3) * layout.margin * 0.5
    body = Box(layout.margin * 2 + shift[0], layout.margin * 2.5 + shift[1], layout.width - 4 * layout.margin,
               layout.height - 5 * layout.margin)  # fmt: skip
    lines = [Line(f"{local:%H:%M}", 220, colours.on_head, bold=True, lines=1, after=10)]
    if office:
        lines.append(Line(office, 64, colours.head_soft, after=60))
    for at, language in enumerate((state.languages or ("en",))[:8]):
        ink = colours.on_head if at == 0 else colours.head_soft
        lines.append(Line(Words(language).say("visit.begin"), 72 if at == 0 else 54, ink, bold=at == 0, after=20))
    stack.draw(canvas, body, lines)


def _centred(box: Box, width: float) -> Box:
    width = min(width, box.w)
    return Box(box.middle[0] - width / 2, box.y, width, box.h)


def _sign(canvas: Canvas, box: Box) -> float:
    """Two bars in a disc: it rests, it is not broken for ever. The y below."""
    f = _sign_scale(canvas)
    x, y = box.middle[0], box.y + (110 + (0 if canvas.layout.small else 40)) * f
    canvas.disc(x, y, 110 * f, canvas.palette.mark)
    for left in (-48, 16):
        canvas.panel(Box(x + left * f, y - 52 * f, 32 * f, 104 * f), canvas.palette.on_mark, radius=10 * f)
    return box.y + _sign_h(canvas)


def _sign_scale(canvas: Canvas) -> float:
    return 0.36 if canvas.layout.small else 0.6 if canvas.layout.wide else 1.0


def _sign_h(canvas: Canvas) -> float:
    """What the sign takes, with the space around it."""
    return (250 + (0 if canvas.layout.small else 40)) * _sign_scale(canvas)


def draw_out_of_service(canvas: Canvas, state: flow.State, out: flow.OutOfService) -> None:
    """Why, in all languages at once: nobody can choose one here."""
    layout, colours = canvas.layout, canvas.palette
    languages = (state.languages or ("it", "en"))[:4]
    area = layout.body
    if out.label:
        height = min(300.0, area.h * 0.24)
        width = min(900.0, area.w)
        box = Box(area.middle[0] - width / 2, area.y, width, height)
        slip(canvas, box, TORN)
        stack.draw(canvas, _upper(box), [Line(out.label, 200, colours.ink, bold=True, lines=1)])
        top = box.bottom + layout.gap
    else:
        top = area.y if out.reason == "starting" or layout.height < 900 else _sign(canvas, area)
    area = Box(area.x, top, area.w, area.bottom - top)
    columns = 2 if layout.wide and len(languages) > 1 else 1
    cells = area.grid(columns, -(-len(languages) // columns), layout.gap)
    for at, (language, cell) in enumerate(zip(languages, cells, strict=False)):
        if at >= columns:
            canvas.panel(Box(cell.x, cell.y - layout.gap / 2 - 1, cell.w, 3), colours.shadow, radius=1)
        stack.draw(canvas, cell, _reasons(canvas, out, Words(language), first=at == 0))


def _reasons(canvas: Canvas, out: flow.OutOfService, words: Words, *, first: bool) -> list[Line]:
    colours = canvas.palette
    ink = colours.ink if first else colours.line
    if out.reason == "starting":
        return [Line(words.say("out.starting"), 50, ink, bold=first)]
    small = canvas.layout.small
    found = [Line(words.say("out.title"), 62, ink, bold=True, lines=1, after=4)]
    if out.label and canvas.layout.height * (2 if canvas.layout.wide else 1) < 1600:
        return [Line(words.say("visit.held"), 42, colours.ink, lines=3)]
    found.append(Line(words.say(f"out.{out.reason}"), 46, colours.ink, bold=small, lines=2, after=2))
    if not small:
        text = words.say("out.held", label=out.label) if out.label else words.say("out.ask")
        found.append(Line(text, 40, colours.ink_soft, lines=3))
    return found
