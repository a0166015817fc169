"""Memory that stays as small as it is over days."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 1 << 20


def keep_memory_steady() -> bool:
    """Let large buffers (a picture of the screen has 6 MB) be given back to the machine as soon as they are free.

    glibc keeps such ones after the first few, in between small ones that stay (mallopt(3), M_MMAP_THRESHOLD). False
    where there is no glibc.
    """
    libc = ctypes.CDLL(None)
    return hasattr(libc, "mallopt") and libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES) == 1
