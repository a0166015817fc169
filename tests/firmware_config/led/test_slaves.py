"""The displays made of software know the published bytes, and say so when others come. [C7]"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from firmware_config.virtual.led.slaves import AsciiSlave, ModbusSlave, Slave, crc16, dm36, led485

GOLDEN = tomllib.loads((Path(__file__).parents[2] / "golden/led.toml").read_text(encoding="utf-8"))["bytes"]
SENT: list[dict[str, Any]] = [row for row in GOLDEN if row["direction"] == "to_display"]
ANSWERS = {row["answers"]: bytes.fromhex(row["hex"]) for row in GOLDEN if "answers" in row}
A042 = bytes.fromhex(next(row["hex"] for row in SENT if row["name"] == "dm36_a042"))


def slave(kind: str) -> Slave:
    return {"dm36": dm36, "led485": led485, "ascii": AsciiSlave}[kind]()


def sealed(hexadecimal: str) -> bytes:
    body = bytes.fromhex(hexadecimal)
    return body + crc16(body).to_bytes(2, "little")


@pytest.mark.parametrize("row", SENT, ids=lambda row: row["name"])
def test_published_string_is_shown_and_answered(row: dict[str, str]) -> None:
    display = slave(row["map"])
    assert display.receive(bytes.fromhex(row["hex"])) == ANSWERS.get(row["name"], b"")
    assert (display.text, display.writes, display.wrong) == (row["text"], 1, [])


@pytest.mark.parametrize("row", SENT, ids=lambda row: row["name"])
def test_bytes_may_come_one_by_one(row: dict[str, str]) -> None:
    display = slave(row["map"])
    said = b"".join(display.receive(bytes([byte])) for byte in bytes.fromhex(row["hex"]))
    assert (said, display.text, display.wrong) == (ANSWERS.get(row["name"], b""), row["text"], [])


@pytest.mark.parametrize("at", range(len(A042)))
def test_wrong_bit_is_never_shown_and_never_passes_in_silence(at: int) -> None:
    display = dm36()
    frame = bytearray(A042)
    frame[at] ^= 0x01
    assert display.receive(bytes(frame)) == b""
    display.pause()
    assert display.text == " " * 6
    assert display.wrong


@pytest.mark.parametrize(
    ("display", "frame", "code"),
    [
        (dm36(), sealed("01 03 00 00 00 06"), 1),
        (dm36(), sealed("01 10 00 06 00 01 02 00 41"), 2),
        (dm36(), sealed("01 10 00 70 00 03 06 20 20 41 30 34 32"), 2),
        (led485(), sealed("01 10 00 00 00 01 02 00 41"), 2),
        (led485(), sealed("01 10 00 72 00 02 04 20 20 41 30"), 2),
        (dm36(), sealed("01 10 00 00 00 02 02 00 41"), 3),
        (dm36(), sealed("01 10 00 00 00 01 02 41 41"), 3),
        (led485(), sealed("01 10 00 70 00 01 02 00 41"), 3),
    ],
)
def test_what_it_cannot_do_is_refused_and_noted(display: ModbusSlave, frame: bytes, code: int) -> None:
    function = frame[1] | 0x80
    assert display.receive(frame) == sealed(f"01 {function:02x} 0{code}")
    assert display.text == " " * 6
    assert display.wrong


def test_frame_for_another_unit_is_not_its_business() -> None:
    display = dm36(unit=2)
    assert display.receive(A042) == b""
    assert (display.text, display.wrong) == (" " * 6, [])


def test_power_cycle_leaves_nothing() -> None:
    display = dm36()
    display.receive(A042 + A042[:5])
    display.power_cycle()
    assert display.text == " " * 6
    display.receive(A042)
    assert (display.text, display.wrong) == ("A042  ", [])


@pytest.mark.parametrize("line", [b"A", b"042\x03", b"\x0201A042\x03", b"\x0201042\x03", b"\x020x 042\x03"])
def test_ascii_line_of_another_form_is_noted(line: bytes) -> None:
    display = AsciiSlave()
    display.receive(line)
    display.pause()
    assert display.text == "    "
    assert display.wrong
