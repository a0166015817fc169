"""The buttons of services and groups: one column while they are few, two when there are more, pages beyond that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.wire.messages import MenuGroup, MenuService
from kiosk import flow
from kiosk.lettering import line_height
from kiosk.texts import Words, pick
from kiosk.ui import theme
from kiosk.ui.canvas import Box, Canvas, fit

ONE_COLUMN = 5
PAGE = 10
CARD_MAX = 236
MORE_H = 110


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


def draw_list(canvas: Canvas, area: Box, state: flow.State, choose: flow.Choose, words: Words, local: datetime) -> None:
    """All cards of the page, and the button to the next page where there is one."""
    found = items(state, choose)
    pages = max(1, -(-len(found) // PAGE))
    page = choose.page % pages
    if pages > 1:
        box = Box(area.x, area.y + area.h - MORE_H, area.w, MORE_H)
        pressed = canvas.target(box, flow.TurnPage((page + 1) % pages))
        canvas.panel(box, theme.MIST if pressed else theme.WHITE, border=theme.PETROL)
        label = f"{words.say('choose.more')}  {page + 1}/{pages}"
        canvas.block(
            box.x + box.w / 2, box.y + 27, label, 44, theme.PETROL, box.w - 80, bold=True, align="centre", lines=1
        )
        area = Box(area.x, area.y, area.w, area.h - MORE_H - theme.GAP)
    shown = found[page * PAGE : (page + 1) * PAGE]
    columns = 1 if len(found) <= ONE_COLUMN else 2
    rows = max(1, -(-(PAGE if pages > 1 else len(shown)) // columns))
    width = (area.w - (columns - 1) * theme.GAP) / columns
    height = min(CARD_MAX, (area.h - (rows - 1) * theme.GAP) / rows)
    for at, item in enumerate(shown):
        row, column = divmod(at, columns)
        box = Box(area.x + column * (width + theme.GAP), area.y + row * (height + theme.GAP), width, height)
        if isinstance(item, MenuGroup):
            _group(canvas, box, item, state)
        else:
            _service(canvas, box, item, state, words, local)


def _group(canvas: Canvas, box: Box, group: MenuGroup, state: flow.State) -> None:
    pressed = canvas.target(box, flow.OpenGroup(group.id))
    canvas.panel(box, theme.PETROL_PRESSED if pressed else theme.PETROL)
    narrow = box.w < 700
    name = pick(group.name, state.language, state.languages)
    y = box.y + box.h / 2 - (44 if narrow else 72)
    right = 60 if narrow else 170
    y = canvas.block(box.x + 44, y, name, 46 if narrow else 62, theme.WHITE, box.w - 44 - right, bold=True, lines=2)
    if not narrow:
        names = [pick(service.name, state.language, state.languages) for service in group.services]
        canvas.block(box.x + 44, y + 4, _short(", ".join(names), 46), 40, theme.MIST, box.w - 44 - right, lines=1)
        _go(canvas, box)


def _service(canvas: Canvas, box: Box, service: MenuService, state: flow.State, words: Words, local: datetime) -> None:
    name = pick(service.name, state.language, state.languages) or service.id
    narrow = box.w < 700
    if service.open:
        pressed = canvas.target(box, Choice(service.id))
        canvas.panel(box, theme.PETROL_PRESSED if pressed else theme.PETROL)
        title, soft = theme.WHITE, theme.MIST
        details = [words.count("waiting", service.waiting), words.wait(service.wait_low_s, service.wait_high_s)]
        if not state.link:
            details = [words.say("offline.card"), words.wait(None, None)]
    else:
        canvas.panel(box, theme.CLOSED)
        title = soft = theme.CLOSED_TEXT
        details = [closed_reason(service, words, local)]
        opening = opens(service, words, local)
        details += [opening] if opening else []
    right = 36 if narrow or not service.open else 150
    width = box.w - 40 - right
    lines = 1 if box.h < 210 and not narrow else 2
    size = 40 if narrow else 58
    roomy = box.h >= 200
    shown = details if roomy else details[:1]
    fitted, broken = fit(name, size, width, True, lines)
    total = len(broken) * line_height(fitted) + len(shown) * line_height(theme.MIN_TEXT)
    y = box.y + (box.h - total) / 2
    y = canvas.block(box.x + 40, y, name, size, title, width, bold=True, lines=lines)
    for detail in shown:
        y = canvas.block(box.x + 40, y, detail, 38 if narrow else 40, soft, width, lines=1)
    if service.open and not narrow:
        _go(canvas, box)


def _go(canvas: Canvas, box: Box) -> None:
    """The sign that a card leads on."""
    x, y = box.x + box.w - 86, box.y + box.h / 2
    canvas.disc(x, y, 44, theme.WHITE)
    canvas.polygon(
        [(x - 14, y - 22), (x, y - 22), (x + 20, y), (x, y + 22), (x - 14, y + 22), (x + 6, y)], theme.PETROL
    )


def closed_reason(service: MenuService, words: Words, local: datetime) -> str:
    """Why a service gives no tickets, in words."""
    del local
    key = f"closed.{service.reason}"
    return words.say(key if words.knows(key) else "closed.other")


def opens(service: MenuService, words: Words, local: datetime) -> str | None:
    """When it opens again: the time today, the weekday within a week, the date beyond."""
    if service.opens_at is None:
        return None
    at = service.opens_at.astimezone(local.tzinfo)
    if at.date() == local.date():
        return words.say("closed.opens", time=f"{at:%H:%M}")
    near = at.date() < (local + timedelta(days=7)).date()
    day = words.weekday(at) if near else words.short_date(at)
    return words.say("closed.opens_day", day=day, time=f"{at:%H:%M}")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",") + "…"
