"""The print buffer: modes, the line being set, and the strip of paper that has not been cut yet."""

from dataclasses import replace

from firmware_config.virtual.printer.codepages import character, codec
from firmware_config.virtual.printer.elements import Alarm, Element, Feed, Justify, Line, Piece, Run, Style, has_ink
from firmware_config.virtual.printer.models import Model

REPLACEMENT = "\ufffd"
TAB_CELLS = 8


class Typesetter:
    """Turns characters and feeds into elements. Everything is in dots of `model`."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.strip: list[Element] = [Feed(model.head_to_cutter)]
        self.fed_since_cut = 0
        self._moved = 0
        self.reset()

    def reset(self) -> None:
        """ESC @: the line being set is lost, all modes are back; paper does not move."""
        self.style = Style()
        self.justify: Justify = "left"
        self.spacing = self._model.line_spacing
        self.table = 0
        self.drop_line()

    def drop_line(self) -> None:
        """Lose what has been set and not printed."""
        self._runs: list[Run] = []
        self._width = 0

    @property
    def at_line_start(self) -> bool:
        """Whether the line is empty."""
        return not self._runs

    @property
    def usable(self) -> int:
        """Dots across the paper."""
        return self._model.dots

    def text(self, raw: bytes) -> list[int]:
        """Set characters, wrapping as the printer does; the indexes of those that the code table lacks."""
        name = codec(self._model, self.table)
        missing: list[int] = []
        for index, byte in enumerate(raw):
            char = chr(byte) if byte < 0x7F else character(name, byte) if name else None
            if char is None:
                missing.append(index)
            self._set(char or REPLACEMENT)
        return missing

    def tab(self) -> None:
        """HT: to the next multiple of eight characters of the present size."""
        cell = self._cell()[0]
        for _ in range(TAB_CELLS - (self._width // cell) % TAB_CELLS):
            self._set(" ")

    def _cell(self) -> tuple[int, int]:
        wide, high = self._model.cell_a if self.style.font == "a" else self._model.cell_b
        return wide * self.style.width, high * self.style.height

    def _set(self, char: str) -> None:
        wide = self._cell()[0]
        if self._width + wide > self.usable:
            self.end_line()
        self._width += wide
        if self._runs and self._runs[-1].style == self.style:
            self._runs[-1] = Run(self._runs[-1].text + char, self.style)
        else:
            self._runs.append(Run(char, self.style))

    def _height(self) -> int:
        cells = {"a": self._model.cell_a[1], "b": self._model.cell_b[1]}
        return max((cells[run.style.font] * run.style.height for run in self._runs), default=0)

    def end_line(self, at_least: int | None = None) -> None:
        """Print the line and feed the spacing, or `at_least` dots; a tall character always gets its height."""
        dots = max(self.spacing if at_least is None else at_least, self._height())
        if self._runs:
            self.put(Line(tuple(self._runs), self.justify, dots))
            self.drop_line()
        elif dots:
            self.put(Feed(dots))

    def feed_lines(self, count: int) -> None:
        """ESC d: print the line and feed `count` lines in all."""
        if not self.at_line_start:
            self.end_line(0 if count == 0 else None)
            count -= 1
        if count > 0:
            self.put(Feed(count * self.spacing))

    def put(self, element: Element) -> None:
        """Onto the paper."""
        last = self.strip[-1] if self.strip else None
        if isinstance(element, Feed) and isinstance(last, Feed):
            self.strip[-1] = replace(last, dots=last.dots + element.dots)
        else:
            self.strip.append(element)
        self.fed_since_cut += element.dots
        self._moved += element.dots

    def take_moved(self) -> int:
        """Dots of paper moved since the last question."""
        moved, self._moved = self._moved, 0
        return moved

    def alarm(self, text: str) -> None:
        """Mark the paper, after the line that is being set."""
        if not self.at_line_start:
            self.end_line()
        self.put(Alarm(text))

    def cut_fed(self, extra: int, *, full: bool) -> Piece | None:
        """Feed to the knife and `extra` dots, cut. None if no paper had come out since the last cut."""
        if not self.fed_since_cut:
            return None
        if extra:
            self.put(Feed(extra))
        self._moved += self._model.head_to_cutter  # blank, and the head of the next piece
        piece = Piece(tuple(self.strip), "full" if full else "partial")
        self._start_strip([Feed(self._model.head_to_cutter)])
        return piece

    def cut_here(self, *, full: bool) -> Piece | None:
        """Cut where the paper is: what was printed last is still inside and begins the next piece."""
        if not self.fed_since_cut:
            return None
        kept: list[Element] = []
        inside = self._model.head_to_cutter
        through = False
        while inside > 0 and self.strip:
            last = self.strip.pop()
            if isinstance(last, Feed) and last.dots > inside:
                self.strip.append(Feed(last.dots - inside))
                last = Feed(inside)
            elif last.dots > inside:
                through = True
            inside -= last.dots
            kept.insert(0, last)
        piece = Piece(tuple(self.strip), "full" if full else "partial", through)
        self._start_strip(kept)
        return piece

    def tear(self) -> Piece | None:
        """The strip torn off by hand; None if nothing was printed on it."""
        piece = Piece(tuple(self.strip), "torn") if has_ink(self.strip) else None
        if piece:
            self._start_strip([Feed(self._model.head_to_cutter)])
        return piece

    def _start_strip(self, elements: list[Element]) -> None:
        self.strip = elements
        self.fed_since_cut = 0
