"""A dispenser with push-buttons that dies with a press: B4, B8. The person gets one ticket, and only one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_config.virtual.board.wire import Wire
from tests.journeys.waiting import wait_until
from tests.kiosk.conftest import Virtual
from tests.kiosk.peer import Peer, config

Kiosk = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path / "board", ("1",))
    yield made
    made.close()


@pytest.mark.parametrize("dies", ["asking", "printing"])
def test_a_press_survives_the_dispenser(
    peer: Peer, kiosk: Kiosk, virtual: Callable[..., Virtual], board: Wire, dies: str
) -> None:
    """Killed while it asks for the number, the press gets another one and the first is void; killed with the ticket in
    the printer, the ticket is sought there and nothing is asked again."""
    printer = virtual()
    peer.say(config(printer.url, board=board.url, buttons={"1": "passport"}))
    program = kiosk()
    wait_until(lambda: board.lamps["1"].on)
    if dies == "asking":
        peer.on_issue = program.kill
    else:
        peer.on_issue = lambda: printer.printer.fault("paper_out", after_bytes=106)
    board.push("1")
    if dies == "printing":
        peer.wait(lambda p: "held" in p.problems())
        program.kill()
    program.wait(10)
    peer.on_issue = lambda: None
    printer.printer.fault("none")
    kiosk()
    label, void = ("A002", "A001") if dies == "asking" else ("A001", None)
    peer.wait(lambda p: p.result(label) == "confirmed")
    if void:
        peer.wait(lambda p: p.result(void) == "failed")
    wait_until(lambda: board.answers and set(board.answers) == {(1, None)})
    wait_until(lambda: board.lamps["1"].on and not board.lamps["1"].flashes)
    assert (printer.labels, len(peer.issued)) == ([label], 2 if void else 1)
