"""QR and bar code scanners: one that types like a keyboard, one on a serial line. Both give whole texts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kiosk.devices import transport
from kiosk.devices.transport import Opener, PrinterGone

log = logging.getLogger(__name__)

FAST_S = 0.1
"""A scanner types each character within this of the one before; fingers are slower."""
LEAST = 4
LONGEST = 512
READ_S = 1.0
RETRY_S = 3.0
ENDS = "\r\n\t"


class Wedge:
    """A keyboard's characters to a scanner's texts. Pure: the time comes with each character."""

    def __init__(self) -> None:
        self._text = ""
        self._at = float("-inf")

    def take(self, character: str, now_s: float) -> str | None:
        """One character; a whole text when it was the last of a fast row."""
        if now_s - self._at > FAST_S:
            self._text = ""
        self._at = now_s
        if character in ENDS:
            found, self._text = self._text, ""
            return found if len(found) >= LEAST else None
        self._text = (self._text + character)[-LONGEST:]
        return None


class Lines:
    """A serial line's bytes to texts."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> list[str]:
        """The texts that are complete now."""
        *whole, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = self._rest[-LONGEST:]
        return [text for line in whole if (text := line.decode("utf-8", "replace").strip())]


class SerialScanner:
    """Reads a scanner at `url` on a thread of its own; a line that breaks is opened again. `gone` hears True when it
    cannot be reached and False when it can, each once in a row."""

    def __init__(self, url: str, read: Callable[[str], None], gone: Callable[[bool], None]) -> None:
        """Raises ValueError for what is no line."""
        self._open: Opener = transport.parse(url)
        self._url = url
        self._read = read
        self._gone = gone
        self._stopped = threading.Event()
        self._port: transport.Port | None = None
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._stopped.set()
        port = self._port
        if port is not None:
            port.interrupt()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        told: bool | None = None
        while not self._stopped.is_set():
            try:
                self._port = self._open()
                log.info("event=scanner_open port=%s", self._url)
                if told is not False and not self._stopped.is_set():
                    self._gone(False)
                told = False
                self._listen(self._port)
            except PrinterGone as error:
                # one that has been stopped may be another's by now
                if not told and not self._stopped.is_set():
                    log.warning("event=scanner_gone port=%s reason=%r", self._url, str(error))
                    self._gone(True)
                told = True
            finally:
                if self._port is not None:
                    self._port.close()
                    self._port = None
            self._stopped.wait(RETRY_S)

    def _listen(self, port: transport.Port) -> None:
        lines = Lines()
        while not self._stopped.is_set():
            for text in lines.take(port.read(READ_S)):
                self._read(text)
