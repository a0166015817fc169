"""Layout `counter`: a small screen over one counter. Its name, and the number that is called to it."""

from __future__ import annotations

from dataclasses import replace

import pygame

from display.draw.lettering import fit, ink
from display.draw.pen import Pen
from display.scenes import furniture, strip
from display.view import BoardView

NAME_SHARE = 0.3
LETTERS = 0.72
"""How much of the height a label has for its letters."""
KEPT = 300
"""Units that the letters of the huge call keep beside those that wait; more where the distance asks for more."""


class CounterScene:
    """Name above, number below. When stale, a red line with the time is at the foot."""

    def draw(self, pen: Pen, view: BoardView) -> None:
        theme = pen.theme
        pen.fill(theme.background)
        width, height = pen.screen.width, pen.screen.height
        foot = furniture.stale_line(pen, view)
        margin = pen.u(24)
        name = pygame.Rect(margin, margin, width - 2 * margin, round(height * NAME_SHARE) - margin)
        card = pygame.Rect(margin, name.bottom, width - 2 * margin, height - foot - name.bottom - margin)
        if view.huge is None:
            _idle(pen, pygame.Rect(name.left, name.top, name.width, card.bottom - name.top), view)
            return
        _name(pen, name, view)
        _coming(pen, card, view)
        pen.box(card, furniture.ground(pen, view), pen.u(28))
        _label(pen, card.inflate(-2 * pen.u(40), 0), view.huge.label)


def _coming(pen: Pen, card: pygame.Rect, view: BoardView) -> None:
    """Who waits for the large place, below the card, which is made less tall."""
    least = max(pen.needed, pen.u(KEPT)) / LETTERS
    coming = [each for each in view.calls if each.coming]
    if len(view.signage.counters) == 1:
        coming = [replace(each, counter="") for each in coming]
    made = strip.lay(pen, coming, card.width, round(card.height - least) - pen.u(16))
    if made is not None:
        card.height -= made.height + pen.u(16)
        strip.draw(pen, pygame.Rect(card.left, card.bottom + pen.u(16), card.width, made.height), made, view)


def _name(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    """The counter's word and name, in the middle, as large as the line."""
    called = view.huge.counter if view.huge else ""
    name = called or " ".join(view.signage.counters)
    word = view.signage.counter_word if len(name) <= 4 else ""
    size = round(rect.height * 0.9)
    place = rect
    if view.huge and view.huge.recall:
        mark = furniture.badge(
            pen, view.recall, rect.right, rect.centery, pen.theme.counter, pen.theme.background, pen.u(56)
        )
        place = pygame.Rect(rect.left, rect.top, mark.left - pen.u(24) - rect.left, rect.height)
    if not word:
        place = place.inflate(0, -place.height // 8)
        pen.block(name, size, place, pen.theme.counter, side="centre", least=pen.u(furniture.NAME_LEAST))
        return
    word_size = round(rect.height * 0.5)
    word_width = pen.ink(word, word_size, "bold").width + pen.u(40)
    name, size = fit(name, size, "label", rect.width - word_width, pen.u(60))
    box = ink(name, size, "label")
    x = rect.centerx - (word_width + box.width) // 2
    base = rect.centery - (box.top + box.bottom) // 2
    pen.text(word, word_size, (x, base), pen.theme.soft, weight="bold")
    pen.text(name, size, (x + word_width, base), pen.theme.counter, weight="label")


def _label(pen: Pen, rect: pygame.Rect, label: str) -> None:
    size = round(rect.height * LETTERS / furniture.LABEL_CAPITAL)
    text, size = fit(label, size, "label", rect.width, pen.u(60))
    box = ink(text, size, "label")
    base = rect.centery - (box.top + box.bottom) // 2
    pen.text(text, size, (rect.centerx, base), pen.theme.card_text, weight="label", side="centre")


def _idle(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    """Nobody is called here: the counter's name alone, large; the time where a clock is looked for.

    The clock has a place of its own: beside the hour at which the office opens it would be a second such hour.
    """
    pen.text(view.clock, pen.u(76), (rect.right, rect.top + pen.u(64)), pen.theme.soft, weight="label", side="right")
    half = rect.copy()
    half.height = round(rect.height * 0.5)
    half.top += round(rect.height * 0.1)
    _name(pen, half, view)
    said = view.no_calls.split(" · ")
    for place, part in enumerate(reversed(said)):
        first = place == len(said) - 1
        size, colour = (104, pen.theme.text) if first and len(said) > 1 else (84, pen.theme.soft)
        at = (rect.centerx, rect.bottom - pen.u(60 + 110 * place))
        pen.text(part, pen.u(size), at, colour, side="centre", width=rect.width)
