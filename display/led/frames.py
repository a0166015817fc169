"""The bytes of LED number displays. Pure; each way of speaking is a `Face`.

Sources: the register tables of DM36B06/DM56A04 and LED-485-046, "MODBUS over Serial Line" V1.02 (function 10h, CRC-16),
the line protocol of EDI's ED400. `tests/golden/led.toml` holds their byte strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

_WRITE = 0x10
_EXCEPTION = 0x80
_STX, _ETX = b"\x02", b"\x03"
ANSWER = 8
"""Bytes of an answer to a write."""
REFUSAL = 5
"""Bytes of an answer that says no."""


class BadAnswer(ValueError):
    """What came is not the answer to what was sent: send it again."""


class Refused(ValueError):
    """The display says that it will not show this: sending it again does not help."""


class Face(Protocol):
    """What can stand on a display, and how it is sent. All texts are as wide as the display."""

    @property
    def answers(self) -> bool:
        """Whether the display says that it has taken a text."""
        ...

    @property
    def blank(self) -> str: ...

    @property
    def dashes(self) -> str: ...

    def number(self, label: str) -> str:
        """A ticket's number as this display can show it; dashes when it cannot: a part of a number would be a lie."""
        ...

    def frame(self, text: str) -> bytes:
        """The bytes that show `text`."""
        ...

    def check(self, answer: bytes) -> None:
        """Raises BadAnswer or Refused unless `answer` says that a frame was taken."""
        ...


@dataclass(frozen=True)
class Modbus:
    """Six ASCII characters in registers from `first` on, `each` (1 or 2) in a register."""

    first: int
    each: int
    right: bool
    """Whether the text stands at the right."""
    unit: int = 1
    width: int = 6
    answers = True

    @property
    def blank(self) -> str:
        return " " * self.width

    @property
    def dashes(self) -> str:
        return "-" * self.width

    def number(self, label: str) -> str:
        if len(label) > self.width or not label.isascii() or not label.isprintable():
            return self.dashes
        return label.rjust(self.width) if self.right else label.ljust(self.width)

    def frame(self, text: str) -> bytes:
        codes = text.encode("ascii")
        values = codes if self.each == 2 else bytes(byte for code in codes for byte in (0, code))
        return _sealed(self._head() + bytes([len(values)]) + values)

    def check(self, answer: bytes) -> None:
        if len(answer) < REFUSAL or answer != _sealed(answer[:-2]):
            raise BadAnswer(f"not a whole answer: {answer.hex(' ') or 'nothing'}")
        if answer[:2] == bytes([self.unit, _WRITE | _EXCEPTION]) and len(answer) == REFUSAL:
            raise Refused(f"Modbus exception {answer[2]}")
        if answer[:-2] != self._head():
            raise BadAnswer(f"the answer to something else: {answer.hex(' ')}")

    def _head(self) -> bytes:
        count = self.width // self.each
        return bytes([self.unit, _WRITE]) + self.first.to_bytes(2, "big") + count.to_bytes(2, "big")


@dataclass(frozen=True)
class AsciiLine:
    """Digits alone, never answered. `width` places; letters are left out."""

    unit: int = 1
    width: int = 4
    answers = False

    @property
    def blank(self) -> str:
        return " " * self.width

    @property
    def dashes(self) -> str:
        return "-" * self.width

    def number(self, label: str) -> str:
        digits = "".join(each for each in label if each in "0123456789")
        return digits.rjust(self.width) if 0 < len(digits) <= self.width else self.dashes

    def frame(self, text: str) -> bytes:
        return _STX + f"{self.unit:02}{text}".encode("ascii") + _ETX

    def check(self, answer: bytes) -> None:
        del answer


def dm36(unit: int = 1) -> Modbus:
    """DM36B06, DM56A04: one character a register, from the left as in their example."""
    return Modbus(first=0x00, each=1, right=False, unit=unit)


def led485(unit: int = 1) -> Modbus:
    """LED-485-046: two characters a register, to the right as in its example."""
    return Modbus(first=0x70, each=2, right=True, unit=unit)


def crc(data: bytes) -> int:
    """CRC-16 of Modbus (section 6.2.2: polynomial A001h, reflected, from FFFFh)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _bit in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


def _sealed(data: bytes) -> bytes:
    """With the CRC behind it, low byte first."""
    return data + crc(data).to_bytes(2, "little")
