"""Tickets as bytes, with python-escpos as a builder only: the one file that imports it.

Its transports are not used (they hang, and take silence for "paper OK"). Its import installs a root log handler and
leaves a temporary folder behind: both are undone here.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk import lettering
from kiosk.devices import bytes as wire
from kiosk.devices.profiles import Profile, load
from kiosk.receipt import Code, Gap, Logo, PictureLine, Receipt, TextLine

FEED_WITHOUT_CUTTER_LINES = 6
CUT_FEED_DOTS = 24
TO_KNIFE_MM = 15.0
EJECTORS = ("custom", "pyramid")
_IMPORT = threading.Lock()


def _escpos() -> tuple[Any, Any]:
    """`(Dummy, capabilities)` of python-escpos, imported once and late: it reads a large table."""
    with _IMPORT:
        before = list(logging.root.handlers)
        level = logging.root.level
        from escpos import capabilities
        from escpos.printer import Dummy

        for handler in [handler for handler in logging.root.handlers if handler not in before]:
            logging.root.removeHandler(handler)
        logging.root.setLevel(level)
        shutil.rmtree(Path(capabilities.pickle_dir), ignore_errors=True)
        return Dummy, capabilities


def profile(name: str) -> Profile:
    """The printer profile `name`; raises UnknownProfile with near names."""
    return load(name, _known())


def _known() -> Mapping[str, Mapping[str, Any]]:
    known: Mapping[str, Mapping[str, Any]] = _escpos()[1].CAPABILITIES["profiles"]
    return known


def encoding_of(printer: Profile) -> str | None:
    """The encoding in which `receipt.layout` may write for this printer."""
    return "cp858" if printer.code_page is not None else None


def build(receipt: Receipt, printer: Profile, *, slow: bool = False) -> bytes:
    """The ticket's bytes: init, the lines centred, feed and cut (a printer without a cutter feeds).

    On a `slow` line nothing is sent as a picture but what the printer's font cannot write: a QR code that the printer
    does not draw itself becomes its text.
    """
    dummy, state = _escpos()[0](profile=printer.base), _State()
    if printer.presenter in EJECTORS:
        dummy._raw(wire.EJECT)  # what the last customer left
    dummy._raw(wire.INIT + wire.KANJI_OFF)  # noqa: SLF001 RUF100 (the builder's own way to add bytes)
    if printer.native_qr and printer.qr_size:
        # first of all: as long as the printer has it, it has not been without power since the head of the ticket
        state.store(dummy, next((line.text for line in receipt.lines if isinstance(line, Code)), ""))
    if printer.code_page is not None:
        # charcode() would take the last of two pages of one name, and falls back to another table for the euro
        dummy.magic.encoder.codepages = {**dummy.magic.encoder.codepages, "CP858": printer.code_page}
        dummy.charcode("CP858")
    dummy.set(align="center")
    for line in receipt.lines:
        _write(dummy, line, printer, state, slow=slow)
    state.size(dummy, 1, bold=False)
    dummy._raw(_end(printer))
    return bytes(dummy.output)


def _end(printer: Profile) -> bytes:
    """Feed to the knife or to the mark, cut, and hold the ticket out."""
    if not printer.cutter:
        return b"\x1bd" + bytes((FEED_WITHOUT_CUTTER_LINES,))
    if printer.cut == "feed":
        mark = wire.TO_BLACK_MARK if printer.black_mark == "epson" else b""
        cut = mark + wire.feed_and_cut(0 if mark else CUT_FEED_DOTS)
    else:
        to_knife = round(TO_KNIFE_MM * printer.dots_per_mm) + CUT_FEED_DOTS
        feed = wire.CUTTER_TO_NOTCH if printer.black_mark == "custom" else b"\x1bJ" + bytes((to_knife,))
        cut = feed + wire.CUT_LEGACY
    if printer.presenter in EJECTORS:
        return cut + wire.PRESENT
    return cut + wire.STAR_PRESENT if printer.presenter == "star" else cut


class _State:
    """What size and weight the printer has now, and which text it keeps for a code: only changes are sent."""

    def __init__(self) -> None:
        self._scale = 1
        self._bold = False
        self._stored = ""

    def store(self, dummy: Any, text: str) -> None:
        if text != self._stored:
            dummy._raw(wire.qr_store(text.encode()))
        self._stored = text

    def size(self, dummy: Any, scale: int, *, bold: bool) -> None:
        if scale != self._scale:
            dummy.set(custom_size=True, width=scale, height=scale)
        if bold != self._bold:
            dummy.set(bold=bold)
        self._scale, self._bold = scale, bold


def _write(dummy: Any, line: object, printer: Profile, state: _State, *, slow: bool) -> None:
    match line:
        case TextLine():
            state.size(dummy, line.scale, bold=line.bold)
            dummy.text(line.text + "\n")
        case PictureLine():
            state.size(dummy, 1, bold=False)
            if printer.raster:
                for picture in _pictures(line, printer.dots):
                    dummy.image(picture, impl="bitImageRaster", center=False)
            else:
                dummy.text(line.text.encode("ascii", "replace").decode() + "\n")
        case Code():
            state.size(dummy, 1, bold=False)
            if printer.native_qr:
                state.store(dummy, line.text)
                dummy._raw(wire.qr_print(line.module_dots, complete=not printer.qr_defaults))
            elif printer.raster and not slow:
                dummy.image(_qr_picture(line), impl="bitImageRaster", center=False)
            else:
                dummy.text(line.text + "\n")
        case Logo():
            state.size(dummy, 1, bold=False)
            dummy._raw(wire.nv_logo(line.key))
        case Gap():
            dummy._raw(b"\x1bJ" + bytes((line.dots,)))


def _pictures(line: PictureLine, dots: int) -> list[Image.Image]:
    """The words of a line as black on white pictures, none wider than the paper."""
    size, pieces = lettering.fit(line.text, round(line.height_dots / 1.3), dots, bold=line.bold, lines=2)
    return [_black(lettering.mask(piece, size, bold=line.bold)) for piece in pieces]


def _black(mask: Image.Image) -> Image.Image:
    width = (mask.width + 7) // 8 * 8
    picture = Image.new("1", (width, mask.height), 1)
    picture.paste(0, ((width - mask.width) // 2, 0), mask.point(lambda value: 255 if value > 110 else 0))
    return picture


def _qr_picture(line: Code) -> Image.Image:
    from qrcode import QRCode  # type: ignore[import-untyped]  # python-escpos brings it

    code = QRCode(box_size=line.module_dots, border=2)
    code.add_data(line.text)
    code.make(fit=True)
    picture: Image.Image = code.make_image().get_image().convert("1")
    return picture
