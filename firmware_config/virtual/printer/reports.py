"""Commands that ask or tell: status, identity, confirmation, buzzer, the mouth of kiosk printers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_config.virtual.printer.errors import NoEffect, Refused
from firmware_config.virtual.printer.events import Beeped

if TYPE_CHECKING:
    from firmware_config.virtual.printer.machine import Machine

CUTTER_COUNTER = 178


def paper(machine: Machine, _args: bytes) -> None:
    """GS r 1: one byte, in its turn behind the data."""
    machine.reply(bytes((machine.condition.gs_r(),)))


def automatic_status(machine: Machine, args: bytes) -> None:
    """GS a n: at once and at each change of what n selects; 0 turns it off."""
    machine.asb_mask = args[0]
    if args[0]:
        machine.send_asb()


def identity(machine: Machine, args: bytes) -> None:
    """GS I n: 1 model, 2 type, 65 firmware, 66 maker, 67 model name, 68 serial, 69 additional fonts."""
    model = machine.model
    single = {1: model.model_byte, 2: model.type_byte, 49: model.model_byte, 50: model.type_byte}
    named = {65: "1.00 VIRTUAL", 66: model.maker, 67: model.name, 68: machine.serial, 69: ""}
    if args[0] in single:
        machine.reply(bytes((single[args[0]],)))
    elif args[0] in named:
        machine.reply(b"\x5f" + named[args[0]].encode("ascii") + b"\x00")
    else:
        raise Refused(f"GS I has no {args[0]} here")


def confirmation(machine: Machine, args: bytes) -> None:
    """GS ( H: process id (48) and offline response (49)."""
    if not machine.model.process_id:
        raise NoEffect("this printer does not answer GS ( H")
    body = args[2:]
    if body[:2] == b"00" and len(body) == 6 and all(0x20 <= byte <= 0x7E for byte in body[2:]):
        machine.printed(body[2:])
    elif body[:2] == b"10" and len(body) == 3 and body[2] in (0, 1, 2, 48, 49, 50):
        machine.offline_response = body[2] % 48
    else:
        raise Refused("GS ( H: 30 30 and four bytes of 20 to 7E, or 31 30 and 30 to 32")


def counter(machine: Machine, args: bytes) -> None:
    """GS g 2: maintenance counters, of which the cutter's is kept."""
    if args != bytes((CUTTER_COUNTER, 0)):
        raise Refused("only counter 178, the cutter's, is kept")
    machine.reply(b"\x5f" + str(machine.cuts).encode("ascii") + b"\x00")


def buzzer(machine: Machine, args: bytes) -> None:
    """ESC ( A, function 48: pattern n, c times, t × 100 ms."""
    if len(args) != 6 or args[2] != 0x30:
        raise Refused("the buzzer is 04 00 30 n c t")
    machine.emit(Beeped(args[4]))


def buzzer_clone(machine: Machine, args: bytes) -> None:
    """ESC B n t of clones."""
    machine.emit(Beeped(args[0]))


def tuning(_machine: Machine, args: bytes) -> None:
    """GS ( K, functions 49 (density) and 50 (speed): accepted, nothing to see."""
    if len(args) != 4 or args[2] not in (0x31, 0x32):
        raise Refused("GS ( K: 02 00 31 m or 02 00 32 m")


def to_mark(_machine: Machine, args: bytes) -> None:
    """FS ( L, functions 65 to 67: this roll has no black marks, so the paper stays where it is."""
    if len(args) != 4 or args[2] not in (0x41, 0x42, 0x43):
        raise Refused("FS ( L: 02 00 and 41, 42 or 43 and m")
    raise NoEffect("there are no black marks on this roll")


def retract(machine: Machine, _args: bytes) -> None:
    """GS e 2: the ticket goes back in."""
    machine.retract()


def present(_machine: Machine, _args: bytes) -> None:
    """GS e 3 m: the ticket waits at the mouth."""


def eject(machine: Machine, _args: bytes) -> None:
    """GS e 5: the ticket is pushed out."""
    machine.condition.ticket_at_output = False


def ejector_status(machine: Machine, _args: bytes) -> None:
    """GS e 6: one byte."""
    machine.reply(bytes((machine.condition.ejector(),)))
