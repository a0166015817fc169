"""The byte strings that the kiosk itself puts on the printer's line; those of the ticket's text come from
python-escpos.

Published in Epson's ESC/POS reference. Real-time commands (`10 …`) act at once, even inside picture data: one a write.
"""

from __future__ import annotations

INIT = bytes.fromhex("1B40")
KANJI_OFF = bytes.fromhex("1C2E")
FEED_AND_CUT_PARTIAL = bytes.fromhex("1D5642")
ASB_ON = bytes.fromhex("1D610F")
PAPER_QUERY = bytes.fromhex("1D7201")
CUTTER_COUNTER = bytes.fromhex("1D673200B200")
CODE_SIZE = bytes.fromhex("1D286B0300315230")
"""GS ( k function 82: the size of the QR code that is kept, and whether there is one to print."""
CLEAR_BUFFERS = bytes.fromhex("10140801031401060208")
RETRY = bytes.fromhex("100501")
CLEAR_AND_RECOVER = bytes.fromhex("100502")
PROCESS_ID = bytes.fromhex("1D284806003030")

FULL_STATUS = bytes.fromhex("100414")
EJECTOR_STATUS = bytes.fromhex("1D6506")
RETRACT = bytes.fromhex("1D6502")
PRESENT = bytes.fromhex("1D650300")
EJECT = bytes.fromhex("1D6505")
STAR_PRESENT = bytes.fromhex("1B163000")
CUT_LEGACY = bytes.fromhex("1B69")
CUTTER_TO_NOTCH = bytes.fromhex("1DF8")
TO_BLACK_MARK = bytes.fromhex("1C284C02004231")

STATUS_KINDS = (1, 2, 3, 4)


def status_query(kind: int) -> bytes:
    """DLE EOT n: one byte comes back, also while the printer is off line."""
    return bytes((0x10, 0x04, kind))


def process_id(pid: bytes) -> bytes:
    """GS ( H function 48 with four bytes of 20–7E: answered `37 22 pid 00` once all before it is on paper."""
    if len(pid) != 4 or not all(0x20 <= byte <= 0x7E for byte in pid):
        raise ValueError(f"{pid!r} is no process id: four bytes from 20 to 7E")
    return PROCESS_ID + pid


def feed_and_cut(dots: int) -> bytes:
    """GS V 66 n: feed to the cutter and `dots` more, cut all but one point."""
    return FEED_AND_CUT_PARTIAL + bytes((dots,))


def nv_logo(key: str) -> bytes:
    """GS ( L function 69: print the picture that the printer keeps under `key`, two characters of 20–7E."""
    if len(key) != 2 or not all(" " <= character <= "~" for character in key):
        raise ValueError(f"{key!r} is no key of a logo: two characters from 20 to 7E")
    return bytes.fromhex("1D284C06003045") + key.encode("ascii") + b"\x01\x01"


def qr_store(data: bytes) -> bytes:
    """GS ( k function 80: keep this for a QR code, until ESC @ or the power goes."""
    return b"\x1d\x28\x6b" + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data


def qr_print(module_dots: int, *, complete: bool) -> bytes:
    """GS ( k: draw what is kept as a QR code of model 2 with error correction L, which `complete` says; else they are
    as ESC @ left them."""
    model, level = bytes.fromhex("1D286B0400314132 00"), bytes.fromhex("1D286B0300314530")
    size = bytes.fromhex("1D286B03003143") + bytes((module_dots,))
    asked = model + size + level if complete else size
    return asked + bytes.fromhex("1D286B0300315130")


XON, XOFF = 0x11, 0x13
BLOCK_END = 0x00
BLOCK_MASK, BLOCK_VALUE = 0x11, 0x11
EOT_MASK, EOT_VALUE = 0x93, 0x12
ASB_MASK, ASB_VALUE = 0x93, 0x10
SINGLE_MASK, SINGLE_VALUE = 0x90, 0x00

BLOCK_PROCESS_ID = bytes.fromhex("3722")
BLOCK_OFFLINE = bytes.fromhex("3723")
BLOCK_CLEARED = bytes.fromhex("3725")
BLOCK_CODE_SIZE = bytes.fromhex("3736")
CODE_PRINTABLE = bytes.fromhex("1F30")
"""How the answer to `CODE_SIZE` ends when there is a code to print."""
BLOCK_POWER_ON = bytes.fromhex("3B31")
BLOCK_TEXT = bytes.fromhex("5F")
