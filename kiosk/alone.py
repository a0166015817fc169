"""Going on alone, as the main loop asks for it: what to offer, what is amiss, when more numbers are wanted."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import KioskConfig
from kiosk import flow
from kiosk.offline import OffLine

log = logging.getLogger(__name__)

RECALL_S = 3.0
"""So long the dispatcher has to tell a kiosk that starts what it is; then it goes by what it remembers."""
REFILL_S = 2.0


class Alone:
    """`problems` are those that `events` has found: keys below `problem.` with what they say."""

    def __init__(self, offline: OffLine, clock: Clock) -> None:
        self._offline = offline
        self._clock = clock
        self._recall_at = clock.monotonic() + RECALL_S
        self._refill_at = float("-inf")
        self.problems: dict[str, str] = {}

    def recalled(self) -> KioskConfig | None:
        """The settings of the last run, once nobody has told any for long enough."""
        if self._clock.monotonic() < self._recall_at:
            return None
        known = self._offline.recall()
        if known is not None:
            log.info("event=settings_recalled")
        return known

    def events(self, state: flow.State) -> Iterator[flow.Event]:
        """What the flow does not know yet."""
        standing = self._offline.standing(link=state.link)
        self.problems = standing.problems
        if standing.reason != state.alone:
            yield flow.Alone(standing.reason)
        if standing.menu is not None and standing.menu != state.menu:
            yield flow.MenuCame(standing.menu)

    def wants_numbers(self) -> bool:
        """Whether to lease numbers now, or to offer again what was refused; asked at most every REFILL_S."""
        now, offline = self._clock.monotonic(), self._offline
        if now < self._refill_at or not (offline.wanted() or offline.refusals.to_try(offline.epoch)):
            return False
        self._refill_at = now + REFILL_S
        return True
