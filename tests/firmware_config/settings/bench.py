"""A printer made of software at the end of a line that breaks where the test wants it. No port, no waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from firmware_config import apply, escpos, plan
from firmware_config.errors import LineGone
from firmware_config.ledger import Ledger, MemoryBook
from firmware_config.model import Desired, Found, LineSettings, Picture, Plan, Value
from firmware_config.port import Place
from firmware_config.profile import profiles
from firmware_config.session import Session, connect
from firmware_config.virtual.printer.events import Reply, Restarted
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.nv import Memory

TODAY = date(2026, 11, 23)
DOTS = Picture(16, 2, bytes.fromhex("F00F 1004"), "0" * 32)
OTHER_DOTS = Picture(16, 2, bytes.fromhex("0FF0 1B40"), "1" * 32)
WISHES: dict[str, Value] = {
    "switch.power_on_notice": True,
    "switch.busy_only_when_full": True,
    "switch.cr_is_lf": True,
    "print.density": 120,
    "print.speed": 9,
    "line.baud": 38400,
    "line.flow": "xon",
}


def wish(model: str = "TM-T20II", values: Mapping[str, Value] | None = None, **logos: Picture) -> Desired:
    """What the office wants; `logos` by key."""
    return Desired(model, WISHES if values is None else values, logos)


@dataclass
class Cable:
    """The line to `machine`; each direction carries `out` and `back` bytes more and then breaks. `power`: it breaks
    because the printer's power fails, which comes back at once. `again`: the plug is put in again at once, and the line
    opens anew. `speed`: a serial line, heard at one speed alone."""

    machine: Machine
    out: int | None = None
    back: int | None = None
    power: bool = False
    again: bool = False
    speed: bool = True
    sent: int = 0
    first_write: tuple[int, int] | None = None
    heard: int = 0
    wires: list[_Wire] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place("serial:///dev/printer", LineSettings() if self.speed else None, self._open)

    def _open(self, settings: LineSettings | None) -> _Wire:
        self.wires.append(_Wire(self, settings))
        return self.wires[-1]

    def mend(self) -> None:
        self.out = self.back = None


class _Wire:
    def __init__(self, cable: Cable, settings: LineSettings | None) -> None:
        self._cable, self._settings = cable, settings
        self._waiting = b""
        self._gone = False

    def _break(self) -> None:
        self._gone = True
        if self._cable.power:
            self._cable.machine.fault("power_cycle")
        if self._cable.again:
            self._cable.again = False
            self._cable.mend()
        raise LineGone("the line broke")

    def write(self, data: bytes) -> None:
        cable = self._cable
        if self._gone:
            raise LineGone("the line broke")
        passed = data if cable.out is None else data[: max(0, cable.out - cable.sent)]
        if cable.first_write is None and data == escpos.ENTER:
            cable.first_write = cable.sent, cable.heard
        cable.sent += len(passed)
        understood = self._settings is None or self._settings.baud == cable.machine.line.baud
        for event in cable.machine.receive(passed) if understood else ():
            if isinstance(event, Restarted):
                self._gone = True
                self._waiting = b""
            elif isinstance(event, Reply) and not self._gone:
                self._waiting += event.data
        if len(passed) < len(data):
            self._break()

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        cable = self._cable
        if self._gone:
            raise LineGone("the line broke")
        data, self._waiting = self._waiting, b""
        passed = data if cable.back is None else data[: max(0, cable.back - cable.heard)]
        cable.heard += len(passed)
        if len(passed) < len(data):
            self._waiting = b""
            if not passed:
                self._break()
            cable.back = cable.heard  # the rest breaks the line at the next reading
            self._waiting = data[len(passed) :]
        return passed

    def line_s(self, count: int) -> float:
        del count
        return 0.0

    def close(self) -> None:
        self._gone = True


def printer(model: str = "TM-T20II", **line: int) -> Machine:
    """One that comes from the works."""
    memory = Memory(model)
    memory.line = replace(memory.line, **line)
    return Machine(MODELS[model], memory=memory)


def open_session(cable: Cable, desired: Desired, ledger: Ledger | None = None) -> Session:
    """As the command does it."""
    profile = profiles()[desired.printer]
    return connect(
        cable.place,
        expected=profile,
        likely=(replace(LineSettings(), baud=int(desired.values.get("line.baud", 19200))),),
        interrupted=ledger.interrupted(cable.place.url) if ledger else False,
        pause=lambda _seconds: None,
    )


def look(cable: Cable, desired: Desired, ledger: Ledger | None = None) -> tuple[Found, Plan]:
    """Read it, and compare."""
    session = open_session(cable, desired, ledger)
    found = session.read()
    session.close()
    return found, plan.plan(profiles()[desired.printer], found, desired)


def put(cable: Cable, desired: Desired, ledger: Ledger) -> apply.Outcome:
    """Apply."""
    session = open_session(cable, desired, ledger)
    try:
        found = session.read()
        return apply.apply(session, found, desired, ledger)
    finally:
        session.close()


def ledger() -> Ledger:
    """A new one."""
    return Ledger(MemoryBook(), lambda: TODAY)


class HasMemory(Protocol):
    """A printer."""

    memory: Memory


def truth(machine: HasMemory) -> dict[str, object]:
    """What the printer's own memory holds, in the words of the settings, worked out by hand for the TM-T20II."""
    memory = machine.memory
    one, density = memory.switches[1], memory.customs[5]
    return {
        "switch.power_on_notice": one[7] == "1",
        "switch.small_buffer": one[6] == "1",
        "switch.busy_only_when_full": one[5] == "1",
        "switch.ignore_receive_errors": one[4] == "1",
        "switch.cr_is_lf": one[3] == "1",
        "print.density": 100 + 5 * (density if density < 9 else density - 65536),
        "print.speed": memory.customs[6],
        "print.paper_mm": {2: 58, 6: 80}[memory.customs[3]],
        "memory.user": memory.customs[1],
        "memory.graphics": memory.customs[2],
        "line.baud": memory.line.baud,
        "line.parity": ("none", "odd", "even")[memory.line.parity],
        "line.flow": ("dtr", "xon")[memory.line.flow],
        "line.bits": memory.line.bits,
    }
