"""A numeric keypad at a counter: what its keys mean."""

from __future__ import annotations

from kiosk.counter.actions import MEANS_WITH_DIGITS, Debounce, Press, meaning
from kiosk.devices.input_events import EV_KEY, PRESSED, Records

FORGET_S = 5.0
MOST_DIGITS = 5
KEYS = {96: "enter", 28: "enter", 55: "*", 74: "-", 78: "+", 98: "/", 83: "."}
BACKSPACE = 14
DIGITS = {82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9"}


class Keypad:
    """Bytes to presses. Releases and the kernel's own repeats (value 0 and 2) do nothing."""

    def __init__(self) -> None:
        self._records = Records()
        self._digits = ""
        self._typed_at = float("-inf")
        self._debounce = Debounce()

    def feed(self, data: bytes, now: float) -> list[Press]:
        """What these bytes, read at `now` (monotonic seconds), add up to; half a record waits for its other half."""
        presses = []
        for kind, code, value in self._records.feed(data):
            if kind == EV_KEY and value == PRESSED and (press := self._key(code, now)):
                presses.append(press)
        return presses

    def _key(self, code: int, now: float) -> Press | None:
        if now - self._typed_at > FORGET_S:
            self._digits = ""
        if code in DIGITS:
            self._digits += DIGITS[code]
            self._typed_at = now
            return None
        if code == BACKSPACE:
            self._digits = self._digits[:-1]
            return None
        word = KEYS.get(code)
        # digits are not held back: who types 11 quickly means 11
        if word is None or not self._debounce.passes(word, now):
            return None
        digits, self._digits = self._digits, ""
        if digits and word in MEANS_WITH_DIGITS:
            return Press(MEANS_WITH_DIGITS[word], digits) if len(digits) <= MOST_DIGITS else None
        action = meaning(word)
        return Press(action) if action else None
