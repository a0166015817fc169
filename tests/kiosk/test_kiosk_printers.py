"""Printers of other makers: how they cut, hold a ticket out, and take back what nobody took (B2, B3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

import pytest

from dispatcher.wire.clock import ManualClock, SystemClock
from firmware_config.virtual.printer.events import PieceOut, UnknownBytes
from firmware_config.virtual.printer.link import Link, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer as VirtualPrinter
from firmware_config.virtual.printer.roll import Roll
from kiosk import flow
from kiosk.devices import escpos_bytes, transport
from kiosk.devices.line import Line
from kiosk.devices.mouth import LEFT_S, TOLD_S, Mouth
from kiosk.receipt import layout
from tests.kiosk.conftest import Rig, Virtual
from tests.kiosk.peer import NOW
from tests.kiosk.test_receipt import TICKET, URL

MODEL_OF = {
    "KPM180": "KPM180",
    "VKP80": "KPM180",
    "Reliance": "Reliance",
    "SK1": "TSP600",
    "POS-58": "POS-5890",
    "TM-L90-mark": "TM-L90",
    "TH230": "TH230",
}


@pytest.fixture
def other(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Virtual]]:
    """other("KPM180") → a printer of that model on a network line."""
    links: list[Link] = []

    def begin(model: str) -> Virtual:
        printer = VirtualPrinter(Machine(MODELS[model]), Roll(MODELS[model], None, lambda: NOW))
        port = TcpPort("127.0.0.1", 0)
        links.append(Link(printer, port, monotonic))
        links[-1].start()
        return Virtual(printer, port)

    yield begin
    for link in links:
        link.stop()


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("profile", MODEL_OF)
def test_two_tickets_come_out_whole_and_nothing_is_unknown(profile: str, slow: bool) -> None:
    known = escpos_bytes.profile(profile)
    machine = Machine(MODELS[MODEL_OF[profile]])
    for label in ("A045", "A046"):
        ticket = replace(TICKET, label=label)
        receipt = layout(ticket, columns=known.columns, encoding=escpos_bytes.encoding_of(known))
        events = machine.receive(escpos_bytes.build(receipt, known, slow=slow))
        assert [event for event in events if isinstance(event, UnknownBytes)] == []
        pieces = [event.piece for event in events if isinstance(event, PieceOut)]
        if known.cutter:
            assert len(pieces) == 1
            assert not pieces[0].through, "cut through the text"
            lines = pieces[0].text.splitlines()
            assert (lines[0], lines[1]) == ("Camera di commercio", label)
            assert lines[-1] == "Segui la fila dal telefono"
            assert known.native_qr or not slow or URL in pieces[0].text.replace("\n", "")


@pytest.mark.parametrize("profile", ["KPM180", "Reliance"])
def test_a_ticket_is_presented_and_confirmed(
    other: Callable[[str], Virtual], rig: Callable[..., Rig], profile: str
) -> None:
    printer = other(profile)
    desk = rig(printer.url, profile=profile)
    desk.condition(lambda condition: condition.ready)
    desk.press("one")
    paper = desk.wait(lambda events: next((e for e in events if isinstance(e, flow.Paper)), None), 40)
    assert (paper.result, printer.labels) == ("confirmed", ["A001"])
    assert printer.printer.state()["ticket_at_output"] is True
    assert printer.printer.unknown_count == 0


@pytest.mark.parametrize(("profile", "kind"), [("KPM180", "custom"), ("Reliance", "pyramid")])
def test_what_nobody_takes_goes_back_in_and_the_office_is_told(
    other: Callable[[str], Virtual], profile: str, kind: str
) -> None:
    printer, clock = other(profile), ManualClock(NOW)
    line = Line(transport.parse(printer.url), SystemClock(), automatic_status=False, changed=lambda _: None)
    mouth = Mouth(line, kind, clock)
    known = escpos_bytes.profile(profile)
    ticket = escpos_bytes.build(layout(TICKET, columns=known.columns), known)

    def give(label: str) -> None:
        line.refresh()
        line.write(ticket)
        mouth.presented(label)

    give("A045")
    mouth.watch()
    printer.printer.fault("ticket_taken")
    clock.advance(seconds=LEFT_S + 1)
    mouth.watch()
    assert (mouth.left, printer.printer.state()["retracted"]) == (None, 0)
    give("A046")
    mouth.watch()
    clock.advance(seconds=LEFT_S - 1)
    mouth.watch()
    assert printer.printer.state()["retracted"] == 0
    clock.advance(seconds=2)
    mouth.watch()
    assert mouth.left == "A046"
    line.refresh()
    assert printer.printer.state()["retracted"] == 1
    clock.advance(seconds=TOLD_S)
    assert mouth.left is None
    line.close()


def test_custom_s_notch_is_cut_at() -> None:
    known = escpos_bytes.profile("KPM180-notch")
    data = escpos_bytes.build(layout(TICKET, columns=known.columns), known)
    assert data.startswith(bytes.fromhex("1D 65 05 1B 40"))
    assert data.endswith(bytes.fromhex("1D F8 1B 69 1D 65 03 00"))
