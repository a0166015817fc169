"""The parts beside the huge call: the last calls, how long the queues are, who was missed."""

from __future__ import annotations

import pygame

from display.draw.lettering import fit, lines
from display.draw.pen import LEAST, Pen, Towards
from display.scenes.furniture import arrow, towards
from display.view import NAME_AS_NUMBER, BoardView, CallView, QueueView

ROW = 120
LABEL = 124
LABEL_SHARE = 0.56
WITHOUT_ARROWS = 1.1
"""Rows so much taller than usual have no arrow between label and counter: the letters take its room."""
WIDE_ENOUGH_FOR_ARROWS = 520
COLUMNS_GAP = 48
NAME_BESIDE, NAME_BELOW, NAME_LEAST = 42, 88, 34
"""Units of the name of a counter: the least beside a label, the most below it, and below which it is cut."""
TITLE = 56
QUEUE = 106
SERVICE_OF_TWO_LINES = 28
MISSED = 176
HINT = 72
MISSED_A_ROW = 4


def row_height(pen: Pen) -> int:
    return pen.u(ROW * pen.rows)


def latest_height(pen: Pen, width: int, view: BoardView, rows: int, columns: int = 1) -> int:
    """How tall the title and so many `rows` of the last calls are, `width` wide in all."""
    column = (width - pen.u(COLUMNS_GAP) * (columns - 1)) // columns
    heights = [call_height(pen, call, column) for call in view.calls[: rows * columns]]
    return pen.u(TITLE) + max((sum(heights[at : at + rows]) for at in range(0, len(heights), rows)), default=0)


def call_height(pen: Pen, call: CallView, width: int) -> int:
    """A row; two where the counter has no room beside the label, and stands below it."""
    return row_height(pen) * (2 if _stacked(pen, call, width) else 1)


def latest(pen: Pen, rect: pygame.Rect, view: BoardView, *, columns: int = 1) -> None:
    """The last calls with their counters, as many as fit."""
    gap, top = pen.u(COLUMNS_GAP), rect.top + pen.u(TITLE)
    width = (rect.width - gap * (columns - 1)) // columns
    x, y, titled = rect.left, top, False
    for call in view.calls:
        height = call_height(pen, call, width)
        if height > rect.bottom - top:
            # Smaller than it should be is better than not there.
            height = row_height(pen)
        if y + height > rect.bottom:
            x, y, columns = x + width + gap, top, columns - 1
        if columns < 1 or y + height > rect.bottom:
            return
        if not titled:
            at = (rect.left, rect.top + pen.u(38))
            pen.text(view.latest_title, pen.u(36), at, pen.theme.soft, width=rect.width)
            titled = True
        _row(pen, pygame.Rect(x, y, width, height), call, towards(view))
        y += height


def _pointed(pen: Pen, width: int) -> bool:
    """Whether there is room for an arrow between label and counter."""
    return pen.rows < WITHOUT_ARROWS and width >= pen.u(WIDE_ENOUGH_FOR_ARROWS)


def _label_width(pen: Pen, call: CallView, width: int) -> int:
    """What the label may take of a row that is `width` wide; without an arrow it shares with the counter."""
    if len(call.counter) > NAME_AS_NUMBER or _pointed(pen, width):
        return round(width * LABEL_SHARE)
    size, room = pen.u(LABEL * pen.rows), width - pen.u(36)
    label, counter = (pen.ink(text, size, "label").width for text in (call.label, call.counter))
    return label if label + counter <= room else room * label // (label + counter)


def _stacked(pen: Pen, call: CallView, width: int) -> bool:
    """Whether label and counter beside each other would be too small to be read."""
    size, least = pen.u(LABEL * pen.rows), pen.u(NAME_BESIDE * pen.rows)
    label, label_size = fit(call.label, size, "label", max(1, _label_width(pen, call, width)), pen.u(LEAST))
    if label_size < pen.readable - 1:
        return True
    if len(call.counter) <= NAME_AS_NUMBER:
        return False
    room = width - pen.ink(label, label_size, "label").width - pen.u(36)
    return lines(call.counter, size, "label", max(1, room), row_height(pen))[1] < least


def _row(pen: Pen, rect: pygame.Rect, call: CallView, way: Towards) -> None:
    theme, size, height = pen.theme, pen.u(LABEL * pen.rows), row_height(pen)
    base = rect.top + height - pen.u(16 * pen.rows)
    pen.box(pygame.Rect(rect.left, rect.top, rect.width, max(1, pen.u(2))), theme.line)
    stacked, numbered = rect.height > height, len(call.counter) <= NAME_AS_NUMBER
    label_width = rect.width if stacked else _label_width(pen, call, rect.width)
    label = pen.text(call.label, size, (rect.left, base), theme.text, weight="label", width=label_width)
    left = label.right + pen.u(36)
    if stacked:
        base, left = base + height, rect.left
    if numbered and (stacked or _pointed(pen, rect.width)):
        sign = pygame.Rect(0, 0, pen.u(64), pen.u(50))
        sign.midleft = (left if stacked else rect.left + label_width + pen.u(14), base - round(size * 0.355))
        arrow(pen, sign, theme.soft, way)
        left = sign.right + pen.u(14)
    if numbered:
        place = (rect.right, base)
        pen.text(call.counter, size, place, theme.counter, weight="label", side="right", width=rect.right - left)
        return
    # A name needs the room of the arrow more than the arrow.
    place_of_name = pygame.Rect(left, rect.bottom - height + pen.u(4), rect.right - left, height - pen.u(8))
    largest = pen.u((NAME_BELOW if stacked else LABEL) * pen.rows)
    pen.block(call.counter, largest, place_of_name, theme.counter, side="right", least=pen.u(NAME_LEAST))


def queues_height(pen: Pen, queues: tuple[QueueView, ...], columns: int = 2) -> int:
    """How tall the queues are; 0 when there are none."""
    return -(-len(queues) // columns) * pen.u(QUEUE)


def queues(pen: Pen, rect: pygame.Rect, view: BoardView, columns: int = 2) -> None:
    """How many wait for each service, and how long that takes."""
    gap = pen.u(24)
    cell = pygame.Rect(0, 0, (rect.width - gap * (columns - 1)) // columns, pen.u(QUEUE))
    long = any(_is_long(pen, each.service, cell.width) for each in view.queues)
    # All in one size: that of the longest.
    size = min((fit(each.text, pen.u(40), "label", cell.width, pen.u(LEAST))[1] for each in view.queues), default=0)
    for place, queue in enumerate(view.queues):
        cell.topleft = (rect.left + place % columns * (cell.width + gap), rect.top + place // columns * cell.height)
        _service(pen, cell, queue.service)
        base = cell.top + pen.u(98 if long else 90)
        pen.text(queue.text, size, (cell.left, base), pen.theme.text, weight="label", width=cell.width)


def above_waits(pen: Pen, rect: pygame.Rect, view: BoardView) -> pygame.Rect:
    """What is left for a slide between calls, above the waits; all of `rect` when no slide stands there.

    For layouts that have no other place for the waits.
    """
    if view.huge is not None or view.signage.slide is None or view.stale or not view.queues:
        return rect
    title, gap = pen.u(TITLE), pen.u(20)
    height = title + queues_height(pen, view.queues)
    below = pygame.Rect(rect.left, rect.bottom - height, rect.width, height)
    base = (below.left, below.top + pen.u(38))
    pen.text(view.signage.waits_title, pen.u(40), base, pen.theme.counter, weight="bold", width=below.width)
    queues(pen, pygame.Rect(below.left, below.top + title, below.width, height - title), view)
    return pygame.Rect(rect.left, rect.top, rect.width, rect.height - height - gap)


def _service(pen: Pen, cell: pygame.Rect, name: str) -> None:
    """The name of a service over the length of its queue; one too long for a line in two."""
    if not _is_long(pen, name, cell.width):
        pen.text(name, pen.u(36), (cell.left, cell.top + pen.u(40)), pen.theme.soft, width=cell.width)
        return
    place, size = pygame.Rect(cell.left, cell.top, cell.width, pen.u(58)), pen.u(SERVICE_OF_TWO_LINES)
    pen.block(name, size, place, pen.theme.soft, weight="regular")


def _is_long(pen: Pen, name: str, width: int) -> bool:
    """Whether a service needs two lines."""
    least = pen.u(SERVICE_OF_TWO_LINES)
    return fit(name, pen.u(36), pen.weight("regular"), width, least - 1)[1] < least


def missed_height(pen: Pen, view: BoardView) -> int:
    """How tall the box of the missed is; 0 when there are none."""
    if not view.missed:
        return 0
    second = 0 if len(view.missed) > MISSED_A_ROW or view.missed_pages > 1 else 62
    return pen.u(MISSED - second + (HINT if view.signage.missed_hint else 0))


def missed(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    """Who was not there when called, the latest first, and what they can do."""
    theme, pad = pen.theme, pen.u(28)
    pen.box(rect, theme.panel, pen.u(20))
    inner = rect.inflate(-2 * pad, 0)
    pen.text(view.missed_title, pen.u(32), (inner.left, inner.top + pen.u(42)), theme.soft, width=inner.width)
    cell = inner.width // MISSED_A_ROW
    for place, label in enumerate(view.missed[: 2 * MISSED_A_ROW]):
        x = inner.left + place % MISSED_A_ROW * cell
        base = inner.top + pen.u(96 + place // MISSED_A_ROW * 62)
        pen.text(label, pen.u(48), (x, base), theme.text, weight="label", width=cell - pen.u(12))
    if hint := view.signage.missed_hint:
        area = pygame.Rect(inner.left, inner.bottom - pen.u(HINT + 6), inner.width, pen.u(HINT))
        pen.paragraph(hint, pen.u(44), area, theme.soft)
