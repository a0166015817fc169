"""What a display does with the bytes that come. Pure: bytes in, answer out; what it shows stands in `text`.

Written from the register tables of DM36B06/DM56A04 and LED-485-046, "MODBUS over Serial Line" V1.02 and the line of
EDI's ED400. Anything else than the published bytes stands in `wrong`, each with a sentence.
"""

from __future__ import annotations

from typing import Protocol

_FUNCTION, _BYTE_COUNT = 1, 6
_WRITE_MULTIPLE = 16
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _ILLEGAL_VALUE = 1, 2, 3
_MOST_BYTES = 246


class Slave(Protocol):
    """A display. `writes` counts the texts that it took since it was made."""

    text: str
    writes: int
    wrong: list[str]

    def receive(self, data: bytes) -> bytes:
        """Take what came; returns what is answered."""
        ...

    def pause(self) -> None:
        """The line was quiet for longer than a frame may be."""
        ...

    def power_cycle(self) -> None:
        """Off and on again: it shows nothing, and knows nothing of what had come."""
        ...


def crc16(data: bytes) -> int:
    """Modbus' CRC by the long way: the remainder of a division, bit by bit, in reflected order."""
    remainder = 0xFFFF
    for octet in data:
        for place in range(8):
            mixed = (remainder ^ (octet >> place)) & 1
            remainder >>= 1
            if mixed:
                remainder ^= 0b1010_0000_0000_0001
    return remainder


class ModbusSlave:
    """Six characters in registers from `base` on: `packed` two in each (high byte first), else one in the low byte."""

    def __init__(self, base: int, *, packed: bool, unit: int = 1) -> None:
        self._base, self._packed, self._unit = base, packed, unit
        self._registers = [0x2020 if packed else 0x20] * (3 if packed else 6)
        self._buffer = b""
        self.writes = 0
        self.wrong: list[str] = []

    @property
    def text(self) -> str:
        """What stands on it."""
        size = 2 if self._packed else 1
        return b"".join(value.to_bytes(2, "big")[2 - size :] for value in self._registers).decode("ascii")

    def receive(self, data: bytes) -> bytes:
        self._buffer += data
        answers = b""
        while (size := self._size()) and len(self._buffer) >= size:
            frame, self._buffer = self._buffer[:size], self._buffer[size:]
            answers += self._take(frame)
        return answers

    def pause(self) -> None:
        if self._buffer:
            self._complain(f"a frame that ends too early: {self._buffer.hex(' ')}")
            self._buffer = b""

    def power_cycle(self) -> None:
        self._buffer = b""
        self._registers = [0x2020 if self._packed else 0x20] * len(self._registers)

    def _size(self) -> int:
        """The length of the frame that begins in the buffer, 0 while it cannot be known."""
        if len(self._buffer) <= _FUNCTION:
            return 0
        if self._buffer[_FUNCTION] != _WRITE_MULTIPLE:
            return 8  # reading and single writes: address, function, two words, CRC
        return _BYTE_COUNT + 1 + self._buffer[_BYTE_COUNT] + 2 if len(self._buffer) > _BYTE_COUNT else 0

    def _take(self, frame: bytes) -> bytes:
        body, seal = frame[:-2], frame[-2:]
        if crc16(body) != seal[0] + 256 * seal[1]:
            return self._complain(f"CRC {seal.hex(' ')} does not fit: {frame.hex(' ')}")
        if body[0] not in (0, self._unit):
            return b""
        if body[_FUNCTION] != _WRITE_MULTIPLE:
            return self._refuse(body, _ILLEGAL_FUNCTION)
        first, count = int.from_bytes(body[2:4], "big"), int.from_bytes(body[4:6], "big")
        values = body[_BYTE_COUNT + 1 :]
        if len(values) != 2 * count or not 0 < len(values) <= _MOST_BYTES:
            return self._refuse(body, _ILLEGAL_VALUE)
        if first < self._base or first + count > self._base + len(self._registers):
            return self._refuse(body, _ILLEGAL_ADDRESS)
        words = [int.from_bytes(values[at : at + 2], "big") for at in range(0, len(values), 2)]
        if not all(_shows(word, packed=self._packed) for word in words):
            return self._refuse(body, _ILLEGAL_VALUE)
        self._registers[first - self._base : first - self._base + count] = words
        self.writes += 1
        return b"" if body[0] == 0 else self._sealed(body[:6])

    def _refuse(self, body: bytes, code: int) -> bytes:
        self._complain(f"exception {code} to {body.hex(' ')}")
        return b"" if body[0] == 0 else self._sealed(bytes([body[0], body[_FUNCTION] + 128, code]))

    def _complain(self, sentence: str) -> bytes:
        self.wrong.append(sentence)
        return b""

    @staticmethod
    def _sealed(body: bytes) -> bytes:
        value = crc16(body)
        return body + bytes([value % 256, value // 256])


class AsciiSlave:
    """Digits, space, hyphen and point between 02 '0' '1' and 03; it never answers."""

    def __init__(self, *, places: int = 4, unit: int = 1) -> None:
        self._places, self._unit = places, unit
        self._buffer = b""
        self.text = " " * places
        self.writes = 0
        self.wrong: list[str] = []

    def receive(self, data: bytes) -> bytes:
        self._buffer += data
        while b"\x03" in self._buffer:
            line, _end, self._buffer = self._buffer.partition(b"\x03")
            self._take(line)
        return b""

    def pause(self) -> None:
        if self._buffer:
            self.wrong.append(f"a line that ends too early: {self._buffer.hex(' ')}")
            self._buffer = b""

    def power_cycle(self) -> None:
        self._buffer, self.text = b"", " " * self._places

    def _take(self, line: bytes) -> None:
        if len(line) < 3 or line[0] != 0x02 or not line[1:3].isdigit():
            self.wrong.append(f"no line of this protocol: {line.hex(' ')}")
        elif int(line[1:3]) != self._unit:
            return
        elif len(line) != 3 + self._places or any(octet not in b"0123456789 -." for octet in line[3:]):
            self.wrong.append(f"cannot be shown: {line.hex(' ')}")
        else:
            self.text = line[3:].decode("ascii")
            self.writes += 1


class Bus:
    """Several displays on one line: each hears all, and answers its own frames. `text` has theirs, `|` between."""

    def __init__(self, *slaves: Slave) -> None:
        self.slaves = slaves

    @property
    def text(self) -> str:
        return "|".join(slave.text for slave in self.slaves)

    @property
    def writes(self) -> int:
        return sum(slave.writes for slave in self.slaves)

    @property
    def wrong(self) -> list[str]:
        return [sentence for slave in self.slaves for sentence in slave.wrong]

    def receive(self, data: bytes) -> bytes:
        return b"".join(slave.receive(data) for slave in self.slaves)

    def pause(self) -> None:
        for slave in self.slaves:
            slave.pause()

    def power_cycle(self) -> None:
        for slave in self.slaves:
            slave.power_cycle()


def _shows(word: int, *, packed: bool) -> bool:
    high, low = divmod(word, 256)
    return 0x20 <= low < 0x7F and (0x20 <= high < 0x7F if packed else high == 0)


def dm36(unit: int = 1) -> ModbusSlave:
    """DM36B06 and DM56A04."""
    return ModbusSlave(0, packed=False, unit=unit)


def led485(unit: int = 1) -> ModbusSlave:
    """LED-485-046."""
    return ModbusSlave(112, packed=True, unit=unit)
