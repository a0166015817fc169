"""The promise of the dispenser's line, in `make test-full` too; `make bench ARGS="--only wire"` measures it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import wire_time
from tests.bench.rig import Rig
from tests.chaos.telling import tell

ROUNDS = 5
"""The best of so many decides: the other worker's tests run on the same machine."""


@pytest.mark.full
def test_a_ticket_is_on_the_paper_hardly_later_than_its_line_can_carry_it(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """B2: from the finger on the glass to the last byte of text and QR at 19,200 baud, at most 1.15 of what these bytes
    take alone on such a line."""
    with Rig(tmp_path) as rig:
        figure = wire_time.measure(rig, 10, ROUNDS)
    best = figure.best
    tell(request.config, f"{figure.name}: {best.value:.0f} ms, {best.ratio:.2f} × {figure.against} ({best.raw:.0f} ms)")
    assert figure.limit == 1.15
    assert figure.good, figure.as_json()
