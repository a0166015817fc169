"""Whether this machine's clock may date a ticket that the dispatcher does not see being issued.

A machine without a battery wakes up in 1970, or where it was when the power went. The clock is believed once it agreed
with the dispatcher's since this boot and has not been moved since, or else while the system says that it is
synchronised.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from dispatcher.wire.clock import Clock

TOLERANCE_S = 30.0
"""Of wall time: what a message may take, and a clock may wander between two offices' machines."""
TIMESYNC = Path("/run/systemd/timesync/synchronized")
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TIME_ERROR = 5
TIMEX_BYTES = 512
"""More than `struct timex` has on any machine; all zero it only asks."""


class Notes(Protocol):
    """Where one note survives a restart of the program."""

    @property
    def note(self) -> dict[str, Any] | None: ...

    def take_note(self, note: dict[str, Any]) -> None: ...


def boot_id() -> str:
    """Other after each boot of the machine; empty where the kernel does not tell."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def synchronised() -> bool:
    """Whether the system's time service says that the clock is right (adjtimex(2), systemd-timesyncd(8))."""
    if TIMESYNC.exists():
        return True
    try:
        answer = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)))
    except (OSError, AttributeError):
        return False
    return 0 <= answer < TIME_ERROR


class Timekeeper:
    """`boot` and `synchronised` are asked anew each time."""

    def __init__(
        self,
        clock: Clock,
        notes: Notes,
        *,
        boot: Callable[[], str] = boot_id,
        synchronised: Callable[[], bool] = synchronised,
    ) -> None:
        self._clock = clock
        self._notes = notes
        self._boot = boot()
        self._synchronised = synchronised
        self._disagrees = False

    def heard(self, at: datetime) -> None:
        """The dispatcher's clock shows `at`."""
        self._disagrees = abs(self._clock.now() - at) > self._tolerance
        if not self._disagrees and not self._unmoved():
            now, monotonic = self._clock.now().isoformat(), self._clock.monotonic()
            self._notes.take_note({"boot": self._boot, "monotonic": monotonic, "at": now})

    @property
    def is_right(self) -> bool:
        if self._disagrees:
            return False
        return self._unmoved() or self._synchronised()

    @property
    def _tolerance(self) -> timedelta:
        return timedelta(seconds=TOLERANCE_S * max(1.0, self._clock.pace))

    def _unmoved(self) -> bool:
        """Whether it agreed since this boot, and has run on evenly since."""
        note = self._notes.note
        if note is None or not self._boot or note["boot"] != self._boot:
            return False
        run = timedelta(seconds=(self._clock.monotonic() - note["monotonic"]) * self._clock.pace)
        return abs(datetime.fromisoformat(note["at"]) + run - self._clock.now()) <= self._tolerance
