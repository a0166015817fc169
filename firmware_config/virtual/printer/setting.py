"""Commands that set text, move paper and cut it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_config.virtual.printer.codepages import codec
from firmware_config.virtual.printer.elements import Justify
from firmware_config.virtual.printer.errors import NoEffect, Refused

if TYPE_CHECKING:
    from firmware_config.virtual.printer.machine import Machine

_JUSTIFY: dict[int, Justify] = {0: "left", 1: "centre", 2: "right", 48: "left", 49: "centre", 50: "right"}


def initialise(machine: Machine, _args: bytes) -> None:
    """ESC @."""
    machine.page.reset()
    machine.symbols.reset()


def code_table(machine: Machine, args: bytes) -> None:
    """ESC t n."""
    if codec(machine.model, args[0]) is None:
        raise Refused(f"no code table {args[0]}")
    machine.page.table = args[0]


def justify(machine: Machine, args: bytes) -> None:
    """ESC a n."""
    if args[0] not in _JUSTIFY:
        raise Refused("justification is 0, 1 or 2")
    if not machine.page.at_line_start:
        raise NoEffect("justification counts only at the start of a line")
    machine.page.justify = _JUSTIFY[args[0]]


def size(machine: Machine, args: bytes) -> None:
    """GS ! n: width minus one in the high half, height minus one in the low half, each 0 to 7."""
    if args[0] & 0x88:
        raise Refused("a size is 1 to 8 each way")
    machine.page.style = replace(machine.page.style, width=(args[0] >> 4) + 1, height=(args[0] & 7) + 1)


def print_mode(machine: Machine, args: bytes) -> None:
    """ESC ! n: font, bold, double height, double width and underline at once."""
    n = args[0]
    if n & 0x46:
        raise Refused("bits 1, 2 and 6 of the print mode are reserved")
    machine.page.style = replace(
        machine.page.style,
        font="b" if n & 0x01 else "a",
        bold=bool(n & 0x08),
        height=2 if n & 0x10 else 1,
        width=2 if n & 0x20 else 1,
        underline=1 if n & 0x80 else 0,
    )


def bold(machine: Machine, args: bytes) -> None:
    """ESC E n, ESC G n: the lowest bit counts."""
    machine.page.style = replace(machine.page.style, bold=bool(args[0] & 1))


def underline(machine: Machine, args: bytes) -> None:
    """ESC - n: 0, 1 or 2 dots."""
    if args[0] not in (0, 1, 2, 48, 49, 50):
        raise Refused("underline is 0, 1 or 2 dots")
    machine.page.style = replace(machine.page.style, underline=args[0] % 48)


def font(machine: Machine, args: bytes) -> None:
    """ESC M n: A or B."""
    if args[0] not in (0, 1, 48, 49):
        raise Refused("fonts are A and B")
    machine.page.style = replace(machine.page.style, font="ab"[args[0] % 48])


def reverse(machine: Machine, args: bytes) -> None:
    """GS B n: the lowest bit counts."""
    machine.page.style = replace(machine.page.style, reverse=bool(args[0] & 1))


def upside_down(_machine: Machine, args: bytes) -> None:
    """ESC { n: only off is played here."""
    if args[0] & 1:
        raise Refused("upside-down printing is not played by this printer")


def line_feed(machine: Machine, _args: bytes) -> None:
    """LF."""
    machine.page.end_line()


def tab(machine: Machine, _args: bytes) -> None:
    """HT."""
    machine.page.tab()


def feed_lines(machine: Machine, args: bytes) -> None:
    """ESC d n."""
    machine.page.feed_lines(args[0])


def feed_dots(machine: Machine, args: bytes) -> None:
    """ESC J n."""
    machine.page.end_line(args[0])


def line_spacing(machine: Machine, args: bytes) -> None:
    """ESC 3 n."""
    machine.page.spacing = args[0]


def line_spacing_default(machine: Machine, _args: bytes) -> None:
    """ESC 2."""
    machine.page.spacing = machine.model.line_spacing


def _ready_to_cut(machine: Machine) -> None:
    if not machine.model.cutter:
        raise NoEffect("this printer has no cutter")
    if not machine.page.at_line_start:
        raise Refused("a cut in the middle of a line is not carried out: end the line first")


def feed_and_cut_full(machine: Machine, args: bytes) -> None:
    """GS V 65 n."""
    _ready_to_cut(machine)
    machine.knife(machine.page.cut_fed(args[0], full=True))


def feed_and_cut_partial(machine: Machine, args: bytes) -> None:
    """GS V 66 n."""
    _ready_to_cut(machine)
    machine.knife(machine.page.cut_fed(args[0], full=False))


def cut_full(machine: Machine, _args: bytes) -> None:
    """GS V 0, and ESC m of Pyramid."""
    _ready_to_cut(machine)
    machine.knife(machine.page.cut_here(full=True))


def cut_partial(machine: Machine, _args: bytes) -> None:
    """GS V 1."""
    _ready_to_cut(machine)
    machine.knife(machine.page.cut_here(full=False))


def cut_legacy_i(machine: Machine, _args: bytes) -> None:
    """ESC i: Custom cuts through, Pyramid leaves a point."""
    _ready_to_cut(machine)
    machine.knife(machine.page.cut_here(full=machine.model.dialect == "custom"))
