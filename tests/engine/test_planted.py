"""Wrong rules, planted on purpose: the comparison with the naive order must catch each within the same days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher.engine import moves, selection
from dispatcher.engine.model import Counter
from tests.engine.office import Rules
from tests.engine.walks import first_difference

DAYS, STEPS = 100, 150


def choose_with_rank_in_group_1(counter: Counter, tickets, *, turn, now, early=()):
    right = selection.choose(counter, tickets, turn=turn, now=now, early=early)
    if right is None or right.group != 1:
        return right
    lane = [one for one in tickets if one.is_callable(now) and one.has_priority(now) and one.lane is right.ticket.lane]
    return replace(
        right, ticket=min(lane, key=lambda one: (selection.rank(one, counter), *selection.priority_key(one)))
    )


def choose_strictly_after(counter: Counter, tickets, *, turn, now, early=()):
    """`<` for `<=`: callable only when the instant has passed."""
    passed = [one for one in tickets if one.callable_from is None or one.callable_from < now]
    return selection.choose(counter, passed, turn=turn, now=now, early=early)


def choose_without_turns(counter: Counter, tickets, *, turn, now, early=()):
    return selection.choose(counter, tickets, turn=None, now=now, early=early)


def park_with_priority_gained(ticket, until):
    parked = moves.parked(ticket, until)
    return parked if until is None else replace(parked, priority_from=ticket.queued_at)


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(Rules(claims=False), id="no claim"),
        pytest.param(Rules(choose=choose_with_rank_in_group_1), id="rank in group 1"),
        pytest.param(Rules(choose=choose_strictly_after), id="< for <="),
        pytest.param(Rules(choose=choose_without_turns), id="no turn-taking"),
        pytest.param(Rules(parked=park_with_priority_gained), id="parking gains priority"),
    ],
)
def test_planted_defect_is_caught(planted):
    assert first_difference(planted, DAYS, STEPS) is not None


def test_the_rules_as_they_are_show_no_difference():
    assert first_difference(Rules(), DAYS, STEPS) is None
