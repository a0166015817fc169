"""What the buttons of a counter mean: one table for all kinds, and what typed digits may stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DEBOUNCE_S = 0.2
MEANS = {
    "next": "next", "enter": "next", "single": "next", "s": "next", "on": "next",
    "recall": "recall", "*": "recall", "double": "recall", "ss": "recall",
    "absent": "absent", "-": "absent", "hold": "absent", "long": "absent", "l": "absent",
    "open": "open", "/": "open",
    "pause": "pause", ".": "pause",
    "close": "close", "serve": "serve", "finish": "finish", "undo": "undo",
}  # fmt: skip
"""What a device says, in small letters, to the counter's action. What is not here does nothing."""
MEANS_WITH_DIGITS = {"enter": "call", "+": "transfer"}
"""The same behind typed digits: a ticket's number to be called, a counter to which the present ticket is sent."""

_LABEL = re.compile(r"([A-Z]{1,2})\d+")


@dataclass(frozen=True)
class Press:
    """A press that counts. `digits` only with `call` and `transfer`, `seq` only from a box that waits."""

    action: str
    digits: str = ""
    seq: int | None = None


def meaning(word: object) -> str | None:
    """The action that a device's word stands for."""
    return MEANS.get(word.lower()) if isinstance(word, str) else None


class Debounce:
    """Lets a key through once in DEBOUNCE_S: contacts bounce, and fingers press twice."""

    def __init__(self) -> None:
        self._last: dict[object, float] = {}

    def passes(self, key: object, now: float) -> bool:
        """`now` in monotonic seconds; a press that is held back does not begin the time anew."""
        if now - self._last.get(key, float("-inf")) < DEBOUNCE_S:
            return False
        self._last[key] = now
        return True


def labels(digits: str, next_label: str | None, letters: Sequence[str]) -> list[str]:
    """The labels that `digits` may mean, the likeliest first: in the series of who is next, then in the services'
    own, then in those of their appointments (doubled letter)."""
    found = _LABEL.fullmatch(next_label or "")
    series = [*([found[1]] if found else []), *letters, *(2 * letter for letter in letters)]
    number = int(digits)
    made = [f"{one}{number:0{4 - len(one)}}" for one in dict.fromkeys(series)]
    return [one for one in made if len(one) <= 6]
