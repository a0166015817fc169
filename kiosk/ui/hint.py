"""What whoever has a number already may do on the first screen without touching anything: show its QR code."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.lettering import line_height, measure
from kiosk.texts import Words
from kiosk.ui import controls, theme
from kiosk.ui.canvas import Canvas, fit
from kiosk.ui.layout import Box

SIZE = 44


@dataclass(frozen=True)
class Hint:
    """The sign of a QR code and the words beside it, `height` units high."""

    size: int
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return max(controls.CODE_H, len(self.lines) * line_height(self.size))


def made(words: Words, width: float, *, short: bool) -> Hint:
    """The hint within that width; `short`: for a place where few words fit."""
    text, room = words.say("visit.scan_short" if short else "visit.scan"), width - controls.SIGN
    size, lines = fit(text, SIZE, room, True, 1)
    if len(lines) > 1 or measure(lines[0], size, bold=True) > room:
        size, lines = fit(text, theme.MIN_TEXT, room, True, 3)
    return Hint(size, lines)


def draw(canvas: Canvas, box: Box, hint: Hint) -> None:
    """In the middle of the box's height."""
    colours = canvas.palette
    controls.SIGNS["code"](canvas, box.x + controls.CODE_H / 2, box.middle[1], colours.ink, colours.ground)
    y = box.y + (box.h - len(hint.lines) * line_height(hint.size)) / 2
    for line in hint.lines:
        y = canvas.text(box.x + controls.SIGN, y, line, hint.size, colours.ink, bold=True)
