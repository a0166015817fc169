"""The commands of settings as bytes, and what the answers say. Pure; from Epson's and Citizen's references."""

from __future__ import annotations

from collections.abc import Mapping

ENTER = bytes.fromhex("1D 28 45 03 00 01 49 4E")
ENTERED = b"\x37\x20"
LEAVE = bytes.fromhex("1D 28 45 04 00 02 4F 55 54")
STATUS = bytes.fromhex("10 04 01")
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
CLEARED = b"\x37\x25"
KEYS = bytes.fromhex("1D 28 4C 04 00 30 40 4B 43")
KEYS_ARE = b"\x37\x72"
FREE = bytes.fromhex("1D 28 4C 02 00 30 33")
FREE_IS = b"\x37\x31"
TEXT_IS = b"\x5f"
SWITCH_IS = b"\x37\x21"
CUSTOM_IS = b"\x37\x27"
LINE_IS = b"\x37\x33"
RECORD_IS = b"\x37\x70"
ACK = b"\x06"
OFF_LINE = 0x08
MOST_BYTES = 65535 - 11
"""Of a logo's dots in one command."""

KEEP = "2"


def identity(number: int) -> bytes:
    """GS I: 2 type; 65 firmware, 66 maker, 67 model, 68 serial number."""
    return b"\x1dI" + bytes((number,))


def _setting(function: int, body: bytes) -> bytes:
    return b"\x1d(E" + (len(body) + 1).to_bytes(2, "little") + bytes((function,)) + body


def set_switches(switches: Mapping[int, str]) -> bytes:
    """Function 3; each switch from b8 to b1 in 0, 1 and KEEP."""
    return _setting(3, b"".join(bytes((number,)) + bits.encode("ascii") for number, bits in switches.items()))


def read_switch(number: int) -> bytes:
    """Function 4."""
    return _setting(4, bytes((number,)))


def set_customs(values: Mapping[int, int]) -> bytes:
    """Function 5."""
    return _setting(5, b"".join(bytes((a,)) + n.to_bytes(2, "little") for a, n in values.items()))


def read_custom(number: int) -> bytes:
    """Function 6."""
    return _setting(6, bytes((number,)))


def set_line(number: int, code: str) -> bytes:
    """Function 11."""
    return _setting(11, bytes((number,)) + code.encode("ascii"))


def read_line(number: int) -> bytes:
    """Function 12."""
    return _setting(12, bytes((number,)))


def pair(answer: bytes | None) -> tuple[str, str] | None:
    """Number and value of an answer to functions 6 and 12: `a 1F value`. None if it is none."""
    if answer is None:
        return None
    number, mark, value = answer.partition(b"\x1f")
    return (number.decode("ascii", "replace"), value.decode("ascii", "replace")) if mark else None


def _record(function: bytes, key: str, data: bytes = b"") -> bytes:
    body = b"\x00" + function + b"\x00" + key.encode("ascii") + data
    return b"\x1d(C" + len(body).to_bytes(2, "little") + body


def delete_record(key: str) -> bytes:
    """GS ( C, 30."""
    return _record(b"0", key)


def store_record(key: str, text: str) -> bytes:
    """GS ( C, 31."""
    return _record(b"1", key, text.encode("ascii"))


def read_record(key: str) -> bytes:
    """GS ( C, 32."""
    return _record(b"2", key)


def delete_logo(key: str) -> bytes:
    """GS ( L, 42."""
    return b"\x1d(L\x04\x000B" + key.encode("ascii")


def define_logo(key: str, width: int, height: int, data: bytes) -> bytes:
    """GS ( L, 43; width and height in dots."""
    body = b"0C0" + key.encode("ascii") + b"\x01"
    body += width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"1" + data
    return b"\x1d(L" + len(body).to_bytes(2, "little") + body
