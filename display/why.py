"""Why a screen has nothing to show in the morning, and what to do about it. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dispatcher.wire.client import Trouble
from display.board import SILENCE_S, State, is_stale

SILENT, UNKNOWN = "silent", "unknown"
CAUSES = (*Trouble, SILENT, UNKNOWN)


@dataclass(frozen=True)
class Words:
    """A cause in one language: `what` for everybody, `remedy` for whoever looks after the screen."""

    what: str
    remedy: str


@cache
def words(language: str) -> Mapping[str, Words]:
    """The words of `language` by cause. Raises ValueError when one is missing or there is one too many."""
    source = resources.files("display.texts").joinpath(f"{language}.toml")
    found = {name: Words(**each) for name, each in tomllib.loads(source.read_text(encoding="utf-8"))["truth"].items()}
    if set(found) != set(CAUSES):
        raise ValueError(f"texts/{language}.toml: [truth] differs in {sorted(set(found) ^ set(CAUSES))}")
    return found


def cause(state: State, monotonic: float) -> str | None:
    """What keeps this screen from its first picture, one of CAUSES; None as long as that cannot be said."""
    if not state.linked:
        return state.trouble or None
    if monotonic < state.linked_at + SILENCE_S:
        return None
    if is_stale(state, monotonic):
        return SILENT
    return UNKNOWN if state.config is None else None


def next_change(state: State, monotonic: float) -> float:
    """When, in wall seconds, the cause may become another by time alone."""
    due = state.linked_at + SILENCE_S
    return due if state.linked and due > monotonic else math.inf
