"""Which cells of a table are tried in the normal run, and which only in the long one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def in_turn(lines: Iterable[object], *axes: Iterable[object]) -> list[Any]:
    """All combinations, as values for `parametrize`: in the normal run each of those of the axes over one of the lines,
    in turn; the others with `full`."""
    table = [list(enumerate(values)) for values in (lines, *axes)]
    return [
        pytest.param(
            *(value for _, value in cell),
            id="-".join(str(getattr(value, "name", value)).replace(" ", "_") for _, value in cell),
            marks=[] if sum(place for place, _ in cell) % len(table[0]) == 0 else [pytest.mark.full],
        )
        for cell in product(*table)
    ]
