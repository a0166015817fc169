"""The values that come from outside: what a text, an instant, a day, a duration may be."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, PlainValidator, StringConstraints, WithJsonSchema

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST = timedelta(days=365)
LINE_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]+$"


def _is_clean(value: str, allowed: str = "") -> bool:
    return all(char in allowed or unicodedata.category(char) not in ("Cc", "Cs") for char in value)


def clean_line(value: str) -> str:
    """A text of one line: no control characters (NUL cannot be stored), no halves of surrogate pairs."""
    if not _is_clean(value):
        raise ValueError("control characters are not allowed")
    return value


def clean_text(value: str) -> str:
    """A text that may have several lines."""
    if not _is_clean(value, "\n\r\t"):
        raise ValueError("control characters are not allowed")
    return value


def instant(value: Any) -> datetime:
    """An aware instant from ISO 8601 text with an offset. Raises ValueError for anything else, absurd years too."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("write an instant with its offset, like 2026-11-23T10:00:00+01:00")
    parsed = datetime.fromisoformat(value)
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return parsed


def day(value: Any) -> date:
    """A local date from `YYYY-MM-DD`."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day like 2026-11-23")
    parsed = date.fromisoformat(value)
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return parsed


def duration(value: Any) -> timedelta:
    """A duration from `0s`, `90s`, `10m`, `1h`, `60d`; a year at the most."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("write a duration like 90s, 10m, 1h or 60d")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > LONGEST:
        raise ValueError("the duration is longer than a year")
    return length


Word = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(clean_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 64, "pattern": LINE_PATTERN}),
]  # fmt: skip
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=120), AfterValidator(clean_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 120, "pattern": LINE_PATTERN}),
]  # fmt: skip
Notes = Annotated[
    str, StringConstraints(max_length=1200), AfterValidator(clean_text),
    WithJsonSchema({"type": "string", "maxLength": 1200, "pattern": r"^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]*$"}),
]  # fmt: skip
Label = Annotated[
    str, StringConstraints(min_length=3, max_length=6, pattern=r"^[A-Z]{1,2}[0-9]{2,5}$"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{1,2}[0-9]{2,4}$", "maxLength": 6}),
]  # fmt: skip
Instant = Annotated[datetime, PlainValidator(instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[date, PlainValidator(day), WithJsonSchema({"type": "string", "format": "date"})]
Duration = Annotated[
    timedelta, PlainValidator(duration),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}[smh]$", "examples": ["10m"]}),
]  # fmt: skip


def chosen(kind: str) -> dict[str, Any]:
    """The schema of an id of this office; the document's writer puts in the ids that there are (`x-ids`)."""
    return {"type": "string", "x-ids": kind}


ServiceId = Annotated[Word, WithJsonSchema(chosen("services"))]
CounterId = Annotated[Word, WithJsonSchema(chosen("counters"))]
PlatformId = Annotated[Word, WithJsonSchema(chosen("platforms"))]
LanguageId = Annotated[Word, WithJsonSchema(chosen("languages"))]
