"""The reason of a call, in words for the operator (A10). Each language is one file in `texts`: code = "sentence"."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from dispatcher.engine.selection import Why

FALLBACK = "en"


@lru_cache(maxsize=32)
def catalogue(language: str) -> Mapping[str, str] | None:
    """The sentences of a language by code, or None when there is no such language."""
    found = files("dispatcher.engine.texts") / f"{language}.toml"
    return tomllib.loads(found.read_text("utf-8")) if found.is_file() else None


def sentence(why: Why, language: str, zone: ZoneInfo) -> str:
    """One short sentence; times are local, HH:MM. A language without texts (or a region of one, `de-AT`) falls back."""
    texts = catalogue(language) or catalogue(language.partition("-")[0]) or catalogue(FALLBACK) or {}
    return texts[why.code].format_map({name: _text(value, zone) for name, value in why.values.items()})


def _text(value: object, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%H:%M}" if isinstance(value, datetime) else str(value)
