"""The buttons of services and groups: one column while they are few and it holds them, two where there is room for
that, pages beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.wire.messages import MenuGroup, MenuService
from kiosk import flow
from kiosk.lettering import line_height, measure
from kiosk.texts import Words, pick
from kiosk.ui import theme
from kiosk.ui.canvas import Canvas, fit
from kiosk.ui.layout import Box

ONE_COLUMN = 5
CARD_MAX = 236
NARROW = 700
TWO_COLUMNS = 900
"""From this width on cards stand side by side."""
PAD_X, PAD_Y = 28, 6
AIR = 14
"""Above and below the text of a card, where there is more room than it needs."""
GO_W = 144
"""What the sign that a card leads on takes of its width, at its right edge."""
MORE_H = 100


@dataclass(frozen=True)
class Choice:
    """A service was touched."""

    service: str


Item = MenuGroup | MenuService


def items(state: flow.State, choose: flow.Choose) -> list[Item]:
    """What the list shows: the services of the open group, or the named groups and the services without a group, or
    all."""
    if state.menu is None:
        return []
    named = flow.named_groups(state)
    if choose.group is not None:
        return [service for group in state.menu.groups if group.id == choose.group for service in group.services]
    if len(named) < 2:
        return list(flow.services(state))
    shown: list[Item] = []
    for group in state.menu.groups:
        if group.id in named:
            shown.append(group)
        else:
            shown += group.services
    return shown


@dataclass(frozen=True)
class Shown:
    """One page of the list: its cells, what stands in them, and of how many pages it is."""

    cells: tuple[Box, ...]
    items: tuple[Item, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Teller:
    """What a card says, in a language and at an hour."""

    state: flow.State
    words: Words
    local: datetime

    def name(self, item: Item) -> str:
        return pick(item.name, self.state.language, self.state.languages) or item.id

    def below(self, service: MenuService, width: float) -> list[str]:
        """The lines below its name: who waits and how long; or why it is closed, and when it opens."""
        if service.open:
            details = self._waits(service, width)
        else:
            opening = opens(service, self.words, self.local)
            details = [closed_reason(service, self.words), *([opening] if opening else [])]
        joined = " · ".join(details)
        if measure(joined, theme.MIN_TEXT) <= width:
            return [joined]
        return [line for detail in details for line in fit(detail, theme.MIN_TEXT, width, False, 9)[1]]

    def _waits(self, service: MenuService, width: float) -> list[str]:
        """Who waits and how long: in the longest words that stand in one line, or one below the other."""
        if not self.state.link:
            return [self.words.say("offline.card")]
        low_s, high_s = service.wait_low_s, service.wait_high_s
        people, wait = self.words.count("waiting", service.waiting), self.words.wait(low_s, high_s)
        if low_s is None or high_s is None:
            # that it is not known is worth no line of its own
            return [people, wait] if measure(f"{people} · {wait}", theme.MIN_TEXT) <= width else [people]
        short = self.words.short_wait(low_s, high_s)
        few = self.words.say("waiting.short", n=service.waiting) if service.waiting else people
        for both in ((people, wait), (people, wait.split(": ", 1)[-1]), (people, short), (few, short)):
            if measure(" · ".join(both), theme.MIN_TEXT) <= width:
                return list(both)
        return [people, wait if measure(wait, theme.MIN_TEXT) <= width else short]

    def least(self, item: Item, width: float) -> float:
        """The height that a card needs for its name and what must be read below it."""
        inner = room(item, width)
        _size, lines = fit(self.name(item), theme.MIN_TEXT, inner, True, 9)
        below = 0
        if isinstance(item, MenuService):
            below = 1 if item.open else len(self.below(item, inner))
        return (len(lines) + below) * line_height(theme.MIN_TEXT) + 2 * PAD_Y


def lay_out(area: Box, found: Sequence[Item], page: int, teller: Teller, gap: float) -> Shown:
    """The cells of a page."""
    pages = _pages(area, found, teller, gap)
    page %= len(pages)
    cells, items = zip(*pages[page], strict=True) if pages[page] else ((), ())
    return Shown(cells, items, page, len(pages))


Page = list[tuple[Box, Item]]


def room(item: Item, width: float) -> float:
    """How wide the text of a card of that width may be."""
    leads_on = width >= NARROW and (isinstance(item, MenuGroup) or item.open)
    return width - PAD_X - (GO_W if leads_on else PAD_X)


def _pages(area: Box, found: Sequence[Item], teller: Teller, gap: float) -> list[Page]:
    """As many cards a page as the area holds with every name whole, at least one; at least one page."""
    single = _rows(area, found, teller, gap, 1)
    if area.w < TWO_COLUMNS or (len(single) == 1 and len(found) <= ONE_COLUMN):
        return single
    return _rows(area, found, teller, gap, 2)


def _rows(area: Box, found: Sequence[Item], teller: Teller, gap: float, columns: int) -> list[Page]:
    """Rows one below the other, each as high as its cards need; what is left over goes to all of a page."""
    width = (area.w - (columns - 1) * gap) / columns
    pages: list[list[tuple[float, Sequence[Item]]]] = [[]]
    used = 0.0
    for at in range(0, len(found), columns):
        row = found[at : at + columns]
        need = max(teller.least(item, width) for item in row)
        if pages[-1] and used + need > area.h:
            pages.append([])
            used = 0.0
        pages[-1].append((need, row))
        used += need + gap
    return [_stretched(area, page, gap, columns) for page in pages]


def _stretched(area: Box, rows: list[tuple[float, Sequence[Item]]], gap: float, columns: int) -> Page:
    spare = area.h - sum(need for need, _row in rows) - gap * (len(rows) - 1)
    each = max(0.0, spare) / max(1, len(rows))
    page: Page = []
    y = area.y
    for need, row in rows:
        height = min(max(need, CARD_MAX), need + each)
        page += zip(Box(area.x, y, area.w, height).columns(columns, gap), row, strict=False)
        y += height + gap
    return page


def draw_list(canvas: Canvas, shown: Shown, teller: Teller) -> None:
    """All cards of the page."""
    for box, item in zip(shown.cells, shown.items, strict=True):
        if isinstance(item, MenuGroup):
            _group(canvas, box, item, teller)
        else:
            _service(canvas, box, item, teller)


def _group(canvas: Canvas, box: Box, group: MenuGroup, teller: Teller) -> None:
    colours = canvas.palette
    pressed = canvas.target(box, flow.OpenGroup(group.id))
    canvas.panel(box, colours.fill_pressed if pressed else colours.fill)
    wide, width = box.w >= NARROW, room(group, box.w)
    services = ", ".join(teller.name(service) for service in group.services)
    details = [_short(services, width)] if box.h >= 150 else []
    _written(canvas, box, width, teller.name(group), details, 62 if wide else 46, (colours.on_fill, colours.fill_soft))
    if wide:
        _go(canvas, box)


def _service(canvas: Canvas, box: Box, service: MenuService, teller: Teller) -> None:
    colours = canvas.palette
    wide = box.w >= NARROW and service.open
    if service.open:
        pressed = canvas.target(box, Choice(service.id))
        canvas.panel(box, colours.fill_pressed if pressed else colours.fill)
        inks = colours.on_fill, colours.fill_soft
    else:
        canvas.panel(box, colours.closed)
        inks = colours.on_closed, colours.on_closed
    width = room(service, box.w)
    name, size = teller.name(service), 58 if box.w >= NARROW else 44
    lines = len(fit(name, theme.MIN_TEXT, width, True, 9)[1])
    most = int((box.h - 2 * PAD_Y) / line_height(theme.MIN_TEXT)) - lines
    _written(canvas, box, width, name, teller.below(service, width)[: max(1, most)], size, inks)
    if wide:
        _go(canvas, box)


def _written(
    canvas: Canvas,
    box: Box,
    width: float,
    name: str,
    details: list[str],
    size: int,
    inks: tuple[theme.Colour, theme.Colour],
) -> None:
    """A name and what stands below it, centred in height; the name is as large as the rest leaves it."""
    below = len(details) * line_height(theme.MIN_TEXT)
    while True:
        fitted, broken = fit(name, size, width, True, 9)
        total = len(broken) * line_height(fitted) + below
        if size <= theme.MIN_TEXT or (total <= box.h - 2 * AIR and len(broken) <= 2):
            break
        size -= 2
    # letters stand low in their lines
    y = box.y + max(0.0, (box.h - total) / 2 - PAD_Y / 2)
    for line in broken:
        y = canvas.text(box.x + PAD_X, y, line, fitted, inks[0], bold=True)
    for detail in details:
        y = canvas.block(box.x + PAD_X, y, detail, 40 if box.w >= NARROW else theme.MIN_TEXT, inks[1], width, lines=1)


def _go(canvas: Canvas, box: Box) -> None:
    """The sign that a card leads on."""
    x, y = box.x + box.w - 86, box.y + box.h / 2
    canvas.disc(x, y, 44, canvas.palette.on_fill)
    canvas.polygon(
        [(x - 14, y - 22), (x, y - 22), (x + 20, y), (x, y + 22), (x - 14, y + 22), (x + 6, y)], canvas.palette.fill
    )


def closed_reason(service: MenuService, words: Words) -> str:
    """Why a service gives no tickets, in words."""
    key = f"closed.{service.reason}"
    return words.say(key if words.knows(key) else "closed.other")


def opens(service: MenuService, words: Words, local: datetime) -> str | None:
    """When it opens again: the time today or tomorrow, the weekday within a week, the date beyond."""
    if service.opens_at is None:
        return None
    at = service.opens_at.astimezone(local.tzinfo)
    if at.date() == local.date():
        return words.say("closed.opens", time=f"{at:%H:%M}")
    if at.date() == (local + timedelta(days=1)).date():
        return words.say("visit.opens_tomorrow", time=f"{at:%H:%M}")
    near = at.date() < (local + timedelta(days=7)).date()
    day = words.weekday(at) if near else words.short_date(at)
    return words.say("closed.opens_day", day=day, time=f"{at:%H:%M}")


def _short(text: str, width: float) -> str:
    """As many whole words as a line holds."""
    words = text.split()
    while words and measure(" ".join(words), 40) > width - 40:
        words.pop()
    short = " ".join(words)
    return short if short == text else short.rstrip(",") + "…"
