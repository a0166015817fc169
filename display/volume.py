"""How loud calls are, by the time of day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

DEFAULT_PERCENT = 80


def percent_at(volume: int | Mapping[str, int], at: time) -> int:
    """The loudness (0 to 100) at a local time of day; at times that no span names, DEFAULT_PERCENT.

    Spans read `08:00-18:00`, the end not included; one that ends before it begins goes over midnight. Unreadable ones
    are passed over.
    """
    if isinstance(volume, int):
        return _bounded(volume)
    for span, percent in volume.items():
        try:
            start, end = map(time.fromisoformat, span.split("-"))
        except ValueError:
            continue
        if start <= at < end if start < end else at >= start or at < end:
            return _bounded(percent)
    return DEFAULT_PERCENT


def _bounded(percent: int) -> int:
    return min(100, max(0, percent))
