"""The parts beside the huge call: the last calls, how long the queues are, who was missed."""

from __future__ import annotations

import pygame

from display.draw.lettering import fit
from display.draw.pen import LEAST, Pen, Towards
from display.scenes.furniture import arrow, towards
from display.view import NAME_AS_NUMBER, BoardView, CallView, QueueView

ROW = 120
LABEL = 124
LABEL_SHARE = 0.56
WITHOUT_ARROWS = 1.1
"""Rows so much taller than usual have no arrow between label and counter: the letters take its room."""
TITLE = 56
QUEUE = 106
MISSED = 176
HINT = 72
MISSED_A_ROW = 4


def row_height(pen: Pen) -> int:
    return pen.u(ROW * pen.rows)


def latest(pen: Pen, rect: pygame.Rect, view: BoardView, *, columns: int = 1) -> None:
    """The last calls with their counters, as many as fit."""
    gap, top, height = pen.u(48), rect.top + pen.u(TITLE), row_height(pen)
    width = (rect.width - gap * (columns - 1)) // columns
    rows = (rect.bottom - top) // height
    if not view.calls or rows < 1:
        return
    pen.text(view.latest_title, pen.u(36), (rect.left, rect.top + pen.u(38)), pen.theme.soft, width=rect.width)
    for place, call in enumerate(view.calls[: rows * columns]):
        at = (rect.left + place // rows * (width + gap), top + place % rows * height)
        _row(pen, pygame.Rect(*at, width, height), call, towards(view))


def _row(pen: Pen, rect: pygame.Rect, call: CallView, way: Towards) -> None:
    theme, base, size = pen.theme, rect.bottom - pen.u(16 * pen.rows), pen.u(LABEL * pen.rows)
    pen.box(pygame.Rect(rect.left, rect.top, rect.width, max(1, pen.u(2))), theme.line)
    numbered, pointed = len(call.counter) <= NAME_AS_NUMBER, pen.rows < WITHOUT_ARROWS
    label_width = round(rect.width * LABEL_SHARE)
    if numbered and not pointed:
        label_width = rect.width - pen.ink(call.counter, size, "label").width - pen.u(36)
    label = pen.text(call.label, size, (rect.left, base), theme.text, weight="label", width=label_width)
    left = label.right + pen.u(36)
    if numbered and pointed:
        sign = pygame.Rect(0, 0, pen.u(64), pen.u(50))
        sign.midleft = (rect.left + label_width + pen.u(14), base - round(size * 0.355))
        arrow(pen, sign, theme.soft, way)
        left = sign.right + pen.u(14)
    # A name needs the room of the arrow more than the arrow.
    place = (rect.right, base)
    pen.text(call.counter, size, place, theme.counter, weight="label", side="right", width=rect.right - left)


def queues_height(pen: Pen, queues: tuple[QueueView, ...], columns: int = 2) -> int:
    """How tall the queues are; 0 when there are none."""
    return -(-len(queues) // columns) * pen.u(QUEUE)


def queues(pen: Pen, rect: pygame.Rect, view: BoardView, columns: int = 2) -> None:
    """How many wait for each service, and how long that takes."""
    gap = pen.u(24)
    cell = pygame.Rect(0, 0, (rect.width - gap * (columns - 1)) // columns, pen.u(QUEUE))
    # All in one size: that of the longest.
    size = min((fit(each.text, pen.u(40), "label", cell.width, pen.u(LEAST))[1] for each in view.queues), default=0)
    for place, queue in enumerate(view.queues):
        cell.topleft = (rect.left + place % columns * (cell.width + gap), rect.top + place // columns * cell.height)
        pen.text(queue.service, pen.u(36), (cell.left, cell.top + pen.u(40)), pen.theme.soft, width=cell.width)
        base = cell.top + pen.u(90)
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


def missed_height(pen: Pen, view: BoardView) -> int:
    """How tall the box of the missed is; 0 when there are none."""
    if not view.missed:
        return 0
    second = 0 if len(view.missed) > MISSED_A_ROW else 62
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
