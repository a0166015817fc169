"""GS ( E, GS ( C and GS ( L: what a host may write into the printer's memory, and read back from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_config.virtual.printer.elements import Raster
from firmware_config.virtual.printer.errors import NoEffect, Refused
from firmware_config.virtual.printer.nv import BAUDS, Logo

if TYPE_CHECKING:
    from firmware_config.virtual.printer.machine import Machine

BLOCK = 80
ACK, NAK, CAN = 0x06, 0x15, 0x18
PREFIX = b"\x1d(E"


# ---- GS ( E, by function


def setting(machine: Machine, args: bytes) -> None:
    """GS ( E pL pH fn …."""
    function, rest = args[2:3], args[3:]
    if function == b"\x01":
        _enter(machine, rest)
    elif function == b"\x02":
        _leave(machine, rest)
    elif function in _WRITES:
        if not machine.user_setting:
            raise NoEffect("settings are written in the user setting mode")
        _WRITES[function](machine, rest)
    elif function in _READS:
        if not machine.user_setting and not machine.memory.factory.answers_outside:
            raise NoEffect("settings are read in the user setting mode")
        _READS[function](machine, rest)
    else:
        raise Refused("GS ( E: functions 1 to 6, 11 and 12")


def _enter(machine: Machine, rest: bytes) -> None:
    if rest != b"IN":
        raise Refused("the user setting mode is entered by 01 49 4E")
    machine.user_setting = True
    machine.reply(b"\x37\x20\x00")


def _leave(machine: Machine, rest: bytes) -> None:
    if rest != b"OUT":
        raise Refused("the user setting mode is left by 02 4F 55 54")
    if not machine.user_setting:
        raise NoEffect("the printer is not in the user setting mode")
    machine.software_reset()


def _set_switches(machine: Machine, rest: bytes) -> None:
    rows = [rest[at : at + 9] for at in range(0, len(rest), 9)]
    memory = machine.memory
    for row in rows:
        if len(row) != 9 or row[0] not in memory.switches or set(row[1:]) - set(b"012"):
            raise Refused("a memory switch is its number and eight times 30, 31 or 32")

    def change() -> None:
        for row in rows:
            before = memory.switches[row[0]]
            bits = (old if new == "2" else new for old, new in zip(before, row[1:].decode("ascii"), strict=True))
            memory.switches[row[0]] = "".join(bits)

    if not rows:
        raise Refused("no memory switch is named")
    memory.write(change)


def _tell_switch(machine: Machine, rest: bytes) -> None:
    if len(rest) != 1 or rest[0] not in machine.memory.switches:
        raise Refused("no such memory switch")
    machine.reply(b"\x37\x21" + machine.memory.switches[rest[0]].encode("ascii") + b"\x00")


def _set_customs(machine: Machine, rest: bytes) -> None:
    memory = machine.memory
    rows = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    values = {row[0]: row[1] + 256 * row[2] for row in rows if len(row) == 3}
    if not rows or len(values) != len(rows):
        raise Refused("custom values come as a, nL and nH, each once")
    for number, value in values.items():
        if value not in memory.factory.allowed.get(number, ()):
            raise Refused(f"custom value {number} cannot be {value}")

    def change() -> None:
        wiping = any(memory.customs[number] != values.get(number, memory.customs[number]) for number in (1, 2))
        memory.customs.update(values)
        if wiping:
            memory.wipe()

    memory.write(change)


def _tell_custom(machine: Machine, rest: bytes) -> None:
    if len(rest) != 1 or rest[0] not in machine.memory.customs:
        raise Refused("no such custom value")
    text = f"{rest[0]}\x1f{machine.memory.customs[rest[0]]}"
    machine.reply(b"\x37\x27" + text.encode("ascii") + b"\x00")


def _set_line(machine: Machine, rest: bytes) -> None:
    memory, number, value = machine.memory, rest[:1], rest[1:]
    one_of = {b"\x02": (b"0", b"1", b"2"), b"\x03": (b"0", b"1"), b"\x04": (b"7", b"8")}
    if number == b"\x01":
        if not value.isdigit() or int(value) not in BAUDS:
            raise Refused("no such speed")
        line = replace(memory.line, baud=int(value))
    elif value in one_of.get(number, ()):
        name = {2: "parity", 3: "flow", 4: "bits"}[number[0]]
        line = replace(memory.line, **{name: int(value)})
    else:
        raise Refused("the line is set by 1 speed, 2 parity, 3 flow control or 4 bits")

    def change() -> None:
        memory.line = line

    memory.write(change)


def _tell_line(machine: Machine, rest: bytes) -> None:
    line = machine.memory.line
    values = {b"\x01": line.baud, b"\x02": line.parity, b"\x03": line.flow, b"\x04": line.bits}
    if rest not in values:
        raise Refused("the line has settings 1 to 4")
    machine.reply(b"\x37\x33" + bytes((0x30 + rest[0], 0x1F)) + str(values[rest]).encode("ascii") + b"\x00")


_Function = Callable[["Machine", bytes], None]
_WRITES: dict[bytes, _Function] = {b"\x03": _set_switches, b"\x05": _set_customs, b"\x0b": _set_line}
_READS: dict[bytes, _Function] = {b"\x04": _tell_switch, b"\x06": _tell_custom, b"\x0c": _tell_line}


# ---- GS ( C, the user's memory


def user_memory(machine: Machine, args: bytes) -> None:
    """GS ( C pL pH 00 fn 00 c1 c2 …."""
    body = args[2:]
    key, data, memory = body[3:5], body[5:], machine.memory
    if body[:1] != b"\x00" or body[2:3] != b"\x00" or not _is_key(key):
        raise Refused("GS ( C: 00, function, 00 and a key of two bytes from 20 to 7E")
    if body[1:2] == b"1" and data:
        if len(data) + 2 > memory.user_free + len(memory.records.get(key, b"")):
            raise NoEffect("the user's memory is full")
        memory.write(lambda: memory.records.update({key: data}))
    elif data or body[1:2] not in (b"0", b"2"):
        raise Refused("GS ( C: 30 deletes, 31 stores, 32 reads")
    elif body[1:2] == b"0":
        if key not in memory.records:
            raise NoEffect("there is no such record")
        memory.write(lambda: memory.records.pop(key))
    else:
        _transfer(machine, 0x70, memory.records.get(key, b""))


# ---- GS ( L, logos


def graphics(machine: Machine, args: bytes) -> None:
    """GS ( L pL pH 30 fn …: free space, keys, delete, define and print."""
    function, rest = args[3:4], args[4:]
    if args[2:3] != b"0" or function not in _GRAPHICS:
        raise Refused("GS ( L: 30 and function 33, 40, 42, 43 or 45")
    _GRAPHICS[function](machine, rest)


def _free(machine: Machine, rest: bytes) -> None:
    if rest:
        raise Refused("the free space is asked by 30 33")
    machine.reply(b"\x37\x31" + str(machine.memory.graphics_free).encode("ascii") + b"\x00")


def _keys(machine: Machine, rest: bytes) -> None:
    if rest != b"KC":
        raise Refused("the keys are asked by 30 40 4B 43")
    _transfer(machine, 0x72, b"".join(machine.memory.logos))


def _delete(machine: Machine, rest: bytes) -> None:
    if len(rest) != 2 or not _is_key(rest):
        raise Refused("a logo's key is two bytes from 20 to 7E")
    if rest not in machine.memory.logos:
        raise NoEffect("there is no such logo")
    machine.memory.write(lambda: machine.memory.logos.pop(rest))


def _define(machine: Machine, rest: bytes) -> None:
    key, head, data = rest[1:3], rest[3:9], rest[9:]
    width, height = int.from_bytes(rest[4:6], "little"), int.from_bytes(rest[6:8], "little")
    if rest[:1] != b"0" or not _is_key(key) or head[:1] != b"\x01" or head[5:6] != b"1" or not width or not height:
        raise Refused("a logo is 30, its key, 01, width, height and 31")
    if len(data) != (width + 7) // 8 * height:
        raise Refused(f"a picture of {width} × {height} dots has {(width + 7) // 8 * height} bytes, not {len(data)}")
    memory = machine.memory
    if len(data) > memory.graphics_free + (len(memory.logos[key].data) if key in memory.logos else 0):
        raise NoEffect("the graphics memory is full")
    memory.write(lambda: memory.logos.update({key: Logo(width, height, data)}))


def _print(machine: Machine, rest: bytes) -> None:
    key, scales = rest[:2], rest[2:]
    if len(scales) != 2 or not set(scales) <= {1, 2}:
        raise Refused("a logo is printed by its key and two scales of 1 or 2")
    logo = machine.memory.logos.get(key)
    if logo is None:
        raise NoEffect("there is no such logo")
    if not machine.page.at_line_start:
        raise NoEffect("a logo is printed at the start of a line")
    if logo.width * scales[0] > machine.page.usable:
        raise NoEffect("the logo is wider than the paper")
    page = machine.page
    page.put(Raster((logo.width + 7) // 8, logo.height, logo.data, scales[0], scales[1], page.justify))


_GRAPHICS: dict[bytes, _Function] = {b"3": _free, b"@": _keys, b"B": _delete, b"C": _define, b"E": _print}


# ---- blocks that the host acknowledges


def _transfer(machine: Machine, kind: int, data: bytes) -> None:
    """40 says that this block is the last, 41 that another one follows; each waits for the host's word."""
    cut = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)] or [b""]
    machine.blocks = [
        bytes((0x37, kind, 0x40 if at == len(cut) - 1 else 0x41)) + block + b"\x00" for at, block in enumerate(cut)
    ]
    if not data:
        machine.reply(machine.blocks.pop())  # nothing to acknowledge
        return
    machine.reply(machine.blocks[0])


def heard_in_transfer(machine: Machine, byte: int) -> bool:
    """Whether `byte` was the host's word on a block: 06 the next one, 15 the same again, 18 no more."""
    if byte not in (ACK, NAK, CAN):
        machine.blocks = []
        return False
    if byte == CAN:
        machine.blocks = []
    elif byte == ACK:
        machine.blocks = machine.blocks[1:]
    if machine.blocks:
        machine.reply(machine.blocks[0])
    return True


def _is_key(key: bytes) -> bool:
    return len(key) == 2 and all(0x20 <= byte <= 0x7E for byte in key)
