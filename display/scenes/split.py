"""Layout `split`: the calls on one side, slides and waits on the other; neither ever covers the other."""

from __future__ import annotations

import pygame

from display.draw.pen import Pen
from display.scenes import furniture, parts
from display.scenes.slide import draw_slide
from display.view import BoardView

GAP = 32
CARD_SHARE = 0.6
CALLS_SHARE = 0.52


class SplitScene:
    """Calls at the left, on an upright screen above."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        calls, beside = furniture.halves(pen, furniture.body(pen, view), CALLS_SHARE, pen.u(GAP))
        _calls(pen, calls, view)
        _beside(pen, beside, view)
        furniture.footer(pen, view)


def _calls(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    card = rect.copy()
    if view.calls:
        card.height = round(rect.height * CARD_SHARE)
        top = card.bottom + pen.u(16)
        latest = pygame.Rect(rect.left, top, rect.width, rect.bottom - top)
        # Two columns show twice as many; where the distance asks for large rows, they would be too small.
        crowded = pen.rows < parts.WITHOUT_ARROWS and parts.latest_height(pen, rect.width, view, 9) > latest.height
        parts.latest(pen, latest, view, columns=2 if crowded and pen.screen.width >= pen.screen.height else 1)
    furniture.card(pen, card, view, slides=False)


def _beside(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    slide = rect.copy()
    gap = pen.u(24)
    if height := parts.missed_height(pen, view):
        slide.height -= height + gap
        parts.missed(pen, pygame.Rect(rect.left, slide.bottom + gap, rect.width, height), view)
    if view.queues:
        height = parts.queues_height(pen, view.queues)
        slide.height -= height + gap
        parts.queues(pen, pygame.Rect(rect.left, slide.bottom + gap, rect.width, height), view)
    if view.signage.slide is not None:
        draw_slide(pen, slide, view.signage.slide)
    else:
        furniture.clock(pen, slide, view)
