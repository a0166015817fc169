"""`input_event` records as the kernel gives them (linux/input.h): 24 bytes each on 64-bit machines."""

from __future__ import annotations

import struct

EVENT = struct.Struct("llHHi")
EV_KEY, PRESSED = 1, 1


class Records:
    """Bytes to `(type, code, value)`; half a record waits for its other half."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[int, int, int]]:
        """What these bytes add up to."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        return [(kind, code, value) for _s, _us, kind, code, value in EVENT.iter_unpack(data[:whole])]
