"""The parts that layouts share: the line at the top, the message line, the huge call."""

from __future__ import annotations

import pygame

from display.draw.lettering import fit, ink
from display.draw.pen import Pen
from display.draw.theme import Colour, blend
from display.view import GLOW_STEPS, BoardView, CallView

HEADER = 104
FOOTER = 84
MARGIN = 40
CAPITAL = 0.67
"""Height of a capital of Atkinson Hyperlegible, in ems."""
LABEL_CAPITAL = 0.714
"""The same of Noto Sans, in which labels and counters are written."""


def content(pen: Pen) -> pygame.Rect:
    """What the top line and the message line leave, within the margins."""
    margin = pen.u(MARGIN)
    top, bottom = pen.u(HEADER), pen.screen.height - pen.u(FOOTER)
    return pygame.Rect(margin, top, pen.screen.width - 2 * margin, bottom - top)


def header(pen: Pen, view: BoardView) -> None:
    """Office, date and clock; when stale, since when, in the place of the office."""
    theme, height = pen.theme, pen.u(HEADER)
    left, right = pen.u(MARGIN), pen.screen.width - pen.u(MARGIN)
    base = pen.u(70)
    text = theme.text
    if view.stale:
        text = theme.alarm_text
        pen.box(pygame.Rect(0, 0, pen.screen.width, pen.u(92)), theme.alarm)
        base = pen.u(64)
    clock = pen.text(view.clock, pen.u(60), (right, base), text, weight="label", side="right")
    soft = text if view.stale else theme.soft
    right = clock.left - pen.u(28)
    if not view.stale:
        right = pen.text(view.date, pen.u(36), (right, base), soft, side="right").left - pen.u(28)
    if view.simulated:
        right = badge(pen, view.simulated, right, height // 2, theme.counter, theme.background, pen.u(30)).left - pen.u(
            28
        )
    heading = view.stale or view.site
    line = pygame.Rect(left, 0, right - left, pen.u(92))
    pen.paragraph(heading, pen.u(48), line, text, weight="label" if view.stale else "bold")


def badge(pen: Pen, text: str, right: int, middle: int, colour: Colour, ink_colour: Colour, size: int) -> pygame.Rect:
    """A short word on a coloured pill that ends at `right`."""
    box = ink(text, size, "bold")
    rect = pygame.Rect(0, 0, box.width + size * 4 // 3, size * 7 // 4)
    rect.midright = (right, middle)
    pen.box(rect, colour, rect.height // 2)
    pen.text(text, size, (rect.centerx, middle + round(size * CAPITAL / 2)), ink_colour, weight="bold", side="centre")
    return rect


def footer(pen: Pen, view: BoardView) -> None:
    """The message line, if there is a message."""
    if not view.notice:
        return
    rect = pygame.Rect(0, 0, pen.screen.width, pen.u(FOOTER))
    rect.bottom = pen.screen.height
    pen.box(rect, pen.theme.panel)
    pen.paragraph(view.notice, pen.u(42), rect.inflate(-2 * pen.u(MARGIN), 0), pen.theme.text)


def card(pen: Pen, rect: pygame.Rect, view: BoardView) -> None:
    """The huge call: what for, the label, the way to the counter."""
    theme, pad = pen.theme, pen.u(48)
    if view.huge is None:
        pen.box(rect, theme.panel, pen.u(28))
        size = pen.u(64)
        pen.text(
            view.no_calls,
            size,
            (rect.centerx, rect.centery + size // 3),
            theme.soft,
            side="centre",
            width=rect.width - 2 * pad,
        )
        return
    pen.box(rect, _ground(pen, view), pen.u(28))
    inner = rect.inflate(-2 * pad, -2 * pen.u(30))
    top = _eyebrow(pen, inner, view.huge, view.recall)
    # On an upright screen the width sets the size; label and way then stay together in the middle.
    height = min(inner.bottom - top, round(inner.width * 0.62))
    body = pygame.Rect(inner.left, top + (inner.bottom - top - height) // 2, inner.width, height)
    way = round(height * 0.43)
    _label(pen, pygame.Rect(body.left, body.top, body.width, height - way), view.huge)
    _way(pen, pygame.Rect(body.left, body.bottom - way, body.width, way), view.huge)


def _ground(pen: Pen, view: BoardView) -> Colour:
    if view.stale:
        return pen.theme.card_stale
    if view.fresh:
        return blend(pen.theme.card_new, pen.theme.card_glow, view.glow / GLOW_STEPS)
    return pen.theme.card


def _eyebrow(pen: Pen, inner: pygame.Rect, call: CallView, recall: str) -> int:
    """The service at the left, the mark of a recall at the right; returns where the label may begin."""
    size, right = pen.u(50), inner.right
    middle = inner.top + pen.u(26)
    if call.recall:
        right = badge(pen, recall, right, middle, pen.theme.card_text, pen.theme.counter, pen.u(40)).left - pen.u(24)
    base = middle + round(size * CAPITAL / 2)
    pen.text(call.service, size, (inner.left, base), pen.theme.card_soft, width=right - inner.left)
    return inner.top + pen.u(72)


def _label(pen: Pen, rect: pygame.Rect, call: CallView) -> None:
    size = round(rect.height * 0.82 / LABEL_CAPITAL)
    text, size = fit(call.label, size, "label", rect.width, pen.u(60))
    box = ink(text, size, "label")
    base = rect.centery - (box.top + box.bottom) // 2
    pen.text(text, size, (rect.centerx, base), pen.theme.card_text, weight="label", side="centre")


def _way(pen: Pen, rect: pygame.Rect, call: CallView) -> None:
    """Arrow, the word for the counter in one or two languages, the counter; in the middle of `rect`."""
    theme, gap = pen.theme, pen.u(34)
    arrow = pygame.Rect(0, 0, pen.u(132), pen.u(104))
    words = [each for each in (call.word, call.second_word) if each]
    sizes = [round(rect.height * 0.30), round(rect.height * 0.22)] if len(words) == 2 else [round(rect.height * 0.36)]
    word_width = max((ink(word, size, "bold").width for word, size in zip(words, sizes, strict=False)), default=0)
    taken = arrow.width + gap + (word_width + gap if words else 0)
    size = round(rect.height * 0.83 / LABEL_CAPITAL)
    text, size = fit(call.counter, size, "label", rect.width - taken, pen.u(60))
    box = ink(text, size, "label")
    x = rect.centerx - (taken + box.width) // 2
    base = rect.bottom - round(rect.height * 0.05)
    top = base + box.top
    middle = (top + base) // 2
    arrow.midleft = (x, middle)
    pen.arrow(arrow, theme.card_text)
    x = arrow.right + gap
    if len(words) == 2:
        pen.text(words[0], sizes[0], (x, middle - pen.u(8)), theme.card_text, weight="bold")
        pen.text(words[1], sizes[1], (x, middle + pen.u(8) + round(sizes[1] * 0.8)), theme.card_soft)
    elif words:
        pen.text(words[0], sizes[0], (x, middle + round(sizes[0] * CAPITAL / 2)), theme.card_text, weight="bold")
    x += word_width + gap if words else 0
    pen.text(text, size, (x, base), theme.card_text, weight="label")
