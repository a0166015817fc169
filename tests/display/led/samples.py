"""Messages of an office with one counter, for the tests of the LED display."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from dispatcher.wire.messages import CounterState, CounterTicket
from display.led import panel
from display.led.frames import AsciiLine, Face, dm36, led485

GOLDEN = tomllib.loads((Path(__file__).parents[2] / "golden/led.toml").read_text(encoding="utf-8"))["bytes"]
BYTES: dict[str, dict[str, Any]] = {row["name"]: row for row in GOLDEN}
FACES: dict[str, Face] = {"dm36": dm36(), "led485": led485(), "ascii": AsciiLine()}


def golden(name: str) -> bytes:
    return bytes.fromhex(BYTES[name]["hex"])


def counter(revision: int, label: str | None = None, state: Any = "open") -> CounterState:
    ticket = CounterTicket(label=label, service="passport", state="called", kind="walk_in") if label else None
    return CounterState(revision=revision, state=state, mode="auto", ticket=ticket)


def news(revision: int, label: str | None = None, state: Any = "open", name: str = "3") -> panel.CounterNews:
    return panel.CounterNews(name, counter(revision, label, state))
