"""The words of what stands beside the calls: the table `signage` of each language's file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Words:
    """`{…}` is filled by the view."""

    appointments: str
    missed_hint: str
    closed: str
    opens_today: str
    opens_later: str
    counters: str
    waits: str
    too_small: str


@cache
def words(language: str) -> Words:
    """The words of `language`, one of texts.LANGUAGES. Raises TypeError when the table lacks a key or has one more."""
    source = resources.files("display.texts").joinpath(f"{language}.toml")
    return Words(**tomllib.loads(source.read_text(encoding="utf-8"))["signage"])
