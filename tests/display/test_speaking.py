"""C2, C3: calls are heard one after the other, in time or never, and nobody takes another's time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display import speaking
from display.announce import SOUND_WITHIN_S, Announcement
from display.speaking import GAP_S, Speaking
from tests.display.samples import call, event

FULL_S, BRIEF_S = 11.0, 3.0


def waits(label: str, counter: str = "", heard_at: float = 0.0, age_s: float = 0.0) -> Announcement:
    return Announcement(event(call(label, counter or label)), heard_at, age_s)


def queue(*announcements: Announcement) -> Speaking:
    found = Speaking()
    for each in announcements:
        found = speaking.add(found, each)
    return found


def labels(of: Speaking) -> list[str]:
    return [each.call.label for each in of.waiting]


def play(coming: list[Announcement]) -> list[tuple[str, float, bool]]:
    """Which call began when, and whether briefly."""
    now, found, heard = 0.0, Speaking(), list[tuple[str, float, bool]]()
    while coming or found.waiting:
        while coming and coming[0].heard_at <= now:
            found = speaking.add(found, coming.pop(0))
        found = speaking.keep(found, lambda each: each.sounds(now))  # noqa: B023  # called at once
        if found.waiting and now >= found.until:
            brief = speaking.is_brief(found.waiting, now, FULL_S, BRIEF_S)
            heard.append((found.waiting[0].call.label, now, brief))
            found = speaking.begin(found, now, BRIEF_S if brief else FULL_S)
        times = [each.heard_at for each in coming[:1]] + ([found.until] if found.waiting else [])
        now = max(now, min(times, default=now))
    return heard


@pytest.mark.parametrize(
    ("at_once", "briefly"),
    [
        (1, [False]),
        (2, [False, False]),
        (3, [False, True, False]),
        (4, [True, False, True, False]),
        (5, [True, True, True, True, False]),
    ],
)
def test_calls_at_the_same_instant_are_all_heard_and_the_last_one_in_full(at_once: int, briefly: list[bool]) -> None:
    """More than three waiting: briefly. And briefly too where a second language would take another's twenty seconds."""
    heard = play([waits(f"A{number:03d}") for number in range(at_once)])
    assert [brief for _label, _at, brief in heard] == briefly


def test_counter_that_calls_anew_takes_the_place_of_its_former_call() -> None:
    assert labels(queue(waits("A001", "1"), waits("B001", "2"), waits("A002", "1"))) == ["B001", "A002"]


def test_call_is_said_once_however_often_it_comes() -> None:
    found = speaking.begin(queue(waits("A001"), waits("A002")), 0.0, 3.0)
    found = speaking.add(found, waits("A001"))
    found = speaking.said(found, "call-A002")
    assert labels(found) == []
    assert labels(speaking.add(found, waits("A002"))) == []


def test_memory_of_what_was_said_is_bounded() -> None:
    found = Speaking()
    for number in range(1000):
        found = speaking.said(found, f"call-{number}")
    assert len(found.said) == speaking.KEPT_SAID
    assert found.said[-1] == "call-999"


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 25)), min_size=1, max_size=60))
def test_no_two_overlap_each_begins_in_time_and_in_order(calls: list[tuple[float, float]]) -> None:
    coming = sorted((waits(f"A{at:03d}", "", heard, age) for at, (heard, age) in enumerate(calls)), key=_heard_at)
    by_label = {each.call.label: each for each in coming}
    order = [each.call.label for each in coming]
    heard = play(coming)
    for (_one, at, brief), (_next, then, _brief) in pairwise(heard):
        assert then - at >= (BRIEF_S if brief else FULL_S) + GAP_S - 1e-6
    for label, at, _brief in heard:
        one = by_label[label]
        assert at - one.heard_at + one.age_s <= SOUND_WITHIN_S + 1e-6
    assert [label for label, _at, _brief in heard] == [label for label in order if label in {each[0] for each in heard}]
    assert len({label for label, _at, _brief in heard}) == len(heard)


def _heard_at(announcement: Announcement) -> float:
    return announcement.heard_at
