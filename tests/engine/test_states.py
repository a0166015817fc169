"""The table of transitions, in full."""

from __future__ import annotations

import pytest

from dispatcher.engine.errors import IllegalMove
from dispatcher.engine.model import State
from dispatcher.engine.states import TRANSITIONS, change, is_undo
from tests.engine.make import walk_in

AS_WRITTEN = """
printing → waiting | void
booked → waiting | called | missed | unserved | cancelled
waiting → called | parked | void | missed | cancelled | left | unserved
called → serving | served | waiting | booked | parked | missed
serving → served | parked | waiting
parked → waiting | called | left | missed | unserved
missed → waiting | called
"""
ALLOWED = {
    (State(line.split(" → ")[0]), State(to))
    for line in AS_WRITTEN.strip().splitlines()
    for to in line.split(" → ")[1].split(" | ")
}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_change_follows_the_rules_and_nothing_else(before, after):
    ticket = walk_in("09:00", state=before)
    if (before, after) in ALLOWED or before is after:
        assert change(ticket, after).state is after
        assert is_undo(after, before)
    else:
        with pytest.raises(IllegalMove):
            change(ticket, after)
        assert ticket.state is before
        assert not is_undo(after, before)


def test_every_state_stands_in_the_table():
    assert set(TRANSITIONS) == set(State)
