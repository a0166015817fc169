"""What a button board does with what it hears and with its buttons. Pure: lines in, lines out; times are seconds.

From the published lines: `{"dev":"k1","boot":"4f2a"}` at its beginning until it is spoken to; a press as
`{"dev":…,"boot":…,"btn":"1","seq":17}` each second until `{"ack":17}` (with `refused` when there is no ticket), for
10 s; `{"lamp":"1","on":true,"blink":2,"seq":5}` answered `{"dev":"k1","ack":5}`; dark after 15 s of silence. All that
comes and is not by the book stands in `wrong`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

REPEAT_S = 1.0
GIVE_UP_S = 10.0
DARK_S = 15.0
MOST_BYTES = 200
MOST_FLASHES = 3


@dataclass(frozen=True)
class Light:
    """A lamp; `flashes` a second, 0 steady."""

    on: bool = False
    flashes: int = 0


@dataclass
class _Press:
    button: str
    seq: int
    first: float
    said: float


class Board:
    """One board with its buttons. `answers` are all `(seq, refused)` that presses got, in their order."""

    def __init__(self, device: str, buttons: tuple[str, ...], *, boot: str, seq: int = 0) -> None:
        self._device, self._boot, self._seq = device, boot, seq
        self._buttons = buttons
        self._press: _Press | None = None
        self._rest = b""
        self._heard = False
        self._heard_at = 0.0
        self._hello_at = float("-inf")
        self.lamps: dict[str, Light] = {button: Light() for button in buttons}
        self.answers: list[tuple[int, str | None]] = []
        self.wrong: list[str] = []

    def push(self, button: str, now: float) -> int | None:
        """A finger on a button; the press's seq, None while the one before waits for its answer."""
        if button not in self._buttons:
            raise ValueError(f"there is no button {button}")
        if self._press is not None:
            return None
        self._seq += 1
        self._press = _Press(button, self._seq, now, float("-inf"))
        return self._seq

    def says(self, now: float) -> bytes:
        """What it says by itself now."""
        found: list[dict[str, Any]] = []
        if not self._heard and now - self._hello_at >= REPEAT_S:
            self._hello_at = now
            found.append({"dev": self._device, "boot": self._boot})
        press = self._press
        if press is not None and now - press.first >= GIVE_UP_S:
            self._press = press = None
        if press is not None and now - press.said >= REPEAT_S:
            press.said = now
            found.append({"dev": self._device, "boot": self._boot, "btn": press.button, "seq": press.seq})
        if self._heard and now - self._heard_at >= DARK_S:
            self.lamps = {button: Light() for button in self._buttons}
        return b"".join(map(_line, found))

    def hears(self, data: bytes, now: float) -> bytes:
        """What it answers to what came."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        answers = [self._take(line, now) for line in lines]
        return b"".join(_line(answer) for answer in answers if answer)

    def _take(self, line: bytes, now: float) -> dict[str, Any] | None:
        try:
            said = json.loads(line)
        except ValueError:
            self._complain(line, "no JSON")
            return None
        if not isinstance(said, dict) or len(line) >= MOST_BYTES:
            self._complain(line, "no object of at most 200 bytes")
            return None
        self._heard, self._heard_at = True, now
        if "ack" in said:
            self._acked(said, line)
            return None
        if "lamp" in said:
            return self._lamp(said, line)
        self._complain(line, "neither answer nor lamp")
        return None

    def _acked(self, said: dict[str, Any], line: bytes) -> None:
        seq, refused = said["ack"], said.get("refused")
        if type(seq) is not int or not (refused is None or isinstance(refused, str)):
            self._complain(line, "an answer without a number")
            return
        if self._press is not None and self._press.seq == seq:
            self._press = None
        self.answers.append((seq, refused))

    def _lamp(self, said: dict[str, Any], line: bytes) -> dict[str, Any] | None:
        name, on, flashes, seq = said["lamp"], said.get("on"), said.get("blink", 0), said.get("seq")
        if name not in self._buttons or not isinstance(on, bool) or type(seq) is not int:
            self._complain(line, "no lamp of mine")
            return None
        if type(flashes) is not int or not 0 <= flashes <= MOST_FLASHES:
            self._complain(line, "flashes too fast")
            return None
        self.lamps[name] = Light(on, flashes)
        return {"dev": self._device, "ack": seq}

    def _complain(self, line: bytes, why: str) -> None:
        self.wrong.append(f"{why}: {line!r}")


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode() + b"\n"
