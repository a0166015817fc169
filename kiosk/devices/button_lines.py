"""The JSON lines of our serial boards, as far as a counter's box and a dispenser's board speak alike: a press
`{"dev":"c3","btn":"next","seq":17}` is repeated by the board until it is answered `{"ack":17}`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 1000
REPEATS_FOR_S = 30.0
"""A board repeats a line until it is answered. From one that does not say when it began (`boot`) the same seq after
this long is another press: it was off in between."""


@dataclass(frozen=True)
class Pressed:
    """A press. `again`: this seq came before, and only its answer is wanted."""

    button: object
    seq: int
    boot: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Began:
    """The board has begun: it knows nothing of what it was told before."""

    boot: str


@dataclass(frozen=True)
class Acked:
    """The board has taken what was sent with this seq."""

    seq: int


Said = Pressed | Began | Acked


def ack(seq: int, refused: str | None = None) -> bytes:
    """The line that tells a board that its press was answered; `refused` says why nothing came of it."""
    return line({"ack": seq} if refused is None else {"ack": seq, "refused": refused})


def line(content: dict[str, Any]) -> bytes:
    """An object as it goes to a board."""
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


class Lines:
    """Bytes to what a board says. `last` is the press that was taken last, if it is known from an earlier run, and
    `heard_at` when."""

    def __init__(self, last: tuple[str | None, int] | None = None, heard_at: float | None = None) -> None:
        self._rest = b""
        self._boot: str | None = last[0] if last else None
        self._seq: int | None = last[1] if last else None
        self._heard_at = float("-inf") if heard_at is None else heard_at
        self._saying = ""

    def feed(self, data: bytes, now: float) -> list[Said]:
        """What these bytes, read at `now` (monotonic seconds), add up to; half a line waits for its other half."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            self._rest = b""
        found = (self._line(line, now) for line in lines)
        return [said for some in found for said in some]

    def _line(self, line: bytes, now: float) -> list[Said]:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            return []  # noise of the line while it is plugged in
        if not isinstance(said, dict):
            return []
        boot = said.get("boot")
        boot = boot if isinstance(boot, str) and 0 < len(boot) <= 16 else None
        found: list[Said] = []
        if boot is not None and boot != self._saying:
            self._saying = boot
            found.append(Began(boot))
        elif boot is not None and "btn" not in said and "ack" not in said:
            found.append(Began(boot))
        if type(seq := said.get("ack")) is int:
            found.append(Acked(seq))
        if "btn" in said and type(seq := said.get("seq")) is int:
            found.append(Pressed(said["btn"], seq, boot, self._again(boot, seq, now)))
        return found

    def _again(self, boot: str | None, seq: int, now: float) -> bool:
        """Whether this press was taken before."""
        same = (boot, seq) == (self._boot, self._seq)
        again = same and (boot is not None or now - self._heard_at < REPEATS_FOR_S)
        self._boot, self._seq, self._heard_at = boot, seq, now
        return again
