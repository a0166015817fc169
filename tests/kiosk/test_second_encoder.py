"""Our tickets beside those that another program makes of the same lines (B2).

The other is `@point-of-sale/receipt-printer-encoder`, which shares no line with us and sets a ticket otherwise: it
centres with blanks, feeds with `\\n\\r`, leaves another margin. What must agree is what a customer sees: the same words
in the same size and weight in the same middle of the paper, dot by dot, and the same code. Its bytes stand in
`tests/golden/second_encoder.json`; the long run makes them anew with the program itself.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageChops

from firmware_config.virtual.printer.elements import Line as PrintedLine
from firmware_config.virtual.printer.elements import Piece, Qr
from firmware_config.virtual.printer.events import PieceOut
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.render import picture
from kiosk.devices import escpos_bytes
from kiosk.receipt import Code, Content, Receipt, TextLine, layout

FOLDER = Path(__file__).parents[1] / "second_encoder"
GOLDEN = Path(__file__).parents[1] / "golden" / "second_encoder.json"
MODEL = "TM-T20II"
CENTRE_DOTS = 12
"""Blanks centre to half a character, which at the ends of a line makes a whole one."""
PLAIN = Content(
    office="Camera di commercio",
    label="A045",
    service="Passaporti",
    language="it",
    printed_at=datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Rome")),
    ahead=3,
    wait_low_s=600,
    wait_high_s=1200,
    status_url="http://127.0.0.1:8000/t/Zq3vYb1kXw9TtPq0aL2m_w",
)
TICKETS = {
    "plain": PLAIN,
    "english": replace(PLAIN, language="en", service="Passports", ahead=1),
    "german": replace(PLAIN, language="de", service="Pässe und Ausweise", ahead=0),
    "french": replace(PLAIN, language="fr", service="Cartes d’identité", wait_low_s=None, wait_high_s=None),
    "reprint with precedence": replace(PLAIN, assisted=True, copy=True),
    "six characters": replace(PLAIN, label="AA1000"),
    "a long service": replace(PLAIN, service="Registro delle imprese, visure e certificati: città 5 €"),
    "without a code": replace(PLAIN, status_url=""),
}


def _receipt(content: Content) -> Receipt:
    return layout(content, columns=escpos_bytes.profile(MODEL).columns)


def _asked() -> str:
    """The tickets as the other encoder is given them: words, sizes, codes."""
    tickets = []
    for content in TICKETS.values():
        lines: list[dict[str, object]] = []
        for line in _receipt(content).lines:
            if isinstance(line, TextLine):
                lines.append({"text": line.text, "scale": line.scale, "bold": line.bold})
            elif isinstance(line, Code):
                lines.append({"code": line.text, "module": line.module_dots})
        tickets.append({"columns": 48, "lines": lines})
    return json.dumps(tickets)


def _printed(data: bytes) -> Piece:
    pieces = [e.piece for e in Machine(MODELS[MODEL]).receive(data) if isinstance(e, PieceOut)]
    assert len(pieces) == 1
    return pieces[0]


def _looks(piece: Piece) -> list[tuple[object, Image.Image, float]]:
    """For each line and code: what it says and how, its ink, and where the ink's middle is."""
    found: list[tuple[object, Image.Image, float]] = []
    for element in piece.elements:
        if not isinstance(element, PrintedLine | Qr) or (isinstance(element, PrintedLine) and not element.text):
            continue
        paper = picture(replace(piece, elements=(element,)), MODELS[MODEL]).convert("L")
        drawn = paper.point(lambda grey: 255 if grey < 128 else 0)
        box = drawn.getbbox()
        assert box is not None
        said: object = (
            (element.data, element.module, element.level)
            if isinstance(element, Qr)
            else [(run.text.strip(), run.style) for run in element.runs if run.text.strip()]
        )
        found.append((said, drawn.crop(box), (box[0] + box[2]) / 2))
    return found


@pytest.mark.parametrize("name", TICKETS)
def test_the_ticket_is_the_one_that_another_encoder_makes(name: str) -> None:
    ours = _looks(_printed(escpos_bytes.build(_receipt(TICKETS[name]), escpos_bytes.profile(MODEL))))
    theirs = _looks(_printed(bytes.fromhex(json.loads(GOLDEN.read_text("utf-8"))[name])))
    assert [said for said, _, _ in ours] == [said for said, _, _ in theirs]
    for (said, ink, middle), (_, other, other_middle) in zip(ours, theirs, strict=True):
        assert ink.size == other.size, said
        assert ImageChops.difference(ink, other).getbbox() is None, said
        scale = max((run[1].width for run in said), default=1) if isinstance(said, list) else 1
        assert abs(middle - other_middle) <= CENTRE_DOTS * scale, said


@pytest.mark.full
def test_the_stored_bytes_are_the_other_program_s_own() -> None:
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules").exists():
        pytest.skip("the second encoder is not installed: deploy/setup/second_encoder.sh")
    run = subprocess.run(
        [node, "encode.mjs"], cwd=FOLDER, input=_asked(), capture_output=True, text=True, timeout=60, check=True
    )
    assert dict(zip(TICKETS, json.loads(run.stdout), strict=True)) == json.loads(GOLDEN.read_text("utf-8"))
