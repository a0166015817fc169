"""Printers whose buffer is smaller than what is sent to them, and those that hold the line back: B3, B4."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_config.virtual.printer.nv import LineSettings, Memory
from kiosk import flow
from kiosk.devices import transport
from tests.kiosk.conftest import Rig, Virtual


@pytest.mark.parametrize(("held_back_by", "asked"), [(0, ""), (1, "&flow=xon")], ids=["dtr", "xon"])
@pytest.mark.parametrize("switches", ["00000111", "00000101"], ids=["45", "4096"])
def test_a_ticket_that_meets_a_full_buffer_waits_and_comes_out_once(
    virtual: Callable[..., Virtual], rig: Callable[..., Rig], switches: str, held_back_by: int, asked: str
) -> None:
    """The paper ends in the middle of a ticket; with 45 bytes the rest of it waits in front of the printer."""
    memory = Memory("TM-T20II", line=LineSettings(19200, flow=held_back_by))
    memory.switches[1] = switches
    printer = virtual("pty", serial_line=True, memory=memory)
    desk = rig(printer.url + "?baud=19200" + asked)
    desk.settled()
    desk.peer.on_issue = lambda: printer.printer.fault("paper_out", after_bytes=100)
    desk.press("one")
    desk.saw(flow.Held)
    assert printer.printer.state()["bytes_waiting"] <= memory.receive_buffer
    printer.printer.fault("none")
    paper = desk.wait(lambda events: next((e for e in events if isinstance(e, flow.Paper)), None), 40)
    assert paper.result == "confirmed"
    assert printer.labels == ["A001"]


def test_an_unknown_way_to_hold_the_line_back_is_refused() -> None:
    with pytest.raises(ValueError, match=r"none\|xon\|dtr\|rts"):
        transport.parse("serial:///dev/ttyS0?baud=9600&flow=xoff")
