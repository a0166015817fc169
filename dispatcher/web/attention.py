"""How many appointments need somebody's attention, without a long look at each page."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from dispatcher.usecases import secretary, timetable
from dispatcher.usecases.desk import Desk


class Attention:
    """Which appointments have lost their slot is worked out once: only a change of the office's settings, and with it
    a new start, makes more of them. Whether they are still booked is asked each time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._displaced: Mapping[str, datetime] | None = None

    def remember(self, displaced: Mapping[str, datetime]) -> None:
        """What a whole look has found just now."""
        self._displaced = displaced

    def count(self, desk: Desk) -> int:
        """How many appointments there are to look at."""
        with self._lock:
            if self._displaced is None:
                self.remember(desk.read(timetable.displaced_ids))
        return desk.read(secretary.how_many_wait, displaced=self._displaced or {})
