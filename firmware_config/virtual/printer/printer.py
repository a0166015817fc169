"""The machine with its roll, for several threads: the link feeds it, the control interface has its hands on it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from firmware_config.virtual.printer.events import Beeped, Event, Ignored, PieceOut, Reply, Restarted, UnknownBytes
from firmware_config.virtual.printer.machine import FAULTS, Fault, Machine
from firmware_config.virtual.printer.rate import LineRate
from firmware_config.virtual.printer.roll import Roll

log = logging.getLogger(__name__)
LINE_FAULTS = ("unplug", "plug")
_KEEP = 1000


@dataclass
class Outgoing:
    """What the link has to bring away: bytes for the host, and whether the connection breaks before them."""

    data: bytes = b""
    restarted: bool = False


@dataclass
class _Seen:
    unknown: list[UnknownBytes] = field(default_factory=list)
    unknown_count: int = 0
    ignored: int = 0
    beeps: int = 0
    power_cycles: int = 0
    faults: list[str] = field(default_factory=list)


class Printer:
    """A printer that is switched on when constructed. `baud` throttles the line, None does not.

    With `serial_line` its own line settings are in force: it is as fast as they say, and understands no other speed.
    """

    def __init__(self, machine: Machine, roll: Roll, *, baud: int | None = None, serial_line: bool = False) -> None:
        self._machine = machine
        self._roll = roll
        self._serial_line = serial_line
        self._baud = machine.line.baud if serial_line else baud
        self._lock = threading.RLock()
        self._seen = _Seen()
        self._out = Outgoing()
        self.rate = LineRate(self._baud)
        self.noise = 0
        """Bytes that came at another speed."""
        self.sent_while_busy = 0
        """Bytes that came while it wrote to its memory."""
        self._writes = machine.memory.writes
        self.plugged = True
        self.pulls = 0
        """How often the cable was pulled out."""
        self.wake: Callable[[], None] = lambda: None
        self.on_unknown: Callable[[], None] = lambda: None
        self._apply(machine.switch_on())
        self._out.restarted = True

    @property
    def roll(self) -> Roll:
        """The tickets."""
        return self._roll

    @property
    def room(self) -> int:
        """Bytes that may be read from the host now."""
        with self._lock:
            return self._machine.room

    @property
    def silent(self) -> bool:
        """Whether it hangs: reads nothing, says nothing."""
        with self._lock:
            return self._machine.silent

    @property
    def unknown_count(self) -> int:
        """How often bytes came that it does not know."""
        return self._seen.unknown_count

    def hear(self, data: bytes) -> None:
        """Bytes from the host; what comes of them is on the roll and in `take_outgoing` when this returns."""
        with self._lock:
            self._apply(self._machine.receive(data))

    def hear_noise(self, count: int) -> None:
        """Bytes at another speed: nothing that could be understood."""
        self.noise += count

    @property
    def line_baud(self) -> int | None:
        """The one speed that it understands; None: any."""
        with self._lock:
            return self._machine.line.baud if self._serial_line else None

    @property
    def wants_pause(self) -> bool | None:
        """With XON/XOFF: True when little of its buffer is left, False when much is, None between and without."""
        with self._lock:
            if not self._serial_line or not self._machine.line.flow:
                return None
            free, buffer = self._machine.free, self._machine.receive_buffer
            return True if free <= buffer // 4 else False if free >= buffer // 2 else None

    def take_writing(self) -> bool:
        """Whether it has written to its memory since the last question."""
        with self._lock:
            before, self._writes = self._writes, self._machine.memory.writes
            return self._writes != before

    def take_outgoing(self) -> Outgoing:
        """What has to be sent, once."""
        with self._lock:
            out, self._out = self._out, Outgoing()
            return out

    def fault(self, name: str, *, after_bytes: int | None = None, baud: int | None = None) -> None:
        """One of `machine.FAULTS`, at once or when `after_bytes` more bytes have come; or `slow` with `baud`, or
        `unplug`: the cable to the host is pulled out, until `plug` or `none`; the power stays.

        Raises ValueError for anything else.
        """
        with self._lock:
            if name == "slow":
                self.rate = LineRate(baud if baud else 9600)
            elif name in LINE_FAULTS:
                self.pulls += name == "unplug"
                self.plugged = name == "plug"
            elif name not in FAULTS:
                raise ValueError(f"fault is one of {', '.join((*FAULTS, 'slow', *LINE_FAULTS))}")
            elif after_bytes is not None:
                self._machine.arm(cast("Fault", name), after_bytes)
            else:
                if name == "none":
                    self.rate = LineRate(self._baud)
                    self.plugged = True
                self._apply(self._machine.fault(cast("Fault", name)))
            self._seen.faults = [*self._seen.faults[-99:], name]
            log.info("event=printer_fault fault=%s after_bytes=%s baud=%s", name, after_bytes, self.rate.baud)
        self.wake()

    def state(self) -> dict[str, Any]:
        """All that a maintenance panel would show."""
        with self._lock:
            machine, seen = self._machine, self._seen
            return {
                "model": machine.model.name,
                "serial": machine.serial,
                "online": not (machine.condition.offline or machine.silent),
                **asdict(machine.condition),
                "silent": machine.silent,
                "stalled": machine.stalled,
                "retracted": machine.retracted,
                "plugged": self.plugged,
                "baud": self.rate.baud,
                "bytes_received": machine.received,
                "noise": self.noise,
                "sent_while_busy": self.sent_while_busy,
                "bytes_waiting": machine.waiting,
                "cutter_counter": machine.cuts,
                "user_setting": machine.user_setting,
                "memory": machine.memory.public(),
                "paper_used_mm": round(machine.used_dots / machine.model.dots_per_mm),
                "tickets": self._roll.count,
                "power_cycles": seen.power_cycles,
                "beeps": seen.beeps,
                "ignored": seen.ignored,
                "faults": list(seen.faults),
                "unknown_count": seen.unknown_count,
                "unknown": [asdict(unknown) for unknown in seen.unknown],
            }

    def _apply(self, events: list[Event]) -> None:
        for event in events:
            self._note(event)

    def _note(self, event: Event) -> None:
        match event:
            case Reply(data):
                self._out.data += data
            case PieceOut(piece, cuts):
                ticket = self._roll.add(piece, cuts)
                log.info("event=ticket_out n=%d cut=%s through_print=%s", ticket.n, piece.cut, piece.through)
            case UnknownBytes():
                self._seen.unknown_count += 1
                self._seen.unknown = [*self._seen.unknown, event][-_KEEP:]
                log.error(
                    "event=unknown_bytes offset=%d raw=%r before=%r reason=%r",
                    *(event.offset, event.raw, event.before, event.reason),
                )
                self.on_unknown()
            case Ignored(raw, reason):
                self._seen.ignored += 1
                log.info("event=ignored raw=%r reason=%r", raw, reason)
            case Beeped(times):
                self._seen.beeps += times
            case Restarted(power):
                self._seen.power_cycles += power
                self._out = Outgoing(restarted=True)
                if self._serial_line:
                    self._baud = self._machine.line.baud
                    self.rate = LineRate(self._baud)
