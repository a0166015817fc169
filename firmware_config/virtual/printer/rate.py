"""How fast a serial line lets bytes through."""

BITS_PER_BYTE = 10
_CHUNK_S = 0.02
_WAKING_S = 0.003


class LineRate:
    """A budget of bytes at `baud` (start bit, eight bits, stop bit: baud/10 bytes a second); None is no limit.

    The caller says what time it is, in seconds of any clock that does not run backwards.
    """

    def __init__(self, baud: int | None) -> None:
        """Raises ValueError for a rate below 10 baud."""
        if baud is not None and baud < BITS_PER_BYTE:
            raise ValueError("a line has 10 baud or more")
        self.baud = baud
        self._free_at_s = 0.0

    @property
    def byte_s(self) -> float:
        """Seconds that one byte takes."""
        return BITS_PER_BYTE / self.baud if self.baud else 0.0

    def allowed(self, now_s: float) -> int | None:
        """Bytes that may be taken now: none while the last ones are still on the line, then a small chunk."""
        if self.baud is None:
            return None
        return 0 if now_s < self._free_at_s else max(1, int(_CHUNK_S / self.byte_s))

    def taken(self, count: int, now_s: float) -> None:
        """`count` bytes have been taken; the line is busy with them. What is taken as soon as it is free again has
        followed without a gap, however late the machine woke up for it."""
        begun_s = self._free_at_s if now_s - self._free_at_s < _WAKING_S else now_s
        self._free_at_s = begun_s + count * self.byte_s

    def wait_s(self, now_s: float) -> float:
        """Seconds until `allowed` says more than 0."""
        return max(0.0, self._free_at_s - now_s)
