"""A network of one cable: a namespace of its own for a program, and a pair of interfaces between it and here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

_NUMBER = count(1)


@dataclass(frozen=True)
class Cable:
    """`here` is our address on it."""

    name: str
    here: str

    @property
    def within(self) -> tuple[str, ...]:
        """Runs a command at the far end."""
        return ("ip", "netns", "exec", self.name)

    def pull(self) -> None:
        """Nothing gets through, and nobody is told: what is sent is lost."""
        _ip("link", "set", self.name, "down")

    def plug(self) -> None:
        _ip("link", "set", self.name, "up")


def usable() -> bool:
    """Whether this machine and user can have a namespace."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"nmt{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    if made:
        _ip("netns", "del", name)
    return made


@contextmanager
def cable() -> Iterator[Cable]:
    """Laid for the time of the block."""
    name, number = f"nm{os.getpid()}n{next(_NUMBER)}", os.getpid() % 60_000
    net = f"10.{200 + number // 16384}.{number // 64 % 256}.{number % 64 * 4}"
    base = net.rpartition(".")[0]
    first = int(net.rpartition(".")[2])
    here, there = f"{base}.{first + 1}", f"{base}.{first + 2}"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", name, "type", "veth", "peer", "name", "far", "netns", name)
        _ip("addr", "add", f"{here}/30", "dev", name)
        _ip("link", "set", name, "up")
        for rest in (
            ("addr", "add", f"{there}/30", "dev", "far"),
            ("link", "set", "far", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", name, *rest)
        yield Cable(name, here)
    finally:
        # A namespace ends later than its removal, and its interfaces with it.
        subprocess.run(["ip", "link", "del", name], capture_output=True, timeout=10, check=False)
        _ip("netns", "del", name)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=10)
