"""The dispenser's side for people with a number already: what scanners read, and what is asked of the office."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from dispatcher.wire.device import DeviceLink
from kiosk import arriving, moves
from kiosk.arrivals import Arrivals
from kiosk.devices.scanner import SerialScanner, Wedge

log = logging.getLogger(__name__)

KEYBOARD, NO_SCANNER = "keyboard", "none"


class Reception:
    """`notify` hears the flow's events, from any thread. `gone` is the line of the scanner if it cannot be reached."""

    def __init__(self, device: DeviceLink, notify: Callable[[moves.Event], None]) -> None:
        self._notify = notify
        self._arrivals = Arrivals(device, notify)
        self._wedge = Wedge()
        self._scanner: SerialScanner | None = None
        self._types = False
        self.gone: str | None = None

    def start(self) -> None:
        self._arrivals.start()

    def stop(self, timeout_s: float) -> None:
        self._arrivals.stop(timeout_s)
        self.use(None)

    def scanner_at(self, url: str) -> SerialScanner | None:
        """The scanner of the settings; None for one that types, and for none. Raises ValueError for what is no line."""
        if url in (KEYBOARD, NO_SCANNER):
            return None
        return SerialScanner(url, self.read, lambda gone: self._scanner_is(url.partition("?")[0] if gone else None))

    def use(self, scanner: SerialScanner | None, *, types: bool = False) -> None:
        """Read with this one from now on; `types`: with one that is a keyboard."""
        self._types = types
        if self._scanner is not None:
            self._scanner.stop(0.1)
        self._scanner, self.gone = scanner, None
        if scanner is not None:
            scanner.start()

    def _scanner_is(self, gone: str | None) -> None:
        self.gone = gone
        self._notify(moves.ScannerIs(there=gone is None))

    def ask(self, question: moves.Ask) -> None:
        self._arrivals.ask(question)

    def typed(self, character: str, now_s: float) -> None:
        """A character of the keyboard, or of a scanner that is one."""
        text = self._wedge.take(character, now_s)
        if text is not None and self._types:
            self.read(text)

    def read(self, text: str) -> None:
        """What a scanner has read, whole."""
        log.info("event=scanned length=%d", len(text))
        self._notify(moves.Scanned(uuid.uuid4().hex, arriving.read_scan(text)))


def keyed(touch: moves.Touch) -> moves.Touch:
    """A touch that asks the office gets the request id under which it does."""
    if isinstance(touch, moves.Submit | moves.Rejoin):
        return type(touch)(uuid.uuid4().hex)
    return touch
