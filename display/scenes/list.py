"""Layout `list`: the huge call, the last calls with their counters, those who were missed, how long the queues are."""

from __future__ import annotations

import pygame

from display.draw.pen import Pen
from display.scenes import furniture, parts
from display.view import BoardView

GAP = 32


class ListScene:
    """Beside each other on a wide screen, below each other on an upright one."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        area = furniture.body(pen, view)
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
        height, gap = parts.queues_height(pen, view.queues), pen.u(24)
        card.height -= height + gap
        parts.queues(pen, pygame.Rect(rect.left, card.bottom + gap, rect.width, height), view)
    furniture.card(pen, card, view)


def _right(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    calls = rect.copy()
    if height := parts.missed_height(pen, view):
        calls.height -= height + pen.u(24)
        parts.missed(pen, pygame.Rect(rect.left, rect.bottom - height, rect.width, height), view)
    parts.latest(pen, calls, view)
