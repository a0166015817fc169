"""Every fault of the printer and of the power × before, during and after a ticket and while the dispenser gets new
settings, over TCP and over a serial line (B3, B4, item 7 of the dispenser's hardware).

The cells are made from one table. In each the customer is told, nothing is lost, nothing comes out twice, the office is
told and hears when it is over, and the dispenser recovers without a hand on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest

from kiosk.texts import Words
from tests.chaos import truth
from tests.chaos.stand import NOTICED_S, RECOVERED_S, Stand, standing
from tests.chaos.tally import Tally
from tests.chaos.telling import tell
from tests.journeys.waiting import wait_until

MOMENTS = ("before", "during", "after", "configuration")
TRANSPORTS = ("tcp", "pty")
SLOW_BAUD = 2400
TICKET_BYTES = 220
FIRST_QUESTION_BYTES = 5
"""So far into what is asked of a printer whose line has just been opened."""


@dataclass(frozen=True)
class Fault:
    """`problem` is the code by which the office is told, None when there is nothing to be told; `stops`: no ticket can
    be had while it lasts; `kiosk`: the dispenser's own power goes. `not_applicable` gives the reason of each cell that
    cannot be."""

    name: str
    problem: str | None = None
    stops: bool = True
    kiosk: bool = False
    not_applicable: tuple[tuple[str, str], ...] = ()


ROWS = (
    Fault("near_end", "near_end", stops=False),
    Fault("paper_out", "paper_out"),
    Fault("cover", "cover_open"),
    Fault("cutter", "cutter"),
    Fault("jam", "jam"),
    Fault("unplug", "printer_off"),
    Fault("replug", stops=False),
    Fault("silence", "unknown_status"),
    Fault("slow", stops=False),
    Fault("full", "unknown_status"),
    Fault("power_cycle", stops=False),
    Fault("kiosk", stops=False, kiosk=True),
    Fault("both", stops=False, kiosk=True),
)
IN_SHORT = {
    ("pty", "jam", "before"), ("pty", "unplug", "during"), ("pty", "both", "after"), ("pty", "full", "configuration"),
}  # fmt: skip
"""The cells of the short run: each moment once, with the faults that the older matrix does not know."""
MAY_REPRINT = ("unplug", "replug", "power_cycle", "both", "kiosk")
"""Faults after which nobody may know whether a paper that lies there whole was the ticket: the reprint says so."""
HALF_COMMANDS = (*MAY_REPRINT, "silence", "full")
"""Faults that may leave half a command in the printer, or take its first half away: the other half is no command."""
CELLS = [
    pytest.param(
        transport,
        fault,
        moment,
        id=f"{transport}-{fault.name}-{moment}",
        marks=[] if (transport, fault.name, moment) in IN_SHORT else [pytest.mark.full],
    )
    for transport, fault, moment in product(TRANSPORTS, ROWS, MOMENTS)
]


@pytest.fixture(scope="module")
def stands(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tallies: dict[str, Tally]
) -> Iterator[dict[str, Stand]]:
    """A dispenser for each transport, begun when the first cell needs it."""
    from contextlib import ExitStack

    with ExitStack() as open_ones:

        class _Stands(dict[str, Stand]):
            def __missing__(self, transport: str) -> Stand:
                made = open_ones.enter_context(standing(tmp_path_factory.mktemp(f"stand-{transport}"), transport))
                made.take()
                self[transport] = made
                return made

        every = _Stands()
        yield every
        for transport, stand in every.items():
            told = f"{len(stand.issued())} tickets, {len(stand.papers())} papers"
            tell(request.config, f"printer and power faults over {transport}: {tallies[transport]}; {told}")


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    """By transport."""
    return {transport: Tally([fault.name for fault in ROWS], MOMENTS) for transport in TRANSPORTS}


@pytest.mark.parametrize(("transport", "fault", "moment"), CELLS)
def test_cell(stands: dict[str, Stand], tallies: dict[str, Tally], transport: str, fault: Fault, moment: str) -> None:
    """B3 B4: one fault at one moment."""
    with tallies[transport].cell(fault.name, moment, dict(fault.not_applicable).get(moment)):
        _cell(stands[transport], fault, moment)


def _cell(stand: Stand, fault: Fault, moment: str) -> None:
    stand.well()
    known, papers, unknown = len(stand.issued()), len(stand.papers()), stand.printer.unknown_count
    try:
        _story(stand, fault, moment, known)
    finally:
        _heal(stand)
    stand.well()
    stand.take()
    assert truth.paper_faults(stand.stored(), stand.papers()) == [], stand.why()
    labels = stand.issued()[known:]
    assert labels == sorted(set(labels)), "one number for each ticket, in their order"
    assert {stand.peer.result(label) for label in labels} == {"confirmed"}
    fresh = [(truth.label_of(one), one["cut"], truth.marked(one)) for one in stand.papers()[papers:]]
    for label, cut, is_copy in fresh:
        torn = any(other == label and not whole for other, whole, _ in fresh)
        assert cut or any(other == label and whole for other, whole, _ in fresh) or label is None, fresh
        assert not is_copy or torn or fault.name in MAY_REPRINT, f"a reprint without a reason: {fresh}"
    if fault.name not in HALF_COMMANDS:
        assert stand.printer.unknown_count == unknown


def _story(stand: Stand, fault: Fault, moment: str, known: int) -> None:
    match moment:
        case "before":
            _cause(stand, fault)
            _told(stand, fault, known)
            if not fault.stops:
                stand.take()
        case "during":
            _cause_within_a_ticket(stand, fault, known)
            label = stand.issued()[known]
            if fault.stops:
                wait_until(lambda: "held" in stand.problems(), NOTICED_S, stand.why)
                stand.shows(rf"Your number is {_as_read(label)}")
                _told(stand, fault, known + 1)
                _heal(stand)
            assert stand.result(label) == "confirmed"
        case "after":
            stand.take()
            _cause(stand, fault)
            _told(stand, fault, known + 1)
        case _:
            _cause_while_configured(stand, fault)
            _told(stand, fault, known)


def _as_read(label: str) -> str:
    """A label as tesseract may read it: its zeros have a stroke, beside which a nine becomes a letter too."""
    return label[0] + label[1:].translate(str.maketrans({"0": "[0-9A-Z@]{1,2}", "9": "[9QYgq]"}))


def _cause(stand: Stand, fault: Fault) -> None:
    printer = stand.printer
    if fault.kiosk:
        stand.switch_off()
    match fault.name:
        case "replug":
            printer.fault("unplug")
            printer.fault("plug")
        case "slow":
            printer.fault("slow", baud=SLOW_BAUD)
        case "both":
            printer.fault("power_cycle")
        case "kiosk":
            pass
        case name:
            printer.fault(name)
    if fault.kiosk:
        wait_until(lambda: not stand.online(), NOTICED_S, stand.why)
        stand.switch_on()
        wait_until(stand.online, RECOVERED_S, stand.why)


def _cause_within_a_ticket(stand: Stand, fault: Fault, known: int) -> None:
    """Press, and let the fault strike when half of the ticket has reached the printer."""
    printer = stand.printer
    if fault.name in ("unplug", "replug", "slow") or fault.kiosk:
        printer.fault("slow", baud=SLOW_BAUD)
        assert stand.press()["ok"]
        wait_until(lambda: len(stand.issued()) > known, NOTICED_S, stand.why)
        start = printer.state()["bytes_received"]
        wait_until(lambda: printer.state()["bytes_received"] >= start + TICKET_BYTES // 2, NOTICED_S, stand.why)
        _cause(stand, fault)
    else:
        stand.peer.on_issue = lambda: printer.fault(fault.name, after_bytes=TICKET_BYTES // 2)
        try:
            assert stand.press()["ok"]
            wait_until(lambda: len(stand.issued()) > known, NOTICED_S, stand.why)
        finally:
            stand.peer.on_issue = lambda: None


def _cause_while_configured(stand: Stand, fault: Fault) -> None:
    """New settings make the dispenser open its line anew; the fault strikes while it asks who is there."""
    printer = stand.printer
    at_once = fault.name in ("unplug", "replug", "slow") or fault.kiosk
    if not at_once:
        printer.fault(fault.name, after_bytes=FIRST_QUESTION_BYTES)
    before = printer.state()["bytes_received"]
    stand.say(site_name=f"Camera di commercio {len(stand.issued())}-{stand.orders}")
    if at_once:
        _cause(stand, fault)
    else:
        wait_until(lambda: printer.state()["bytes_received"] >= before + FIRST_QUESTION_BYTES, NOTICED_S, stand.why)


def _told(stand: Stand, fault: Fault, known: int) -> None:
    """The office knows; if no ticket can be had, a press is refused, takes no number, and the screen says so."""
    if fault.problem is not None:
        wanted = fault.problem
        wait_until(lambda: wanted in stand.problems(), NOTICED_S, stand.why)
    if fault.stops:
        answer = stand.press()
        assert (answer["ok"], answer.get("code")) == (False, "out_of_service"), stand.why()
        stand.shows(re.escape(Words("en").say(f"out.{fault.problem}").rstrip(".")))
        assert len(stand.issued()) == known


def _heal(stand: Stand) -> None:
    """The cause is gone: what the staff do at the printer, not at the dispenser."""
    stand.printer.fault("none")
