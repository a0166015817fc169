"""The print transaction against the printer of software, over TCP and a pseudo terminal: B3, B4.

The matrix is line × fault × when. In every cell the ticket comes out exactly once (a part of one may lie before it),
and the kiosk goes on without a hand on it once the fault is over.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dispatcher.wire.messages import Issued, IssueRequest
from kiosk import flow
from kiosk.devices import escpos_bytes
from kiosk.devices.printer import Printer
from kiosk.spool import Stage
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW
from tests.rounds import in_turn

Start = Callable[..., Virtual]
Begin = Callable[..., Rig]

LINES = ("tcp", "pty")
STOPPING = {"paper_out": "paper_out", "cover": "cover_open", "cutter": "cutter", "silence": "unknown_status"}
FAULTS = (*STOPPING, "near_end", "power_cycle")
COUNTER_BYTES = 6
TICKET_BYTES = 220
"""Of the ticket that the tests print, up to and with its cut."""


def _finished(rig: Rig, key: str) -> flow.Paper:
    found: flow.Paper = rig.wait(
        lambda events: next((e for e in events if isinstance(e, flow.Paper) and e.key == key), None), 40
    )
    return found


@pytest.mark.parametrize(("line", "fault"), in_turn(LINES, STOPPING))
def test_trouble_before_a_ticket_takes_no_number(virtual: Start, rig: Begin, line: str, fault: str) -> None:
    printer = virtual(line)
    desk = rig(printer.url)
    desk.settled()
    printer.printer.fault(fault)
    desk.press("one")
    refusal = desk.saw(flow.NotTaken)
    assert refusal == flow.NotTaken("one", STOPPING[fault])
    assert desk.peer.issued == {}
    printer.printer.fault("none")
    desk.condition(lambda condition: condition.ready)
    desk.press("two")
    assert _finished(desk, "two").result == "confirmed"
    assert printer.labels == ["A001"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("fault", ["near_end", "power_cycle"])
def test_a_passing_fault_before_a_ticket_does_not_stop_it(virtual: Start, rig: Begin, line: str, fault: str) -> None:
    printer = virtual(line)
    desk = rig(printer.url)
    desk.settled()
    printer.printer.fault(fault)
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    assert printer.labels == ["A001"]
    assert desk.printer.condition.near_end is (fault == "near_end")


@pytest.mark.parametrize(("line", "fault", "after_bytes"), in_turn(LINES, FAULTS, [3, 60, 200, TICKET_BYTES]))
def test_fault_during_a_ticket(virtual: Start, rig: Begin, line: str, fault: str, after_bytes: int) -> None:
    printer = virtual(line)
    desk = rig(printer.url)
    desk.settled()
    # between the number and the ticket stands the question for the cutter's counter
    desk.peer.on_issue = lambda: printer.printer.fault(fault, after_bytes=COUNTER_BYTES + after_bytes)
    desk.press("one")
    if fault in STOPPING:
        held = desk.saw(flow.Held)
        assert held.label == "A001"
        desk.condition(lambda condition: not condition.ready)
        printer.printer.fault("none")
    assert _finished(desk, "one").result == "confirmed"
    _came_out_once(printer, line, fault)
    desk.peer.wait(lambda peer: peer.result("A001") == "confirmed")
    desk.peer.on_issue = lambda: None
    desk.settled()
    desk.press("two")
    assert _finished(desk, "two").result == "confirmed"
    assert [label for label in printer.labels if label == "A002"] == ["A002"]
    # a printer that restarts in the middle of the code's data reads the rest of it as commands
    assert printer.printer.unknown_count == 0 or (line, fault) == ("pty", "power_cycle")


def _came_out_once(printer: Virtual, line: str, fault: str) -> None:
    """One whole ticket. On a cable a restart may leave the end of the first as well, with or without its number:
    then, and only then, there is one more, and it says that it is a copy."""
    whole = [text for text in printer.texts[: len(printer.labels) + 1] if "A001" in text]
    if (line, fault) == ("pty", "power_cycle"):
        assert 1 <= printer.labels.count("A001") <= 2
        assert sum("RISTAMPA" not in text for text in whole) <= 1, whole
        assert all("RISTAMPA" in text for text in whole[1:]), whole
    else:
        assert printer.labels.count("A001") == 1, printer.texts


@pytest.mark.parametrize(("line", "fault"), in_turn(reversed(LINES), FAULTS))
def test_fault_after_a_ticket_leaves_it_confirmed(virtual: Start, rig: Begin, line: str, fault: str) -> None:
    printer = virtual(line)
    desk = rig(printer.url)
    desk.condition(lambda condition: condition.ready)
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    printer.printer.fault(fault)
    if fault in STOPPING:
        desk.condition(lambda condition: condition.trouble == STOPPING[fault])
    printer.printer.fault("none")
    desk.condition(lambda condition: condition.ready)
    desk.press("two")
    assert _finished(desk, "two").result == "confirmed"
    assert printer.labels == ["A001", "A002"]


@pytest.mark.parametrize("line", LINES)
def test_killed_after_the_last_byte_is_found_printed_by_the_counter(virtual: Start, rig: Begin, line: str) -> None:
    printer = virtual(line)
    first = rig(printer.url)
    first.settled()
    first.peer.on_issue = lambda: printer.printer.fault("silence", after_bytes=COUNTER_BYTES + TICKET_BYTES)
    first.press("one")
    first.saw(flow.Held)
    stop(first)
    printer.printer.fault("none")
    second = rig(printer.url)
    assert _finished(second, "one").result == "confirmed"
    assert printer.labels == ["A001"]


@pytest.mark.parametrize("line", LINES)
def test_killed_before_the_first_byte_reprints_the_same_number(virtual: Start, rig: Begin, line: str) -> None:
    printer = virtual(line)
    first = rig(printer.url)
    first.settled()
    first.peer.on_issue = lambda: printer.printer.fault("paper_out", after_bytes=COUNTER_BYTES + 5)
    first.press("one")
    first.saw(flow.Held)
    stop(first)
    printer.printer.fault("power_cycle")
    printer.printer.fault("none")
    second = rig(printer.url)
    assert _finished(second, "one").result == "confirmed"
    assert printer.labels == ["A001"]
    assert "RISTAMPA" in printer.texts[-1]


def test_a_number_that_was_never_sent_is_void_after_a_restart(virtual: Start, rig: Begin) -> None:
    printer = virtual()
    before = rig(printer.url, start=False)
    request = IssueRequest(request_id="one", service="passport", touched_at=NOW)
    before.spool.requested(request, "Passaporti")
    issued = Issued(id="ticket-9", label="A009", ahead=0, status_url="http://x/t/1", queued_at=NOW)
    before.spool.allocated("one", issued)
    stop(before)
    after = rig(printer.url)
    assert _finished(after, "one").result == "failed"
    after.peer.wait(lambda peer: peer.printed.get("ticket-9") == ["failed"])
    assert printer.labels == []


def test_an_answer_that_comes_too_late_is_void_and_never_printed(virtual: Start, rig: Begin) -> None:
    printer = virtual()
    desk = rig(printer.url)
    desk.condition(lambda condition: condition.ready)
    desk.peer.mute = True
    desk.press("one")
    assert desk.saw(flow.NoTicket) == flow.NoTicket("one", "no_answer")
    desk.peer.mute = False
    desk.peer.wait(lambda peer: peer.result("A001") == "failed")
    asked = [body["request_id"] for verb, body in desk.peer.commands if verb == "issue"]
    assert set(asked) == {"one"}
    assert printer.labels == []
    assert [row.stage for row in desk.spool.rows()] in ([], [Stage.FAILED])


def test_a_refusal_leaves_nothing_open(virtual: Start, rig: Begin) -> None:
    printer = virtual()
    desk = rig(printer.url)
    desk.condition(lambda condition: condition.ready)
    desk.peer.refuse = "service_closed"
    desk.press("one")
    assert desk.saw(flow.NoTicket) == flow.NoTicket("one", "service_closed")
    assert desk.spool.rows() == []


def test_a_file_cannot_confirm(rig: Begin, tmp_path: object) -> None:
    desk = rig(f"file://{tmp_path}/paper")
    desk.condition(lambda condition: condition.ready)
    desk.press("one")
    assert _finished(desk, "one").result == "unconfirmed"
    desk.peer.wait(lambda peer: peer.result("A001") == "unconfirmed")


def test_a_printer_without_process_ids_is_asked_by_the_paper_sensor(virtual: Start, rig: Begin) -> None:
    printer = virtual()
    desk = rig(printer.url, profile="NT-80-V-UL")
    desk.condition(lambda condition: condition.ready)
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    assert printer.labels == ["A001"]


def test_a_slow_line_is_not_taken_for_silence(virtual: Start, rig: Begin) -> None:
    printer = virtual("pty", baud=9600)
    desk = rig(printer.url + "?baud=9600")
    desk.condition(lambda condition: condition.ready)
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    assert not any(isinstance(event, flow.Held) for event in desk.events)


def test_an_adapter_that_comes_back_late_under_another_number_is_found_at_its_path(virtual: Start, rig: Begin) -> None:
    """B3: the terminal is let go when it hangs up, so the kernel can have it back; its path may lead elsewhere."""
    printer = virtual("pty")
    path = Path(urlsplit(printer.url).path)
    desk = rig(printer.url)
    desk.settled()
    before = path.resolve()
    printer.printer.fault("unplug")
    desk.condition(lambda condition: condition.trouble == "printer_off")
    desk.press("one")
    assert desk.saw(flow.NotTaken) == flow.NotTaken("one", "printer_off")
    others = [os.openpty()]
    try:
        while os.ttyname(others[-1][1]) != str(before):  # somebody else's adapter has been put in first
            others.append(os.openpty())
        printer.printer.fault("plug")
        desk.condition(lambda condition: condition.ready, 5)
        assert path.resolve() != before
        desk.press("two")
        assert _finished(desk, "two").result == "confirmed"
        assert printer.labels == ["A001"]
        os.set_blocking(others[-1][0], False)
        with pytest.raises(BlockingIOError):
            os.read(others[-1][0], 1)
    finally:
        for ends in others:
            for end in ends:
                os.close(end)


def test_pids_are_four_printable_characters() -> None:
    assert all(len(Printer.new_pid()) == 4 and Printer.new_pid().isalnum() for _ in range(50))
    assert escpos_bytes.profile("TM-T20II").process_id
