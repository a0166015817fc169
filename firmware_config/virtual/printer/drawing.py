"""Commands that draw: QR codes, CODE128, raster pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import segno

from firmware_config.virtual.printer import code128 as bars128
from firmware_config.virtual.printer.elements import Bars, Qr, Raster
from firmware_config.virtual.printer.errors import NoEffect, Refused

if TYPE_CHECKING:
    from firmware_config.virtual.printer.machine import Machine

_LEVELS = {0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}


@dataclass
class Symbols:
    """What has been set for codes. Lengths in dots."""

    qr_data: bytes = b""
    qr_module: int = 3
    qr_level: str = "L"
    bar_height: int = 162
    bar_width: int = 3
    bar_text_below: bool = False

    def reset(self) -> None:
        """Power-on values."""
        vars(self).update(vars(Symbols()))


def qr(machine: Machine, args: bytes) -> None:
    """GS ( k, cn = 31h, functions 65, 67, 69, 80, 81 and 82."""
    if not machine.model.native_qr:
        raise NoEffect("this printer draws no QR codes")
    code, function, rest = args[2:3], args[3:4], args[4:]
    if code != b"1" or function not in _QR:
        raise Refused("two-dimensional codes: only QR (31), functions 41 43 45 50 51 52")
    _QR[function](machine, rest)


def _qr_model(_machine: Machine, rest: bytes) -> None:
    if rest != b"2\x00":
        raise Refused("QR codes are of model 2")


def _qr_module(machine: Machine, rest: bytes) -> None:
    if len(rest) != 1 or not 1 <= rest[0] <= 16:
        raise Refused("a QR module is 1 to 16 dots")
    machine.symbols.qr_module = rest[0]


def _qr_level(machine: Machine, rest: bytes) -> None:
    if len(rest) != 1 or rest[0] not in _LEVELS:
        raise Refused("QR error correction is 30 to 33")
    machine.symbols.qr_level = _LEVELS[rest[0]]


def _qr_store(machine: Machine, rest: bytes) -> None:
    if rest[:1] != b"0" or not 1 <= len(rest) - 1 <= 7089:
        raise Refused("QR data is 30 and 1 to 7089 bytes")
    machine.symbols.qr_data = rest[1:]


@lru_cache(maxsize=16)
def _code(data: bytes, level: str) -> segno.QRCode:
    return segno.make_qr(data, error=level, boost_error=False)


def _qr_print(machine: Machine, rest: bytes) -> None:
    if rest != b"0":
        raise Refused("a QR code is printed by 51 30")
    _at_line_start(machine)
    symbols = machine.symbols
    if not symbols.qr_data:
        raise Refused("no QR data is stored")
    try:
        code = _code(symbols.qr_data, symbols.qr_level)
    except segno.DataOverflowError as error:
        raise Refused(f"the QR data does not fit: {error}") from error
    side = len(code.matrix)
    if side * symbols.qr_module > machine.page.usable:
        raise Refused(f"the QR code is {side * symbols.qr_module} dots wide, the paper {machine.page.usable}")
    machine.page.put(Qr(symbols.qr_data, symbols.qr_module, symbols.qr_level, side, machine.page.justify))


def _qr_size(machine: Machine, rest: bytes) -> None:
    """Sizes in dots between separators, and whether the code can be printed: 30, or 31 as without data."""
    if rest != b"0":
        raise Refused("the size of a QR code is asked for by 52 30")
    if not machine.page.at_line_start:
        raise NoEffect("the size of a code is told at the start of a line")
    symbols = machine.symbols
    try:
        side = len(_code(symbols.qr_data, symbols.qr_level).matrix) * symbols.qr_module if symbols.qr_data else 0
    except segno.DataOverflowError:
        side = 0
    fits = 0 < side <= machine.page.usable
    machine.reply(b"\x376%d\x1f%d\x1f1\x1f%d\x00" % (side, side, not fits))


_QR = {b"A": _qr_model, b"C": _qr_module, b"E": _qr_level, b"P": _qr_store, b"Q": _qr_print, b"R": _qr_size}


def _at_line_start(machine: Machine) -> None:
    if not machine.page.at_line_start:
        raise Refused("a picture or code in the middle of a line is not printed: end the line first")


def raster(machine: Machine, args: bytes) -> None:
    """GS v 0 m xL xH yL yH data."""
    mode, wide, rows = args[0] % 48, args[1] + 256 * args[2], args[3] + 256 * args[4]
    if mode > 3 or not wide or not rows:
        raise Refused("a raster picture has mode 0 to 3 and a size")
    _at_line_start(machine)
    scale_x, scale_y = (2 if mode & 1 else 1), (2 if mode & 2 else 1)
    if wide * 8 * scale_x > machine.page.usable + 7:
        raise Refused(f"the picture is {wide * 8 * scale_x} dots wide, the paper {machine.page.usable}")
    machine.page.put(Raster(wide, rows, args[5:], scale_x, scale_y, machine.page.justify))


def bar_height(machine: Machine, args: bytes) -> None:
    """GS h n."""
    if not args[0]:
        raise Refused("a bar code is at least one dot high")
    machine.symbols.bar_height = args[0]


def bar_width(machine: Machine, args: bytes) -> None:
    """GS w n."""
    if not 2 <= args[0] <= 6:
        raise Refused("a bar is 2 to 6 dots wide")
    machine.symbols.bar_width = args[0]


def bar_text(machine: Machine, args: bytes) -> None:
    """GS H n: none or below are played here."""
    if args[0] not in (0, 2, 48, 50):
        raise Refused("the text of a bar code stands below it or nowhere")
    machine.symbols.bar_text_below = args[0] % 48 == 2


def bar_font(_machine: Machine, args: bytes) -> None:
    """GS f n: the text below the bars is drawn in font A."""
    if args[0] not in (0, 1, 48, 49):
        raise Refused("fonts are A and B")


def code128(machine: Machine, args: bytes) -> None:
    """GS k 73 n data."""
    _at_line_start(machine)
    try:
        text, values = bars128.parse(args[1:])
    except ValueError as error:
        raise Refused(str(error)) from error
    dark = bars128.modules(values)
    symbols = machine.symbols
    if len(dark) * symbols.bar_width > machine.page.usable:
        raise Refused("the bar code is wider than the paper")
    machine.page.put(
        Bars(text, dark, symbols.bar_width, symbols.bar_height, symbols.bar_text_below, machine.page.justify)
    )
