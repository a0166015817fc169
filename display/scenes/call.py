"""Layout `call`: one huge call, and below it a strip of the last ones, those that wait for its place first.

Between calls a slide and the waits.
"""

from __future__ import annotations

from dataclasses import replace

import pygame

from display.draw.pen import Pen
from display.scenes import furniture, parts, strip
from display.scenes.strip import Strip
from display.view import BoardView

GAP = 16
LETTERS = 200
"""Units that the huge letters keep beside a strip where the distance of the readers is not known."""
LETTERS_SHARE = 0.355
"""How tall the letters of the counter are, which are the smaller ones, in what the card leaves for label and way."""
ABOVE = 132
"""Units of a card's height that are not for label and way."""
UPRIGHT_ROWS = 4


class CallScene:
    """For a room that is deep, or a screen over few counters."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        card = parts.above_waits(pen, furniture.body(pen, view), view)
        made = _strip(pen, card, view)
        if made is None and any(each.coming for each in view.calls):
            # Where all the room is for letters that are read from far away, a call matters more than the message.
            view = replace(view, notice="")
            card = parts.above_waits(pen, furniture.body(pen, view), view)
            made = _strip(pen, card, view)
        if made is not None:
            card.height -= made.height + pen.u(GAP)
            below = pygame.Rect(card.left, card.bottom + pen.u(GAP), card.width, made.height)
            strip.draw(pen, below, made, view)
        furniture.card(pen, card, view)
        furniture.footer(pen, view)


def _strip(pen: Pen, area: pygame.Rect, view: BoardView) -> Strip | None:
    body = (pen.needed or pen.u(LETTERS)) / LETTERS_SHARE
    least = min(body, area.width * 0.62) + pen.u(ABOVE)
    rows = 1 if pen.screen.width >= pen.screen.height else UPRIGHT_ROWS
    return strip.lay(pen, view.calls, area.width, round(area.height - least) - pen.u(GAP), rows)
