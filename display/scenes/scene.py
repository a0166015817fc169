"""What a layout is."""

from __future__ import annotations

from typing import Protocol

from display.draw.pen import Pen
from display.view import BoardView


class Scene(Protocol):
    """A layout. It keeps nothing between pictures: what is drawn follows from the view alone."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        """Draw the whole picture, every pixel of it."""
        ...
