"""The printer's socket: one host at a time over TCP, or a pseudo-terminal that looks like a serial port.

One thread waits in poll() for the host, for room in the printer, and for the control interface; it never spins.
"""

import contextlib
import fcntl
import logging
import os
import select
import socket
import sys
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from firmware_config.virtual.printer.nv import BAUDS
from firmware_config.virtual.printer.printer import Printer

log = logging.getLogger(__name__)
_CHUNK = 4096
_BACKLOG_BYTES = 4096
XON, XOFF = b"\x11", b"\x13"
_NOISE = b"\xfe"
WRITING_S = 0.02
"""How long a printer is busy with a write to its memory."""
_SPEEDS = {getattr(termios, f"B{baud}"): baud for baud in BAUDS}
_HANG_UP = select.POLLHUP | select.POLLERR | select.POLLRDHUP


class Port(Protocol):
    """Where hosts come from. All calls are from the link's thread, except `url`."""

    @property
    def url(self) -> str:
        """The address a host opens."""
        ...

    @property
    def waiting(self) -> int | None:
        """Descriptor that becomes readable when a host comes; None if hosts are not noticed."""
        ...

    @property
    def baud(self) -> int | None:
        """At which speed the host speaks; None where a line has none."""
        ...

    def accept(self) -> int | None:
        """Descriptor of the host, non-blocking; None if it went away again."""
        ...

    def drop(self) -> bool:
        """Break the connection; False if this kind of line cannot be broken."""
        ...

    def unplug(self) -> None:
        """Pull the cable out: hosts find nothing here until `plug`."""
        ...

    def plug(self) -> None:
        """Put it in again, at the same address. Raises OSError if that has been taken."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class TcpPort:
    """Port 9100 of a network printer. Further hosts wait until the first has gone."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError if the address cannot be listened on."""
        self._listener = socket.create_server((host, port), backlog=16)
        self._listener.setblocking(False)
        self._host: socket.socket | None = None
        name = self._listener.getsockname()
        self._address: tuple[str, int] = (name[0], name[1])
        self._url = f"tcp://{name[0]}:{name[1]}"

    @property
    def url(self) -> str:
        """tcp://host:port."""
        return self._url

    @property
    def waiting(self) -> int | None:
        """The listener."""
        return self._listener.fileno()

    @property
    def baud(self) -> int | None:
        """A network has none."""
        return None

    def accept(self) -> int | None:
        """The next host."""
        try:
            self._host, peer = self._listener.accept()
        except OSError:
            return None
        self._host.setblocking(False)
        self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        log.info("event=host_connected peer=%s:%s", *peer[:2])
        return self._host.fileno()

    def drop(self) -> bool:
        """Close the host's connection."""
        if self._host is not None:
            self._host.close()
            self._host = None
        return True

    def unplug(self) -> None:
        """Nobody listens any more."""
        self.drop()
        self._listener.close()

    def plug(self) -> None:
        """Listen on the same port."""
        self._listener = socket.create_server(self._address, backlog=16)
        self._listener.setblocking(False)

    def close(self) -> None:
        """Close both sockets."""
        self.drop()
        self._listener.close()


class PtyPort:
    """A pseudo-terminal. Its line is always there, like a cable: a power cycle does not break it."""

    def __init__(self, link: Path | None = None) -> None:
        """Raises OSError if there is no terminal to be had or `link` cannot be made."""
        self._link = link
        self.plug()
        self._url = f"serial://{link.absolute() if link else os.ttyname(self._slave)}"

    @property
    def url(self) -> str:
        """serial:///path."""
        return self._url

    @property
    def waiting(self) -> int | None:
        """A cable does not say who is there."""
        return None

    @property
    def baud(self) -> int | None:
        """What the host has set at its end. Parity and bits are not carried by a pseudo-terminal."""
        return _SPEEDS.get(termios.tcgetattr(self._slave)[5])

    def accept(self) -> int | None:
        """The printer's end."""
        return self._master

    def drop(self) -> bool:
        """A cable stays."""
        return False

    def plug(self) -> None:
        """A terminal comes up at the link, as that of a USB adapter does."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        if self._link is not None:
            fresh = self._link.with_name(f"{self._link.name}.{os.getpid()}")
            fresh.symlink_to(os.ttyname(self._slave))
            fresh.replace(self._link)

    def unplug(self) -> None:
        """The terminal hangs up and is gone."""
        if self._master < 0:
            return
        # The path first: the kernel gives a number that is free to the next terminal, which is somebody else's.
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def close(self) -> None:
        """Close both ends, take the link away."""
        self.unplug()


class Link:
    """Runs one port for one printer in a thread of its own, from `start` to `stop`."""

    def __init__(self, printer: Printer, port: Port, monotonic_s: Callable[[], float]) -> None:
        self._printer = printer
        self._port = port
        self._monotonic_s = monotonic_s
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._stopping = False
        self._host: int | None = None
        self._plugged = True
        self._pulls = 0
        self._unsent = b""
        self._greeting = b""
        self._busy_until_s = 0.0
        self._paused = False
        self._thread = threading.Thread(target=self._run, name="printer-link", daemon=True)
        printer.wake = self._wake

    def start(self) -> None:
        """Begin to serve. On a cable, what the printer says on starting has been said when this returns."""
        if self._port.waiting is None:
            self._open()
            self._bring_away()
        self._thread.start()

    def stop(self) -> None:
        """End within a moment, close the port."""
        self._stopping = True
        self._wake()
        self._thread.join()
        self._port.close()
        self._wake_in.close()
        self._wake_out.close()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # a full pipe wakes as well; a closed one has nobody to wake
            self._wake_out.send(b"!")

    def _run(self) -> None:
        while not self._stopping:
            self._heed_cable()
            self._bring_away()
            self._wait()

    def _heed_cable(self) -> None:
        """Somebody may have pulled it out or put it in, also both since we looked."""
        if self._pulls != self._printer.pulls:
            self._pulls = self._printer.pulls
            self._port.unplug()
            self._host, self._plugged = None, False
            log.info("event=unplugged")
        if not self._plugged and self._printer.plugged:
            self._port.plug()
            self._plugged = True
            log.info("event=plugged")
            if self._port.waiting is None:
                self._open()

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._wake_in, select.POLLIN)
        timeout_ms = None
        if self._host is None:
            if self._plugged and self._port.waiting is not None:
                poll.register(self._port.waiting, select.POLLIN)
        elif not self._printer.silent:
            busy_s = max(self._printer.rate.wait_s(self._monotonic_s()), self._writing_s())
            if busy_s > 0:
                timeout_ms = busy_s * 1000 + 1
            else:
                poll.register(self._host, self._interest())
        for descriptor, event in poll.poll(timeout_ms):
            self._happened(descriptor, event)

    def _writing_s(self) -> float:
        """How long it goes on writing to its memory. What the host sends meanwhile is noted, and waits."""
        if not self._busy_until_s:
            return 0.0
        left_s = self._busy_until_s - self._monotonic_s()
        if left_s <= 0 and self._host is not None:
            self._busy_until_s = 0.0
            with contextlib.suppress(OSError):
                came = fcntl.ioctl(self._host, termios.FIONREAD, b"\0\0\0\0")
                self._printer.sent_while_busy += int.from_bytes(came, sys.byteorder)
        return max(0.0, left_s)

    def _interest(self) -> int:
        mask = select.POLLIN if self._printer.room else select.POLLRDHUP
        return mask | (select.POLLOUT if self._unsent else 0)

    def _happened(self, descriptor: int, event: int) -> None:
        if descriptor == self._wake_in.fileno():
            with contextlib.suppress(BlockingIOError):
                self._wake_in.recv(4096)
        elif descriptor == self._port.waiting:
            self._open()
        elif event & select.POLLIN and self._printer.room:
            self._read()
        elif event & _HANG_UP:
            self._close("host_gone")

    def _open(self) -> None:
        self._host = self._port.accept()
        self._unsent = b""
        if self._host is not None:
            self._unsent, self._greeting = self._greeting, b""

    def _close(self, why: str) -> None:
        log.info("event=%s", why)
        self._unsent = b""
        if self._port.drop():
            self._host = None

    def _read(self) -> None:
        if self._host is None:
            return
        now_s = self._monotonic_s()
        allowed = self._printer.rate.allowed(now_s)
        size = min(self._printer.room, _CHUNK if allowed is None else allowed)
        if not size:
            return
        try:
            data = os.read(self._host, size)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close("host_gone")
            return
        self._printer.rate.taken(len(data), now_s)
        if self._garbled():
            self._printer.hear_noise(len(data))
            return
        self._printer.hear(data)
        if self._printer.take_writing():
            self._busy_until_s = self._monotonic_s() + WRITING_S

    def _garbled(self) -> bool:
        """Whether the host speaks at another speed than the printer."""
        return self._printer.line_baud is not None and self._port.baud not in (None, self._printer.line_baud)

    def _flow(self) -> bytes:
        """XOFF when the buffer is nearly full or the memory is being written, XON when there is room again."""
        pause = self._printer.wants_pause
        if pause is None or self._printer.silent:
            return b""
        pause = pause or self._monotonic_s() < self._busy_until_s
        if pause == self._paused:
            return b""
        self._paused = pause
        return XOFF if pause else XON

    def _bring_away(self) -> None:
        out = self._printer.take_outgoing()
        if out.restarted:
            self._unsent = self._greeting = b""
            self._paused = False
            if self._port.drop():
                self._host = None
        if self._host is None:
            # Only what a printer says on starting waits for the next host; other words are lost on a dead line.
            if out.restarted:
                self._greeting = out.data
            return
        out.data += self._flow()
        data = _NOISE * len(out.data) if self._garbled() else out.data
        self._unsent = (self._unsent + data)[-_BACKLOG_BYTES:]
        if self._unsent:
            try:
                sent = os.write(self._host, self._unsent)
            except BlockingIOError:
                return
            except OSError:
                self._close("host_gone")
                return
            self._unsent = self._unsent[sent:]
