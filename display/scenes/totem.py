"""Layout `totem`: an upright screen. The huge call above, the last calls, then the slide or the waits at eye level."""

from __future__ import annotations

import pygame

from display.draw.pen import Pen
from display.scenes import furniture, parts
from display.scenes.list import ListScene
from display.scenes.slide import draw_slide
from display.view import BoardView

CARD_SHARE = 0.33
ROWS = 4


class TotemScene:
    """On a wide screen there is no room below each other: it is then drawn as a list."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        if pen.screen.width >= pen.screen.height:
            ListScene().draw(pen, view)
            return
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        area, gap = furniture.body(pen, view), pen.u(28)
        foot = area.bottom
        if height := parts.missed_height(pen, view):
            foot -= height
            parts.missed(pen, pygame.Rect(area.left, foot, area.width, height), view)
            foot -= gap
        if view.queues:
            height = parts.queues_height(pen, view.queues)
            foot -= height
            parts.queues(pen, pygame.Rect(area.left, foot, area.width, height), view)
            foot -= gap
        _above(pen, pygame.Rect(area.left, area.top, area.width, foot - area.top), view, gap)
        furniture.footer(pen, view)


def _above(pen: Pen, area: pygame.Rect, view: BoardView, gap: int) -> None:
    """The call, the last ones, and the slide in what is left; a slide that has no place is not shown."""
    least = round(pen.screen.height * CARD_SHARE)
    slide = view.signage.slide if not view.stale else None
    if not view.calls and slide is None:
        furniture.card(pen, area, view)
        return
    card = pygame.Rect(area.left, area.top, area.width, min(area.height, least))
    furniture.card(pen, card, view, slides=False)
    top = card.bottom + gap
    if view.calls:
        rows = min(len(view.calls), ROWS) if slide is not None else len(view.calls)
        height = min(parts.latest_height(pen, area.width, view, rows), area.bottom - top)
        parts.latest(pen, pygame.Rect(area.left, top, area.width, height), view)
        top += height + gap
    rest = pygame.Rect(area.left, top, area.width, area.bottom - top)
    if slide is not None and rest.height >= pen.u(240):
        draw_slide(pen, rest, slide)
