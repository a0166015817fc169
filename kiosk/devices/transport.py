"""The printer's line, one small class a scheme. Nothing opens at import or construction; all foreign errors become
PrinterGone.

`tcp://host:port` · `serial:///dev/x?baud=19200&flow=xon` · `usb://04b8:0202` · `file:///path` (write-only:
nothing can be confirmed). A serial line is `baud` (19200), `flow` (none, xon, dtr, rts), `parity` (none, odd, even) and
`bits` (8: a ticket's letters and codes need them all), as in the URLs of `numeretto firmware`.
"""

from __future__ import annotations

import contextlib
import select
import socket
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import serial

CONNECT_S = 2.0
WRITE_S = 2.0
CHUNK = 512
"""Bytes a write: a plain ticket is one; a whole picture would outlast the write time-out at a low baud rate."""
DEFAULT_BAUD = 19200
FLOWS = ("none", "xon", "dtr", "rts")
"""How the printer holds the line back when its buffer is full."""
PARITY = {"none": serial.PARITY_NONE, "odd": serial.PARITY_ODD, "even": serial.PARITY_EVEN}
USUAL = {"flow": "none", "parity": "none", "bits": "8"}
USB_OUT, USB_IN = 0x01, 0x82
USB_CUSTOM_OUT, USB_CUSTOM_IN = 0x02, 0x81
USB_CUSTOM_VENDOR = 0x0DD4


class PrinterGone(Exception):
    """The line to the printer does not open, broke, or takes no more bytes. Drop the port and open a new one."""


class Port(Protocol):
    """An open line."""

    @property
    def write_only(self) -> bool: ...

    @property
    def is_cable(self) -> bool:
        """Whether what is on its way goes on into a printer that was switched off and on meanwhile; else the
        connection breaks, and it is lost with it."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of `data`; raises PrinterGone."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has come, waiting `timeout_s` at the most; empty when nothing came or `interrupt` was called. Raises
        PrinterGone."""
        ...

    def interrupt(self) -> None:
        """Make a waiting `read` of another thread return; never raises."""
        ...

    def close(self) -> None:
        """Never raises."""
        ...

    def line_s(self, count: int) -> float:
        """Seconds that `count` bytes take on the wire; 0 where that is nothing."""
        ...


Opener = Callable[[], Port]


def parse(url: str) -> Opener:
    """How to open the printer at `url`; raises ValueError with a sentence for the user."""
    parts = urlsplit(url)
    match parts.scheme:
        case "tcp":
            try:
                host, port = parts.hostname, parts.port
            except ValueError:
                host, port = None, None
            if not host or not port:
                raise ValueError(f"'{url}' is no printer: write tcp://host:port")
            return lambda: TcpPort(host, port)
        case "serial":
            return _serial(url, parts.path, parts.query)
        case "usb":
            return _usb(url, parts.netloc)
        case "file":
            if not parts.path:
                raise ValueError(f"'{url}' is no printer: write file:///path")
            path = Path(unquote(parts.path))
            return lambda: FilePort(path)
        case _:
            raise ValueError(
                f"'{url}' is no printer: write tcp://host:port, serial:///dev/…?baud=19200, "
                "usb://04b8:0202 or file:///path"
            )


def _serial(url: str, path: str, query: str) -> Opener:
    settings = parse_qs(query)
    try:
        baud = int(settings.pop("baud", [str(DEFAULT_BAUD)])[0])
    except ValueError:
        baud = 0
    flow, parity, bits = (settings.pop(name, [usual])[0] for name, usual in USUAL.items())
    if bits == "7":
        raise ValueError(f"'{url}': a ticket's letters and codes need 8 bits; set the printer to them")
    if not path or baud <= 0 or settings or flow not in FLOWS or parity not in PARITY or bits != "8":
        raise ValueError(
            f"'{url}' is no printer: write serial:///dev/ttyS0?baud=19200, with &flow={'|'.join(FLOWS)} "
            f"and &parity={'|'.join(PARITY)} where needed"
        )
    return lambda: SerialPort(unquote(path), baud, flow, parity)


def _usb(url: str, address: str) -> Opener:
    try:
        vendor, product = (int(part, 16) for part in address.split(":"))
    except ValueError:
        raise ValueError(
            f"'{url}' is no printer: write usb://VENDOR:PRODUCT in hexadecimal, like usb://04b8:0202"
        ) from None
    return lambda: UsbPort(vendor, product)


class _Waiter:
    """Waits for a descriptor to have something to read, until another thread interrupts."""

    def __init__(self) -> None:
        self._wake, self._waker = socket.socketpair()
        self._waker.setblocking(False)

    def readable(self, descriptor: int, timeout_s: float) -> bool:
        ready, _, _ = select.select([descriptor, self._wake.fileno()], [], [], max(0.0, timeout_s))
        if self._wake.fileno() in ready:
            self._wake.recv(64)
        return descriptor in ready

    def interrupt(self) -> None:
        try:
            self._waker.send(b"!")
        except OSError:
            return

    def close(self) -> None:
        self._wake.close()
        self._waker.close()


class TcpPort:
    """A printer with a network interface."""

    write_only = False
    is_cable = False

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), CONNECT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.settimeout(WRITE_S)
        except OSError as error:
            raise PrinterGone(f"tcp://{host}:{port}: {error}") from error
        self._waiter = _Waiter()

    def write(self, data: bytes) -> None:
        try:
            for start in range(0, len(data), CHUNK):
                self._socket.sendall(data[start : start + CHUNK])
        except OSError as error:
            raise PrinterGone(str(error)) from error

    def read(self, timeout_s: float) -> bytes:
        try:
            if not self._waiter.readable(self._socket.fileno(), timeout_s):
                return b""
            data = self._socket.recv(4096)
        except (OSError, ValueError) as error:
            raise PrinterGone(str(error)) from error
        if not data:
            raise PrinterGone("the printer closed the connection")
        return data

    def interrupt(self) -> None:
        self._waiter.interrupt()

    def close(self) -> None:
        self._socket.close()
        self._waiter.close()

    def line_s(self, count: int) -> float:
        del count
        return 0.0


class SerialPort:
    """A printer on a serial line, a pseudo terminal included."""

    write_only = False
    is_cable = True

    def __init__(self, path: str, baud: int, flow: str = "none", parity: str = "none") -> None:
        self._baud = baud
        try:
            self._serial = serial.Serial(
                None,
                baud,
                parity=PARITY[parity],
                timeout=0.3,
                write_timeout=WRITE_S,
                exclusive=True,
                xonxoff=flow == "xon",
                dsrdtr=flow == "dtr",
                rtscts=flow == "rts",
            )
            self._serial.port = path
            self._serial.open()
        except (OSError, termios.error, ValueError) as error:
            # pulled out while it was being opened, it would keep its lock on the next one of this name
            with contextlib.suppress(OSError, termios.error, AttributeError):
                self._serial.close()
            raise PrinterGone(f"{path}: {error}") from error
        self._waiter = _Waiter()

    def write(self, data: bytes) -> None:
        try:
            for start in range(0, len(data), CHUNK):
                self._serial.write(data[start : start + CHUNK])
        except (OSError, termios.error) as error:
            raise PrinterGone(str(error)) from error

    def read(self, timeout_s: float) -> bytes:
        try:
            if not self._waiter.readable(self._serial.fileno(), timeout_s):
                return b""
            data: bytes = self._serial.read(max(1, self._serial.in_waiting))
        except (OSError, termios.error, ValueError) as error:
            raise PrinterGone(str(error)) from error
        return data

    def interrupt(self) -> None:
        self._waiter.interrupt()

    def close(self) -> None:
        self._waiter.close()
        try:
            self._serial.close()
        except (OSError, termios.error):
            return

    def line_s(self, count: int) -> float:
        return count * 10 / self._baud


class UsbPort:
    """A printer of the USB printer class, through libusb."""

    write_only = False
    is_cable = False

    def __init__(self, vendor: int, product: int) -> None:
        try:
            import usb.core
        except ImportError as error:
            raise PrinterGone("usb:// needs pyusb: install numeretto[kiosk]") from error
        self._errors: tuple[type[Exception], ...] = (usb.core.USBError, OSError)
        self._timeout: type[Exception] = usb.core.USBTimeoutError
        try:
            device: Any = usb.core.find(idVendor=vendor, idProduct=product)
            if device is None:
                raise PrinterGone(f"no USB device {vendor:04x}:{product:04x} is plugged in")
            if device.is_kernel_driver_active(0):
                device.detach_kernel_driver(0)
            device.set_configuration()
        except usb.core.NoBackendError as error:
            raise PrinterGone("usb:// needs libusb: install the package libusb-1.0-0") from error
        except (*self._errors, NotImplementedError) as error:
            raise PrinterGone(f"USB {vendor:04x}:{product:04x}: {error}") from error
        self._device = device
        custom = vendor == USB_CUSTOM_VENDOR
        self._out, self._in = (USB_CUSTOM_OUT, USB_CUSTOM_IN) if custom else (USB_OUT, USB_IN)
        self._interrupted = False

    def write(self, data: bytes) -> None:
        try:
            for start in range(0, len(data), CHUNK):
                self._device.write(self._out, data[start : start + CHUNK], timeout=int(WRITE_S * 1000))
        except self._errors as error:
            raise PrinterGone(str(error)) from error

    def read(self, timeout_s: float) -> bytes:
        # libusb cannot be interrupted from another thread: short slices instead
        left_ms = max(1, int(timeout_s * 1000))
        while left_ms > 0 and not self._interrupted:
            step_ms = min(left_ms, 100)
            left_ms -= step_ms
            try:
                data = bytes(self._device.read(self._in, 64, timeout=step_ms))
            except self._timeout:
                continue
            except self._errors as error:
                raise PrinterGone(str(error)) from error
            if data:
                return data
        self._interrupted = False
        return b""

    def interrupt(self) -> None:
        self._interrupted = True

    def close(self) -> None:
        import usb.util

        try:
            usb.util.dispose_resources(self._device)
        except self._errors:
            return

    def line_s(self, count: int) -> float:
        del count
        return 0.0


class FilePort:
    """A file or a character device that takes bytes and never answers."""

    write_only = True
    is_cable = False

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise PrinterGone(f"{path}: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except (OSError, ValueError) as error:
            raise PrinterGone(str(error)) from error

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        return b""

    def interrupt(self) -> None:
        return

    def close(self) -> None:
        self._file.close()

    def line_s(self, count: int) -> float:
        del count
        return 0.0
