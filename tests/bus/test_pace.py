"""So many tickets a minute of a dispenser and no more (issue by a dispenser's command)."""

from __future__ import annotations

from dispatcher.bus.pace import Pace


def test_so_many_a_minute_and_a_repeat_counts_once() -> None:
    pace = Pace({"entrance": 2})
    assert [pace.admit("entrance", key, at) for key, at in (("a", 0), ("b", 10), ("c", 20), ("a", 21))] == [
        True, True, False, True
    ]  # fmt: skip
    assert pace.admit("entrance", "c", 60)
    assert not pace.admit("entrance", "d", 61)
    assert pace.admit("entrance", "d", 70)


def test_without_a_limit_there_is_none() -> None:
    pace = Pace({})
    assert all(pace.admit("entrance", str(at), 0.0) for at in range(100))
