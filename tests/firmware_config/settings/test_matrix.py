"""Every fault of a printer before, during and after its configuration: told truly, and mended by applying again. [F3]

The cells are made from one table; each line (a serial line, a network) prints how many there are. `make test-full` has
them on a real pseudo terminal and a real socket too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Protocol

import pytest

from firmware_config import apply
from firmware_config.errors import FirmwareError
from firmware_config.ledger import Ledger
from firmware_config.model import Desired, LineSettings, Picture
from firmware_config.plan import plan
from firmware_config.port import Place, place
from firmware_config.profile import profiles
from firmware_config.session import Session, connect
from firmware_config.virtual.printer.link import Port
from firmware_config.virtual.printer.nv import Memory
from firmware_config.virtual.printer.printer import Printer
from tests.chaos.tally import Tally
from tests.chaos.telling import tell
from tests.firmware_config.settings.bench import Cable, ledger, printer, truth, wish

MOMENTS = ("before", "in the settings", "in the logo", "after")
FAULTS = (
    "near_end", "paper_out", "cover", "cutter", "jam", "power_cycle", "silence", "unplugged", "replug", "small_buffer",
    "slow",
)  # fmt: skip
IN_MEMORY = ("serial cable in memory", "network cable in memory")
REAL = ("pty", "tcp")
HARMLESS = {"near_end", "small_buffer", "slow"}
LOGO = Picture(64, 8, bytes(range(64)), "ab" * 16)
VALUES = {"print.density": 90, "switch.cr_is_lf": True, "line.baud": 38400}
NOT_ON_A_CABLE = "a cable in memory takes no time"
CUT_ELSEWHERE = "cut at an exact byte on the cable in memory"


class Rig(Protocol):
    """A printer on a line."""

    @property
    def memory(self) -> Memory: ...

    @property
    def place(self) -> Place: ...

    def strike(self, fault: str, at_byte: int | None) -> None:
        """Now, or when so many bytes more have gone to the printer."""
        ...

    def heal(self) -> None: ...

    def pause(self, seconds: float) -> None: ...

    def not_applicable(self, fault: str) -> str | None: ...


class _InMemory:
    def __init__(self, speed: bool) -> None:
        self.machine = printer()
        self.memory = self.machine.memory
        self._cable = Cable(self.machine, speed=speed)

    @property
    def place(self) -> Place:
        return self._cable.place

    def strike(self, fault: str, at_byte: int | None) -> None:
        if fault in ("unplugged", "replug"):
            self._cable.out = self._cable.sent + (at_byte or 0)
            self._cable.again = fault == "replug"
        elif at_byte is None:
            self.machine.fault(fault)  # type: ignore[arg-type]
        else:
            self.machine.arm(fault, at_byte)  # type: ignore[arg-type]

    def heal(self) -> None:
        self._cable.mend()
        self.machine.fault("none")
        self.machine.receive(bytes.fromhex("10 05 02"))  # the hand that took the jam out

    def pause(self, seconds: float) -> None:
        """Nothing to wait for."""

    def not_applicable(self, fault: str) -> str | None:
        return NOT_ON_A_CABLE if fault == "slow" else None


class _Real:
    def __init__(self, printer: Printer, port: Port, memory: Memory) -> None:
        self._printer, self._port, self.memory = printer, port, memory

    @property
    def place(self) -> Place:
        return place(self._port.url)

    def strike(self, fault: str, at_byte: int | None) -> None:
        if fault == "slow":
            self._printer.fault("slow", baud=2400)
        else:
            self._printer.fault(fault, after_bytes=at_byte)

    def heal(self) -> None:
        self._printer.fault("none")
        self._printer.hear(bytes.fromhex("10 05 02"))

    def pause(self, seconds: float) -> None:
        """This printer has begun anew long before a real one has."""
        threading.Event().wait(min(seconds, 0.15))

    def not_applicable(self, fault: str) -> str | None:
        return CUT_ELSEWHERE if fault in ("unplugged", "replug") else None


def _session(rig: Rig, desired: Desired, book: Ledger) -> Session:
    session = connect(
        rig.place,
        expected=profiles()["TM-T20II"],
        likely=(LineSettings(baud=38400),),
        interrupted=book.interrupted(rig.place.url),
        pause=rig.pause,
    )
    session.profile = replace(profiles()["TM-T20II"], settle_s=0.05)
    return session


def _apply(rig: Rig, desired: Desired, book: Ledger, before: Callable[[], None] = lambda: None) -> apply.Outcome | None:
    """None: refused or broken before the first byte was written."""
    try:
        session = _session(rig, desired, book)
        try:
            found = session.read()
            before()
            return apply.apply(session, found, desired, book)
        finally:
            session.close()
    except FirmwareError:
        return None


def _cell(rig: Rig, fault: str, moment: str) -> None:
    small = fault == "small_buffer"
    desired, book = wish(values={**VALUES, **({"switch.small_buffer": True} if small else {})}, L1=LOGO), ledger()
    if moment == "before" and not small:
        rig.strike(fault, None)
    at_byte = {"in the settings": 30, "in the logo": 150}.get(moment)
    during = moment.startswith("in") and not small
    outcome = _apply(rig, desired, book, (lambda: rig.strike(fault, at_byte)) if during else (lambda: None))
    if moment == "after" and not small:
        rig.strike(fault, None)
    if fault in HARMLESS or moment == "after":
        assert outcome is not None
        assert outcome.well, outcome
    elif fault != "power_cycle" or moment != "before":
        assert outcome is None or outcome.error, outcome
    if outcome is not None and outcome.error:
        everything = {*outcome.confirmed, *outcome.unknown, *outcome.untouched}
        assert everything == {*desired.values, "logo.L1"}, "each setting is told once"
    rig.heal()
    session = _session(rig, desired, book)
    found = session.read()
    session.close()
    assert found.values == truth(rig)
    left = plan(profiles()["TM-T20II"], found, desired)
    kept = rig.memory.logos.get(b"L1")
    assert ("logo.L1" in {one.setting for one in left.changes}) or (kept and kept.data == LOGO.data)
    again = _apply(rig, desired, book)
    assert again is not None
    assert again.well, again
    written = rig.memory.writes
    second = _apply(rig, desired, book)
    assert second is not None
    assert (second.well, rig.memory.writes) == (True, written), "a second apply writes nothing"


@pytest.fixture(scope="module")
def tallies(request: pytest.FixtureRequest) -> Iterator[dict[str, Tally]]:
    """By line; what a run did not touch is not told."""
    made = {line: Tally(FAULTS, MOMENTS) for line in (*IN_MEMORY, *REAL)}
    yield made
    for line, tally in made.items():
        if tally.begun:
            tell(request.config, f"faults of a configuration over {line}: {tally}")


def _run(rig: Rig, fault: str, moment: str, tally: Tally) -> None:
    with tally.cell(fault, moment, rig.not_applicable(fault)):
        _cell(rig, fault, moment)


@pytest.mark.parametrize("line", IN_MEMORY)
@pytest.mark.parametrize(("fault", "moment"), list(product(FAULTS, MOMENTS)))
def test_cell(line: str, fault: str, moment: str, tallies: dict[str, Tally]) -> None:
    _run(_InMemory(line == IN_MEMORY[0]), fault, moment, tallies[line])


@pytest.mark.full
@pytest.mark.parametrize("line", REAL)
@pytest.mark.parametrize(("fault", "moment"), list(product(FAULTS, MOMENTS)))
def test_cell_on_a_real_line(
    line: str, fault: str, moment: str, tallies: dict[str, Tally], start: Callable[..., tuple[Printer, Port]]
) -> None:
    memory = Memory("TM-T20II")
    made, port = start(line, baud=19200 if line == "pty" else None, serial_line=line == "pty", memory=memory)
    _run(_Real(made, port, memory), fault, moment, tallies[line])
