"""Text as surfaces: shaped by Pillow (right in all scripts), kept in a bounded cache, measured by its ink."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

import pygame
from PIL import Image, ImageDraw

from display.draw.fonts import Weight, families, font, is_rtl, runs, script_of
from display.draw.theme import Colour

ELLIPSIS = "…"
RIGHT_TO_LEFT = "\u200f"
_KEPT_SIZES = 2048
_WIDE = "\u3040-\u30ff\u3400-\u9fff"
# A word with the space before it; a Chinese sign is a word, and takes the stop after it along.
_WORD = re.compile(rf"\s*(?:[{_WIDE}][\u3000-\u303f\uff00-\uff0f\uff1a-\uff1f]*|[^\s{_WIDE}]+)")
_STEP = 4
_MEASURE = 100
BLOCK_EMS, LINE_EMS = 0.98, 1.06
"""The height of a line from its capitals to its descenders, and from one line to the next."""


@dataclass(frozen=True)
class Ink:
    """The box of what is drawn, in pixels from the pen's place on the base line; y grows downwards."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@lru_cache(maxsize=_KEPT_SIZES)
def ink(text: str, size: int, weight: Weight) -> Ink:
    """The box of `text`; empty for text without ink."""
    if not text.strip():
        return Ink(0, 0, 0, 0)
    if len(text) > 1 and (places := _places(text, size, weight)):
        boxes = [ink(sign, size, weight) for sign in text]
        return Ink(
            places[0] + boxes[0].left,
            min(box.top for box in boxes),
            _pixel(_start(text, len(text), size, weight)),
            max(box.bottom for box in boxes),
        )
    if len(families(text)) > 1:
        return _joined(text, size, weight)
    left, top, right, bottom = font(script_of(text), weight, size).getbbox(text, anchor="ls")
    return Ink(int(left), int(top), int(right), int(bottom))


def _joined(text: str, size: int, weight: Weight) -> Ink:
    """The box of a text of several scripts, whose pieces are drawn each in its own font."""
    boxes = [ink(piece, size, weight) for piece in runs(text)]
    last = sum(_advance(piece, size, weight) for piece in runs(text)[:-1])
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return Ink(boxes[0].left, top, last + boxes[-1].right, bottom)


def _advance(text: str, size: int, weight: Weight) -> int:
    return _pixel(font(script_of(text), weight, size).getlength(text))


@lru_cache(maxsize=_KEPT_SIZES)
def _places(text: str, size: int, weight: Weight) -> tuple[int, ...]:
    """Where each sign of a label stands, in pixels from the pen's place; empty for text that has to be shaped.

    A new number comes with every call. Its letters and digits stand side by side, so that it need not be drawn as one.
    """
    if weight != "label" or not (text.isascii() and text.isalnum() and text == text.upper()):
        return ()
    return tuple(_pixel(_start(text, at, size, weight)) for at in range(len(text)))


def _start(label: str, at: int, size: int, weight: Weight) -> float:
    """Where the sign at that place of a label begins; at its length, where it ends. Only pairs of signs are measured,
    of which there are few: a new number is then made of what is known.
    """
    whole = sum(_pair(label[place : place + 2], size, weight) for place in range(min(at, len(label) - 1)))
    return whole + (_length(label[-1], size, weight) if at == len(label) else 0.0)


@lru_cache(maxsize=4 * _KEPT_SIZES)
def _pair(pair: str, size: int, weight: Weight) -> float:
    """From the beginning of the first of two signs to that of the second."""
    return _length(pair, size, weight) - _length(pair[1], size, weight)


@lru_cache(maxsize=4 * _KEPT_SIZES)
def _length(text: str, size: int, weight: Weight) -> float:
    return float(font(script_of(text), weight, size).getlength(text))


def _pixel(length: float) -> int:
    return math.floor(length + 0.5)


@lru_cache(maxsize=_KEPT_SIZES)
def fit(text: str, size: int, weight: Weight, width: int, least: int) -> tuple[str, int]:
    """The text and the greatest size up to `size` that is no wider than `width`.

    Below `least` the text is cut instead, with an ellipsis.
    """
    wide = ink(text, size, weight).width
    if wide > width:
        # In steps, so that few sizes of a font are opened.
        size = max(min(least, size), int(size * width / wide) // _STEP * _STEP)
    while size > least and ink(text, size, weight).width > width:
        size = max(least, size - _STEP)
    cut = text
    while len(cut) > 1 and ink(text, size, weight).width > width:
        cut = cut[:-1]
        text = cut.rstrip() + ELLIPSIS
    return text, size


@lru_cache(maxsize=_KEPT_SIZES)
def wrap(text: str, size: int, weight: Weight, width: int) -> tuple[str, ...]:
    """The text in lines no wider than `width`, broken between words, or between signs that need no space.

    Lines of a text from the right are marked as such, whatever they begin with.
    """
    rows: list[str] = []
    for word in _WORD.findall(text):
        longer = f"{rows[-1]}{word}" if rows else word.lstrip()
        if rows and ink(longer.rstrip(), size, weight).width <= width:
            rows[-1] = longer
        else:
            rows.append(word.lstrip())
    mark = RIGHT_TO_LEFT if is_rtl(text) else ""
    return tuple(mark + row.rstrip() for row in rows)


@lru_cache(maxsize=_KEPT_SIZES)
def lines(text: str, size: int, weight: Weight, width: int, height: int, rows: int = 2) -> tuple[tuple[str, ...], int]:
    """The text in up to `rows` lines, and the greatest size up to `size` with which they keep `width` and `height`.

    One line is preferred unless more make the letters larger by a fifth. Each line is a whole number of words.
    """
    words = [word for word in _WORD.findall(text) if word.strip()]
    best: tuple[tuple[str, ...], int] = ((text,), 0)
    for count in range(1, min(rows, len(words)) + 1):
        broken = (text,) if count == 1 else _broken(words, count, weight)
        wide = max((ink(line, _MEASURE, weight).width for line in broken), default=0) or 1
        tall = round(height / (BLOCK_EMS + LINE_EMS * (count - 1)))
        largest = min(size, tall if count > 1 else size, _MEASURE * width // wide // _STEP * _STEP)
        if largest > best[1] * (1.2 if count > 1 else 1):
            best = (broken, largest)
    return best


def _broken(words: list[str], count: int, weight: Weight) -> tuple[str, ...]:
    """The words in `count` lines of which the longest is as short as can be."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for cuts in combinations(range(1, len(words)), count - 1):
        ends = (0, *cuts, len(words))
        broken = tuple("".join(words[first:last]).strip() for first, last in pairwise(ends))
        found.append((max(ink(line, _MEASURE, weight).width for line in broken), broken))
    broken = min(found)[1]
    mark = RIGHT_TO_LEFT if is_rtl("".join(words)) else ""
    return tuple(mark + line for line in broken)


class Lettering:
    """Rendered texts, the latest used kept up to `budget_bytes`."""

    def __init__(self, budget_bytes: int = 12_000_000) -> None:
        self._budget_bytes = budget_bytes
        self._kept: OrderedDict[tuple[str, int, Weight, Colour], pygame.Surface] = OrderedDict()
        self._bytes = 0

    @property
    def kept_bytes(self) -> int:
        return self._bytes

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def draw(
        self, surface: pygame.Surface, text: str, size: int, colour: Colour, weight: Weight, place: tuple[int, int]
    ) -> None:
        """Put `text` on `surface`, the left end of its ink and its base line at `place`."""
        x, y = place
        whole = ink(text, size, weight)
        places = _places(text, size, weight) or (0,)
        for piece, at in zip(text if len(places) > 1 else (text,), places, strict=True):
            box = ink(piece, size, weight)
            surface.blit(self.surface(piece, size, colour, weight), (x - whole.left + at + box.left, y + box.top))

    def surface(self, text: str, size: int, colour: Colour, weight: Weight) -> pygame.Surface:
        """The ink of `text`, cut to its box."""
        key = (text, size, weight, colour)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = _render(text, size, colour, weight)
        self._kept[key] = made
        self._bytes += _bytes_of(made)
        while self._bytes > self._budget_bytes and len(self._kept) > 1:
            self._bytes -= _bytes_of(self._kept.popitem(last=False)[1])
        return made


def from_mask(mask: Image.Image, colour: Colour) -> pygame.Surface:
    """A surface of one colour whose opacity is the mask (mode L)."""
    image = Image.new("RGBA", mask.size, colour)
    image.putalpha(mask)
    surface = pygame.image.frombytes(image.tobytes(), image.size, "RGBA")
    if pygame.display.get_surface() is None:
        return surface
    # In the order of the screen's own bytes a blit takes half the time; run by run, a fifth of that.
    made = surface.convert_alpha()
    made.set_alpha(255, pygame.RLEACCEL)
    return made


def _render(text: str, size: int, colour: Colour, weight: Weight) -> pygame.Surface:
    box = ink(text, size, weight)
    mask = Image.new("L", (max(1, box.width), max(1, box.height)))
    if box.width:
        x = -box.left
        for piece in runs(text) if len(families(text)) > 1 else (text,):
            drawn = font(script_of(piece), weight, size)
            ImageDraw.Draw(mask).text((x, -box.top), piece, font=drawn, fill=255, anchor="ls")
            x += _pixel(drawn.getlength(piece))
    return from_mask(mask, colour)


def _bytes_of(surface: pygame.Surface) -> int:
    """What it takes once it has been drawn: run by run (see from_mask) only ink is kept, less than half of its box."""
    return surface.get_pitch() * surface.get_height() // 2
