"""The count of a matrix says what ran, not what was planned."""

from __future__ import annotations

import pytest

from tests.chaos.tally import Tally


def test_a_table_counts_what_ran_what_failed_what_cannot_be_and_what_was_left_out() -> None:
    tally = Tally(("jam", "cover", "slow"), ("before", "after"))
    assert str(tally) == "3 rows × 2 moments = 6 cells: 0 ran well, 6 not in this run"
    with tally.cell("jam", "before"):
        pass
    with pytest.raises(AssertionError), tally.cell("cover", "before"):
        raise AssertionError
    for moment in tally.moments:
        with pytest.raises(pytest.skip.Exception, match="n/a: no line"), tally.cell("slow", moment, "no line"):
            pass
    assert str(tally) == ("3 rows × 2 moments = 6 cells: 1 ran well, 1 failed, 2 n/a (no line), 2 not in this run")
