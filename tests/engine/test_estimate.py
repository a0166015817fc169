"""The span of the wait, and when issuing stops (A10, B9)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.engine.estimate import stops_issuing, wait
from tests.engine.make import at, minutes, service


def test_unknown_with_few_service_times_or_without_a_counter():
    assert wait(3, [300, 300], 1) is None
    assert wait(3, [300, 300, 300], 0) is None
    assert wait(3, [], 1) is None


def test_even_service_times_give_a_narrow_span():
    """Seven and a half turns of five minutes, by one counter or by two."""
    assert wait(7, [300] * 10, 1) == (2220, 2280)
    assert wait(7, [300] * 10, 2) == (1080, 1140)


def test_uneven_service_times_give_a_wide_span():
    low, high = wait(7, [60, 120, 300, 600, 420, 300], 1)
    assert low < 2250 < high
    assert high - low > 1200


def test_nobody_ahead_may_be_called_at_once():
    assert wait(0, [300] * 5, 1)[0] == 0


def test_ticket_left_open_over_lunch_hardly_counts():
    assert wait(4, [300] * 9 + [9000], 1)[1] < wait(4, [300] * 9 + [9000], 1)[0] + 3600
    assert wait(4, [300] * 9 + [9000], 1) == wait(4, [300] * 9 + [1200], 1)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.integers(0, 500), st.lists(st.floats(1, 7200), min_size=3, max_size=50), st.integers(1, 20))
def test_span_is_whole_minutes_and_grows_with_the_queue(ahead, durations, counters):
    low, high = wait(ahead, durations, counters)
    assert low % 60 == high % 60 == 0
    assert 0 <= low < high
    assert wait(ahead + 1, durations, counters)[1] >= high


def test_stops_issuing_by_the_expected_wait():
    auto, closes = service(), at("12:30")
    assert not stops_issuing(auto, now=at("12:00"), closes_at=closes, expected_wait_s=1800)
    assert stops_issuing(auto, now=at("12:00:01"), closes_at=closes, expected_wait_s=1800)
    assert not stops_issuing(auto, now=at("12:29"), closes_at=closes, expected_wait_s=None)
    assert not stops_issuing(auto, now=at("12:29"), closes_at=None, expected_wait_s=1800)


def test_stops_issuing_by_a_set_span_or_never():
    span, never = service(last_ticket=minutes(20)), service(last_ticket="never")
    assert not stops_issuing(span, now=at("12:10"), closes_at=at("12:30"), expected_wait_s=9999)
    assert stops_issuing(span, now=at("12:11"), closes_at=at("12:30"), expected_wait_s=None)
    assert not stops_issuing(never, now=at("12:29"), closes_at=at("12:30"), expected_wait_s=9999)
