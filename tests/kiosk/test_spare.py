"""A second printer as the spare of the first: B3, B4. Tickets go there while the first is in trouble; what the first
may still have in it stays its own, so nothing is printed on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from firmware_config.virtual.printer.link import Link, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer as VirtualPrinter
from firmware_config.virtual.printer.roll import Roll
from kiosk import flow
from kiosk.devices import escpos_bytes, transport
from kiosk.devices.line import Line
from kiosk.devices.printer import Printer
from kiosk.setup import Office, Setup
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW, Peer, config

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

    def begin() -> tuple[Rig, Virtual, Virtual]:
        desk = rig(first.url, start=False)
        second = Line(
            transport.parse(spare.url), desk.printer.line._clock, automatic_status=True, changed=lambda _: None
        )
        profile = escpos_bytes.profile("TM-T20II")
        office = Office("Camera di commercio", "Europe/Rome", ("it", "en"))
        desk.desk.use(Setup(office, desk.printer, Printer(second, profile)))
        desk.desk.start()
        desk.reporter.start()
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
