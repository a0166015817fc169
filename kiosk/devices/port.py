"""The port of a button device, at a counter or at a dispenser: opened, read, and opened again when it was unplugged."""

from __future__ import annotations

import fcntl
import logging
import os
import select
import stat
import termios
import threading
import tty
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

log = logging.getLogger(__name__)

EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
LOOK_S = 0.5
READ_BYTES = 4096


class Listener(Protocol):
    """Who is told what happens at the port; called on the port's thread."""

    def opened(self) -> None: ...

    def gone(self, reason: str) -> None: ...

    def data(self, data: bytes) -> None: ...


class Port:
    """`/dev/…`, `serial:///dev/…?baud=9600`, or a FIFO. Input devices are taken for exclusive use.

    Raises ValueError when `url` is none of these.
    """

    def __init__(self, url: str, *, serial: bool, listener: Listener) -> None:
        self.path, self._speed = parse(url)
        self._serial = serial
        self._listener = listener
        self._stopping = threading.Event()
        self._descriptor: int | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="port", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 2 * LOOK_S) -> None:
        self._stopping.set()
        self._thread.join(timeout_s)

    def write(self, data: bytes) -> None:
        """Send to the device; lost when it is not there, as its own repeat will show."""
        with self._lock:
            if self._descriptor is not None:
                try:
                    os.write(self._descriptor, data)
                except OSError as error:
                    log.warning("event=port_write_failed port=%s reason=%r", self.path, str(error))

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            try:
                self._open()
                tries = 0
                self._read()
            except OSError as error:
                if self._stopping.is_set():
                    break
                self._listener.gone(error.strerror or str(error))
            finally:
                self._close()
            self._stopping.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
            tries += 1

    def _open(self) -> None:
        kind = os.stat(self.path).st_mode  # noqa: PTH116 (of a device, not of a file)
        if not (stat.S_ISCHR(kind) or stat.S_ISFIFO(kind)):
            raise OSError(f"{self.path} is no device")
        # a FIFO that is also open for writing does not end when its last writer leaves
        both = self._serial or stat.S_ISFIFO(kind)
        descriptor = os.open(self.path, (os.O_RDWR if both else os.O_RDONLY) | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            if self._serial and os.isatty(descriptor):
                _raw(descriptor, self._speed)
            elif stat.S_ISCHR(kind):
                fcntl.ioctl(descriptor, EVIOCGRAB, 1)
        except (OSError, termios.error):
            os.close(descriptor)
            raise OSError(f"{self.path} cannot be set up: it is another kind of device, or in use") from None
        with self._lock:
            self._descriptor = descriptor
        self._listener.opened()

    def _read(self) -> None:
        """Hand on what comes, until it ends. Raises OSError when the device has gone."""
        descriptor = self._descriptor
        if descriptor is None:
            return
        mine = os.fstat(descriptor)
        while not self._stopping.is_set():
            readable, _, _ = select.select([descriptor], [], [], LOOK_S)
            if readable:
                data = os.read(descriptor, READ_BYTES)
                if not data:
                    raise OSError("the device has gone")
                self._listener.data(data)
                continue
            there = os.stat(self.path)  # noqa: PTH116 (of a device, not of a file)
            if (there.st_dev, there.st_ino, there.st_rdev) != (mine.st_dev, mine.st_ino, mine.st_rdev):
                raise OSError("another device stands there now")

    def _close(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None


def parse(url: str) -> tuple[str, int]:
    """Path and speed; raises ValueError with a sentence for the user."""
    parts = urlsplit(url)
    baud = parse_qs(parts.query).get("baud", ["9600"])[-1]
    speed = getattr(termios, f"B{baud}", None)
    path = parts.path if parts.scheme == "serial" else url
    if not path.startswith("/") or not isinstance(speed, int):
        raise ValueError(f"'{url}' is no port: write /dev/… or serial:///dev/…?baud=9600")
    return path, speed


def _raw(descriptor: int, speed: int) -> None:
    tty.setraw(descriptor, termios.TCSANOW)
    modes = termios.tcgetattr(descriptor)
    modes[2] |= termios.CLOCAL | termios.CREAD
    modes[4] = modes[5] = speed
    termios.tcsetattr(descriptor, termios.TCSANOW, modes)
    termios.tcflush(descriptor, termios.TCIFLUSH)  # what was pressed while nobody listened is over
