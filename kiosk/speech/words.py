"""Words as they are spoken: numbers spelled, durations and times written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.texts import FALLBACK, LANGUAGES, Words


@dataclass(frozen=True)
class Said:
    """Something to say, and in which language's voice."""

    language: str
    text: str


class Aloud(Words):
    """The kiosk's texts for the ear."""

    def aloud(self, key: str, **values: object) -> Said:
        """The text `key`, in the voice of the language that it is written in."""
        return self.spoken(self.say(key, **values))

    def spoken(self, text: str) -> Said:
        """A text of the catalogue with its voice, as a sentence."""
        code = self.language if self.language in LANGUAGES else FALLBACK
        return Said(code, text if text.endswith((".", ":", "?", "…")) else f"{text}.")

    def aloud_count(self, key: str, n: int) -> Said:
        """`key` for none, one or `n`."""
        return self.spoken(self.count(key, n))

    def duration(self, seconds: int) -> str:
        minutes = max(1, round(seconds / 60))
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self._some("speech.minutes", minutes)
        if not rest:
            return self._some("speech.hours", hours)
        both = {"hours": self._some("speech.hours", hours), "minutes": self._some("speech.minutes", rest)}
        return self.say("speech.hours.both", **both)

    def time(self, at: datetime) -> str:
        """A time of day."""
        return self.say("speech.time", h=at.hour, m=at.minute) if at.minute else self.say("speech.time_hour", h=at.hour)

    def _some(self, key: str, n: int) -> str:
        return self.say(f"{key}.one") if n == 1 else self.say(f"{key}.many", n=n)


def spelled(label: str) -> str:
    """A label sign by sign: "A045" would be read "a, forty-five"."""
    return ", ".join(label) + "."


def named(text: Mapping[str, str], language: str, languages: Sequence[str], instead: str) -> Said:
    """One of the office's own texts, as `kiosk.texts.pick` chooses it, in the voice of its own language."""
    for code in (language, *languages, FALLBACK, *text):
        if text.get(code):
            return Said(code, f"{text[code].rstrip('.')}.")
    return Said(language, f"{instead}.")
