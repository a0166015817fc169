"""Layout `call`: one huge call and nothing beside it; between calls a slide and the waits."""

from __future__ import annotations

from display.draw.pen import Pen
from display.scenes import furniture, parts
from display.view import BoardView


class CallScene:
    """For a room that is deep, or a screen over few counters."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        pen.fill(pen.theme.background)
        furniture.header(pen, view)
        furniture.card(pen, parts.above_waits(pen, furniture.body(pen, view), view), view)
        furniture.footer(pen, view)
