"""The screen's own words, one file a language; texts of the office come with the board."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from dispatcher.wire.messages import Text

FALLBACK = "en"
LANGUAGES = ("it", "en", "de", "fr")


@dataclass(frozen=True)
class Catalogue:
    """All words of one language. `{…}` in a text is filled by the view."""

    counter: str
    latest: str
    missed: str
    nobody_waits: str
    one_waits: str
    many_wait: str
    wait_span: str
    wait_about: str
    wait_up_to: str
    wait_short: str
    minutes: str
    hours: str
    hours_minutes: str
    recall: str
    no_calls: str
    stale: str
    stale_never: str
    simulated: str
    waits_for_network: str
    waits_for_settings: str
    waits_for_dispatcher: str
    trouble: str
    trouble_untold: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]


@cache
def catalogue(language: str) -> Catalogue:
    """The words of `language`, one of LANGUAGES. Raises ValueError when the file lacks a key or has one too many."""
    source = resources.files("display.texts").joinpath(f"{language}.toml")
    values = tomllib.loads(source.read_text(encoding="utf-8"))
    values = {name: value for name, value in values.items() if not isinstance(value, dict)}
    names = {field.name for field in fields(Catalogue)}
    if names != set(values):
        raise ValueError(f"texts/{language}.toml: differs from the catalogue in {sorted(names ^ set(values))}")
    filled: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Catalogue(**filled)


def spoken(language: str) -> str | None:
    """The catalogue's name for a language tag (`de-AT` is `de`), or None when there is no catalogue."""
    base = language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else None


def first_of(languages: Iterable[str]) -> str:
    """The first of `languages` that has a catalogue."""
    return next((found for language in languages if (found := spoken(language))), FALLBACK)


def choose(text: Text, languages: Iterable[str]) -> str:
    """The text in the first of `languages` that it has; else whichever it has; else nothing."""
    for language in languages:
        if text.get(language):
            return text[language]
    return next((value for value in text.values() if value), "")
