"""The line to a device that is to be read or set: `serial:///dev/ttyS0?baud=19200&flow=dtr` or `tcp://host:port`.

The words behind the `?` are those of a dispenser's printer in the office file: `baud`, `flow` (none, xon, dtr, rts),
`parity` (none, odd, even) and `bits`.
Nothing opens at import or construction. All foreign errors become LineGone.
"""

from __future__ import annotations

import contextlib
import socket
import termios
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import serial

from firmware_config.errors import LineGone
from firmware_config.model import LineSettings

CONNECT_S = 3.0
WRITE_S = 5.0
FLOWS = ("none", "xon", "dtr", "rts")
"""How a URL says that the printer holds the line back. A printer itself knows two ways: XON/XOFF, and a signal on its
DTR, which is nothing (none) or arrives here as DSR (dtr) or CTS (rts), as the cable has it."""
_PARITY = {"none": serial.PARITY_NONE, "odd": serial.PARITY_ODD, "even": serial.PARITY_EVEN}


class Wire(Protocol):
    """An open line."""

    def write(self, data: bytes) -> None:
        """Send all of it; raises LineGone."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has come, at once; empty when nothing came in `timeout_s`. Raises LineGone."""
        ...

    def line_s(self, count: int) -> float:
        """Seconds that `count` bytes take on the line; 0 where that is nothing."""
        ...

    def close(self) -> None:
        """Never raises."""
        ...


@dataclass(frozen=True)
class Place:
    """Where a device is. `settings` are the line's by its URL, None where it has none, as on a network."""

    url: str
    settings: LineSettings | None
    open: Callable[[LineSettings | None], Wire]


def place(url: str) -> Place:
    """Raises ValueError with a sentence for the user."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        try:
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or not port:
            raise ValueError(f"'{url}' is no port: write tcp://host:port")
        address = (host, port)
        return Place(url, None, lambda _settings: _Tcp(url, address))
    if parts.scheme == "serial" and parts.path:
        path, settings = unquote(parts.path), _line(url, parts.query)
        return Place(url, settings, lambda settings: _Serial(path, settings or LineSettings()))
    raise ValueError(f"'{url}' is no port: write serial:///dev/ttyS0?baud=19200 or tcp://host:port")


def _line(url: str, query: str) -> LineSettings:
    line = LineSettings()
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name == "baud" and text.isdecimal() and int(text) > 0:
            line = replace(line, baud=int(text))
        elif name == "flow" and text in FLOWS:
            line = replace(line, flow="xon" if text == "xon" else "dtr")
        elif name == "parity" and text in _PARITY:
            line = replace(line, parity=text)
        elif name == "bits" and text in ("7", "8"):
            line = replace(line, bits=int(text))
        else:
            raise ValueError(
                f"'{url}' is no port: write baud=19200, flow={'|'.join(FLOWS)}, parity={'|'.join(_PARITY)} or bits=8|7"
            )
    return line


class _Tcp:
    def __init__(self, url: str, address: tuple[str, int]) -> None:
        try:
            self._socket = socket.create_connection(address, CONNECT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise LineGone(f"{url} does not open: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            self._socket.settimeout(WRITE_S)
            self._socket.sendall(data)
        except OSError as error:
            raise LineGone(f"the connection broke: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        try:
            self._socket.settimeout(max(timeout_s, 0.001))
            data = self._socket.recv(4096)
        except TimeoutError:
            return b""
        except OSError as error:
            raise LineGone(f"the connection broke: {error}") from error
        if not data:
            raise LineGone("the printer closed the connection")
        return data

    def line_s(self, count: int) -> float:
        del count
        return 0.0

    def close(self) -> None:
        self._socket.close()


class _Serial:
    """A serial line. XON/XOFF is heeded by the kernel. A printer's DTR is not looked at, for many cables lack it: who
    writes to the memory gives the printer time instead (`Dialog.settle`)."""

    def __init__(self, path: str, settings: LineSettings) -> None:
        try:
            self._serial = serial.Serial(
                path,
                settings.baud,
                bytesize=settings.bits,
                parity=_PARITY[settings.parity],
                xonxoff=settings.flow == "xon",
                timeout=0.3,
                write_timeout=WRITE_S,
                exclusive=True,
            )
            # what came before this line was opened was said to somebody else, perhaps at another speed
            self._serial.reset_input_buffer()
        except (OSError, termios.error, ValueError) as error:
            raise LineGone(f"{path} does not open: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
            self._serial.flush()
        except (OSError, termios.error) as error:
            raise LineGone(f"the line broke: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        try:
            self._serial.timeout = max(timeout_s, 0.001)
            first: bytes = self._serial.read(1)
            return first + self._serial.read(self._serial.in_waiting) if first else b""
        except (OSError, termios.error) as error:
            raise LineGone(f"the line broke: {error}") from error

    def line_s(self, count: int) -> float:
        return count * 10 / self._serial.baudrate

    def close(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            self._serial.close()
