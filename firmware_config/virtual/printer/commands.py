"""Every command that stands in the printer's queue: prefix, length, who speaks it, what it does.

A handler raises `Refused` when the bytes are no valid form of its command, and `NoEffect` when the command is well
formed and the reference says that it does nothing here. Sources: tests/golden/escpos.toml, mostly Epson's reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_config.virtual.printer import drawing, reports, setting, user_setting
from firmware_config.virtual.printer.tokens import Length, block, counted, raster

if TYPE_CHECKING:
    from firmware_config.virtual.printer.machine import Machine
    from firmware_config.virtual.printer.models import Dialect

Handler = Callable[["Machine", bytes], None]
EVERYBODY: frozenset[Dialect] = frozenset({"epson", "custom", "pyramid", "star", "clone"})
EPSON: frozenset[Dialect] = frozenset({"epson"})
EPSON_LIKE: frozenset[Dialect] = frozenset({"epson", "star", "clone"})
KIOSK: frozenset[Dialect] = frozenset({"custom", "pyramid"})


@dataclass(frozen=True)
class Entry:
    """One row of the table; `length` counts the bytes after `prefix`."""

    prefix: bytes
    length: Length
    handler: Handler
    dialects: frozenset[Dialect] = EVERYBODY


def _nothing(_machine: Machine, _args: bytes) -> None:
    """A command that acted when it arrived, or that changes nothing that can be seen."""


TABLE: tuple[Entry, ...] = (
    # setting text
    Entry(b"\x1b@", 0, setting.initialise),
    Entry(b"\x1c.", 0, _nothing),
    Entry(b"\x1bt", 1, setting.code_table),
    Entry(b"\x1ba", 1, setting.justify),
    Entry(b"\x1d!", 1, setting.size),
    Entry(b"\x1b!", 1, setting.print_mode),
    Entry(b"\x1bE", 1, setting.bold),
    Entry(b"\x1bG", 1, setting.bold),
    Entry(b"\x1b-", 1, setting.underline),
    Entry(b"\x1bM", 1, setting.font),
    Entry(b"\x1dB", 1, setting.reverse),
    Entry(b"\x1b{", 1, setting.upside_down),
    Entry(b"\x1db", 1, _nothing),
    # moving paper
    Entry(b"\n", 0, setting.line_feed),
    Entry(b"\r", 0, _nothing),
    Entry(b"\t", 0, setting.tab),
    Entry(b"\x1bd", 1, setting.feed_lines),
    Entry(b"\x1bJ", 1, setting.feed_dots),
    Entry(b"\x1b3", 1, setting.line_spacing),
    Entry(b"\x1b2", 0, setting.line_spacing_default),
    Entry(b"\x1dVA", 1, setting.feed_and_cut_full, EPSON_LIKE),
    Entry(b"\x1dVB", 1, setting.feed_and_cut_partial, EPSON_LIKE),
    Entry(b"\x1dV\x00", 0, setting.cut_full, EPSON_LIKE),
    Entry(b"\x1dV\x01", 0, setting.cut_partial, EPSON_LIKE),
    Entry(b"\x1dV0", 0, setting.cut_full, EPSON_LIKE),
    Entry(b"\x1dV1", 0, setting.cut_partial, EPSON_LIKE),
    Entry(b"\x1bi", 0, setting.cut_legacy_i, KIOSK),
    Entry(b"\x1bm", 0, setting.cut_full, frozenset({"pyramid"})),
    # codes and pictures
    Entry(b"\x1d(k", block, drawing.qr, EPSON_LIKE),
    Entry(b"\x1dv0", raster, drawing.raster),
    Entry(b"\x1dh", 1, drawing.bar_height),
    Entry(b"\x1dw", 1, drawing.bar_width),
    Entry(b"\x1dH", 1, drawing.bar_text),
    Entry(b"\x1df", 1, drawing.bar_font),
    Entry(b"\x1dkI", counted, drawing.code128),
    # buzzer, tuning, kiosk printers
    Entry(b"\x1b(A", block, reports.buzzer, EPSON),
    Entry(b"\x1bB", 2, reports.buzzer_clone, frozenset({"clone"})),
    Entry(b"\x1d(K", block, reports.tuning, EPSON),
    Entry(b"\x1c(L", block, reports.to_mark, EPSON),
    Entry(b"\x1de\x02", 0, reports.retract, KIOSK),
    Entry(b"\x1de\x03", 1, reports.present, KIOSK),
    Entry(b"\x1de\x05", 0, reports.eject, KIOSK),
    Entry(b"\x1de\x06", 0, reports.ejector_status, KIOSK),
    Entry(b"\x1d\xf6", 0, _nothing, frozenset({"custom"})),
    Entry(b"\x1d\xf8", 0, _nothing, frozenset({"custom"})),
    Entry(b"\x1b\x16\x30\x00", 0, _nothing, frozenset({"star"})),
    Entry(b"\x17", 0, _nothing, frozenset({"star"})),
    # what stays without power
    Entry(b"\x1d(E", block, user_setting.setting, EPSON),
    Entry(b"\x1d(C", block, user_setting.user_memory, EPSON),
    Entry(b"\x1d(L", block, user_setting.graphics, EPSON),
    # questions
    Entry(b"\x1dr\x01", 0, reports.paper),
    Entry(b"\x1dr1", 0, reports.paper),
    Entry(b"\x1da", 1, reports.automatic_status, EPSON_LIKE),
    Entry(b"\x1dI", 1, reports.identity, EPSON_LIKE),
    Entry(b"\x1d(H", block, reports.confirmation, EPSON_LIKE | KIOSK),
    Entry(b"\x1dg2\x00", 2, reports.counter, EPSON),
)

REAL_TIME: dict[bytes, str] = {
    **{bytes((0x10, 0x04, n)): f"eot{n}" for n in (1, 2, 3, 4)},
    b"\x10\x05\x01": "retry",
    b"\x10\x05\x02": "clear_and_recover",
}
REAL_TIME_EPSON: dict[bytes, str] = {bytes.fromhex("10140801031401060208"): "clear_buffers"}
REAL_TIME_CUSTOM: dict[bytes, str] = {b"\x10\x04\x14": "custom_full"}


def real_time(dialect: Dialect) -> dict[bytes, str]:
    """The sequences that act on arrival, by name."""
    return {
        **REAL_TIME,
        **(REAL_TIME_EPSON if dialect == "epson" else {}),
        **(REAL_TIME_CUSTOM if dialect == "custom" else {}),
    }


def table(dialect: Dialect) -> tuple[dict[bytes, Length], dict[bytes, Handler]]:
    """Lengths and handlers by prefix. Real-time commands are passed over here: they acted on arrival."""
    rows = [entry for entry in TABLE if dialect in entry.dialects]
    rows += [Entry(raw, 0, _nothing) for raw in real_time(dialect)]
    return {row.prefix: row.length for row in rows}, {row.prefix: row.handler for row in rows}
