"""The published bytes of settings: our writer makes them, the virtual printer takes and answers them. [F3]"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from firmware_config import escpos
from firmware_config.virtual.printer.elements import Raster
from tests.firmware_config.helpers import golden as old
from tests.firmware_config.helpers import machine, pieces, said, unknown

ROWS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "golden" / "firmware.toml").read_text(encoding="utf-8")
)["bytes"]
BYTES = {row["name"]: bytes.fromhex(row["hex"]) for row in ROWS}
MADE = {
    "enter": escpos.ENTER,
    "leave": escpos.LEAVE,
    "notice_on": escpos.set_switches({1: "22222221"}),
    "notice_off": escpos.set_switches({1: "22222220"}),
    "switch_1": escpos.read_switch(1),
    "density_70": escpos.set_customs({5: 65530}),
    "density_120_speed_9": escpos.set_customs({5: 4, 6: 9}),
    "density": escpos.read_custom(5),
    "baud_38400": escpos.set_line(1, "38400"),
    "flow_xoff": escpos.set_line(3, "1"),
    "baud": escpos.read_line(1),
    "flow": escpos.read_line(3),
    "record_store": escpos.store_record("L1", "hi"),
    "record_read": escpos.read_record("L1"),
    "record_delete": escpos.delete_record("L1"),
    "logo_define": escpos.define_logo("L1", 16, 2, bytes.fromhex("F00F 1004")),
    "logo_keys": escpos.KEYS,
    "logo_free": escpos.FREE,
    "logo_delete": escpos.delete_logo("L1"),
    "logo_print": None,  # the ticket's affair
}


@pytest.mark.parametrize("row", [row for row in ROWS if row["direction"] == "to_printer"], ids=lambda row: row["name"])
def test_our_commands_are_the_published_ones(row: dict[str, Any]) -> None:
    made = MADE[row["name"]]
    assert made is None or made == bytes.fromhex(row["hex"])


@pytest.mark.parametrize("row", [row for row in ROWS if row["direction"] == "to_printer"], ids=lambda row: row["name"])
def test_virtual_printer_takes_every_string_and_counts_its_writes(row: dict[str, Any]) -> None:
    printer = machine()
    setting = bytes.fromhex(row["hex"])[2:3] == b"E"
    printer.receive(BYTES["enter"] if setting else b"")
    events = printer.receive(bytes.fromhex(row["hex"]))
    assert unknown(events) == []
    assert printer.memory.writes == int(row.get("write", False))


@pytest.mark.parametrize("row", [row for row in ROWS if "answers" in row], ids=lambda row: row["name"])
def test_virtual_printer_answers_as_published(row: dict[str, Any]) -> None:
    printer = machine()
    for name in row.get("after", []):
        printer.receive(BYTES[name])
    assert said(printer.receive(BYTES[row["answers"]])) == bytes.fromhex(row["hex"])


def test_settings_are_refused_outside_their_mode_and_reset_brings_them_into_force() -> None:
    printer = machine()
    printer.receive(BYTES["notice_off"])
    assert printer.memory.writes == 0
    printer.receive(BYTES["enter"] + BYTES["notice_off"] + BYTES["baud_38400"])
    assert (printer.memory.line.baud, printer.line.baud) == (38400, 19200)
    assert said(printer.receive(BYTES["leave"])) == b"", "the notice is off now"
    assert printer.line.baud == 38400


def test_power_on_notice_follows_the_maker_s_polarity() -> None:
    epson, citizen = machine("TM-T20II"), machine("CT-S300")
    for printer in (epson, citizen):
        printer.receive(BYTES["enter"] + BYTES["notice_off"])
    assert said(epson.fault("power_cycle")) == b""
    assert said(citizen.fault("power_cycle")) == old("power_on_notice")


def test_stored_logo_is_printed_by_its_key_and_forgotten() -> None:
    printer = machine()
    printer.receive(BYTES["logo_define"])
    (piece,) = pieces(printer.receive(BYTES["logo_print"] + b"A\n" + old("feed_and_cut_full")))
    assert [one.data for one in piece.elements if isinstance(one, Raster)] == [bytes.fromhex("F00F 1004")]
    printer.receive(BYTES["logo_delete"])
    assert said(printer.receive(BYTES["logo_keys"])) == BYTES["logo_keys_are_none"]


def test_long_record_comes_in_blocks_that_the_host_acknowledges() -> None:
    printer = machine()
    text = bytes(range(0x20, 0x7F)) * 2
    printer.receive(b"\x1d(C" + (5 + len(text)).to_bytes(2, "little") + b"\x001\x00L1" + text)
    blocks = [said(printer.receive(BYTES["record_read"]))]
    assert said(printer.receive(b"\x15")) == blocks[0], "not understood: the same again"
    blocks += [said(printer.receive(escpos.ACK)) for _ in range(2)]
    assert said(printer.receive(escpos.ACK)) == b""
    assert [block[:3] for block in blocks] == [b"\x37\x70\x41", b"\x37\x70\x41", b"\x37\x70\x40"]
    assert b"".join(block[3:-1] for block in blocks) == text


def test_other_sizes_wipe_what_is_stored() -> None:
    printer = machine()
    printer.receive(BYTES["record_store"] + BYTES["logo_define"] + BYTES["enter"])
    printer.receive(escpos.set_customs({2: 2}))
    assert (printer.memory.records, printer.memory.logos) == ({}, {})


def test_ticket_in_the_setting_mode_is_lost() -> None:
    printer = machine()
    assert pieces(printer.receive(BYTES["enter"] + b"A045\n" + old("feed_and_cut_full"))) == []


def test_buffer_and_busy_follow_the_switches() -> None:
    printer = machine()
    printer.fault("cover")
    assert printer.room == 4096
    small = machine()
    small.receive(BYTES["enter"] + escpos.set_switches({1: "22222212"}) + BYTES["leave"])
    small.fault("cover")
    assert small.room == 45
    small.receive(b"x" * 45)
    assert small.room == 0
    silent = machine()
    silent.receive(BYTES["enter"] + escpos.set_switches({1: "22222022"}) + BYTES["leave"])
    silent.fault("cover")
    assert silent.room == 0, "busy while off line: nobody learns that the cover is open"
