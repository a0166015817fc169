"""The mouth of a kiosk printer: whether a ticket stands in it, and what to do with one that nobody takes.

A ticket that was left would be taken by the next customer, with its number: it is drawn back in, the office is told,
and its number stays in the queue as it is.
"""

from __future__ import annotations

import logging

from dispatcher.wire.clock import Clock
from kiosk.devices import bytes as wire
from kiosk.devices import status
from kiosk.devices.line import STATUS_S, Line

log = logging.getLogger(__name__)

LEFT_S = 30.0
"""So long a customer has to take the ticket."""
TOLD_S = 600.0
"""So long the office reads of one that was drawn back."""


class Mouth:
    """`kind`: `custom` asks by Custom's full status, `pyramid` by the ejector's. All calls are the desk's thread's, but
    `left`. Raises PrinterGone."""

    def __init__(self, line: Line, kind: str, clock: Clock) -> None:
        self._line = line
        self._kind = kind
        self._clock = clock
        self._label: str | None = None
        self._since: float | None = None
        self._left: tuple[str, float] | None = None

    @property
    def left(self) -> str | None:
        """The number on a ticket that was drawn back lately."""
        left = self._left
        return left[0] if left is not None and self._clock.monotonic() - left[1] < TOLD_S else None

    def presented(self, label: str) -> None:
        """A ticket has been sent; it comes to stand in the mouth, and pushes out what stood there."""
        self._label, self._since = label, None

    def watch(self) -> None:
        """Look whether the ticket has been taken; draw it back when its time is over."""
        if self._label is None or not self._line.condition.ready:
            return
        standing = self._is_standing()
        if standing is None:
            return
        now = self._clock.monotonic()
        if not standing:
            self._label = None
        elif self._since is None:
            self._since = now
        elif now - self._since >= LEFT_S:
            self._line.write(wire.RETRACT)
            log.warning("event=ticket_left label=%s", self._label)
            self._left, self._label = (self._label, now), None

    def _is_standing(self) -> bool | None:
        """None: it does not say."""
        if self._kind == "custom":
            full = self._line.ask(status.FULL, wire.FULL_STATUS, STATUS_S)
            return full.ticket_at_output if isinstance(full, status.Full) else None
        ejector = self._line.ask(status.EJECTOR, wire.EJECTOR_STATUS, STATUS_S)
        return ejector.ticket_at_output if isinstance(ejector, status.Ejector) else None
