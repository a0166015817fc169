"""The kiosk's texts: one TOML file a language, keys with dots, placeholders in braces."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

LANGUAGES = ("it", "en", "de", "fr")
FALLBACK = "en"

# Names of further languages that an office may offer for its own texts, each in itself.
OTHER_NAMES = {
    "ar": "العربية", "bn": "বাংলা", "es": "Español", "hi": "हिन्दी", "nl": "Nederlands", "pl": "Polski", "pt":
    "Português", "ro": "Română", "ru": "Русский", "sl": "Slovenščina", "sq": "Shqip", "uk": "Українська", "ur": "اردو",
}  # fmt: skip


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of one of LANGUAGES, by key."""
    text = files("kiosk.texts").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return MappingProxyType(_flat(tomllib.loads(text)))


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = str(value)
    return found


def language_name(language: str) -> str:
    """A language's name in itself; its code when it is not known."""
    if language in LANGUAGES:
        return catalogue(language)["language"]
    return OTHER_NAMES.get(language, language)


def pick(text: Mapping[str, str], language: str, languages: Sequence[str] = ()) -> str:
    """One of an office's own texts: in `language`, else in the office's first, else any; empty when there is none."""
    for code in (language, *languages, FALLBACK):
        if text.get(code):
            return text[code]
    return next(iter(text.values()), "")


@dataclass(frozen=True)
class Words:
    """The texts in one language; a language without a catalogue speaks FALLBACK."""

    language: str

    def say(self, key: str, **values: object) -> str:
        """The text `key` with its placeholders filled. Raises KeyError for an unknown key."""
        code = self.language if self.language in LANGUAGES else FALLBACK
        return catalogue(code)[key].format(**values)

    def knows(self, key: str) -> bool:
        return key in catalogue(FALLBACK)

    def count(self, key: str, n: int) -> str:
        """`key` for none, one or `n`."""
        return self.say(f"{key}.{'zero' if n <= 0 else 'one' if n == 1 else 'many'}", n=n)

    def duration(self, seconds: int) -> str:
        """A duration in minutes, or from an hour on in hours and minutes; never less than a minute."""
        minutes = max(1, round(seconds / 60))
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.say("duration.minutes", m=minutes)
        return self.say("duration.both" if rest else "duration.hours", h=hours, m=rest)

    def wait(self, low_s: int | None, high_s: int | None) -> str:
        """The span of a wait in words; unknown is said as unknown."""
        if low_s is None or high_s is None:
            return self.say("wait.unknown")
        low, high = self.duration(low_s), self.duration(high_s)
        if low_s < 60:
            return self.say("wait.under", high=self.duration(max(high_s, 120)))
        if low == high:
            return self.say("wait.about", low=low)
        return self.say("wait.span", low=low, high=high)

    def short_wait(self, low_s: int, high_s: int) -> str:
        """A known wait in as few signs as it takes."""
        if high_s < 3600:
            low, high = max(1, round(low_s / 60)), max(1, round(high_s / 60))
            span = f"{low}–{high}" if low < high else f"{high}"
            return self.say("duration.minutes", m=span)
        low_text, high_text = self.duration(low_s), self.duration(high_s)
        return high_text if low_text == high_text else f"{low_text} – {high_text}"

    def short_date(self, local: datetime) -> str:
        return self.say("date.short", day=local.day, month=local.month, year=local.year)

    def long_date(self, local: datetime) -> str:
        return self.say(
            "date.long",
            weekday=self.weekday(local),
            day=local.day,
            month_name=self._part("date.months", local.month - 1),
        )

    def weekday(self, local: datetime) -> str:
        return self._part("date.weekdays", local.weekday())

    def _part(self, key: str, at: int) -> str:
        return self.say(key).split(",")[at]
