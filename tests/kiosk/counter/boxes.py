"""The other end of a serial line at a counter."""

from __future__ import annotations

import json
import os
import pty
import tty
from pathlib import Path


class Wire:
    """A serial line with the box at its other end, found by a name that stays, as /dev/serial/by-path gives one."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self.plug()

    def plug(self) -> None:
        self.box, device = pty.openpty()
        tty.setraw(device)
        os.set_blocking(self.box, False)
        fresh = self.name.with_suffix(".new")
        fresh.symlink_to(os.ttyname(device))
        fresh.replace(self.name)
        self._device = device

    def unplug(self) -> None:
        self.name.unlink()
        os.close(self._device)
        os.close(self.box)

    def press(self, seq: int, button: str = "next") -> None:
        os.write(self.box, json.dumps({"dev": "c3", "btn": button, "seq": seq}).encode() + b"\n")

    def answer(self) -> bytes:
        try:
            return os.read(self.box, 200)
        except BlockingIOError:
            return b""
