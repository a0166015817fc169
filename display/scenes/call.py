"""Layout `call`: one huge call and nothing beside it."""

from __future__ import annotations

from display.draw.pen import Pen
from display.scenes import furniture
from display.view import BoardView


class CallScene:
    """For a room that is deep, or a screen over few counters."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        furniture.card(pen, furniture.body(pen, view), view)
        furniture.footer(pen, view)
