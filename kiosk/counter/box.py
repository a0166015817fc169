"""Our own serial box with buttons: JSON lines `{"dev":"c3","btn":"next","seq":17}`, answered `{"ack":17}`."""

from __future__ import annotations

import json

from kiosk.counter.actions import Press, meaning

LONGEST_LINE = 1000
REPEATS_FOR_S = 30.0
"""A box repeats a line until it is answered. The same seq after this long is another press: the box began anew."""


def ack(seq: int) -> bytes:
    """The line that tells the box that its press was answered."""
    return b'{"ack":%d}\n' % seq


class Box:
    """Bytes to presses, each seq once. `repeated` gives the seqs that came again, to be answered again."""

    def __init__(self) -> None:
        self._rest = b""
        self._seq: int | None = None
        self._heard_at = float("-inf")
        self.repeated: list[int] = []

    def feed(self, data: bytes, now: float) -> list[Press]:
        """What these bytes, read at `now` (monotonic seconds), add up to."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            self._rest = b""
        self.repeated = []
        return [press for line in lines for press in self._line(line, now)]

    def _line(self, line: bytes, now: float) -> list[Press]:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            return []  # noise of the line while it is plugged in
        if not isinstance(said, dict) or type(seq := said.get("seq")) is not int:
            return []
        again = seq == self._seq and now - self._heard_at < REPEATS_FOR_S
        self._seq, self._heard_at = seq, now
        if again:
            self.repeated.append(seq)
            return []
        action = meaning(said.get("btn"))
        return [Press(action, seq=seq)] if action else []
