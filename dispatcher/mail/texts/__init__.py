"""The mails' texts: one TOML file a language, keys with dots, placeholders in braces."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_gmt, get_timezone_location

LANGUAGES = ("it", "en", "de", "fr")
FALLBACK = "en"
_DAYS = {"de": "EEEE, d. MMMM y"}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of one of LANGUAGES, by key."""
    raw = files("dispatcher.mail.texts").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(raw), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, str(value))]
    return pairs


class Words:
    """The texts in one language; a language without a catalogue speaks FALLBACK."""

    def __init__(self, language: str, office_language: str) -> None:
        self.language = language if language in LANGUAGES else FALLBACK
        self._wanted = (language, office_language)
        self._texts = catalogue(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its `{names}` filled in. Raises KeyError for an unknown key."""
        return self._texts[key].format(**values) if values else self._texts[key]

    def own(self, texts: Mapping[str, str]) -> str:
        """One of an office's own texts: in this language, else in the office's first; empty when there is none."""
        for language in self._wanted:
            if texts.get(language):
                return texts[language]
        return next(iter(texts.values()), "")

    def day(self, local: datetime) -> str:
        """`lunedì 23 novembre 2026`."""
        return format_date(local.date(), _DAYS.get(self.language, "EEEE d MMMM y"), locale=self.language)

    def zone(self, local: datetime) -> str:
        """The zone of a local instant, and how far it is from UTC: `ora di Roma, UTC+01:00`.

        The offset tells the two hours apart that have the same name when the clock goes back.
        """
        offset = get_timezone_gmt(local, locale="en").replace("GMT", "UTC")
        if not isinstance(local.tzinfo, ZoneInfo) or local.tzinfo.key == "UTC":
            return offset
        place = get_timezone_location(local.tzinfo, locale=self.language, return_city=True)
        return f"{self('zone', place=place)}, {offset}"
