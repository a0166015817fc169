"""How loud the screens are, as the office file says it."""

from __future__ import annotations

import re

from dispatcher.config.values import Wrong

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = 24 * 60
_ADVICE = 'write a number from 0 to 100, or numbers by time of day: { "08:00-18:00" = 80 }'


def volume(value: object) -> int | dict[str, int]:
    """A loudness from 0 to 100, or such by spans of local time; a span may go over midnight, none may overlap."""
    if not isinstance(value, dict):
        return _percent(value)
    if not value:
        raise Wrong(_ADVICE)
    taken: dict[int, str] = {}
    for text, percent in value.items():
        for minute in _minutes(text):
            if minute in taken:
                raise Wrong(f'"{text}" and "{taken[minute]}" overlap at {minute // 60:02}:{minute % 60:02}', text)
            taken[minute] = text
        _percent(percent, text)
    return dict(value)


def _minutes(text: str) -> list[int]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise Wrong(f'{text!r} is no span: write it like "08:00-18:00", or "18:00-08:00" over midnight', text)
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start == end:
        raise Wrong(f"{text!r} has no length; for the whole day write one number", text)
    return [minute % _DAY for minute in range(start, end if start < end else end + _DAY)]


def _percent(value: object, *path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise Wrong(_ADVICE if not path else "write a number from 0 (silent) to 100", *path)
    return value
