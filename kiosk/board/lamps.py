"""Which lamps are on, and what of it the board does not know yet. Pure; times are monotonic seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk import flow, visits
from kiosk.devices.button_lines import line

BLINK_HZ = 2
"""Flashes a second: below the 3 of WCAG 2.3.1."""
AGAIN_S = 1.0
ALL_S = 5.0
SILENT_AFTER = 3
"""So many lines without an answer: the board is not heard."""


@dataclass(frozen=True)
class Lamp:
    on: bool
    blinks: bool = False


@dataclass
class _Sent:
    """What was sent last to a lamp; `tries` since its answer."""

    lamp: Lamp
    seq: int
    at: float
    tries: int = 1
    acked: bool = False


def wanted(state: flow.State, buttons: Mapping[str, str], under_way: str | None) -> dict[str, Lamp]:
    """Each button's lamp; `under_way` is the service whose ticket is being made. Until the next ticket may be had the
    others are off: a press would be refused."""
    dark, at_once = flow.hindrance(state) is not None, visits.next_in_s(state) <= 0
    lamps = {}
    for button, service_id in buttons.items():
        service = flow.find(state, service_id)
        on = not dark and service is not None and service.open and (at_once or service_id == under_way)
        lamps[button] = Lamp(on, blinks=True) if on and service_id == under_way else Lamp(on)
    return lamps


def under_way(state: flow.State, before: str | None) -> str | None:
    """The service whose ticket is being made, `before` the one that it was until now."""
    screen = state.screen
    if isinstance(screen, flow.Issuing):
        return screen.press.service
    return before if isinstance(screen, flow.Ticket) and screen.paper == "printing" else None


class Lamps:
    """The lines that are to go to the board so that it shows what is wanted."""

    def __init__(self) -> None:
        self._sent: dict[str, _Sent] = {}
        self._seq = 0
        self._all_at = float("-inf")
        self.silent = False
        """Whether the board has left several lines unanswered."""

    def forget(self) -> None:
        """The board knows nothing of its lamps: it began anew, or the line did."""
        self._sent.clear()
        self._all_at = float("-inf")

    def acked(self, seq: int) -> None:
        """The board has answered."""
        for sent in self._sent.values():
            if sent.seq == seq:
                sent.acked, sent.tries = True, 0
                self.silent = False

    def due(self, lamps: Mapping[str, Lamp], now: float) -> list[bytes]:
        """What is to be sent now."""
        everything = now - self._all_at >= ALL_S
        if everything:
            self._all_at = now
        lines = []
        for button, lamp in lamps.items():
            sent = self._sent.get(button)
            same = sent is not None and sent.lamp == lamp
            waits = sent is not None and not sent.acked and now - sent.at >= AGAIN_S
            if same and not waits and not everything:
                continue
            self._seq += 1
            tries = sent.tries + 1 if sent and not sent.acked else 1
            self._sent[button] = _Sent(lamp, self._seq, now, tries)
            self.silent = self.silent or tries > SILENT_AFTER
            lines.append(_line(button, lamp, self._seq))
        return lines


def _line(button: str, lamp: Lamp, seq: int) -> bytes:
    blink = {"blink": BLINK_HZ} if lamp.blinks else {}
    return line({"lamp": button, "on": lamp.on, **blink, "seq": seq})
