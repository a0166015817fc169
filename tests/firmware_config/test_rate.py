"""A slow line by its budget, without waiting for it."""

import pytest

from firmware_config.virtual.printer.rate import LineRate


def _time_for(count: int, baud: int) -> float:
    rate, now_s = LineRate(baud), 0.0
    while count:
        size = min(count, rate.allowed(now_s) or 0)
        rate.taken(size, now_s)
        count -= size
        now_s += rate.wait_s(now_s)
    return now_s


@pytest.mark.parametrize(
    ("count", "baud", "expected_s"),
    [(139, 9600, 0.145), (212, 19200, 0.110), (14408, 9600, 15.0), (46088, 115200, 4.0)],
)
def test_line_takes_the_time_of_its_baud_rate(count: int, baud: int, expected_s: float) -> None:
    assert _time_for(count, baud) == pytest.approx(expected_s, rel=0.02)


def test_a_line_that_is_never_empty_has_no_gaps_where_we_wake_late() -> None:
    rate, now = LineRate(19200), 0.0
    for _ in range(10):
        rate.taken(38, now)
        now += rate.wait_s(now) + 0.001
    assert now == pytest.approx(380 * 10 / 19200, abs=0.0011)


def test_line_without_a_rate_does_not_wait() -> None:
    rate = LineRate(None)
    rate.taken(10**6, 5.0)
    assert rate.allowed(5.0) is None
    assert rate.wait_s(5.0) == 0.0


def test_chunks_are_small() -> None:
    assert LineRate(9600).allowed(0.0) == 19
    assert LineRate(300).allowed(0.0) == 1


def test_impossible_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="baud"):
        LineRate(5)
