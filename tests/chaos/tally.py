"""What of a table of faults × moments really ran, for the line that a run prints of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest


@dataclass
class Tally:
    """Counts in this process: with several workers each tells of its own cells."""

    rows: Sequence[str]
    moments: Sequence[str]
    begun: set[tuple[str, str]] = field(default_factory=set)
    well: set[tuple[str, str]] = field(default_factory=set)
    not_applicable: dict[tuple[str, str], str] = field(default_factory=dict)

    @contextmanager
    def cell(self, row: str, moment: str, not_applicable: str | None = None) -> Iterator[None]:
        """Around the test of a cell; skips it when there is a reason why it cannot be."""
        if not_applicable:
            self.not_applicable[row, moment] = not_applicable
            pytest.skip(f"n/a: {not_applicable}")
        self.begun.add((row, moment))
        yield
        self.well.add((row, moment))

    def __str__(self) -> str:
        """Cells of the table, those that ran and how, those that cannot be and why, those that this run left out."""
        cells = len(self.rows) * len(self.moments)
        said = [f"{len(self.rows)} rows × {len(self.moments)} moments = {cells} cells: {len(self.well)} ran well"]
        if failed := len(self.begun - self.well):
            said.append(f"{failed} failed")
        for reason, count in sorted(Counter(self.not_applicable.values()).items()):
            said.append(f"{count} n/a ({reason})")
        if left := cells - len(self.begun | self.not_applicable.keys()):
            said.append(f"{left} not in this run")
        return ", ".join(said)
