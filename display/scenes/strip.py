"""A strip of the last calls, the newest first, for layouts of one huge call.

A call that waits for the large place is in it at once, bright, so that nobody misses it while another is being spoken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from display.draw.lettering import fit
from display.draw.pen import Pen
from display.scenes.furniture import LABEL_CAPITAL, arrow, towards
from display.view import BoardView, CallView

MOST = 4
FEW = 3
"""With arrows that leave room for fewer than this, the letters take the room of the arrows."""
LETTERS = 88
"""Units of a capital where the distance asks for no more, as in a row of the list."""
LEAST = 36
PITCH = 1.28
"""From one line to the next, and the height of a cell, in capitals."""
PAD, GAP, SIGN, APART = 0.3, 0.3, 0.72, 0.75
"""In capitals: beside the letters of a cell, between its parts, the width of an arrow, the room of one left out."""
NAME_SHARE = 0.4
"""The most that the name of a counter takes of the strip's width."""


@dataclass(frozen=True)
class Strip:
    """`lines` of calls in letters of `capital` pixels, as laid for a width."""

    capital: int
    arrows: bool
    lines: tuple[tuple[CallView, ...], ...]

    @property
    def pitch(self) -> int:
        return round(self.capital * PITCH)

    @property
    def height(self) -> int:
        return self.pitch * len(self.lines)


def lay(pen: Pen, calls: Sequence[CallView], width: int, room: int, rows: int = 1) -> Strip | None:
    """As many of the first calls as fit, readable from the distance of the readers where `room` (pixels) allows it.

    None without calls, or when not even small letters have room.
    """
    wanted = max(pen.u(LETTERS * pen.rows), pen.needed)
    for count in range(min(rows, len(calls)), 0, -1):
        capital = min(wanted, int(room / count / PITCH))
        if capital < wanted and count > 1:
            continue
        if capital < pen.u(LEAST):
            return None
        lines = _flow(pen, calls, width, capital, count, arrows=True)
        placed, expected = sum(map(len, lines)), min(FEW, len(calls))
        if placed >= expected:
            return Strip(capital, True, lines)
        return Strip(capital, False, _flow(pen, calls, width, capital, count, arrows=False))
    return None


def draw(pen: Pen, rect: pygame.Rect, made: Strip, view: BoardView) -> None:
    """The strip at the top of `rect`."""
    gap = round(made.capital * GAP)
    for row, line in enumerate(made.lines):
        left = rect.left
        for call in line:
            width = _width(pen, call, rect.width, made.capital, arrows=made.arrows)
            cell = pygame.Rect(left, rect.top + row * made.pitch, width, made.pitch)
            _cell(pen, cell, call, made, view, rect.width)
            left = cell.right + gap


def _flow(
    pen: Pen, calls: Sequence[CallView], width: int, capital: int, rows: int, *, arrows: bool
) -> tuple[tuple[CallView, ...], ...]:
    """The calls in lines no wider than `width`; one that has no place ends it."""
    lines: list[list[CallView]] = []
    left = 0
    for call in calls[:MOST]:
        wide = _width(pen, call, width, capital, arrows=arrows)
        if not lines or left + wide > width:
            if len(lines) == rows:
                break
            lines.append([])
            left = 0
        lines[-1].append(call)
        left += wide + round(capital * GAP)
    return tuple(map(tuple, lines))


def _width(pen: Pen, call: CallView, width: int, capital: int, *, arrows: bool) -> int:
    label = pen.ink(call.label, _em(capital), "label").width + round(capital * 2 * PAD)
    if not call.counter:
        return min(width, label)
    return min(width, label + _between(capital, arrows=arrows) + _counter(pen, call, width, capital))


def _between(capital: int, *, arrows: bool) -> int:
    """From the label to the counter."""
    return round(capital * (2 * GAP + SIGN if arrows else APART))


def _counter(pen: Pen, call: CallView, width: int, capital: int) -> int:
    return min(pen.ink(call.counter, _em(capital), "label").width, round(width * NAME_SHARE))


def _cell(pen: Pen, rect: pygame.Rect, call: CallView, made: Strip, view: BoardView, width: int) -> None:
    """Label, arrow, counter; bright while it waits for the large place."""
    theme, size, capital = pen.theme, _em(made.capital), made.capital
    bright = call.coming and not view.stale
    colour, soft, counter = (theme.card_text,) * 3 if bright else (theme.text, theme.soft, theme.counter)
    if bright:
        pen.box(rect.inflate(0, -pen.u(6)), theme.card_new, pen.u(20))
    base = rect.centery + capital // 2
    inner = rect.inflate(-2 * round(capital * PAD), 0)
    free = inner.width
    if call.counter:
        name = _counter(pen, call, width, capital)
        free -= name + _between(capital, arrows=made.arrows)
    text, fitted = fit(call.label, size, "label", max(1, free), pen.u(LEAST))
    left = pen.text(text, fitted, (inner.left, base), colour, weight="label").right
    if not call.counter:
        return
    if made.arrows:
        sign = pygame.Rect(left + round(capital * GAP), 0, round(capital * SIGN), round(capital * SIGN * 0.79))
        sign.centery = rect.centery
        arrow(pen, sign, soft, towards(view))
    elif bright:
        # Without an arrow and in one colour, number and counter would be read as one.
        plate = pygame.Rect(0, rect.top, name + 2 * round(capital * PAD), rect.height).inflate(0, -pen.u(6))
        plate.right, counter = rect.right, theme.card_new
        pen.box(plate, theme.card_text, pen.u(20))
        pygame.draw.rect(pen.surface, theme.card_new, plate, max(1, pen.u(5)), border_radius=pen.u(20))
    pen.text(call.counter, size, (inner.right, base), counter, weight="label", side="right", width=name)


def _em(capital: int) -> int:
    return round(capital / LABEL_CAPITAL)
