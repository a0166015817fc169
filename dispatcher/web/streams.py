"""A bounded number of live streams: each holds a thread of the server, and some must stay free for commands."""

from __future__ import annotations

import threading


class Streams:
    """Places for live streams. Beyond the cap pages poll."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._open = 0
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        """How many streams are held now."""
        return self._open

    def take(self) -> bool:
        """Whether a place was free; then it is the caller's until `leave`."""
        with self._lock:
            if self._open >= self._cap:
                return False
            self._open += 1
            return True

    def leave(self) -> None:
        """Give a place back."""
        with self._lock:
            self._open -= 1
