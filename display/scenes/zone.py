"""Layout `zone`: only the counters of this part of the room, and where they are."""

from __future__ import annotations

import pygame

from display.draw.lettering import BLOCK_EMS, LINE_EMS, lines
from display.draw.pen import Pen
from display.scenes import furniture, parts
from display.signage import ranges
from display.view import BoardView

GAP = 32
SIGN_SHARE = 0.24
CARD_SHARE = 0.6
LARGEST, LINES = 124, 4
"""The names of the counters on the sign: units to the em, and in how many lines."""


class ZoneScene:
    """The sign stands at the side to which it points."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        area = furniture.body(pen, view)
        wide, gap = pen.screen.width >= pen.screen.height, pen.u(GAP)
        if wide:
            sign = pygame.Rect(area.left, area.top, round(area.width * SIGN_SHARE), area.height)
            calls = pygame.Rect(sign.right + gap, area.top, area.width - sign.width - gap, area.height)
            if view.signage.arrow == "right":
                calls.left, sign.right = area.left, area.right
        else:
            sign = pygame.Rect(area.left, area.top, area.width, round(area.height * 0.2))
            calls = pygame.Rect(area.left, sign.bottom + gap, area.width, area.height - sign.height - gap)
        _sign(pen, sign, view)
        _calls(pen, calls, view, columns=2 if wide else 1)
        furniture.footer(pen, view)


def _sign(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    """The arrow, the word for counters, their names."""
    theme, pad = pen.theme, pen.u(24)
    pen.box(rect, theme.panel, pen.u(28))
    inner = rect.inflate(-2 * pad, -2 * pad)
    words = inner.copy()
    if view.signage.arrow:
        side = min(inner.width, inner.height if inner.width > inner.height else round(inner.height * 0.5))
        arrow = pygame.Rect(0, 0, round(side * 0.92), round(side * 0.76))
        if inner.width > inner.height:
            arrow.midleft = (inner.left + pad, inner.centery)
            words = pygame.Rect(arrow.right + 2 * pad, inner.top, inner.right - arrow.right - 2 * pad, inner.height)
        else:
            arrow.center = (inner.centerx, inner.top + side // 2)
            words = pygame.Rect(inner.left, inner.top + side, inner.width, inner.height - side)
        furniture.arrow(pen, arrow, theme.counter, furniture.towards(view))
    title = view.signage.counters_title if len(view.signage.counters) > 1 else view.signage.counter_word
    names = ", ".join(ranges(view.signage.counters, view.signage.counter_word))
    above = pen.u(42 + 40)
    found, size = lines(names, pen.u(LARGEST), "label", words.width, words.height - above, LINES)
    tall = round(size * (BLOCK_EMS + LINE_EMS * (len(found) - 1)))
    top = words.centery - (above + tall) // 2
    pen.text(title, pen.u(60), (words.centerx, top + pen.u(42)), theme.soft, side="centre", width=words.width)
    place = pygame.Rect(words.left, top + above, words.width, tall)
    pen.block(names, size, place, theme.text, side="centre", rows=LINES)


def _calls(pen: Pen, rect: pygame.Rect, view: BoardView, columns: int) -> None:
    card = rect.copy()
    if view.calls:
        rows = min(-(-len(view.calls) // columns), 3 if columns == 2 else 5)
        wanted = parts.latest_height(pen, rect.width, view, rows, columns)
        taken = min(wanted, round(rect.height * (1 - CARD_SHARE)))
        card.height -= taken + pen.u(16)
        top = card.bottom + pen.u(16)
        parts.latest(pen, pygame.Rect(rect.left, top, rect.width, rect.bottom - top), view, columns=columns)
    furniture.card(pen, parts.above_waits(pen, card, view), view)
