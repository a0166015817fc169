"""Printers whose buffer is smaller than what is sent to them, and those that hold the line back: B3, B4."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest

from firmware_config import port
from firmware_config.model import LineSettings
from firmware_config.text import url_hint
from firmware_config.virtual.printer import nv
from kiosk import flow
from kiosk.devices import transport
from tests.kiosk.conftest import Rig, Virtual


@pytest.mark.parametrize(("held_back_by", "asked"), [(0, ""), (1, "&flow=xon")], ids=["dtr", "xon"])
@pytest.mark.parametrize("switches", ["00000111", "00000101"], ids=["45", "4096"])
def test_a_ticket_that_meets_a_full_buffer_waits_and_comes_out_once(
    virtual: Callable[..., Virtual], rig: Callable[..., Rig], switches: str, held_back_by: int, asked: str
) -> None:
    """The paper ends in the middle of a ticket; with 45 bytes the rest of it waits in front of the printer."""
    memory = nv.Memory("TM-T20II", line=nv.LineSettings(19200, flow=held_back_by))
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


SERIAL = "serial:///dev/ttyS0?baud=9600"


@pytest.mark.parametrize(
    ("words", "kiosk", "firmware"),
    [
        *((f"&flow={flow}", None, None) for flow in ("none", "xon", "dtr", "rts")),
        *((f"&parity={parity}&bits=8", None, None) for parity in ("none", "odd", "even")),
        ("&bits=7", "need 8 bits", None),
        ("&flow=xoff", r"none\|xon\|dtr\|rts", r"none\|xon\|dtr\|rts"),
        ("&parity=mark", r"none\|odd\|even", r"none\|odd\|even"),
        ("&bits=9", "is no printer", "is no port"),
        ("&stop=2", "is no printer", "is no port"),
    ],
)
def test_the_words_of_a_serial_line_are_the_same_for_the_dispenser_and_for_its_settings(
    words: str, kiosk: str | None, firmware: str | None
) -> None:
    """B3 F3: the line that `numeretto firmware` prints is the one that the office file takes."""
    for parse, sentence in ((transport.parse, kiosk), (port.place, firmware)):
        with pytest.raises(ValueError, match=sentence) if sentence else nullcontext():
            parse(SERIAL + words)


@pytest.mark.parametrize(
    ("url", "line", "hint"),
    [
        (SERIAL, LineSettings(38400), "baud=38400"),
        (SERIAL, LineSettings(38400, "even", "xon"), "baud=38400&flow=xon&parity=even"),
        (SERIAL + "&flow=rts", LineSettings(38400), "baud=38400&flow=rts"),
        (SERIAL + "&flow=rts", LineSettings(38400, flow="xon"), "baud=38400&flow=xon"),
        (SERIAL + "&flow=xon", LineSettings(9600), "baud=9600"),
    ],
)
def test_the_line_after_a_change_of_settings_is_one_that_a_dispenser_opens(
    url: str, line: LineSettings, hint: str
) -> None:
    told = url_hint(url, line)
    assert told == f"serial:///dev/ttyS0?{hint}"
    assert transport.parse(told)
    assert port.place(told).settings == line
