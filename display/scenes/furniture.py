"""The parts that layouts share: the line at the top, the message line, the huge call."""

from __future__ import annotations

import pygame

from display.draw.fonts import is_rtl
from display.draw.lettering import fit, ink, lines
from display.draw.pen import Pen, Side, Towards
from display.draw.pictures import fitted
from display.draw.theme import Colour, blend
from display.scenes.slide import draw_slide
from display.view import GLOW_STEPS, BoardView, CallView

HEADER = 104
FOOTER = 84
MARGIN = 40
CAPITAL = 0.67
"""Height of a capital of Atkinson Hyperlegible, in ems."""
LABEL_CAPITAL = 0.714
"""The same of Noto Sans, in which labels and counters are written."""
SERVICE, SERVICE_OF_TWO_LINES = 50, 36
WAY_SHARE, NAMED_WAY_SHARE = 0.43, 0.5
"""How much of the height of a call is the way to a counter: one with a number, one with a name."""
NAME_LEAST = 44


ARROWS: dict[str, Towards] = {"left": "left", "right": "right", "up": "up", "down": "down"}


def towards(view: BoardView) -> Towards:
    """Where the arrow to a counter points: as the office says of the counters of a zone, whatever it reads."""
    return ARROWS.get(view.signage.arrow, "right")


def arrow(pen: Pen, rect: pygame.Rect, colour: Colour, way: Towards) -> None:
    """An arrow in the middle of `rect`, which is the place of one that lies."""
    if way in ("up", "down"):
        centre, rect = rect.center, pygame.Rect(0, 0, rect.height, rect.width)
        rect.center = centre
    pen.arrow(rect, colour, way)


def content(pen: Pen) -> pygame.Rect:
    """What the top line and the message line leave, within the margins."""
    margin = pen.u(MARGIN)
    top, bottom = pen.u(HEADER), pen.screen.height - pen.u(FOOTER)
    return pygame.Rect(margin, top, pen.screen.width - 2 * margin, bottom - top)


def body(pen: Pen, view: BoardView) -> pygame.Rect:
    """What the top line leaves, and the message line if there is a message."""
    area = content(pen)
    area.height += -pen.u(24) if view.notice else pen.u(FOOTER - MARGIN)
    return area


def halves(pen: Pen, area: pygame.Rect, share: float, gap: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Two parts beside each other, on an upright screen below each other; the first has `share`."""
    if pen.screen.width >= pen.screen.height:
        first = pygame.Rect(area.left, area.top, round((area.width - gap) * share), area.height)
        return first, pygame.Rect(first.right + gap, area.top, area.right - first.right - gap, area.height)
    first = pygame.Rect(area.left, area.top, area.width, round((area.height - gap) * share))
    return first, pygame.Rect(area.left, first.bottom + gap, area.width, area.bottom - first.bottom - gap)


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
    if pen.logo and not view.stale:
        left = _logo(pen, pen.logo, left)
    line = pygame.Rect(left, 0, right - left, pen.u(92))
    pen.paragraph(heading, pen.u(48), line, text, weight="label" if view.stale else "bold")


def _logo(pen: Pen, logo: str, left: int) -> int:
    """The office's logo at the left end of the top line; returns where its name may begin."""
    place = pygame.Rect(left, pen.u(16), pen.u(300), pen.u(64))
    try:
        made = fitted(logo, place.size)
    except OSError:
        return left
    pen.surface.blit(made, made.get_rect(midleft=place.midleft))
    return left + made.get_width() + pen.u(24)


def badge(pen: Pen, text: str, right: int, middle: int, colour: Colour, ink_colour: Colour, size: int) -> pygame.Rect:
    """A short word on a coloured pill that ends at `right`."""
    box = pen.ink(text, size, "bold")
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


def stale_line(pen: Pen, view: BoardView) -> int:
    """At the foot, on screens without a top line, since when the picture may be wrong; returns its height."""
    if not view.stale:
        return 0
    rect = pygame.Rect(0, 0, pen.screen.width, pen.u(110))
    rect.bottom = pen.screen.height
    pen.box(rect, pen.theme.alarm)
    pen.paragraph(view.stale, pen.u(60), rect.inflate(-2 * pen.u(MARGIN), 0), pen.theme.alarm_text, weight="label")
    return rect.height


def clock(pen: Pen, rect: pygame.Rect, view: BoardView, said: str = "") -> None:
    """A large clock, where there is neither call nor slide; below it what is `said`, else the date."""
    pen.box(rect, pen.theme.panel, pen.u(28))
    width = rect.width - 2 * pen.u(48)
    size = min(round(rect.height * 0.4), pen.u(320), round(width * 0.36))
    base = rect.centery + round(size * LABEL_CAPITAL / 2) - size // 6
    pen.text(view.clock, size, (rect.centerx, base), pen.theme.text, weight="label", side="centre", width=width)
    place = (rect.centerx, base + size // 3 + pen.u(36))
    pen.text(said or view.date, pen.u(64), place, pen.theme.soft, side="centre", width=width)


def card(pen: Pen, rect: pygame.Rect, view: BoardView, *, slides: bool = True) -> None:
    """The huge call: what for, the label, the way to the counter. Without one a slide, if `slides` have no place."""
    pad = pen.u(48)
    if view.huge is None:
        idle(pen, rect, view, slides=slides)
        return
    pen.box(rect, ground(pen, view), pen.u(28))
    inner = rect.inflate(-2 * pad, -2 * pen.u(30))
    top = _eyebrow(pen, inner, view.huge, view.recall)
    # On an upright screen the width sets the size; label and way then stay together in the middle.
    height = min(inner.bottom - top, round(inner.width * 0.62))
    body = pygame.Rect(inner.left, top + (inner.bottom - top - height) // 2, inner.width, height)
    way = round(height * (WAY_SHARE if view.huge.word else NAMED_WAY_SHARE))
    _label(pen, pygame.Rect(body.left, body.top, body.width, height - way), view.huge)
    _way(pen, pygame.Rect(body.left, body.bottom - way, body.width, way), view.huge, towards(view))


def idle(pen: Pen, rect: pygame.Rect, view: BoardView, *, slides: bool) -> None:
    """The place of a call when there is none: a slide, or that nobody is called."""
    if slides and view.signage.slide is not None and not view.stale:
        draw_slide(pen, rect, view.signage.slide)
        return
    if slides and not view.stale and " · " not in view.no_calls:
        clock(pen, rect, view, view.no_calls)
        return
    pen.box(rect, pen.theme.panel, pen.u(28))
    parts = view.no_calls.split(" · ")
    pitch, width = pen.u(110), rect.width - 2 * pen.u(48)
    base = rect.centery + pen.u(64) // 3 - pitch * (len(parts) - 1) // 2
    for place, part in enumerate(parts):
        colour, size = (pen.theme.text, 116) if place == 0 and len(parts) > 1 else (pen.theme.soft, 68)
        at = (rect.centerx, base + place * pitch)
        pen.text(part, pen.u(size), at, colour, side="centre", width=width)


def ground(pen: Pen, view: BoardView) -> Colour:
    """What a call stands on: bright while it is new, grey when it may be wrong."""
    if view.stale:
        return pen.theme.card_stale
    if view.fresh:
        return blend(pen.theme.card_new, pen.theme.card_glow, view.glow / GLOW_STEPS)
    return pen.theme.card


def _eyebrow(pen: Pen, inner: pygame.Rect, call: CallView, recall: str) -> int:
    """The service at the left, the mark of a recall at the right; returns where the label may begin."""
    size, right = pen.u(SERVICE), inner.right
    middle = inner.top + pen.u(26)
    if call.recall:
        right = badge(pen, recall, right, middle, pen.theme.card_text, pen.theme.counter, pen.u(40)).left - pen.u(24)
    width, least = right - inner.left, pen.u(SERVICE_OF_TWO_LINES)
    if fit(call.service, size, pen.weight("regular"), width, least - 1)[1] < least:
        place = pygame.Rect(inner.left, inner.top - pen.u(16), width, pen.u(82))
        pen.block(call.service, least, place, pen.theme.card_soft, weight="regular", side=begin(call.service))
        return inner.top + pen.u(72)
    base = middle + round(size * CAPITAL / 2)
    pen.text(call.service, size, (inner.left, base), pen.theme.card_soft, width=width)
    return inner.top + pen.u(72)


def _label(pen: Pen, rect: pygame.Rect, call: CallView) -> None:
    size = round(rect.height * 0.82 / LABEL_CAPITAL)
    text, size = fit(call.label, size, "label", rect.width, pen.u(60))
    box = ink(text, size, "label")
    base = rect.centery - (box.top + box.bottom) // 2
    pen.text(text, size, (rect.centerx, base), pen.theme.card_text, weight="label", side="centre")


def _way(pen: Pen, rect: pygame.Rect, call: CallView, way: Towards) -> None:
    """Arrow, the word for the counter in one or two languages, the counter; in the middle of `rect`."""
    theme, gap = pen.theme, pen.u(34)
    sign = pygame.Rect(0, 0, pen.u(132), pen.u(104))
    words = [each for each in (call.word, call.second_word) if each]
    if not words:
        _named_way(pen, rect, call.counter, way)
        return
    sizes = [round(rect.height * 0.30), round(rect.height * 0.22)] if len(words) == 2 else [round(rect.height * 0.36)]
    word_width = max(pen.ink(word, size, "bold").width for word, size in zip(words, sizes, strict=False))
    taken = sign.width + gap + word_width + gap
    size = round(rect.height * 0.83 / LABEL_CAPITAL)
    text, size = fit(call.counter, size, "label", rect.width - taken, pen.u(60))
    box = ink(text, size, "label")
    x = rect.centerx - (taken + box.width) // 2
    base = rect.bottom - round(rect.height * 0.05)
    top = base + box.top
    middle = (top + base) // 2
    sign.midleft = (x, middle)
    arrow(pen, sign, theme.card_text, way)
    x = sign.right + gap
    if len(words) == 2:
        pen.text(words[0], sizes[0], (x, middle - pen.u(8)), theme.card_text, weight="bold")
        pen.text(words[1], sizes[1], (x, middle + pen.u(8) + round(sizes[1] * 0.8)), theme.card_soft)
    else:
        pen.text(words[0], sizes[0], (x, middle + round(sizes[0] * CAPITAL / 2)), theme.card_text, weight="bold")
    pen.text(text, size, (x + word_width + gap, base), theme.card_text, weight="label")


def _named_way(pen: Pen, rect: pygame.Rect, name: str, way: Towards) -> None:
    """Arrow and name of a counter that has no number, in one or two lines; in the middle of `rect`."""
    rect = rect.inflate(0, -rect.height // 8)
    sign, gap = pygame.Rect(0, 0, pen.u(132), pen.u(104)), pen.u(34)
    width = rect.width - sign.width - gap
    largest, least = round(rect.height * 0.83 / LABEL_CAPITAL), pen.u(NAME_LEAST)
    found, size = lines(name, largest, "label", width, rect.height)
    wide = min(width, max(ink(line, max(size, least), "label").width for line in found))
    sign.midleft = (rect.centerx - (sign.width + gap + wide) // 2, rect.centery)
    arrow(pen, sign, pen.theme.card_text, way)
    place = pygame.Rect(sign.right + gap, rect.top, wide, rect.height)
    pen.block(name, largest, place, pen.theme.card_text, least=least, side=begin(name))


def begin(text: str) -> Side:
    """The side at which a text begins."""
    return "right" if is_rtl(text) else "left"
