"""Layout `list`: the huge call, the last calls with their counters, those who were missed, how long the queues are."""

from __future__ import annotations

import pygame

from display.draw.pen import Pen
from display.scenes import furniture
from display.view import BoardView, CallView, QueueView

GAP = 32
ROW = 120
TITLE = 56
QUEUES = 212
MISSED = 176
MISSED_A_ROW = 4


class ListScene:
    """Beside each other on a wide screen, below each other on an upright one."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        area = furniture.content(pen)
        area.height += -pen.u(24) if view.notice else pen.u(furniture.FOOTER - furniture.MARGIN)
        gap = pen.u(GAP)
        if not view.calls and not view.missed:
            _left(pen, area, view)
            furniture.footer(pen, view)
            return
        if pen.screen.width >= pen.screen.height:
            left = pygame.Rect(area.left, area.top, round((area.width - gap) * 0.63), area.height)
            right = pygame.Rect(left.right + gap, area.top, area.right - left.right - gap, area.height)
        else:
            left = pygame.Rect(area.left, area.top, area.width, round(area.height * 0.48))
            right = pygame.Rect(area.left, left.bottom + gap, area.width, area.bottom - left.bottom - gap)
        _left(pen, left, view)
        _right(pen, right, view)
        furniture.footer(pen, view)


def _left(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    card = rect.copy()
    if view.queues:
        height, gap = pen.u(QUEUES if len(view.queues) > 2 else QUEUES // 2), pen.u(24)
        card.height -= height + gap
        _queues(pen, pygame.Rect(rect.left, card.bottom + gap, rect.width, height), view.queues)
    furniture.card(pen, card, view)


def _queues(pen: Pen, rect: pygame.Rect, queues: tuple[QueueView, ...]) -> None:
    rows = 2 if len(queues) > 2 else 1
    cell = pygame.Rect(0, 0, (rect.width - pen.u(24)) // 2, rect.height // rows)
    for place, queue in enumerate(queues):
        cell.topleft = (rect.left + place % 2 * (cell.width + pen.u(24)), rect.top + place // 2 * cell.height)
        pen.text(queue.service, pen.u(36), (cell.left, cell.top + pen.u(40)), pen.theme.soft, width=cell.width)
        pen.text(
            queue.text, pen.u(40), (cell.left, cell.top + pen.u(90)), pen.theme.text, weight="label", width=cell.width
        )


def _right(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    calls = rect.copy()
    if view.missed:
        calls.height -= pen.u(MISSED) + pen.u(24)
        _missed(pen, pygame.Rect(rect.left, calls.bottom + pen.u(24), rect.width, pen.u(MISSED)), view)
    if not view.calls:
        return
    pen.text(view.latest_title, pen.u(36), (calls.left, calls.top + pen.u(38)), pen.theme.soft, width=calls.width)
    row = pygame.Rect(calls.left, calls.top + pen.u(TITLE), calls.width, pen.u(ROW))
    for call in view.calls:
        if row.bottom > calls.bottom:
            break
        _row(pen, row, call)
        row.top += row.height


def _row(pen: Pen, rect: pygame.Rect, call: CallView) -> None:
    theme, base = pen.theme, rect.bottom - pen.u(16)
    pen.box(pygame.Rect(rect.left, rect.top, rect.width, max(1, pen.u(2))), theme.line)
    label_width = round(rect.width * 0.56)
    pen.text(call.label, pen.u(124), (rect.left, base), theme.text, weight="label", width=label_width)
    arrow = pygame.Rect(0, 0, pen.u(64), pen.u(50))
    arrow.midleft = (rect.left + label_width + pen.u(14), base - pen.u(44))
    pen.arrow(arrow, theme.soft)
    left = arrow.right + pen.u(14)
    pen.text(
        call.counter,
        pen.u(124),
        (rect.right, base),
        theme.counter,
        weight="label",
        side="right",
        width=rect.right - left,
    )


def _missed(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    theme, pad = pen.theme, pen.u(28)
    pen.box(rect, theme.panel, pen.u(20))
    inner = rect.inflate(-2 * pad, 0)
    pen.text(view.missed_title, pen.u(32), (inner.left, inner.top + pen.u(42)), theme.soft, width=inner.width)
    cell = inner.width // MISSED_A_ROW
    for place, label in enumerate(view.missed[: 2 * MISSED_A_ROW]):
        x = inner.left + place % MISSED_A_ROW * cell
        base = inner.top + pen.u(96 + place // MISSED_A_ROW * 62)
        pen.text(label, pen.u(48), (x, base), theme.text, weight="label", width=cell - pen.u(12))
