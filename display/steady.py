"""Memory that stays as small as it is over days."""

from __future__ import annotations

import ctypes
import math

TIDY_S = 600.0
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE_BYTES = 1 << 20


def keep_memory_steady() -> bool:
    """Let large buffers (a picture of the screen has 6 MB) be given back to the machine as soon as they are free.

    glibc keeps such ones after the first few, in between small ones that stay (mallopt(3), M_MMAP_THRESHOLD); and it
    would give each thread free memory of its own, which the others cannot use (M_ARENA_MAX). False where there is no
    glibc.
    """
    libc = ctypes.CDLL(None)
    wanted = ((_M_MMAP_THRESHOLD, _LARGE_BYTES), (_M_ARENA_MAX, 1))
    return hasattr(libc, "mallopt") and all(libc.mallopt(name, value) == 1 for name, value in wanted)


class Tidying:
    """Gives back, every TIDY_S wall seconds, what is free between small things that stay: labels, letters and clips
    come and go all day, and what they leave would be kept (malloc_trim(3); a few milliseconds)."""

    def __init__(self) -> None:
        self._due = -math.inf
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def turn(self, monotonic: float) -> None:
        if self._trim is not None and monotonic >= self._due:
            self._due = monotonic + TIDY_S
            self._trim(0)
