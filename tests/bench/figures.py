"""What was measured: each figure beside its raw limit of the same run, and whether the ratio is good enough."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ROUNDS = 3
"""The best of so many decides: a machine that is busy with something else is no slow program."""


@dataclass(frozen=True)
class Round:
    """One round's value, its raw limit measured in between, and the ratio that is to be small."""

    value: float
    raw: float
    ratio: float


@dataclass(frozen=True)
class Figure:
    """`limit` is the largest good ratio of the best round; None: printed, not judged."""

    name: str
    unit: str
    against: str
    rounds: tuple[Round, ...]
    limit: float | None = None

    @property
    def best(self) -> Round:
        return min(self.rounds, key=lambda one: one.ratio)

    @property
    def good(self) -> bool:
        return self.limit is None or self.best.ratio <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "unit": self.unit,
            "value": round(self.best.value, 4),
            "raw": round(self.best.raw, 4),
            "against": self.against,
            "ratio": round(self.best.ratio, 3),
            "limit": self.limit,
            "good": self.good,
            "rounds": [
                {"value": round(one.value, 4), "raw": round(one.raw, 4), "ratio": round(one.ratio, 3)}
                for one in self.rounds
            ],
        }


def median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


def p99(samples: Sequence[float]) -> float:
    """The nearest rank."""
    return sorted(samples)[math.ceil(0.99 * len(samples)) - 1]


def small(value: float, raw: float) -> Round:
    """A round of a figure that is to be small beside its limit."""
    return Round(value, raw, value / raw)


def large(value: float, raw: float) -> Round:
    """A round of a figure that is to be large, as a rate: how many times less than its limit."""
    return Round(value, raw, raw / value)


def table(figures: Sequence[Figure]) -> str:
    """All figures as text for a terminal; the best round of each."""
    rows = [("figure", "measured", "raw limit", "ratio", "at most", "", "against"), *map(_row, figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    right = {1, 2, 3, 4}
    lines = [
        "  ".join(cell.rjust(widths[at]) if at in right else cell.ljust(widths[at]) for at, cell in enumerate(row))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in (lines[0], "-" * max(map(len, lines)), *lines[1:]))


def _row(one: Figure) -> tuple[str, ...]:
    return (
        one.name,
        f"{_number(one.best.value)} {one.unit}",
        f"{_number(one.best.raw)} {one.unit}",
        f"{one.best.ratio:.2f}",
        "" if one.limit is None else f"{one.limit:g}",
        "" if one.limit is None else "well" if one.good else "TOO MUCH",
        one.against,
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
