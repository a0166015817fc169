"""Several screens in one process, each on a monitor of its own: one thread draws them all."""

from __future__ import annotations

from collections.abc import Sequence

from display.inbox import For, Inbox, Item
from display.loop import Display


class Part:
    """The inbox of one of several screens: what comes in is marked with its `number`."""

    def __init__(self, shared: Inbox, number: int) -> None:
        self._shared = shared
        self._number = number

    def put(self, item: Item) -> None:
        self._shared.put(For(self._number, item))


class Several:
    """Owns the displays; what is not for one of them is for all."""

    def __init__(self, displays: Sequence[Display], inbox: Inbox) -> None:
        self._displays = displays
        self._inbox = inbox

    def run(self) -> None:
        """Until a Stop comes."""
        timeout_s = 0.0
        while not any(display.stopping for display in self._displays):
            for item in self._inbox.take(timeout_s):
                self.take(item)
            timeout_s = self.turn()

    def turn(self) -> float:
        """Do what is due on each; returns how many seconds nothing will be due on any."""
        return min(display.turn() for display in self._displays)

    def take(self, item: Item) -> None:
        for display in [self._displays[item.screen]] if isinstance(item, For) else self._displays:
            display.take(item)
