"""A desk and its printer in one thread, with time that flies: what the hours of a bad day do in milliseconds.

Real are the desk, the line, the print transaction, the spool on disk and the printer of software; the wire between them
and the clock are made here. The wire carries bytes in no time, and lets a scripted fault strike at any byte of them.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dispatcher.wire import memory
from dispatcher.wire.device import DeviceLink, will_of
from firmware_config.virtual.printer.elements import Piece
from firmware_config.virtual.printer.events import Event, PieceOut, Reply, Restarted, UnknownBytes
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from kiosk import flow
from kiosk.desk import Desk, Office, Setup
from kiosk.devices import escpos_bytes
from kiosk.devices.line import Line
from kiosk.devices.printer import Printer
from kiosk.devices.transport import Port, PrinterGone
from kiosk.spool import RESULTS, Row, Spool
from tests.chaos.truth import COPY, LABEL
from tests.kiosk.peer import KIOSK, NOW, SITE, Peer

OFFICE = "Camera di commercio"
LAST_LINE = "Segui la fila dal telefono"
SETTLED_WITHIN_S = 400.0
AGAIN_S = 20.0
"""Of this time's own seconds, once all is mended."""


OFF_S = 2.0
"""A hand on the switch, and the printer's start: a printer that tells nobody of it is dumb for so long at least."""
MODEL_OF = {"TM-T20II": "TM-T20II", "TM-T88III": "TM-T88III", "KR-306": "KR-306", "POS-58": "POS-5890"}
"""The printers of a bad day, by their profile: process ids, status by itself and a cutter's count; the same without
process ids; only asked; a cheap one of 58 mm without a cutter."""


class Killed(BaseException):
    """The dispenser's power is cut here."""


class Unsettled(BaseException):
    """All is mended, and the dispenser does not come to an end."""


class Over(BaseException):
    """The script has ended and everything is settled."""


@dataclass(frozen=True)
class Step:
    """`what` is press, heal, pause, kill, unplug, plug or a fault of the machine; it happens when `after` more bytes
    have gone over the wire, 0: now. Presses, pauses and what mends happen now."""

    what: str
    after: int = 0


class World:
    """`network`: a connection that breaks, with what is on its way; else a cable that carries it on. `profile`: one of
    `MODEL_OF`."""

    def __init__(self, folder: Path, steps: list[Step], *, network: bool, profile: str = "TM-T20II") -> None:
        self.machine = Machine(MODELS[MODEL_OF[profile]])
        self.pieces: list[Piece] = []
        self.unknown: list[UnknownBytes] = []
        self.network = network
        self.plugged = True
        self._off_until = 0.0
        self.now_s = 1000.0
        self.presses = 0
        self._pressed_at = 0.0
        self.happened: list[str] = []
        """What was done so far, step by step."""
        self._steps = deque(steps)
        self._strikes: list[tuple[int, Step]] = []
        self._carried = 0
        self._wire = bytearray()
        self._said = bytearray()
        self._port: _Port | None = None
        self._spool_path = folder / "spool"
        self._profile = escpos_bytes.profile(profile)
        self._broker = memory.Broker()
        back = memory.Client(self._broker)
        self.peer = Peer(back)
        back.start()
        self._mended_at: float | None = None
        self._note(self.machine.switch_on())

    # ---- the clock

    simulated = False
    pace = 1.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.now_s)

    def wall(self) -> datetime:
        return self.now()

    def monotonic(self) -> float:
        return self.now_s

    # ---- the dispenser

    def run(self) -> list[Row]:
        """Play the script to its end, switching the dispenser on again whenever it was killed; what its spool says
        then."""
        while True:
            self._spool = Spool(self._spool_path)
            client = memory.Client(self._broker, will=will_of(SITE, KIOSK))
            device = DeviceLink(client, SITE, KIOSK)
            client.start()
            self._desk = Desk(device, self._spool, self, notify=_ignore, reported=_nothing, failed=self._failed)
            line = _Line(self, automatic_status=self._profile.automatic_status)
            self._desk.use(Setup(Office(OFFICE, "Europe/Rome", ("it", "en")), Printer(line, self._profile)))
            try:
                self._desk.run()
            except Killed:
                self._port = None
                if self.network:
                    self._wire.clear()
            except Over:
                return self._spool.rows()
            finally:
                self._spool.close()
                client.stop()

    def _failed(self) -> None:
        raise AssertionError("the desk has ended on an error")

    # ---- the wire

    def open(self) -> Port:
        self.wait(0.5)
        if not self.plugged or (self.network and self._off):
            raise PrinterGone("nothing is there")
        self._port = _Port(self)
        self._said.clear()
        return self._port

    def is_open(self, port: Port) -> bool:
        return self._port is port

    def carry(self, data: bytes) -> None:
        """The host's bytes go as far as the printer takes them; what was to strike at one of them strikes."""
        self._wire += data
        self._flow()

    @property
    def _off(self) -> bool:
        return self.now_s < self._off_until

    def _flow(self) -> None:
        while self._wire and self.plugged and not self._off:
            count = min(self.machine.room, len(self._wire))
            due = min((at for at, _ in self._strikes), default=None)
            if due is not None:
                count = min(count, max(0, due - self._carried))
            if count:
                piece = bytes(self._wire[:count])
                del self._wire[:count]
                self._carried += count
                self._note(self.machine.receive(piece))
            struck = [step for at, step in self._strikes if at <= self._carried]
            self._strikes = [(at, step) for at, step in self._strikes if at > self._carried]
            for step in struck:
                self._do(step)
            if not count and not struck:
                return

    def hear(self) -> bytes:
        """What the printer has said and nobody has read."""
        said = bytes(self._said)
        self._said.clear()
        return said

    def wait(self, seconds: float) -> None:
        """Nothing happens by itself now: the script goes on, or time passes."""
        if self._steps:
            step = self._steps.popleft()
            if step.after and step.what not in ("press", "heal", "pause", "plug"):
                self._strikes.append((self._carried + step.after, step))
            else:
                self._do(step)
        else:
            self._end()
        self.now_s += seconds
        self._flow()

    def _end(self) -> None:
        """The script is over: all is mended, one more ticket is taken, and everything must come to its end."""
        if self._mended_at is None:
            self._strikes.clear()
            for what in ("plug", "heal", "press"):
                self._do(Step(what))
            self._mended_at = self.now_s
            return
        rows = self._spool.rows()
        settled = all(row.stage in RESULTS or row.abandoned for row in rows)
        if settled and str(self.presses) in {row.key for row in rows if not row.abandoned}:
            raise Over
        if settled and self.now_s - self._pressed_at > AGAIN_S:
            # the last press came while the printer was still ill, or the power was cut before it counted
            self._do(Step("press"))
        if self.now_s - self._mended_at > SETTLED_WITHIN_S:
            raise Unsettled(f"{rows} {self.machine.condition} {self.happened}")

    # ---- the script

    def _do(self, step: Step) -> None:
        self.happened.append(step.what)
        match step.what:
            case "press":
                self.presses += 1
                self._pressed_at = self.now_s
                press = flow.Press(str(self.presses), "passport", NOW, "it")
                self._desk.issue(flow.Issue(press, {"it": "Passaporti"}))
            case "pause":
                # one who listens hears nothing for so long, and is not to find an answer at the end of it
                self._off_until += 5 if self._off else 0
                self.now_s += 5
            case "kill":
                raise Killed
            case "unplug":
                self.plugged = False
                self._break()
            case "plug":
                self.plugged = True
            case "heal":
                self._note(self.machine.fault("none"))
            case fault:
                self._note(self.machine.fault(fault))  # type: ignore[arg-type]
                if fault == "power_cycle" and not self.machine.model.power_on_notice:
                    self._off_until = self.now_s + OFF_S

    def _break(self) -> None:
        self._port = None
        self._wire.clear()

    def _note(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Reply(data):
                    self._said += data
                case PieceOut(piece, _):
                    self.pieces.append(piece)
                case UnknownBytes():
                    self.unknown.append(event)
                case Restarted() if self.network:
                    self._break()
                    self._said.clear()
                case _:
                    pass


class _Port:
    """The host's end."""

    write_only = False

    def __init__(self, world: World) -> None:
        self._world = world
        self.is_cable = not world.network

    def write(self, data: bytes) -> None:
        self._check()
        self._world.carry(data)

    def read(self, timeout_s: float) -> bytes:
        self._check()
        said = self._world.hear()
        if not said:
            self._world.wait(timeout_s)
            self._check()
            said = self._world.hear()
        return said

    def interrupt(self) -> None:
        return

    def close(self) -> None:
        return

    def line_s(self, count: int) -> float:
        return count * 10 / 19200

    def _check(self) -> None:
        if not self._world.is_open(self):
            raise PrinterGone("the line broke")


class _Line(Line):
    """A line whose waiting is the world's."""

    def __init__(self, world: World, *, automatic_status: bool) -> None:
        super().__init__(world.open, world, automatic_status=automatic_status, changed=_ignore)
        self._world = world

    def idle(self, timeout_s: float) -> None:
        if self._port is None:
            self._world.wait(timeout_s)
        else:
            super().idle(timeout_s)


@dataclass
class Judgement:
    """What is wrong between numbers, results and paper; `faults` must be empty."""

    faults: list[str] = field(default_factory=list)
    unconfirmed: int = 0
    reprints: int = 0


def judge(world: World, rows: list[Row]) -> Judgement:
    """Whether each number has come out once, whole, and the dispatcher is told the truth of it.

    A second whole paper is a fault unless it says that it is a reprint and the printer was switched off under the
    first: then nobody can know that the first is whole. What is one paper `_apart` says.
    """
    found = Judgement()
    stages = {row.key: "failed" if row.abandoned else str(row.stage) for row in rows}
    given = {one["label"]: stages.get(key) for key, one in world.peer.issued.items()}
    found.faults += [f"{label} was given and is not known any more" for label, result in given.items() if not result]
    restarted = "power_cycle" in world.happened
    papers = _papers(world)
    for label, result in given.items():
        whole = [text for text in papers if _is_whole(text, label)]
        copies = sum(COPY in text for text in whole)
        found.reprints += copies
        found.unconfirmed += result == "unconfirmed"
        if len(whole) - copies > 1 or (len(whole) > 1 and not restarted):
            found.faults.append(f"{label} came out {len(whole)} times, {copies} of them marked")
        if result == "confirmed" and not whole:
            found.faults.append(f"{label} is confirmed and did not come out")
        if result == "failed" and whole:
            found.faults.append(f"{label} is void and in somebody's hand")
    if not {"power_cycle", "unplug", "kill"} & set(world.happened):  # they leave half a command behind
        found.faults += [f"unknown bytes {one.raw}" for one in world.unknown]
    return found


def _papers(world: World) -> list[str]:
    """What a customer can hold: what the knife has cut off; without one a ticket's length, torn off under its end. A
    ticket that broke off above another one is none."""
    model = world.machine.model
    strips = [piece.text for piece in world.pieces if piece.cut != "torn" or not model.cutter]
    rest = None if model.cutter else world.machine.page.tear()
    strips += [rest.text] if rest else []
    return [paper for strip in strips for paper in _apart(strip, hangs=model.cutter and not model.process_id)]


def _apart(strip: str, *, hangs: bool) -> list[str]:
    """The tickets of a strip, each for itself.

    `hangs`: a printer that cannot be told to forget what it has, and whose knife alone parts its paper. The connection
    may break between a ticket's last line and its cut. That there was no cut its counter says; how much of the ticket
    hangs in it nobody can know, and to cut it off would put a second paper into the customer's hand. So the reprint
    comes out under it, and both are one paper: that only where the reprint is marked, and of the same number.
    """
    papers: list[str] = []
    above = None
    for part in re.split(rf"(?<={LAST_LINE})\n|\n(?={OFFICE}\n)", strip):
        number = next((line for line in _lines(part) if LABEL.fullmatch(line)), None)
        if number is None:
            continue  # too little to be anybody's
        if hangs and number == above and COPY in part and _is_whole(papers[-1], number):
            papers[-1] += "\n" + part
        else:
            papers.append(part)
        above = number
    return papers


def _is_whole(text: str, label: str) -> bool:
    lines = _lines(text)
    return OFFICE in lines and label in lines and LAST_LINE in lines


def _lines(text: str) -> list[str]:
    # Of the orders that begin a ticket a printer that has just started needs none; what is left of one is a sign.
    return [line.strip().lstrip("@.") for line in text.splitlines()]


def _ignore(_event: object) -> None:
    return


def _nothing() -> None:
    return
