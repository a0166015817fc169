"""A slide in its place: a picture, or a page of Markdown.

Of Markdown a page may have headings (`#`, `##`), paragraphs, lists (`-`, `*`, `1.`) and lines (`---`). Bold, italic
and links are written as plain text: from 8 m nobody sees the difference.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from functools import lru_cache

import pygame

from display.draw.fonts import Weight, is_rtl
from display.draw.lettering import wrap
from display.draw.pen import Pen, Side
from display.signage import SlideView

log = logging.getLogger(__name__)

LARGEST, LEAST = 60, 30
"""Units of the letters of a paragraph: as large as the page allows."""
STEP = 3
ASCENT, PITCH = 0.95, 1.3
"""Of a line, in ems: from its top to its base line, and to the next one."""
FOOT = 48
"""Units below a page that has others beside it, for which of them it is."""
_HEADING = re.compile(r"(#{1,3})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"([-*+]|[0-9]{1,2}[.)])\s+(.*)")
_INLINE = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|`)(.+?)\1"), r"\2"),
    (re.compile(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)"), r"\1"),
)


@dataclass(frozen=True)
class Block:
    """A part of a page. `mark` stands before an item of a list; a heading's `size` is its share of a paragraph's."""

    text: str
    mark: str = ""
    size: float = 1.0
    weight: Weight = "regular"


@dataclass(frozen=True)
class Line:
    """A line that fits: where its base line is below the top, and how far in it begins (pixels).

    `row` counts the lines of its block. A line without text goes across.
    """

    text: str
    mark: str
    base: int
    indent: int
    size: int
    weight: Weight
    rtl: bool
    row: int = 0

    @property
    def top(self) -> int:
        return self.base - round(self.size * ASCENT) if self.text else self.base

    @property
    def bottom(self) -> int:
        return self.top + round(self.size * PITCH) if self.text else self.base


@dataclass(frozen=True)
class Page:
    """What of a slide is seen at one time; `height` in pixels."""

    lines: tuple[Line, ...]
    height: int


def blocks(markdown: str) -> tuple[Block, ...]:
    """The parts of a page; an empty text is a line across."""
    found: list[Block] = []
    joins = False
    for raw in markdown.splitlines():
        line = raw.strip()
        if not line:
            joins = False
        elif heading := _HEADING.fullmatch(line):
            size = {1: 1.5, 2: 1.2, 3: 1.0}[len(heading[1])]
            found.append(Block(_plain(heading[2]), size=size, weight="bold"))
            joins = False
        elif re.fullmatch(r"([-*_])(\s*\1){2,}", line):
            found.append(Block(""))
            joins = False
        elif item := _ITEM.fullmatch(line):
            found.append(Block(_plain(item[2]), mark="•" if item[1] in "-*+" else item[1]))
            joins = True
        elif joins:
            last = found[-1]
            found[-1] = Block(f"{last.text} {_plain(line)}", last.mark)
        else:
            found.append(Block(_plain(line)))
            joins = True
    return tuple(found)


def draw_slide(pen: Pen, rect: pygame.Rect, slide: SlideView) -> None:
    """The slide on a panel that fills `rect`."""
    pen.box(rect, pen.theme.panel, pen.u(28))
    if slide.picture:
        try:
            pen.picture(slide.picture, rect.inflate(-2 * pen.u(20), -2 * pen.u(20)))
        except OSError as error:
            log.warning("event=slide_unreadable slide=%s error=%r", slide.id, str(error))
        return
    inner = rect.inflate(-2 * pen.u(56), -2 * pen.u(44))
    pages = paged(slide.text, inner.size, pen.u(100), pen.weight("regular"), pen.weight("bold"))
    turn = slide.turn % len(pages)
    if len(pages) > 1:
        inner.height -= pen.u(FOOT)
        place = (inner.right, rect.bottom - pen.u(26))
        pen.text(f"{turn + 1}/{len(pages)}", pen.u(32), place, pen.theme.soft, weight="label", side="right")
    _draw_page(pen, inner, pages[turn])


def _draw_page(pen: Pen, inner: pygame.Rect, page: Page) -> None:
    theme = pen.theme
    top = inner.top + max(0, (inner.height - page.height) // 2)
    for line in page.lines:
        y = top + line.base
        if not line.text:
            pen.box(pygame.Rect(inner.left, y, inner.width, max(1, pen.u(3))), theme.line)
            continue
        side: Side = "right" if line.rtl else "left"
        edge, indent = (inner.right, -line.indent) if line.rtl else (inner.left, line.indent)
        colour = theme.counter if line.weight != pen.weight("regular") else theme.text
        width = inner.width - line.indent
        place = (edge + indent, y)
        pen.text(line.text, line.size, place, colour, weight=line.weight, side=side, width=width, least=line.size)
        if line.mark:
            pen.text(line.mark, line.size, (edge, y), theme.soft, side=side)


@lru_cache(maxsize=16)
def paged(text: str, size: tuple[int, int], hundred: int, regular: Weight, bold: Weight) -> tuple[Page, ...]:
    """The text as large as it fits in `size` pixels; `hundred` units are so many.

    What is too long even in the smallest letters goes on on further pages, as few as these need.
    """
    page = blocks(text)

    def lines(units: int) -> tuple[Line, ...]:
        return _lines(page, size[0], round(units * hundred / 100), regular, bold)

    for units in range(LARGEST, LEAST - 1, -STEP):
        if (height := _height(lines(units))) <= size[1]:
            return (Page(lines(units), height),)
    room = size[1] - round(FOOT * hundred / 100)
    fewest = len(_broken(lines(LEAST), room))
    for units in range(LARGEST, LEAST, -STEP):
        if len(pages := _broken(lines(units), room)) <= fewest:
            return pages
    return _broken(lines(LEAST), room)


def _lines(page: tuple[Block, ...], width: int, size: int, regular: Weight, bold: Weight) -> tuple[Line, ...]:
    lines: list[Line] = []
    top = 0
    for block in page:
        letters = round(size * block.size)
        if lines:
            top += round(size * (0.25 if block.mark and lines[-1].indent else 0.6))
        if not block.text:
            lines.append(Line("", "", top, 0, size, regular, rtl=False))
            continue
        indent = round(size * 1.1) if block.mark else 0
        weight = bold if block.weight == "bold" else regular
        rtl = is_rtl(block.text)
        for row, text in enumerate(wrap(block.text, letters, weight, width - indent)):
            mark = block.mark if row == 0 else ""
            lines.append(Line(text, mark, top + round(letters * ASCENT), indent, letters, weight, rtl, row))
            top += round(letters * PITCH)
    return tuple(lines)


def _height(lines: tuple[Line, ...]) -> int:
    return lines[-1].bottom if lines else 0


def _broken(lines: tuple[Line, ...], height: int) -> tuple[Page, ...]:
    """The lines on pages of `height`: broken between blocks where that is possible, a heading with what it heads."""
    pages: list[Page] = []
    while lines:
        top = lines[0].top
        fitting = next((place for place, line in enumerate(lines) if line.bottom - top > height), len(lines))
        end = max(fitting, 1)
        while 0 < end < len(lines) and (lines[end].row or lines[end - 1].weight in ("bold", "noto-bold")):
            end -= 1
        end = end or max(fitting, 1)
        kept = _inside(lines[:end])
        if kept:
            pages.append(Page(kept, _height(kept)))
        lines = lines[end:]
    return tuple(pages) or (Page((), 0),)


def _inside(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without a line across at an end: it parts what stands on one page."""
    while lines and not lines[-1].text:
        lines = lines[:-1]
    first = next((place for place, line in enumerate(lines) if line.text), 0)
    top = lines[first].top if lines else 0
    return tuple(replace(line, base=line.base - top) for line in lines[first:])


def _plain(text: str) -> str:
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return text
