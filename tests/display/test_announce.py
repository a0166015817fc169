"""C3: calls queue up; two at once are each seen and heard; in a storm nobody waits for long."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display import announce
from display.announce import FLOOR_S, HOLD_S, PATIENCE_S, Announcement, Queue
from tests.display.samples import call, event


def _said(label: str, heard_at: float = 0.0, age_s: float = 0.0) -> Announcement:
    return Announcement(event(call(label)), heard_at, age_s)


def _queue(*announcements: Announcement) -> Queue:
    queue = Queue()
    for each in announcements:
        queue = announce.add(queue, each)
    return queue


def _play(queue: Queue, until: float, tick: float = 0.05) -> list[tuple[str, float]]:
    """Labels with the times at which they began."""
    begun: list[tuple[str, float]] = []
    for number in range(round(until / tick) + 1):
        queue, now = announce.step(queue, number * tick)
        if now:
            begun.append((now.call.label, number * tick))
    return begun


def test_two_calls_at_the_same_instant_follow_each_other_in_order() -> None:
    begun = _play(_queue(_said("A045"), _said("AA07")), until=10)
    assert [label for label, _at in begun] == ["A045", "AA07"]
    assert begun[1][1] - begun[0][1] == pytest.approx(HOLD_S, abs=0.06)


def test_the_last_call_keeps_the_screen() -> None:
    queue, _begun = announce.step(_queue(_said("A045")), 0.0)
    queue, begun = announce.step(queue, 500.0)
    assert begun is None
    assert queue.current is not None
    assert queue.current.call.label == "A045"


def test_storm_of_fifty_calls_in_ten_seconds_shows_all_and_nobody_waits_much_longer_than_twenty_seconds() -> None:
    storm = [_said(f"A{number:03d}", heard_at=number * 0.2) for number in range(50)]
    queue, begun, waits = Queue(), list[str](), list[float]()
    for tick in range(1000):
        now = tick * 0.05
        while storm and storm[0].heard_at <= now:
            queue = announce.add(queue, storm.pop(0))
        queue, started = announce.step(queue, now)
        if started:
            begun.append(started.call.label)
            waits.append(now - started.heard_at)
    assert begun == [f"A{number:03d}" for number in range(50)]
    assert max(waits) <= PATIENCE_S + 0.1


def test_call_that_comes_too_old_is_left_to_the_board() -> None:
    assert _queue(_said("A045", age_s=21.0)) == Queue()
    assert len(_queue(_said("A045", age_s=19.0)).waiting) == 1


def test_call_that_waited_too_long_is_shown_but_not_sounded() -> None:
    late = _said("A045", heard_at=0.0, age_s=15.0)
    assert late.sounds(5.0)
    assert not late.sounds(5.1)


def test_withdrawn_call_leaves_the_screen_and_the_queue() -> None:
    queue, _begun = announce.step(_queue(_said("A045"), _said("AA07"), _said("B001")), 0.0)
    queue = announce.withdraw(queue, "call-AA07")
    assert [each.call.label for each in queue.waiting] == ["B001"]
    queue = announce.withdraw(queue, "call-A045")
    assert queue.current is None
    _queue_after, begun = announce.step(queue, 0.1)
    assert begun is not None
    assert begun.call.label == "B001"


def test_a_longer_speech_holds_the_screen_longer() -> None:
    queue, _begun = announce.step(_queue(_said("A045"), _said("AA07")), 0.0, hold_s=7.0)
    assert announce.next_due(queue, 3.0, hold_s=7.0) == 7.0


@given(st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=60))
def test_each_call_begins_once_in_the_order_of_arrival_and_never_sooner_than_the_floor(arrivals: list[float]) -> None:
    coming = [replace(_said(f"A{number:03d}"), heard_at=at) for number, at in enumerate(sorted(arrivals))]
    queue, begun, now = Queue(), list[tuple[str, float]](), 0.0
    while coming or queue.waiting:
        due = announce.next_due(queue, now)
        now = min(x for x in (due, coming[0].heard_at if coming else None) if x is not None)
        now = max(now, begun[-1][1] if begun else 0.0)
        while coming and coming[0].heard_at <= now:
            queue = announce.add(queue, coming.pop(0))
        queue, started = announce.step(queue, now)
        if started:
            begun.append((started.call.label, now))
    assert [label for label, _at in begun] == [f"A{number:03d}" for number in range(len(arrivals))]
    gaps = [after - before for (_a, before), (_b, after) in pairwise(begun)]
    assert all(gap >= FLOOR_S - 1e-6 for gap in gaps)
