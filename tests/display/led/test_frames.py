"""The bytes to LED displays are the published ones. [C7]"""

from __future__ import annotations

import pytest

from display.led.frames import AsciiLine, BadAnswer, Modbus, Refused, crc, dm36, led485
from tests.display.led.samples import BYTES, FACES, golden

SENT = [row for row in BYTES.values() if row["direction"] == "to_display"]
MODBUS = {"dm36": dm36(), "led485": led485()}


@pytest.mark.parametrize("row", SENT, ids=lambda row: row["name"])
def test_text_becomes_the_published_bytes(row: dict[str, str]) -> None:
    face = FACES[row["map"]]
    text = face.number(row["label"]) if "label" in row else face.dashes
    assert text == row["text"]
    assert face.frame(text) == bytes.fromhex(row["hex"])


@pytest.mark.parametrize("name", ["dm36", "led485"])
def test_published_answer_is_taken(name: str) -> None:
    MODBUS[name].check(golden(f"{name}_taken"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        golden("dm36_taken")[:-1],
        golden("dm36_taken")[:-1] + b"\x0c",
        golden("led485_taken"),
        golden("dm36_taken") + b"\x00",
        bytes.fromhex("02 10 00 00 00 06 40 38"),
    ],
)
def test_any_other_answer_is_none(answer: bytes) -> None:
    with pytest.raises(BadAnswer):
        dm36().check(answer)


@pytest.mark.parametrize("at", range(8))
def test_one_wrong_bit_anywhere_is_seen(at: int) -> None:
    answer = bytearray(golden("dm36_taken"))
    answer[at] ^= 0x10
    with pytest.raises((BadAnswer, Refused)):
        dm36().check(bytes(answer))


def test_refusal_says_which() -> None:
    said = bytes.fromhex("01 90 02")
    with pytest.raises(Refused, match="exception 2"):
        dm36().check(said + crc(said).to_bytes(2, "little"))


@pytest.mark.parametrize("face", [dm36(), led485()])
def test_number_that_does_not_fit_is_dashes_not_a_part_of_it(face: Modbus) -> None:
    assert face.number("AA10000") == "------"
    assert face.number("Ä042") == "------"
    assert face.number("AA1000") == "AA1000"


def test_ascii_line_has_no_letters_and_cuts_nothing() -> None:
    face = AsciiLine(width=3)
    assert [face.number(label) for label in ("A042", "AA07", "A1000", "AA")] == ["042", " 07", "---", "---"]
    assert AsciiLine(unit=12, width=3).frame("042") == b"\x0212042\x03"
