"""A second printer as the spare of the first: B3, B4. Tickets go there while the first is in trouble; what the first
may still have in it stays its own, so nothing is printed on both."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from dispatcher.wire.messages import IssueRequest
from firmware_config.virtual.printer.link import Link, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer as VirtualPrinter
from firmware_config.virtual.printer.roll import Roll
from kiosk import flow
from kiosk.devices import escpos_bytes, transport
from kiosk.devices.line import Line
from kiosk.devices.printer import Printer
from kiosk.lease import issued_off_line
from kiosk.setup import Office, Setup
from kiosk.spool import Spool, Stage
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW, Peer, config

IN_THE_TICKET = 106
"""Bytes, the question for the cutter's count included: the number is being printed."""
Start = Callable[..., Virtual]
Begin = Callable[..., Rig]


@pytest.fixture
def two(virtual: Start, rig: Begin) -> Iterator[Callable[..., tuple[Rig, Virtual, Virtual]]]:
    """two() → a desk with a printer and a spare; `again()` is the program after a restart with both."""
    links: list[Link] = []
    roll = Roll(MODELS["TM-T20II"], None, lambda: NOW)
    spare_printer = VirtualPrinter(Machine(MODELS["TM-T20II"]), roll)
    port = TcpPort("127.0.0.1", 0)
    links.append(Link(spare_printer, port, monotonic))
    links[0].start()
    first, spare = virtual(), Virtual(spare_printer, port)

    def begin(*, settled: bool = True) -> tuple[Rig, Virtual, Virtual]:
        desk = rig(first.url, start=False)
        second = Line(
            transport.parse(spare.url), desk.printer.line._clock, automatic_status=True, changed=lambda _: None
        )
        profile = escpos_bytes.profile("TM-T20II")
        office = Office("Camera di commercio", "Europe/Rome", ("it", "en"))
        desk.desk.use(Setup(office, desk.printer, Printer(second, profile)))
        desk.desk.start()
        desk.reporter.start()
        if settled:
            desk.settled()
        return desk, first, spare

    yield begin
    for link in links:
        link.stop()


def _finished(rig: Rig, key: str) -> flow.Paper:
    found: flow.Paper = rig.wait(
        lambda events: next((e for e in events if isinstance(e, flow.Paper) and e.key == key), None), 40
    )
    return found


@pytest.mark.parametrize("fault", ["paper_out", "cover", "jam", "silence", "unplug"])
def test_tickets_go_to_the_spare_and_back(two: Callable[..., tuple[Rig, Virtual, Virtual]], fault: str) -> None:
    desk, first, spare = two()
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    first.printer.fault(fault)
    desk.press("two")
    assert _finished(desk, "two").result == "confirmed"
    first.printer.fault("none")
    desk.condition(lambda condition: condition.ready, 20)
    desk.press("three")
    assert _finished(desk, "three").result == "confirmed"
    assert (first.labels, spare.labels) == (["A001", "A003"], ["A002"])


def test_a_ticket_held_in_the_first_is_never_printed_on_the_spare(
    two: Callable[..., tuple[Rig, Virtual, Virtual]],
) -> None:
    desk, first, spare = two()
    desk.peer.on_issue = lambda: first.printer.fault("paper_out", after_bytes=100)
    desk.press("one")
    desk.saw(flow.Held)
    first.printer.fault("none")
    assert _finished(desk, "one").result == "confirmed"
    assert (first.labels, spare.labels) == (["A001"], [])


def test_a_number_of_which_nothing_was_sent_comes_out_of_the_spare(
    two: Callable[..., tuple[Rig, Virtual, Virtual]],
) -> None:
    """The first goes between the status and the first byte."""
    desk, first, spare = two()
    desk.peer.on_issue = lambda: first.printer.fault("unplug")
    desk.press("one")
    assert _finished(desk, "one").result == "confirmed"
    assert (first.labels, spare.labels) == ([], ["A001"])


@pytest.mark.parametrize("fault", ["paper_out", "jam", "silence", "power_cycle", "unplug"])
def test_while_a_ticket_is_held_in_the_first_the_spare_serves_everybody_else(
    two: Callable[..., tuple[Rig, Virtual, Virtual]], fault: str
) -> None:
    """A printer that is switched off in the middle comes back by itself, and its ticket is printed once more, marked.
    From the one that is unplugged nothing is heard until the cutter's count is read over a new connection."""
    desk, first, spare = two()
    begins = "paper_out" if fault == "unplug" else fault
    desk.peer.on_issue = lambda: first.printer.fault(begins, after_bytes=IN_THE_TICKET)
    desk.press("one")
    assert desk.saw(flow.Held) == flow.Held("one", "A001", spare=False)
    desk.peer.on_issue = lambda: None
    if fault == "unplug":
        first.printer.fault("unplug")
    for key in ("two", "three"):
        desk.press(key)
        assert _finished(desk, key).result == "confirmed"
    if fault != "power_cycle":
        assert not [event for event in desk.events if isinstance(event, flow.Paper) and event.key == "one"]
        assert desk.spool.get("one").stage is Stage.HELD
    first.printer.fault("none")
    assert _finished(desk, "one").result == "confirmed"
    assert sorted(first.labels + spare.labels) == ["A001", "A002", "A003"]
    assert {"A002", "A003"} <= set(spare.labels)
    desk.press("four")
    assert _finished(desk, "four").result == "confirmed"
    assert first.labels[-1] == "A004"


def test_one_in_each_printer_is_settled_in_its_own(two: Callable[..., tuple[Rig, Virtual, Virtual]]) -> None:
    desk, first, spare = two()
    desk.peer.on_issue = lambda: first.printer.fault("paper_out", after_bytes=IN_THE_TICKET)
    desk.press("one")
    desk.saw(flow.Held)
    desk.peer.on_issue = lambda: spare.printer.fault("cover", after_bytes=IN_THE_TICKET)
    desk.press("two")
    desk.wait(lambda events: flow.Held("two", "A002", spare=True) in events)
    desk.peer.on_issue = lambda: None
    spare.printer.fault("none")
    assert _finished(desk, "two").result == "confirmed"
    desk.press("three")
    assert _finished(desk, "three").result == "confirmed"
    first.printer.fault("none")
    assert _finished(desk, "one").result == "confirmed"
    assert (first.labels, spare.labels) == (["A001"], ["A002", "A003"])


def test_a_restart_with_a_ticket_in_the_first_serves_from_the_spare_at_once(
    two: Callable[..., tuple[Rig, Virtual, Virtual]],
) -> None:
    desk, first, spare = two()
    desk.peer.on_issue = lambda: first.printer.fault("paper_out", after_bytes=IN_THE_TICKET)
    desk.press("one")
    desk.saw(flow.Held)
    stop(desk)
    again, _, _ = two(settled=False)
    assert again.saw(flow.Held) == flow.Held("one", "A001", spare=False)
    again.peer.issued = desk.peer.issued
    again.press("two")
    assert _finished(again, "two").result == "confirmed"
    first.printer.fault("none")
    assert _finished(again, "one").result == "confirmed"
    assert (first.labels, spare.labels) == (["A001"], ["A002"])


def test_a_held_ticket_of_our_own_number_keeps_nobody_from_the_dispatchers(tmp_path: Path) -> None:
    """Else the spare would use up what is kept for going on alone (B5)."""
    spool = Spool(tmp_path / "owing")
    request = IssueRequest(request_id="one", service="passport", touched_at=NOW)
    key = spool.own(request, "Passaporti", issued_off_line("A501", NOW)).key
    assert spool.owes()
    spool.sent(key, pid="abcd", baseline=7)
    spool.held(key)
    assert not spool.owes()
    spool.result(key, Stage.CONFIRMED)
    assert spool.owes()
    spool.close()


def test_after_a_restart_the_ticket_is_sought_in_the_printer_that_had_it(
    two: Callable[..., tuple[Rig, Virtual, Virtual]], tmp_path: Path
) -> None:
    desk, first, spare = two()
    first.printer.fault("cover")
    desk.peer.on_issue = lambda: spare.printer.fault("paper_out", after_bytes=100)
    desk.press("one")
    desk.saw(flow.Held)
    stop(desk)
    first.printer.fault("none")
    spare.printer.fault("none")
    again, _, _ = two()
    assert _finished(again, "one").result == "confirmed"
    assert (first.labels, spare.labels) == ([], ["A001"])


def test_when_neither_is_well_no_number_is_taken(two: Callable[..., tuple[Rig, Virtual, Virtual]]) -> None:
    desk, first, spare = two()
    first.printer.fault("cover")
    spare.printer.fault("paper_out")
    desk.press("one")
    assert desk.saw(flow.NotTaken) == flow.NotTaken("one", "cover_open")
    assert desk.peer.issued == {}


def test_the_program_prints_on_the_spare_and_tells_the_office(
    peer: Peer, kiosk: Callable[..., object], virtual: Start, tmp_path: Path
) -> None:
    first, spare = virtual(), virtual()
    peer.say(config(first.url, spare=spare.url))
    kiosk()
    first.printer.fault("paper_out")
    peer.wait(lambda p: {"paper_out", "on_spare"} <= p.problems())
    peer.order("press", "order-1", service="passport")
    assert peer.outcome("order-1", 15)["ok"]
    peer.wait(lambda p: p.result("A001") == "confirmed")
    assert (first.labels, spare.labels) == ([], ["A001"])
    peer.wait(lambda p: p.statuses[-1].get("spare", {}).get("tickets_left"))
    assert peer.statuses[-1]["spare"]["tickets_left"] > 500
    spare.printer.fault("near_end")
    peer.wait(lambda p: "spare_near_end" in p.problems())
    first.printer.fault("none")
    peer.wait(lambda p: p.problems() == {"spare_near_end"})
    peer.order("press", "order-2", service="passport")
    peer.wait(lambda p: p.result("A002") == "confirmed")
    assert (first.labels, spare.labels) == (["A002"], ["A001"])
    assert "spare" in (tmp_path / "data" / "kiosk-entrance.paper").read_text("utf-8")


def test_the_program_killed_with_a_ticket_in_the_first_goes_on_with_both(
    peer: Peer, kiosk: Callable[..., subprocess.Popen[bytes]], virtual: Start
) -> None:
    """The office reads which number waits, its customer what to do; the next ones get theirs, also after a crash."""
    first, spare = virtual(), virtual()
    peer.say(config(first.url, spare=spare.url))
    program = kiosk()
    peer.wait(lambda p: p.statuses and p.statuses[-1].get("spare", {}).get("ready"))
    peer.on_issue = lambda: first.printer.fault("paper_out", after_bytes=IN_THE_TICKET)
    peer.order("press", "order-1", service="passport")
    peer.wait(lambda p: {"held", "on_spare"} <= p.problems())
    peer.on_issue = lambda: None
    peer.order("press", "order-2", service="passport")
    peer.wait(lambda p: p.result("A002") == "confirmed")
    program.kill()
    program.wait(5)
    kiosk()
    peer.wait(lambda p: len(p.statuses) > 1 and {"held", "on_spare"} <= p.problems())
    assert "A001" in str(peer.statuses[-1])
    peer.order("press", "order-3", service="passport")
    peer.wait(lambda p: p.result("A003") == "confirmed")
    assert peer.result("A001") is None
    first.printer.fault("none")
    peer.wait(lambda p: p.result("A001") == "confirmed" and not p.problems())
    assert (first.labels, spare.labels) == (["A001"], ["A002", "A003"])
