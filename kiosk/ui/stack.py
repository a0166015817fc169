"""Lines of text one below the other in a box, as large as it holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.lettering import line_height, measure
from kiosk.ui import theme
from kiosk.ui.canvas import Canvas, fit
from kiosk.ui.layout import Box
from kiosk.ui.theme import Colour


@dataclass(frozen=True)
class Line:
    """A text at its largest size, in at most `lines` lines; `after` units of empty space below it."""

    text: str
    size: int
    colour: Colour
    bold: bool = False
    lines: int = 2
    after: float = 10


def draw(canvas: Canvas, box: Box, lines: Sequence[Line], *, middle: bool = True) -> float:
    """Draw them centred, from the top or in the middle of the height; smaller where they must be. The y below."""
    factor = 1.0
    while _height(box.w, lines, factor) > box.h and factor > 0.2:
        factor *= 0.94
    y = box.y + (max(0.0, (box.h - _height(box.w, lines, factor)) / 2) if middle else 0)
    for line in lines:
        size, broken = _broken(box.w, line, factor)
        for text in broken:
            y = canvas.text(box.x + box.w / 2, y, text, size, line.colour, bold=line.bold, align="centre")
        y += line.after * factor
    return y


def fits(box: Box, lines: Sequence[Line]) -> bool:
    """Whether they stand in the box, however small."""
    return _height(box.w, lines, 0.2) <= box.h


def _height(width: float, lines: Sequence[Line], factor: float) -> float:
    total = 0.0
    for line in lines:
        size, broken = _broken(width, line, factor)
        total += len(broken) * line_height(size) + line.after * factor
    return total - (lines[-1].after * factor if lines else 0)


def _broken(width: float, line: Line, factor: float) -> tuple[int, tuple[str, ...]]:
    """At least MIN_TEXT, then in as many lines as it takes."""
    size = max(theme.MIN_TEXT, round(line.size * factor))
    fitted, broken = fit(line.text, size, width, line.bold, line.lines)
    if len(broken) > line.lines or any(measure(text, fitted, bold=line.bold) > width for text in broken):
        return fit(line.text, theme.MIN_TEXT, width, line.bold, 9)
    return fitted, broken
