"""A printer that answers at once and notes when the first byte of a ticket came. Speaks only what a dispenser asks."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from time import perf_counter_ns

PROCESS_ID = rb"\x1d\x28\x48\x06\x00\x30\x30(?P<pid>[\x20-\x7e]{4})"
ENDED = re.compile(PROCESS_ID)
ASKED = re.compile(
    rb"(?P<status>\x10\x04[\x01-\x04])|(?P<automatic>\x1d\x61\x0f)|(?P<cuts>\x1d\x67\x32\x00\xb2\x00)"
    rb"|(?P<paper>\x1d\x72\x01)|" + PROCESS_ID
)
"""What an idle printer is asked. Anything else begins a ticket, which ends with a process id."""
ANSWERS = {"status": b"\x12", "automatic": b"\x10\0\0\0", "cuts": b"\x5f1\0", "paper": b"\0"}


class Printer:
    """Listens on a free port of this machine; each connection has its own thread."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._changed = threading.Condition()
        self._first_byte_ns: list[int] = []
        threading.Thread(target=self._accept, name="printer", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def count(self) -> int:
        """Tickets so far."""
        return len(self._first_byte_ns)

    def wait(self, after: int, timeout_s: float) -> int | None:
        """When (perf_counter_ns) the first byte of the ticket behind `after` others came; None: not in time."""
        with self._changed:
            self._changed.wait_for(lambda: self.count > after, timeout_s)
            return self._first_byte_ns[after] if self.count > after else None

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = self._listener.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        rest, printing = b"", False
        with contextlib.suppress(OSError), line:
            while data := line.recv(65536):
                came_ns = perf_counter_ns()
                rest += data
                while rest:
                    found = (ENDED.search if printing else ASKED.match)(rest)
                    if found is not None:
                        line.sendall(_answer(found))
                        rest, printing = rest[found.end() :], False
                    elif printing:
                        break
                    else:
                        self._note(came_ns)
                        printing = True

    def _note(self, came_ns: int) -> None:
        with self._changed:
            self._first_byte_ns.append(came_ns)
            self._changed.notify_all()


def _answer(found: re.Match[bytes]) -> bytes:
    if found.lastgroup == "pid":
        return b"\x37\x22" + found["pid"] + b"\0"
    return ANSWERS[found.lastgroup or ""]
