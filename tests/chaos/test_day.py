"""Days of running: a screen that has called a hundred thousand numbers is as small as after five thousand (C1)."""

from __future__ import annotations

import pytest

from tests.bench import day
from tests.chaos.telling import tell


@pytest.mark.full
@pytest.mark.timeout(14_400)
def test_memory_of_a_screen_is_flat_over_a_day_of_100_000_calls(pytestconfig: pytest.Config) -> None:
    seen = day.in_a_process(day.CALLS)
    marks = " ".join(f"{calls // 1000}k:{megabytes:.1f}" for calls, megabytes in seen)
    tell(pytestconfig, f"screen over {seen[-1][0]:,} calls: {marks} MB; growth {day.growth_mb(seen):.1f} MB")
    assert seen[-1][0] == day.CALLS
    assert day.growth_mb(seen) <= day.GROWTH_MB
