"""From the finger on the glass to the last byte of a ticket, text and QR, on a serial line of 19,200 baud."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter_ns

from dispatcher.bus.settings import device_settings
from dispatcher.wire import topics
from dispatcher.wire.client import Broker, Client
from firmware_config.virtual.printer.link import Link, PtyPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer
from firmware_config.virtual.printer.roll import Roll
from tests.bench.dispenser import Finger
from tests.bench.figures import ROUNDS, Figure, median, small
from tests.bench.processes import until
from tests.bench.rig import KIOSK, Rig

BAUD = 19200
MOST = 1.15
MS = 1000.0
BEGIN, CUT = b"\x1b@", b"\x1dVB\x18"


class SlowPaper:
    """A printer of software on a pseudo terminal as slow as its line, which notes when each byte had come over it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._port = folder / "port"
        self.tickets: list[tuple[bytes, int]] = []
        """Each ticket's bytes, and when (perf_counter_ns) the last of them was there."""
        self._changed = threading.Condition()
        self._stream = bytearray()
        note = self._note

        class Noting(Printer):
            def hear(self, data: bytes) -> None:
                now = monotonic()
                note(data, perf_counter_ns() + round(self.rate.wait_s(now) * 1e9), round(self.rate.byte_s * 1e9))
                super().hear(data)

        roll = Roll(MODELS["TM-T20II"], None, lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))
        self._link = Link(Noting(Machine(MODELS["TM-T20II"]), roll, baud=BAUD), PtyPort(self._port), monotonic)
        self.url = f"serial://{self._port}?baud={BAUD}"
        self._link.start()

    @property
    def count(self) -> int:
        return len(self.tickets)

    def wait(self, after: int, timeout_s: float) -> int | None:
        """When the last byte of the ticket behind `after` others had come; None: not in time."""
        with self._changed:
            self._changed.wait_for(lambda: self.count > after, timeout_s)
            return self.tickets[after][1] if self.count > after else None

    def bare(self, ticket: bytes) -> float:
        """Seconds that these bytes take alone, from the write to the last of them."""
        known = self.count
        port = os.open(self._port, os.O_WRONLY | os.O_NOCTTY)
        try:
            begun_ns = perf_counter_ns()
            os.write(port, ticket)
            end_ns = self.wait(known, 5)
        finally:
            os.close(port)
        if end_ns is None:
            raise TimeoutError("the bare line took no ticket")
        return (end_ns - begun_ns) / 1e9

    def close(self) -> None:
        self._link.stop()

    def _note(self, data: bytes, end_ns: int, byte_ns: int) -> None:
        self._stream += data
        begin = self._stream.find(BEGIN)
        cut = self._stream.find(CUT, max(begin, 0))
        if begin < 0 or cut < 0:
            return
        rest = len(self._stream) - cut - len(CUT)
        with self._changed:
            self.tickets.append((bytes(self._stream[begin : cut + len(CUT)]), end_ns - rest * byte_ns))
            self._changed.notify_all()
        del self._stream[: cut + len(CUT)]


def measure(rig: Rig, samples: int, rounds: int = ROUNDS) -> Figure:
    """Each ticket followed by its bytes alone on another such line."""
    paper, bare = SlowPaper(rig.folder / "paper"), SlowPaper(rig.folder / "bare-paper")
    link = Client(Broker.parse(rig.url("dispatcher")), client_id="bench-settings")
    link.start()
    until(lambda: link.connected, "the bench at the broker")
    topic = topics.device(rig.office.id, KIOSK, "config")
    found = []
    try:
        _settings(rig, link, topic, paper.url)
        with rig.kiosk() as kiosk:
            finger = Finger(rig, kiosk, paper)
            try:
                for _ in range(rounds):
                    taken: list[float] = []
                    limits: list[float] = []
                    for _ in range(samples):
                        taken.append(finger.press() * MS)
                        limits.append(bare.bare(paper.tickets[-1][0]) * MS)
                    found.append(small(median(taken), median(limits)))
            finally:
                finger.close()
    finally:
        _settings(rig, link, topic, f"tcp://127.0.0.1:{rig.printer.port}")
        link.stop()
        paper.close()
        bare.close()
    return Figure("kiosk touch → last byte at 19,200 baud", "ms", "its bytes alone on such a line", tuple(found), MOST)


def _settings(rig: Rig, link: Client, topic: str, printer: str) -> None:
    made = device_settings(rig.office, printers={KIOSK: printer}, room=False, simulated_clock=False)
    link.publish(topic, made[KIOSK], retain=True, wait_s=5)
