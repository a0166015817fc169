"""Addresses to listen on: reading them, and finding free ports."""

from __future__ import annotations

import errno
import random
import socket
from dataclasses import dataclass

_LOWEST, _HIGHEST = 20_000, 32_000  # below the range from which kernels take ports for outgoing connections


class AddressTaken(Exception):
    """Somebody else listens there, or the address is not ours; the text says what to do."""


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def reachable_host(self) -> str:
        """The host by which a program on this machine reaches it."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104

    @property
    def reachable(self) -> str:
        return str(Address(self.reachable_host, self.port))


def parse(text: str) -> Address:
    """`HOST:PORT`; raises ValueError with a sentence for the user."""
    host, separator, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"'{text}' is no address; write HOST:PORT, like 127.0.0.1:8000 (port 0: a free one)")
    return Address(host, int(port))


def settle(wanted: Address, *, may_give_way: bool) -> Address:
    """`wanted` with a definite, free port. A taken one gives way to another if it may, else AddressTaken."""
    if wanted.port:
        trouble = problem(wanted)
        if trouble is None:
            return wanted
        if not may_give_way:
            raise AddressTaken(f"{wanted}: {trouble}; choose another address, or port 0 for a free one")
    for port in random.sample(range(_LOWEST, _HIGHEST), 200):
        candidate = Address(wanted.host, port)
        trouble = problem(candidate)
        if trouble is None:
            return candidate
        if trouble != _TAKEN:
            raise AddressTaken(f"{wanted}: {trouble}; choose another address")
    raise AddressTaken(f"{wanted}: no free port found; give one")


def listen(address: Address) -> socket.socket:
    """A socket that listens from now on, so that nobody finds the door closed while the server is being built."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    return socket.create_server((address.host, address.port), family=family, backlog=64)


_TAKEN = "another program listens there"


def problem(address: Address) -> str | None:
    """Why nobody can listen there now; None when it is free."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        return _TAKEN if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
    return None
