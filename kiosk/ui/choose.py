"""The first screen: services, languages, and what else one may want. Information above, what is touched below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk import flow, moves
from kiosk.lettering import line_height, measure
from kiosk.texts import Words, language_name
from kiosk.ui import controls, hint, service_cards, stack, theme
from kiosk.ui.canvas import Canvas
from kiosk.ui.layout import Box, Layout
from kiosk.ui.stack import Line

LANGUAGE_H = 100
CONTROL_H = 124
TITLE_H = 84
TWO_LINES = 110.0
"""A button of two lines."""
HINT_W = 450.0
"""Holds the short hint in two lines."""
MORE_W = 300
"""A button to the next page narrower than this has the number of the page alone."""


@dataclass(frozen=True)
class Areas:
    """Where things stand. `languages` is empty where they do not fit in a row; `more` is the next page's button."""

    title: Box | None
    languages: tuple[Box, ...]
    list: Box
    controls: tuple[Box, ...]
    more: Box | None


def draw(canvas: Canvas, state: flow.State, choose: flow.Choose, words: Words, local: datetime) -> None:
    """All of it but the header, in which a small screen has the title."""
    layout = canvas.layout
    row = _fit_in_row(layout, state.languages)
    buttons = controls.of_choose(
        state, choose, words, short=layout.small, languages=not row and len(state.languages) > 1
    )
    areas = _areas(layout, len(state.languages) if row else 0, len(buttons))
    if areas.title is not None:
        _title(canvas, areas.title, state, choose, words)
    for language, box in zip(state.languages, areas.languages, strict=False):
        _language(canvas, box, language, chosen=language == state.language)
    area = areas.list
    if choose.group is not None:
        box = Box(area.x, area.y, min(area.w, 420), 90)
        controls.plain(canvas, box, "‹ " + words.say("choose.back"), flow.OpenGroup(None), size=42)
        area = Box(area.x, area.y + 90 + layout.gap, area.w, area.h - 90 - layout.gap)
    _list(canvas, area, areas.more, state, choose, service_cards.Teller(state, words, local))
    for box, button in zip(areas.controls, buttons, strict=True):
        controls.draw(canvas, box, button)


def _list(
    canvas: Canvas, area: Box, more: Box | None, state: flow.State, choose: flow.Choose, teller: service_cards.Teller
) -> None:
    """The services with the button to the next page, and below them the hint for who has a number already."""
    words, gap, found = teller.words, canvas.layout.gap, service_cards.items(state, choose)
    told = hint.made(words, area.w, short=canvas.layout.small) if state.house.scanner and choose.group is None else None
    rest, strip = area.from_bottom(told.height, gap) if told else (area, None)
    beside = more is None
    shown = service_cards.lay_out(rest, found, choose.page, teller, gap)
    if shown.pages > 1 and more is None:
        # the button is in the list: the hint stands beside it, and takes nothing of its height
        rest, more = area.from_bottom(service_cards.MORE_H, gap)
        shown = service_cards.lay_out(rest, found, choose.page, teller, gap)
        if told:
            width = max(more.w / 2, HINT_W)
            strip, more = (
                Box(more.x, more.y, width, more.h),
                Box(more.x + width + gap, more.y, more.w - width - gap, more.h),
            )
            told = hint.made(words, strip.w, short=True)
    service_cards.draw_list(canvas, shown, teller)
    if told and strip:
        hint.draw(canvas, strip, told)
    if shown.pages > 1 and more:
        label = f"{shown.page + 1}/{shown.pages} ›"
        if beside and more.w >= MORE_W:
            label = f"{words.say('choose.more')} {label}"
        controls.plain(canvas, more, label, flow.TurnPage((shown.page + 1) % shown.pages), size=44)


def title(state: flow.State, choose: flow.Choose, words: Words, *, short: bool = False) -> str:
    """What the customer is asked to do."""
    if short and choose.assisted:
        return words.say("visit.assisted")
    if choose.group is None and len(flow.named_groups(state)) > 1:
        return words.say("choose.group")
    return words.say("choose.title_assisted" if choose.assisted else "choose.title")


def _title(canvas: Canvas, box: Box, state: flow.State, choose: flow.Choose, words: Words) -> None:
    """In the customer's language, and where there is room for it in the others."""
    text = title(state, choose, words)
    colours = canvas.palette
    others = [title(state, choose, Words(code)) for code in state.languages]
    others = [one for one in dict.fromkeys(others) if one != text]
    if box.h < 300:
        canvas.block(box.x, box.y, text, 60, colours.ink, box.w, bold=True, lines=1 if box.h < 140 else 2)
        return
    large, other_size = round(84 * canvas.layout.reading), round(44 * canvas.layout.reading)
    y = canvas.block(box.x, box.y + 30, text, large, colours.ink, box.w, bold=True, lines=2)
    for other in others[: int((box.bottom - y - 20) / line_height(other_size))]:
        y = canvas.block(box.x, y, other, other_size, colours.ink_soft, box.w, lines=1)


def _fit_in_row(layout: Layout, languages: tuple[str, ...]) -> bool:
    """Whether the names of all languages stand beside each other (in landscape two in a row)."""
    if len(languages) < 2 or layout.small:
        return False
    if layout.wide:
        return len(languages) <= 4 and layout.height > 900
    width = (layout.body.w - (len(languages) - 1) * layout.gap) / len(languages)
    return all(measure(language_name(code), theme.MIN_TEXT, bold=True) + 28 <= width for code in languages)


def _areas(layout: Layout, languages: int, buttons: int) -> Areas:
    if layout.small:
        return _small_wide(layout, buttons) if layout.wide else _small_tall(layout, buttons)
    return _wide(layout, languages, buttons) if layout.wide else _tall(layout, languages, buttons)


def _tall(layout: Layout, languages: int, buttons: int) -> Areas:
    """Title above the reach, then languages, services, buttons two by two."""
    body, gap, reach = layout.body, layout.gap, layout.reach
    rows = -(-buttons // 2)
    height = rows * CONTROL_H + (rows - 1) * gap
    rest, strip = reach.from_bottom(height, gap)
    cells = list(strip.grid(2, rows, gap))
    if buttons % 2:
        last = cells[-2]
        cells[-2:] = [Box(last.x, last.y, strip.w, last.h)]
    top = max(rest.y, body.y + TITLE_H + gap)
    names = Box(rest.x, top, rest.w, LANGUAGE_H).columns(languages, gap) if languages else ()
    first = top + (LANGUAGE_H + gap if languages else 0)
    heading = Box(body.x, body.y, body.w, top - gap - body.y)
    return Areas(heading, names, Box(rest.x, first, rest.w, rest.bottom - first), tuple(cells), None)


def _wide(layout: Layout, languages: int, buttons: int) -> Areas:
    """Services at the left, all else in a column at the right; the title above them, on tall glass above the reach."""
    body, gap, whole = layout.reach, layout.gap, layout.body
    side = min(560.0, max(430.0, body.w * 0.31))
    left = Box(body.x, body.y, body.w - side - 2 * gap, body.h)
    right = Box(left.right + 2 * gap, body.y, side, body.h)
    names: tuple[Box, ...] = ()
    if languages:
        rows = -(-languages // 2)
        height = rows * LANGUAGE_H + (rows - 1) * gap
        names = Box(right.x, right.y, right.w, height).grid(2, rows, gap)
        right = Box(right.x, right.y + height + gap, right.w, right.h - height - gap)
    heading = Box(left.x, left.y, left.w, TITLE_H)
    services = Box(left.x, heading.bottom + gap / 2, left.w, left.h - TITLE_H - gap / 2)
    if body.y - whole.y >= TITLE_H + gap:
        heading, services = Box(whole.x, whole.y, whole.w, body.y - whole.y - gap), left
    cells = right.rows(buttons, gap)
    if cells[0].h < TWO_LINES:
        # the first two as signs beside each other, so that the others hold two lines
        first, *rest = right.rows(buttons - 1, gap)
        cells = (*first.columns(2, gap), *rest)
    return Areas(heading, names, services, cells, None)


def _small_tall(layout: Layout, buttons: int) -> Areas:
    """Two rows of buttons at the bottom: signs, then words; the last place turns the page."""
    rest, strip = layout.reach.from_bottom(2 * 104 + layout.gap, layout.gap)
    upper, lower = strip.rows(2, layout.gap)
    more_w = 136.0
    words = Box(lower.x, lower.y, lower.w - more_w - layout.gap, lower.h)
    more = Box(words.right + layout.gap, lower.y, more_w, lower.h)
    return Areas(None, (), rest, (*upper.columns(buttons - 1, layout.gap), words), more)


def _small_wide(layout: Layout, buttons: int) -> Areas:
    """A column of buttons at the right: two signs beside each other, then words; the last turns the page."""
    body, gap = layout.reach, layout.gap
    side = 330.0
    left = Box(body.x, body.y, body.w - side - gap, body.h)
    column = Box(left.right + gap, body.y, side, body.h).rows(max(2, buttons), gap)
    cells = (*column[0].columns(2, gap), *column[1:])
    return Areas(None, (), left, cells[:buttons], cells[buttons])


def _language(canvas: Canvas, box: Box, language: str, *, chosen: bool) -> None:
    colours = canvas.palette
    pressed = canvas.target(box, flow.ChooseLanguage(language))
    fill = colours.fill_pressed if pressed else colours.fill if chosen else colours.panel
    canvas.panel(box, fill, radius=box.h / 2, border=colours.line)
    ink = colours.on_fill if chosen or pressed else colours.line
    controls.text(canvas, box.inset(12), language_name(language), ink, centred=True, size=42)


def draw_languages(canvas: Canvas, state: flow.State, screen: moves.Languages, words: Words) -> None:
    """All languages, as large as they fit, in pages."""
    layout = canvas.layout
    rest, strip = layout.reach.from_bottom(100, layout.gap)
    columns = 2
    rows = max(1, int((rest.h + layout.gap) // (130 + layout.gap)))
    count = columns * rows
    pages = max(1, -(-len(state.languages) // count))
    page = screen.page % pages
    shown = state.languages[page * count : (page + 1) * count]
    used = max(1, min(rows, -(-len(shown) // columns)))
    height = min(rest.h, used * 200.0)
    names = " · ".join(dict.fromkeys(Words(code).say("visit.language") for code in state.languages))
    heading = Box(layout.body.x, layout.body.y, layout.body.w, rest.bottom - height - layout.gap - layout.body.y)
    if not layout.small and heading.h > 120:
        stack.draw(canvas, heading, [Line(names, 60, canvas.palette.ink, bold=True, lines=4)])
    cells = Box(rest.x, rest.bottom - height, rest.w, height).grid(columns, used, layout.gap)
    for language, box in zip(shown, cells, strict=False):
        _language(canvas, box, language, chosen=language == state.language)
    back, more = strip.columns(2, layout.gap)
    controls.plain(canvas, back if pages > 1 else strip, words.say("choose.back"), flow.Dismiss(), size=44)
    if pages > 1:
        controls.plain(canvas, more, f"{page + 1}/{pages} ›", flow.TurnPage((page + 1) % pages), size=44)
