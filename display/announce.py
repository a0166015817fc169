"""The queue of calls that are to be seen and heard, one after the other. Pure: times are handed in, in wall seconds.

A call stands huge for HOLD_S; while others wait behind it, for less, so that nobody's call waits longer than
PATIENCE_S, but never for less than FLOOR_S (two changes of the picture a second: within WCAG 2.3.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dispatcher.wire.messages import CallEvent

HOLD_S = 3.0
FLOOR_S = 0.5
PATIENCE_S = 20.0
SOUND_WITHIN_S = 20.0


@dataclass(frozen=True)
class Announcement:
    """A call on its way to the people. `age_s` is how old it was when it was heard of, at `heard_at`."""

    call: CallEvent
    heard_at: float
    age_s: float = 0.0
    recall: bool = False

    def sounds(self, monotonic: float) -> bool:
        """Whether it may still be sounded: what began too long ago would only confuse (RULES: 20 s)."""
        return self.age_s + (monotonic - self.heard_at) <= SOUND_WITHIN_S


@dataclass(frozen=True)
class Queue:
    """`current` has the screen since `since`, until the next begins or it is withdrawn."""

    current: Announcement | None = None
    since: float = 0.0
    waiting: tuple[Announcement, ...] = ()


Wanted = Callable[[Announcement], bool]


def add(queue: Queue, announcement: Announcement) -> Queue:
    """Behind those that wait; a call that comes when it is already too old to be sounded is left to the board."""
    if not announcement.sounds(announcement.heard_at):
        return queue
    return replace(queue, waiting=(*queue.waiting, announcement))


def withdraw(queue: Queue, call_id: str) -> Queue:
    """Without that call, whether it waits or has the screen."""
    return keep(queue, lambda announcement: announcement.call.call_id != call_id)


def keep(queue: Queue, wanted: Wanted) -> Queue:
    """Only the announcements that `wanted` says."""
    current = queue.current if queue.current and wanted(queue.current) else None
    return replace(queue, current=current, waiting=tuple(each for each in queue.waiting if wanted(each)))


def step(queue: Queue, monotonic: float, hold_s: float = HOLD_S) -> tuple[Queue, Announcement | None]:
    """Let the next call begin if its turn has come; returns it, to be sounded, or None.

    `hold_s` is how long a call keeps the screen when there is no hurry: the length of what is being said, if longer.
    """
    due = next_due(queue, monotonic, hold_s)
    if due is None or monotonic < due:
        return queue, None
    first, *rest = queue.waiting
    return Queue(first, monotonic, tuple(rest)), first


def next_due(queue: Queue, monotonic: float, hold_s: float = HOLD_S) -> float | None:
    """When the next call begins; None when none waits."""
    if not queue.waiting:
        return None
    if queue.current is None:
        return monotonic
    return queue.since + _span(queue, hold_s)


def _span(queue: Queue, hold_s: float) -> float:
    """How long the current one may stay so that each that waits begins within PATIENCE_S of being heard of."""
    shares = ((each.heard_at + PATIENCE_S - queue.since) / (place + 1) for place, each in enumerate(queue.waiting))
    return max(FLOOR_S, min(hold_s, *shares))
