"""What the tests of the virtual printer share. The ticket is made by python-escpos, a second reading of the manuals."""

import re
import tomllib
from pathlib import Path
from typing import Any

from escpos.printer import Dummy

from firmware_config.virtual.printer.elements import Piece
from firmware_config.virtual.printer.events import Event, PieceOut, Reply, UnknownBytes
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS

GOLDEN: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent.parent / "golden" / "escpos.toml").read_text(encoding="utf-8")
)
BYTES: dict[str, dict[str, Any]] = {row["name"]: row for row in GOLDEN["bytes"]}
STATUS_URL = "http://127.0.0.1:8000/t/Jk2l9sXw0a"
NOTICE = bytes.fromhex("3B 31 00")


def golden(name: str) -> bytes:
    """The byte string of that name."""
    return bytes.fromhex(BYTES[name]["hex"])


def machine(model: str = "TM-T20II", **rest: Any) -> Machine:
    """A fresh printer."""
    return Machine(MODELS[model], **rest)


def said(events: list[Event]) -> bytes:
    """All bytes for the host."""
    return b"".join(event.data for event in events if isinstance(event, Reply))


def pieces(events: list[Event]) -> list[Piece]:
    """All paper that came out."""
    return [event.piece for event in events if isinstance(event, PieceOut)]


def unknown(events: list[Event]) -> list[UnknownBytes]:
    """All complaints."""
    return [event for event in events if isinstance(event, UnknownBytes)]


def process_id(label: str) -> bytes:
    """GS ( H, function 48."""
    return re.sub(rb"A045", label.encode(), golden("process_id"))


def process_reply(label: str) -> bytes:
    """The answer to `process_id`."""
    return b"\x37\x22" + label.encode() + b"\x00"


def ticket(label: str = "A045", *, confirm: bool = True) -> bytes:
    """A ticket as a kiosk would send it: one write, initialise to cut, then the process id."""
    job = Dummy(profile="TM-T20II")
    job.hw("INIT")
    job._raw(golden("kanji_off"))
    job.charcode("CP858")
    job.set(align="center", bold=True, normal_textsize=True)
    job.text("Camera di commercio\n")
    job.set(align="center", bold=True, custom_size=True, width=6, height=6)
    job.text(f"{label}\n")
    job.set(align="center", bold=False, normal_textsize=True)
    job.text("Passaporti\nPersone prima di lei: 7\nCittà, perché, così: 3 €\n")
    url = STATUS_URL.encode()
    job._raw(golden("qr_model_2") + golden("qr_module_size") + golden("qr_level_m"))
    job._raw(b"\x1d(k" + (len(url) + 3).to_bytes(2, "little") + b"1P0" + url + golden("qr_print"))
    job.set(align="left", font="b", normal_textsize=True)
    job.text("22/11/2026 09:41\n")
    job._raw(golden("feed_and_cut_partial"))
    data: bytes = job.output
    return data + (process_id(label) if confirm else b"")


TICKET_TEXT = (
    "Camera di commercio\nA045\nPassaporti\nPersone prima di lei: 7\nCittà, perché, così: 3 €\n22/11/2026 09:41"
)
