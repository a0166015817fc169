"""Texts for people in four languages, from the catalogues in `translations/`, one TOML file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_time, get_day_names
from flask import request

from dispatcher.engine.model import Office

LANGUAGES = {"it": "Italiano", "en": "English", "de": "Deutsch", "fr": "Français"}
"""Each in its own words."""
COOKIE = "lang"
FALLBACK = "en"


@lru_cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language by dotted key."""
    raw = files("dispatcher.web").joinpath("translations", f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(raw), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, str(value)))
    return pairs


def languages_of(office: Office) -> tuple[str, ...]:
    """The office's languages that have a catalogue, in its order; English if there is none."""
    return tuple(name for name in office.languages if name in LANGUAGES) or (FALLBACK,)


def choose(office: Office) -> str:
    """The language of this page: `?lang`, else the cookie, else what the browser prefers, else the office's first."""
    known = languages_of(office)
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in known:
            return wanted
    for preferred in request.accept_languages.values():
        primary = preferred.partition("-")[0].lower()
        if primary in known:
            return primary
    return known[0]


class Texts:
    """The texts of one language, as templates use them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its `{names}` filled in. Raises KeyError for a key that no catalogue has."""
        return self._texts[key].format(**values) if values else self._texts[key]

    def get(self, key: str, default: str) -> str:
        """The text of a key that may be unknown, as codes from elsewhere are."""
        return self._texts.get(key, default)

    def count(self, key: str, n: int) -> str:
        """`key.one` or `key.other` with `{n}`; `key.none` for nothing, where there is one."""
        if n == 0 and f"{key}.none" in self._texts:
            return self._texts[f"{key}.none"]
        return self(f"{key}.one" if n == 1 else f"{key}.other", n=n)

    def name(self, names: Mapping[str, str]) -> str:
        """An office's own text in this language, or in its first one."""
        return names.get(self.language) or next(iter(names.values()), "")

    def day(self, day: date) -> str:
        """`lunedì 23 novembre`."""
        pattern = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM"}.get(self.language, "EEEE d MMMM")
        return format_date(day, pattern, locale=self.language)

    def month(self, day: date) -> str:
        """`novembre 2026`."""
        return format_date(day, "LLLL y", locale=self.language)

    def weekdays(self) -> list[tuple[str, str]]:
        """The days of the week from Monday on, short and in full: `("lun", "lunedì")`."""
        locale = self.language
        short = get_day_names("abbreviated", "stand-alone", locale=locale)
        full = get_day_names("wide", "stand-alone", locale=locale)
        return [(short[number].rstrip("."), full[number]) for number in range(7)]

    def time(self, instant: datetime, zone: tzinfo) -> str:
        """`10:30`, in the office's zone."""
        return format_time(instant.astimezone(zone), "HH:mm", locale=self.language)

    def wait(self, low_s: int | None, high_s: int | None) -> str:
        """A span of the wait in words; empty when unknown."""
        if low_s is None or high_s is None:
            return ""
        low, high = low_s // 60, -(-high_s // 60)
        if high <= 1:
            return self("wait.soon")
        return self("wait.span", low=low, high=high) if low < high else self("wait.about", n=high)
