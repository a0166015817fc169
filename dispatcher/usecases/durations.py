"""Durations as people write them: `0s`, `90s`, `10m`, `1h`, `60d`."""

from __future__ import annotations

import re
from datetime import timedelta

_FORM = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: str) -> timedelta:
    """Raises ValueError with a sentence that says how to write one."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("a duration is written like 90s, 10m, 1h or 60d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
