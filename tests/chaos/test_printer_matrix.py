"""Every fault of the printer, before, during and after a ticket, over TCP and over a serial line (B3, B4).

The cells are made from one table. In each the customer is told, the ticket is neither lost nor doubled, the office
knows, and the dispenser recovers without a hand on it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos import truth
from tests.chaos.bench import KIOSK, NOTICED_S, ON_SCREEN_S, OUT_OF_SERVICE, SERVICE, Bench
from tests.chaos.tally import Tally
from tests.chaos.telling import tell
from tests.journeys import printers, sites
from tests.journeys.office import running
from tests.journeys.waiting import wait_until
from tests.rounds import in_turn

pytestmark = pytest.mark.journey
MOMENTS = ("before", "during", "at the end", "after")
"""`at the end`: when all but the last bytes, the question whether it is on paper, have reached the printer."""
TRANSPORTS = ("tcp", "pty")
SLOW_BAUD = 2400


@dataclass(frozen=True)
class Fault:
    """`problem` is the code by which the office is told, None when there is nothing to be told; `stops`: no ticket can
    be had while it lasts. `not_applicable` gives the reason for each cell that cannot be."""

    name: str
    problem: str | None = None
    stops: bool = True
    not_applicable: tuple[tuple[str, str], ...] = ()


FAULTS = (
    Fault("near_end", "near_end", stops=False),
    Fault("paper_out", "paper_out"),
    Fault("cover", "cover_open"),
    Fault("cutter", "cutter"),
    Fault("power_cycle", stops=False),
    Fault("silence", "unknown_status"),
    Fault("unplugged", "printer_off"),
    Fault("slow", stops=False),
)


@pytest.fixture(scope="module")
def benches(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Bench]]:
    """An office for each transport, opened when the first cell needs it."""
    made = dict[str, Bench]()
    with contextlib.ExitStack() as opened:

        def of(transport: str) -> Bench:
            if transport not in made:
                folder = tmp_path_factory.mktemp(f"matrix-{transport}")
                made[transport] = opened.enter_context(_office(folder, transport))
            return made[transport]

        yield of
        for transport, bench in made.items():
            papers = f"{len(bench.stored())} tickets, {len(bench.papers())} papers"
            tell(request.config, f"printer faults over {transport}: {bench.tally}; {papers}")


@contextlib.contextmanager
def _office(folder: Path, transport: str) -> Iterator[Bench]:
    make = printers.network_printer if transport == "tcp" else printers.serial_printer
    with make(folder / "printer") as printer:
        text = sites.site() + sites.service(SERVICE, "A") + sites.counter("1", SERVICE)
        text += sites.table("kiosk", id=KIOSK, printer=printer.url)
        with running(folder, text) as office:
            made = Bench(office, printer, tally=Tally([fault.name for fault in FAULTS], MOMENTS))
            made.take()
            before = printer.panel.state()["bytes_received"]
            made.take()
            made.ticket_bytes = printer.panel.state()["bytes_received"] - before
            yield made


@pytest.mark.parametrize(("transport", "fault", "moment"), in_turn(TRANSPORTS, FAULTS, MOMENTS))
def test_cell(benches: Callable[[str], Bench], transport: str, fault: Fault, moment: str) -> None:
    """B3 B4: one fault at one moment."""
    bench = benches(transport)
    with bench.tally.cell(fault.name, moment, dict(fault.not_applicable).get(moment)):
        _cell(bench, fault, moment)


def _cell(bench: Bench, fault: Fault, moment: str) -> None:
    bench.well()
    known, papers = len(bench.stored()), len(bench.papers())
    try:
        _story(bench, fault, moment, known)
    finally:
        _heal(bench, fault)
    bench.well()
    after = bench.take()
    assert after.paper == "confirmed"
    assert truth.paper_faults(bench.stored(), bench.papers()) == []
    labels = [one.label for one in bench.stored()[known:]]
    assert labels == sorted(set(labels)), "one number for each ticket, in their order"
    assert [one.paper for one in bench.stored()[known:]] == ["confirmed"] * len(labels)
    fresh = [(truth.label_of(one), one["cut"], truth.marked(one)) for one in bench.papers()[papers:]]
    for label, cut, is_copy in fresh:
        torn = any(other == label and not whole for other, whole, _ in fresh)
        assert cut or any(other == label and whole for other, whole, _ in fresh) or label is None, fresh
        assert not is_copy or torn or fault.name in ("unplugged", "power_cycle"), f"a reprint without a reason: {fresh}"


def _story(bench: Bench, fault: Fault, moment: str, known: int) -> None:
    if moment == "before":
        _cause(bench, fault)
        _reported(bench, fault)
        if fault.stops:
            _refused(bench, known)
        else:
            assert bench.take().paper == "confirmed"
        return
    if moment == "after":
        assert bench.take().paper == "confirmed"
        _cause(bench, fault)
        _reported(bench, fault)
        if fault.stops:
            _refused(bench, known + 1)
        return
    _cause_within(bench, fault, moment)
    if fault.stops:
        wait_until(lambda: "held" in bench.problems(), NOTICED_S, lambda: (bench.status(), bench.log()))
        label = bench.stored()[known].label
        _reported(bench, fault)
        bench.shows_number(label)
        _refused(bench, known + 1)
        _heal(bench, fault)
    assert bench.ended(known).state == "waiting"


def _cause(bench: Bench, fault: Fault) -> None:
    if fault.name == "unplugged":
        bench.printer.unplug()
    elif fault.name == "slow":
        bench.printer.panel.fault("slow", baud=SLOW_BAUD)
    else:
        bench.printer.panel.fault(fault.name)


def _cause_within(bench: Bench, fault: Fault, moment: str) -> None:
    """Press, and let the fault strike when so much of the ticket has reached the printer."""
    panel, bytes_ = bench.printer.panel, bench.ticket_bytes
    strike = bytes_ // 2 if moment == "during" else bytes_ - 5
    if fault.name in ("unplugged", "slow"):
        start = panel.state()["bytes_received"]
        panel.fault("slow", baud=SLOW_BAUD)
        assert bench.press() == 200
        wait_until(lambda: panel.state()["bytes_received"] >= start + strike - 60, 20, panel.state)
        _cause(bench, fault)
    else:
        panel.fault(fault.name, after_bytes=strike)
        assert bench.press() == 200


def _reported(bench: Bench, fault: Fault) -> None:
    """The office knows, by the dispenser's status."""
    if fault.problem is not None:
        wanted = fault.problem
        wait_until(lambda: wanted in bench.problems(), NOTICED_S, lambda: (bench.status(), bench.log()))


def _refused(bench: Bench, known: int) -> None:
    """No ticket can be had: the press is refused, takes no number, and the screen says so."""
    answer = bench.office.press(KIOSK, SERVICE)
    assert (answer.status, answer.code) == (409, "out_of_service")
    wait_until(lambda: bench.says(OUT_OF_SERVICE), ON_SCREEN_S, lambda: [*bench.read.values()][-3:])
    assert len(bench.stored()) == known


def _heal(bench: Bench, fault: Fault) -> None:
    """The cause is gone: what the staff do at the printer, not at the dispenser."""
    if fault.name == "unplugged":
        bench.printer.unplug()
        bench.printer.plug()
    else:
        bench.printer.panel.fault("none")
