"""An evdev stream on a FIFO, written from the published record (24 bytes: seconds, microseconds, type, code, value).

A key down and up are each a scan code (type 4), the key (type 1, value 1 and 0) and a report (type 0). A key that is
held repeats itself (value 2) after a quarter of a second, thirty times a second, as the kernel lets it.
"""

from __future__ import annotations

import contextlib
import os
import struct
import threading
import time
from pathlib import Path

CODES = {
    "enter": 28, "kp_enter": 96, "kp_plus": 78, "kp_minus": 74, "kp_star": 55, "kp_slash": 98, "kp_dot": 83,
    "backspace": 14, "kp_0": 82, "kp_1": 79, "kp_2": 80, "kp_3": 81, "kp_4": 75, "kp_5": 76, "kp_6": 77, "kp_7": 71,
    "kp_8": 72, "kp_9": 73, "up": 103, "down": 108, "left": 105, "right": 106, "space": 57, "help": 138, "f1": 59,
}  # fmt: skip
"""KEY_… of linux/input-event-codes.h by name."""
_RECORD = struct.Struct("=qqHHi")
_SYN, _KEY, _MSC = 0, 1, 4
_MSC_SCAN = 4
_FIRST_REPEAT_S, _REPEAT_S = 0.25, 0.033


class Stream:
    """Makes the FIFO at `path`, and holds it open, as a plugged-in device would stand there; `unplug` takes it away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end: int | None = None
        self.plug()

    def plug(self) -> None:
        os.mkfifo(self.path)
        # both ways: what is written before somebody reads is kept, and no reader's end is an error
        self._end = os.open(self.path, os.O_RDWR)

    def unplug(self) -> None:
        self.path.unlink()
        if self._end is not None:
            os.close(self._end)
            self._end = None

    def close(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.unplug()

    def press(self, *names: str) -> None:
        """Each key down and up."""
        for name in names:
            self._say((_MSC, _MSC_SCAN, CODES[name]), (_KEY, CODES[name], 1), (_SYN, 0, 0), (_KEY, CODES[name], 0))

    def hold(self, name: str, seconds: float) -> None:
        """A key down, repeated meanwhile, and up."""
        self._say((_MSC, _MSC_SCAN, CODES[name]), (_KEY, CODES[name], 1))
        pause, left, step = threading.Event(), seconds, _FIRST_REPEAT_S
        while left > 0:
            pause.wait(min(step, left))
            left -= step
            step = _REPEAT_S
            if left > 0:
                self._say((_KEY, CODES[name], 2))
        self._say((_KEY, CODES[name], 0))

    def _say(self, *events: tuple[int, int, int]) -> None:
        if self._end is None:
            raise OSError(f"{self.path} is unplugged")
        seconds, rest = divmod(time.monotonic_ns(), 1_000_000_000)
        whole = (*events, (_SYN, 0, 0))
        os.write(self._end, b"".join(_RECORD.pack(seconds, rest // 1000, *event) for event in whole))
