"""The four tactile keys: as an input device gives them (`input_event`, linux/input.h), or the window's keyboard."""

from __future__ import annotations

from kiosk.devices.input_events import EV_KEY, Records
from kiosk.speech.guide import Key

HOLD_S = 0.8
"""The repeat key, held so long, turns the volume on."""
BOUNCE_S = 0.04
"""A contact that closes again so soon has bounced; who presses twice on purpose needs longer."""
TYPED_S = 0.15
"""Enter so soon behind a letter is the end of what a scanner types that is a keyboard too."""
CODES = {
    103: Key.PREVIOUS, 105: Key.PREVIOUS, 72: Key.PREVIOUS,
    108: Key.NEXT, 106: Key.NEXT, 80: Key.NEXT,
    28: Key.OK, 96: Key.OK, 352: Key.OK,
    57: Key.REPEAT, 138: Key.REPEAT, 59: Key.REPEAT, 82: Key.REPEAT,
}  # fmt: skip
"""KEY_UP, LEFT and KP8; DOWN, RIGHT and KP2; ENTER, KPENTER and OK; SPACE, HELP, F1 and KP0."""
NAMES = {
    "up": Key.PREVIOUS, "left": Key.PREVIOUS, "down": Key.NEXT, "right": Key.NEXT,
    "return": Key.OK, "enter": Key.OK, "space": Key.REPEAT, "f1": Key.REPEAT, "help": Key.REPEAT,
}  # fmt: skip
"""pygame's names of the same keys."""


class FourKeys:
    """Downs and ups to what they mean. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._records = Records()
        self._down: dict[Key, float] = {}
        self._moved: dict[Key, float] = {}
        self._typed_at = float("-inf")

    def feed(self, data: bytes, now: float) -> list[Key]:
        """What these bytes of an input device, read at `now`, add up to."""
        found = []
        for kind, code, value in self._records.feed(data):
            # value 2 is the kernel's own repeat
            if kind == EV_KEY and code in CODES and value in (0, 1):
                found += self.key(CODES[code], value == 1, now)
        return found

    def named(self, name: str, down: bool, now: float) -> list[Key]:
        """A key of the window."""
        if name not in NAMES:
            self._typed_at = now if down else self._typed_at
            return []
        return [] if down and now - self._typed_at < TYPED_S else self.key(NAMES[name], down, now)

    def key(self, key: Key, down: bool, now: float) -> list[Key]:
        """A key went down or up."""
        before, self._moved[key] = self._moved.get(key, float("-inf")), now
        if down:
            # two downs without an up between them are two presses: an up is lost when the window loses the keyboard
            if now - before < BOUNCE_S:
                return []
            self._down[key] = now
            return [Key.HUSH if key is Key.REPEAT else key]
        since = self._down.pop(key, None)
        if since is None or key is not Key.REPEAT:
            return []
        return [Key.VOLUME if now - since >= HOLD_S else Key.REPEAT]
