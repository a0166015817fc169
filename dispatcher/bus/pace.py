"""Not more tickets a minute for a dispenser than its `per_minute`, whatever the dispenser itself lets through.

Counted in memory: a question to the database would stand between the finger and the paper. Several dispatchers side by
side count each for itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

MINUTE_S = 60.0


class Pace:
    """`limits` by dispenser; without one everything is let through. Times are monotonic seconds."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        self._last: dict[str, deque[tuple[float, str]]] = {}

    def admit(self, kiosk: str, request_id: str, now_s: float) -> bool:
        """Whether this request may have a ticket now; a repeat may whenever its first may."""
        limit = self._limits.get(kiosk)
        if limit is None:
            return True
        last = self._last.setdefault(kiosk, deque())
        while last and now_s - last[0][0] >= MINUTE_S:
            last.popleft()
        if any(known == request_id for _at, known in last):
            return True
        if len(last) >= limit:
            return False
        last.append((now_s, request_id))
        return True
