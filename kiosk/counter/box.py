"""Our own serial box with buttons at a counter: what its lines mean there."""

from __future__ import annotations

from kiosk.counter.actions import Press, meaning
from kiosk.devices.button_lines import Lines, Pressed
from kiosk.devices.button_lines import ack as ack


class Box:
    """Bytes to presses, each seq once. `repeated` gives the seqs that came again, to be answered again."""

    def __init__(self) -> None:
        self._lines = Lines()
        self.repeated: list[int] = []

    def feed(self, data: bytes, now: float) -> list[Press]:
        """What these bytes, read at `now` (monotonic seconds), add up to."""
        pressed = [said for said in self._lines.feed(data, now) if isinstance(said, Pressed)]
        self.repeated = [said.seq for said in pressed if said.again]
        fresh = ((meaning(said.button), said.seq) for said in pressed if not said.again)
        return [Press(action, seq=seq) for action, seq in fresh if action]
