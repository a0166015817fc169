"""Whose data a counter's living page has shown to whom already: it is written down once, not at each renewal."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST = 1000


class Shown:
    """The latest pairs of person and ticket."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pairs: OrderedDict[tuple[str, str], None] = OrderedDict()

    def is_new(self, user: str, ticket: str) -> bool:
        """Whether this user has not seen this ticket's data here; from now on they have."""
        with self._lock:
            known = (user, ticket) in self._pairs
            self._pairs[user, ticket] = None
            while len(self._pairs) > MOST:
                self._pairs.popitem(last=False)
        return not known
