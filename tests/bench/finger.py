"""A dispenser with a finger: the kiosk's own controller on a window without a screen that can be touched.

Each line on stdin is `x y`; the answer on stdout is when (perf_counter_ns) the finger was lifted there.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns

from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.device import DeviceLink, will_of
from kiosk.controller import Controller
from kiosk.spool import Spool
from kiosk.ui.window import Finger, Input, Window

STOP_S = 0.4
SIZE = (1080, 1920)


class TouchedWindow(Window):
    """Fingers come from `touch` instead of from SDL, and wake the dispenser as an event does."""

    def __init__(self) -> None:
        super().__init__(SIZE, headless=True, fullscreen=False)
        self._fingers: deque[Finger] = deque()

    def touch(self, x: int, y: int) -> int:
        """Put a finger down and lift it; when."""
        at = perf_counter_ns()
        self._fingers += (Finger(x, y, down=True), Finger(x, y, down=False))
        self.wake()
        return at

    def wait(self, timeout_s: float) -> list[Input]:
        found = super().wait(timeout_s)
        while self._fingers:
            found.append(self._fingers.popleft())
        return found


def main(arguments: Sequence[str]) -> int:
    """`arguments`: site, id, URL of the broker with user and password, data folder, ready file. Until SIGTERM."""
    site, kiosk_id, url, data, ready = arguments
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    link = Client(Broker.parse(url), client_id=f"numeretto-{site}-{kiosk_id}", will=will_of(site, kiosk_id))
    spool, window = Spool(Path(data) / "kiosk.spool"), TouchedWindow()
    device = DeviceLink(link, site, kiosk_id)
    controller = Controller(
        link, device, site, kiosk_id, spool, window, SystemClock(), ready=lambda: _say_ready(Path(ready))
    )
    signal.signal(signal.SIGTERM, lambda *_: controller.stop())
    threading.Thread(target=_touch, args=(window,), name="finger", daemon=True).start()
    try:
        link.start()
        return controller.run()
    finally:
        controller.end(STOP_S)
        link.stop()
        spool.close()
        window.close()


def _say_ready(path: Path) -> None:
    path.write_text("{}", "utf-8")


def _touch(window: TouchedWindow) -> None:
    for line in sys.stdin:
        x, y = map(int, line.split())
        sys.stdout.write(f"{window.touch(x, y)}\n")
        sys.stdout.flush()
