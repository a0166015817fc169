"""The tickets on disk: numbers go on after a restart. [room of onebox]"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.roll import FILE, Roll, RollUnreadable
from tests.firmware_config.helpers import STATUS_URL, TICKET_TEXT, machine, pieces, ticket

MODEL = MODELS["TM-T20II"]


def _now() -> datetime:
    return datetime(2026, 3, 2, 7, 30, 0, 250000, tzinfo=UTC)


def test_tickets_survive_a_restart(tmp_path: Path) -> None:
    printer = machine()
    first = Roll(MODEL, tmp_path, _now)
    for cuts, label in enumerate(("A045", "A046"), start=1):
        first.add(pieces(printer.receive(ticket(label)))[0], cuts)
    second = Roll(MODEL, tmp_path, _now)
    assert [t.public() for t in second.after(0)] == [t.public() for t in first.after(0)]
    assert second.after(0)[0].public() == {
        "n": 1,
        "text": TICKET_TEXT,
        "codes": [STATUS_URL],
        "cut": True,
        "kind": "partial",
        "through_print": False,
        "at": "2026-03-02T07:30:00.250Z",
        "png": "/tickets/1.png",
    }
    assert second.png(2) == first.png(2)
    assert second.cuts == 2
    assert second.add(pieces(printer.receive(ticket("A047")))[0], 3).n == 3


def test_line_that_was_being_written_is_taken_off(tmp_path: Path) -> None:
    roll = Roll(MODEL, tmp_path, _now)
    roll.add(pieces(machine().receive(ticket()))[0], 1)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"n":2,"at":"20')
    assert Roll(MODEL, tmp_path, _now).count == 1
    assert (tmp_path / FILE).read_bytes().endswith(b"\n")


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[]\n")
    with pytest.raises(RollUnreadable, match="move it away"):
        Roll(MODEL, tmp_path, _now)


def test_asking_after_the_last_waits_no_longer_than_told(tmp_path: Path) -> None:
    assert Roll(MODEL, None, _now).after(0, 0.01) == []
    assert Roll(MODEL, None, _now).png(1) is None
