"""A slide in its place: a picture, or a page of Markdown.

Of Markdown a page may have headings (`#`, `##`), paragraphs, lists (`-`, `*`, `1.`) and lines (`---`). Bold, italic
and links are written as plain text: from 8 m nobody sees the difference.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import lru_cache

import pygame

from display.draw.fonts import Weight, is_rtl
from display.draw.lettering import wrap
from display.draw.pen import Pen
from display.signage import SlideView

log = logging.getLogger(__name__)

LARGEST, LEAST = 60, 30
"""Units of the letters of a paragraph: as large as the page allows."""
STEP = 3
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
    """A line that fits: where its base line is below the top, and how far in it begins (pixels)."""

    text: str
    mark: str
    base: int
    indent: int
    size: int
    weight: Weight
    rtl: bool


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
    theme = pen.theme
    lines, height = _set(slide.text, inner.size, pen.u(100), pen.weight("regular"), pen.weight("bold"))
    top = inner.top + max(0, (inner.height - height) // 2)
    for line in lines:
        y = top + line.base
        if not line.text:
            pen.box(pygame.Rect(inner.left, y, inner.width, max(1, pen.u(3))), theme.line)
            continue
        x = inner.right - line.indent if line.rtl else inner.left + line.indent
        colour = theme.counter if line.weight != pen.weight("regular") else theme.text
        width = inner.width - line.indent
        side = "right" if line.rtl else "left"
        pen.text(
            line.text,
            line.size,
            (x, y),
            colour,
            weight=line.weight,
            side="right" if side == "right" else "left",
            width=width,
            least=line.size,
        )
        if line.mark:
            edge = inner.right if line.rtl else inner.left
            pen.text(line.mark, line.size, (edge, y), theme.soft, side="right" if line.rtl else "left")


@lru_cache(maxsize=16)
def _set(text: str, size: tuple[int, int], hundred: int, regular: Weight, bold: Weight) -> tuple[tuple[Line, ...], int]:
    """The lines of a page as large as they fit in `size` pixels, and how tall they are; `hundred` units are pixels."""
    page = blocks(text)
    for units in range(LARGEST, LEAST - 1, -STEP):
        lines, height = _lines(page, size[0], round(units * hundred / 100), regular, bold)
        if height <= size[1]:
            return lines, height
    kept = tuple(line for line in lines if line.base <= size[1])
    return kept, min(height, size[1])


def _lines(
    page: tuple[Block, ...], width: int, size: int, regular: Weight, bold: Weight
) -> tuple[tuple[Line, ...], int]:
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
            lines.append(Line(text, mark, top + round(letters * 0.95), indent, letters, weight, rtl))
            top += round(letters * 1.3)
    return tuple(lines), top


def _plain(text: str) -> str:
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return text
