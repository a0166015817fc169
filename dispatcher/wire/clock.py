"""Clocks. Office time may be simulated (`--clock`); wall time is never scaled. Only composition roots make one."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

VARIABLE = "NUMERETTO_CLOCK"


class Clock(Protocol):
    """What a program may ask about time. Both instants are aware and in UTC."""

    @property
    def simulated(self) -> bool:
        """True when office time is not the real one: every page and screen then says so."""
        ...

    @property
    def pace(self) -> float:
        """Seconds of office time in one second of wall time."""
        ...

    def now(self) -> datetime:
        """Office time: hours, slots, intervals, all instants in messages."""
        ...

    def wall(self) -> datetime:
        """Wall time: heartbeats, time-outs, the seconds in which a press counts once."""
        ...

    def monotonic(self) -> float:
        """Wall seconds from an arbitrary origin, never running backwards."""
        ...


class SystemClock:
    """The machine's clock, for both times."""

    simulated = False
    pace = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True)
class SimulatedClock:
    """Office time that began at `start` when the wall showed `anchor` and runs `pace` times as fast."""

    start: datetime
    anchor: datetime
    pace: float = 1.0
    simulated = True

    def now(self) -> datetime:
        return self.start + (self.wall() - self.anchor) * self.pace

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def export(self) -> str:
        """The text from which a child process makes the same clock."""
        return f"{self.start.isoformat()},x{self.pace:g},@{self.anchor.isoformat()}"


class ManualClock:
    """A clock that stands until it is moved; for tests and replays. Wall and office time advance together."""

    simulated = False
    pace = 1.0

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._wall = start
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def wall(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._seconds

    def advance(self, **delta: float) -> datetime:
        """Move both times on by `timedelta(**delta)`; returns the new office time."""
        step = timedelta(**delta)
        self._now += step
        self._wall += step
        self._seconds += step.total_seconds()
        return self._now

    def set(self, now: datetime) -> None:
        """Let office time jump to `now`; wall time stays."""
        self._now = now


def parse(text: str) -> SimulatedClock:
    """A clock from `ISO[,xN][,@ANCHOR]`, e.g. `2026-11-23T08:00:00+01:00,x60`.

    An instant without an offset is UTC. Raises ValueError with a sentence for the user.
    """
    start_text, *rest = text.split(",")
    pace, anchor = 1.0, None
    try:
        start = _instant(start_text)
        for part in rest:
            if part.startswith("x"):
                pace = float(part[1:])
            elif part.startswith("@"):
                anchor = _instant(part[1:])
            else:
                raise ValueError(part)
        if not 0 < pace <= 100_000:
            raise ValueError(pace)
    except ValueError:
        raise ValueError(
            f"'{text}' is no clock: write an instant and perhaps a pace, like 2026-11-23T08:00:00+01:00,x60"
        ) from None
    return SimulatedClock(start=start, anchor=anchor or datetime.now(UTC), pace=pace)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def inherited() -> Clock:
    """The clock that the parent process handed down, else the machine's."""
    text = os.environ.get(VARIABLE)
    return parse(text) if text else SystemClock()
