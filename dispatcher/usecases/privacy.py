"""What people are told of their data, kept as they agreed to it; and the end of all that is personal (F6)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from dispatcher.engine import days
from dispatcher.engine.model import Office
from dispatcher.store import privacy
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

FALLBACK = "en"
BATCH = 500
"""So many rows in one transaction: whoever presses a button meanwhile waits for one batch, not for all."""


UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the notice. An office's own text has no title."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The notice in one language: its sections, how long what is kept, and whom to ask (perhaps nobody is named)."""

    sections: tuple[Section, ...]
    periods: tuple[str, ...]
    contact: str

    @property
    def text(self) -> str:
        """All of it, as it is kept."""
        parts = [f"{one.title}\n{one.text}" if one.title else one.text for one in self.sections]
        return "\n\n".join([*parts, "\n".join(self.periods), *([self.contact] if self.contact else [])])


@cache
def _catalogue() -> Mapping[str, Any]:
    return tomllib.loads(files("dispatcher.usecases").joinpath("privacy.toml").read_text(encoding="utf-8"))


def told(office: Office, language: str) -> Told:
    """The notice in a language; one that has no text here speaks as the office does."""
    words = _catalogue().get(language) or _catalogue().get(office.language) or _catalogue()[FALLBACK]
    settings = office.privacy
    own = settings.notice.get(language) or settings.notice.get(office.language)
    contact = settings.contact or office.contact
    with_accounts = office.accounts != "none" or office.identity is not None
    if own:
        sections = tuple(Section(None, part.strip()) for part in own.split("\n\n") if part.strip())
    else:
        rows = [*words["section"], *(words["account"] if with_accounts else ())]
        sections = tuple(Section(row["title"], row["text"].format(office=office.name)) for row in rows)
    kinds = ("bookings", "accounts", "access") if with_accounts else ("bookings", "access")
    return Told(
        sections,
        tuple(_period(words, kind, getattr(settings, kind)) for kind in kinds),
        contact.get(language) or contact.get(office.language) or next(iter(contact.values()), ""),
    )


def _period(words: Mapping[str, Any], kind: str, span: timedelta) -> str:
    if not span:
        return str(words["kept"][f"{kind}_now"])
    return str(words["kept"][kind].format(span=_in_words(words["span"], span)))


def _in_words(words: Mapping[str, Any], span: timedelta) -> str:
    """A span in its largest unit that leaves no rest."""
    unit = next((name for name, length in UNITS.items() if not span % length), "minutes")
    number = max(1, round(span / UNITS[unit]))
    return str(words[unit]["one"] if number == 1 else words[unit]["other"].format(n=number))


def texts(office: Office) -> dict[str, str]:
    """The whole notice in each of the office's languages."""
    return {language: told(office, language).text for language in office.languages}


def digest(all_texts: Mapping[str, str]) -> str:
    """The name of a notice: another word in any language is another notice."""
    return hashlib.sha256(json.dumps(all_texts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def agreed(work: Work) -> str:
    """The digest of the notice that is shown now; its texts are kept from the first time on that somebody agrees."""
    shown = texts(work.office)
    name = digest(shown)
    privacy.keep_notice(work.tx, name, shown)
    return name


def notice(source: Reading, *, digest: str) -> dict[str, Any] | None:
    """What somebody agreed to: `{digest, text: {language: …}, since}`; None when there is no such notice."""
    row = privacy.notice(source.tx, digest)
    return {"digest": row.digest, "text": row.text, "since": row.since} if row is not None else None


# ---- the end of what is personal


def forget(work: Work) -> dict[str, Any]:
    """Delete a batch of what is kept no longer: `{forgotten, more}`, `more` when there may be another batch.

    Of an appointment stay its ticket and its history, from which nothing leads to the person any more.
    """
    settings, now = work.office.privacy, work.tx.now
    # The end of the appointment's day and then the period: no instant of its day is within the period any more.
    first_kept = days.business_day(now - settings.bookings, work.office.zone, work.office.day_starts)
    bookings = privacy.past_bookings(work.tx, first_kept, work.today, BATCH)
    privacy.forget_bookings(work.tx, bookings)
    accounts = privacy.unused_accounts(work.tx, now - settings.accounts, BATCH)
    privacy.forget_accounts(work.tx, accounts)
    numbers = (
        len(bookings),
        len(accounts),
        privacy.forget_access(work.tx, now - settings.access, BATCH),
    )
    return {"forgotten": sum(numbers), "more": max(numbers) >= BATCH}
