"""Single values of the office file: text in, typed value out; ValueError with a sentence that says what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dispatcher.engine.model import Hours, Span
from dispatcher.wire import looks

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = timedelta(days=3660)
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"([0-9][0-9]):([0-9][0-9])-([0-9][0-9]):([0-9][0-9])")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class Wrong(ValueError):
    """A value at fault deeper inside the one that was read; `path` leads to it."""

    def __init__(self, text: str, *path: str | int) -> None:
        super().__init__(text)
        self.path = path


def duration(value: object) -> timedelta:
    """`0s`, `90s`, `10m`, `1h`, `60d`."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('write a duration like "90s", "10m", "1h" or "60d"')
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError('this is longer than ten years; write a duration like "90s", "10m", "1h" or "60d"')
    return timedelta(seconds=seconds)


def slot(value: object) -> timedelta:
    """A duration of at least a minute and at most a day."""
    length = duration(value)
    if not timedelta(minutes=1) <= length <= timedelta(days=1):
        raise ValueError('a slot lasts from "1m" to "1d"')
    return length


def last_ticket(value: object) -> timedelta | str:
    """`auto`, `never` or a duration."""
    if value in ("auto", "never"):
        return str(value)
    try:
        return duration(value)
    except ValueError:
        raise ValueError('write "auto", "never" or a duration like "20m"') from None


def zone(value: object) -> ZoneInfo:
    """A name of the IANA data base."""
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # unknown name; a path; a folder of names, as "Europe"
            pass
    raise ValueError(f'{value!r} is no time zone: write a name like "Europe/Rome"')


def clock_time(value: object) -> time:
    """`04:00`, local."""
    if isinstance(value, str) and re.fullmatch(r"[0-9][0-9]:[0-9][0-9]", value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError('write a time of day like "04:00"')


def hours(value: object) -> Hours:
    """`always`, or spans by weekday, without overlaps, sorted."""
    if value == "always":
        return Hours(always=True)
    if not isinstance(value, dict):
        raise Wrong('write "always", or spans by day: { mon = ["08:30-12:30", "14:00-16:00"] }')
    spans: dict[int, tuple[Span, ...]] = {}
    for day, texts in value.items():
        if day not in WEEKDAYS:
            raise Wrong(f"unknown day; the days are {', '.join(WEEKDAYS)}", str(day))
        if not isinstance(texts, list):
            raise Wrong('write a list of spans: ["08:30-12:30"]', day)
        spans[WEEKDAYS.index(day)] = _spans(day, texts)
    return Hours(spans={number: spans[number] for number in sorted(spans)})


def _spans(day: str, texts: list[Any]) -> tuple[Span, ...]:
    found = sorted(_span(day, text) for text in texts)
    for (_, earlier_end), (later_start, _) in pairwise(found):
        if later_start < earlier_end:
            raise Wrong(f"two spans overlap at {later_start:%H:%M}", day)
    return tuple(found)


def _span(day: str, text: object) -> Span:
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    try:
        start, end = (time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))) if found else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None:
        raise Wrong(f'{text!r} is no span: write it like "08:30-12:30", at the latest until 23:59', day)
    if end <= start:
        raise Wrong(f"{text!r} ends before it starts", day)
    return start, end


def openings(value: object) -> dict[date, tuple[Span, ...]]:
    """Spans by day, `{ "2026-12-05" = ["09:00-12:00"] }`: the hours of that day, whatever the others say."""
    if not isinstance(value, dict):
        raise Wrong('write spans by day: { "2026-12-05" = ["09:00-12:00"] }')
    found: dict[date, tuple[Span, ...]] = {}
    for text, spans in value.items():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Wrong(f'{text!r} is no day: write it like "2026-12-05"', text) from None
        if not isinstance(spans, list) or not spans:
            raise Wrong('write a list of spans: ["09:00-12:00"]; days without any belong among the closures', text)
        found[day] = _spans(text, spans)
    return dict(sorted(found.items()))


def closures(value: object) -> tuple[tuple[date, date], ...]:
    """Days `2026-12-24` and spans of days `2026-08-10/2026-08-21`, both ends included."""
    if not isinstance(value, list):
        raise Wrong('write a list of days: ["2026-12-24", "2026-08-10/2026-08-21"]')
    return tuple(_closure(at, item) for at, item in enumerate(value))


def _closure(at: int, item: object) -> tuple[date, date]:
    text = item.isoformat() if isinstance(item, date) and not isinstance(item, datetime) else item
    try:
        first, _, last = str(text).partition("/")
        span = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise Wrong(f'{item!r} is no day: write "2026-12-24" or "2026-08-10/2026-08-21"', at) from None
    if span[1] < span[0]:
        raise Wrong(f"{text!r} ends before it starts", at)
    return span


def instant(value: object) -> datetime:
    """An instant with an offset (RFC 3339), in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError('write an instant with its offset, like "2026-12-01T08:00:00+01:00"')
    return value.astimezone(UTC)


def texts(value: object, most: int = 500) -> dict[str, str]:
    """A text by language, of at most so many characters."""
    if not isinstance(value, dict) or not value:
        raise Wrong('write the text by language: { it = "Passaporti", en = "Passports" }')
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise Wrong('this is no language: write a code like "it" or "pt-BR"', language)
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            raise Wrong(f"write a text of 1 to {most} characters in quotes", language)
    return dict(value)


def long_texts(value: object) -> dict[str, str]:
    """A text of several paragraphs by language."""
    return texts(value, 20_000)


def page_texts(value: object) -> dict[str, str]:
    """A page for a screen by language: what fits there."""
    return texts(value, 1_200)


def languages(value: object) -> tuple[str, ...]:
    """Codes of languages, the first is the default."""
    is_list = isinstance(value, list) and value and all(isinstance(item, str) for item in value)
    if not is_list or not isinstance(value, list) or not all(_LANGUAGE.fullmatch(item) for item in value):
        raise ValueError('write a list of codes of languages: ["it", "en"]')
    if len(set(value)) < len(value):
        raise ValueError("a language stands twice")
    return tuple(value)


def domains(value: object) -> tuple[str, ...]:
    """Domains of e-mail addresses, in small letters."""
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if not is_list or not isinstance(value, list) or not all(_DOMAIN.fullmatch(item) for item in value):
        raise ValueError('write a list of domains: ["pec.example.org"]')
    return tuple(item.casefold() for item in value)


def base_url(value: object) -> str:
    """The address that customers reach, without a slash at the end."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = good and parts is not None and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if not good:
        raise ValueError('write an address like "https://queue.example.org"')
    return str(value).rstrip("/")


def meeting_link(value: object) -> str:
    """An address to meet at; `{room}` stands for a name that only one appointment has."""
    example = 'write an address like "https://meet.example.org/{room}"'
    try:
        good = isinstance(value, str) and len(value) <= 200 and value.startswith("https://") and value.isprintable()
        good = good and isinstance(value, str) and bool(urlsplit(value.replace("{room}", "room", 1)).hostname)
    except ValueError:
        good = False
    if not good or not isinstance(value, str) or re.search(r"[{}\s]", value.replace("{room}", "", 1)):
        raise ValueError(example)
    return value


@dataclass(frozen=True)
class MailServer:
    """`smtp://host:port`, or `smtps://` with TLS from the first byte."""

    host: str
    port: int | None
    tls: bool


def mail_server(value: object) -> MailServer:
    """`smtp://host:port` or `smtps://host:port`; the port may be left out."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        good = parts is not None and parts.scheme in ("smtp", "smtps") and parts.port != 0 and parts.username is None
        if good and parts is not None and parts.hostname and not (parts.path.strip("/") or parts.query):
            return MailServer(parts.hostname, parts.port, parts.scheme == "smtps")
    except ValueError:
        pass
    raise ValueError('write an address like "smtp://mail.example.org:587" or "smtps://mail.example.org"')


def printer(value: object) -> str:
    """`virtual`, `tcp://host:port`, `serial:///dev/…?baud=19200`, `usb://04b8:0202`, `file://…`."""
    patterns = (
        r"virtual",
        r"tcp://[^/\s:]+:[0-9]{1,5}",
        r"tcp://\[[0-9a-fA-F:]+\]:[0-9]{1,5}",
        r"serial:///\S+",
        r"usb://[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(/\S*)?",
        r"file:///?\S+",
    )
    if isinstance(value, str) and any(re.fullmatch(pattern, value) for pattern in patterns):
        return value
    raise ValueError(
        'write "virtual", "tcp://host:port", "serial:///dev/ttyUSB0?baud=19200", "usb://04b8:0202" or "file:///dev/usb/lp0"'
    )


def diagonal(value: object) -> float:
    """A screen's diagonal in inches: `10.1in`. Below 10 the keypad does not fit with keys of 20 mm."""
    found = re.fullmatch(r"([0-9]{1,2}(?:\.[0-9])?)in", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('write the diagonal of the screen like "10.1in" or "21.5in"')
    inches = float(found[1])
    if not 10 <= inches <= 65:
        raise ValueError("a dispenser's screen has 10in to 65in: a smaller one has no room for buttons of 20 mm")
    return inches


def interval(value: object) -> timedelta:
    """A short duration: up to a minute."""
    length = duration(value)
    if length > timedelta(minutes=1):
        raise ValueError('write a duration up to "1m": customers stand and wait for it')
    return length


def scanner(value: object) -> str:
    """`none`, `keyboard`, or a serial line."""
    if isinstance(value, str) and re.fullmatch(r"none|keyboard|serial:///\S+", value):
        return value
    raise ValueError('write "none", "keyboard" or "serial:///dev/ttyACM0?baud=9600"')


def identifiers(value: object) -> tuple[str, ...]:
    """A list of ids, each once, at least one."""
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise ValueError('write a list of ids: ["1", "2"]')
    if len(set(value)) < len(value):
        raise ValueError("an id stands twice")
    return tuple(value)


_LENGTH = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)(mm|cm|in|m)")
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "m": 1000.0}


def length_mm(least_mm: float, most_mm: float, example: str) -> Callable[[object], float]:
    """A reader of lengths with their unit (mm, cm, in, m) into millimetres."""

    def read(value: object) -> float:
        found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
        length = float(found[1]) * _MILLIMETRES[found[2]] if found else 0.0
        if not least_mm <= length <= most_mm:
            raise ValueError(f"write a length like {example}")
        return length

    return read


def colour(value: object) -> str:
    """`#rrggbb`."""
    text = value.lower() if isinstance(value, str) else ""
    looks.parse_colour(text)
    return text


def matching(pattern: str, advice: str) -> Callable[[object], str]:
    """A reader of texts that have the form `pattern`."""
    compiled = re.compile(pattern)

    def read(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError(advice)
        return value

    return read
