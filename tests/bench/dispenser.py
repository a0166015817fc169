"""From the finger on a dispenser's glass to the first byte of the ticket at the printer."""

from __future__ import annotations

import threading
from typing import Protocol

from dispatcher.wire import topics
from dispatcher.wire.client import Broker, Client, Incoming
from tests.bench.bare import BareStatus
from tests.bench.figures import ROUNDS, Figure, median, small
from tests.bench.processes import Child, pause, until
from tests.bench.rig import KIOSK, Rig

MS = 1000.0
SERVICE_X = 300
SERVICE_YS = range(600, 1560, 60)
DISMISS = (540, 1740)
"""The button below a ticket that has come out; a ticket left alone goes after some seconds by itself."""
TRIES = 12


class Paper(Protocol):
    """A printer that notes when its tickets come."""

    @property
    def count(self) -> int: ...

    def wait(self, after: int, timeout_s: float) -> int | None: ...


class Finger:
    """Touches the first service's button, again and again; `paper` is what the dispenser prints on."""

    def __init__(self, rig: Rig, kiosk: Child, paper: Paper) -> None:
        self._paper = paper
        self._kiosk = kiosk
        self._reported = threading.Semaphore(0)
        self._link = Client(Broker.parse(rig.url("dispatcher")))
        self._link.subscribe(topics.command(rig.office.id, KIOSK, "printed"), self._printed)
        self._link.start()
        until(lambda: self._link.connected, "the bench at the broker")
        self._y = self._find()

    def _printed(self, _message: Incoming) -> None:
        self._reported.release()

    def close(self) -> None:
        self._link.stop()

    def press(self) -> float:
        """Seconds from the touch to what `paper` notes. Raises TimeoutError when no ticket comes any more."""
        for _ in range(TRIES):
            took_s = self._touch(self._y, 1.5)
            self._dismiss()
            if took_s is not None:
                return took_s
        raise TimeoutError("the dispenser gives no tickets any more")

    def _find(self) -> int:
        """Where the first service's button is."""
        for y in SERVICE_YS:
            if self._touch(y, 1.0) is not None:
                self._dismiss()
                return y
        raise TimeoutError("no button of the dispenser gives a ticket")

    def _touch(self, y: int, within_s: float) -> float | None:
        before = self._paper.count
        touched_ns = self._at(SERVICE_X, y)
        first_ns = self._paper.wait(before, within_s)
        if first_ns is None:
            return None
        self._reported.acquire(timeout=3)
        return (first_ns - touched_ns) / 1e9

    def _dismiss(self) -> None:
        # The confirmation was reported, and the picture with the button follows at once; the next touch needs it.
        pause(0.06)
        self._at(*DISMISS)
        pause(0.06)

    def _at(self, x: int, y: int) -> int:
        count = len(self._kiosk.lines)
        self._kiosk.say(f"{x} {y}")
        self._kiosk.wait(lambda: len(self._kiosk.lines) > count, "a touch")
        return int(self._kiosk.lines[count])


def measure(rig: Rig, samples: int, rounds: int = ROUNDS) -> Figure:
    """Each sample followed by one of its raw limit: two hops, a commit, one status asked of the same printer."""
    status = BareStatus("127.0.0.1", rig.printer.port)
    found = []
    with rig.kiosk() as kiosk:
        finger = Finger(rig, kiosk, rig.printer)
        try:
            for _ in range(rounds):
                measured: list[float] = []
                limits: list[float] = []
                for _ in range(samples):
                    measured.append(finger.press() * MS)
                    legs_s = rig.hop.hop() + rig.hop.hop() + rig.disk.commit() + status.round_trip()
                    limits.append(legs_s * MS)
                found.append(small(median(measured), median(limits)))
        finally:
            finger.close()
            status.close()
    return Figure("kiosk touch → first printer byte", "ms", "2 hops + commit + status round trip", tuple(found), 5)
