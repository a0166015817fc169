"""Labels and numbers (A1, A11)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.engine.model import Kind
from dispatcher.engine.numbering import label, lease_start, may_be_leased, next_number, parse_label, series_of
from tests.engine.make import service


def test_series_is_the_letter_doubled_for_appointments():
    assert (series_of(service(), Kind.walk_in), series_of(service(), Kind.appointment)) == ("A", "AA")


def test_number_of_a_living_label_is_skipped():
    assert next_number(0, {1, 2, 4}.__contains__) == 3
    assert next_number(3, {1, 2, 4}.__contains__) == 5


@pytest.mark.parametrize(
    ("text", "series", "number"),
    [
        ("a45", "A", 45),
        ("A045", "A", 45),
        ("aa7", "AA", 7),
        (" AA07 ", "AA", 7),
        ("A 45", "A", 45),
        ("A1000", "A", 1000),
    ],
)
def test_label_as_people_write_it(text, series, number):
    assert parse_label(text) == (series, number)
    assert parse_label(label(series, number)) == (series, number)


@pytest.mark.parametrize("text", ["", "A", "45", "AB07", "AAA1", "A000", "A-", "A1234567", "A٤٥", "A45x", "A 4 5"])
def test_what_is_no_label(text):
    assert parse_label(text) is None


class Day:
    """Numbers as a day gives them: on line one by one, in ranges to dispensers."""

    def __init__(self, living: set[int]) -> None:
        self.living, self.last, self.leases = living, 0, list[range]()

    def issue(self) -> int:
        leased = {number for held in self.leases for number in held}
        self.last = next_number(self.last, lambda one: one in self.living or one in leased)
        return self.last

    def lease(self, count: int) -> range:
        highest = max((held[-1] for held in self.leases), default=0)
        start = lease_start(self.last, highest, count, self.living)
        assert start is not None
        self.leases.append(range(start, start + count))
        return self.leases[-1]


@given(
    st.lists(
        st.one_of(st.tuples(st.just("issue"), st.integers(1, 400)), st.tuples(st.just("lease"), st.integers(1, 300)))
    ),
    st.sets(st.integers(1, 1500), max_size=20),
)
def test_no_number_is_given_twice_whoever_gives_it(steps: list[tuple[str, int]], living: set[int]) -> None:
    """B5, A11: on line and any number of dispensers, and none whose label is alive."""
    day, given_out = Day(living), list[int]()
    for what, count in steps:
        numbers = [day.issue() for _ in range(count)] if what == "issue" else list(day.lease(count))
        assert what == "issue" or all(may_be_leased(number) for number in numbers)
        given_out += numbers
    assert len(given_out) == len(set(given_out))
    assert not living & set(given_out)


def test_leases_stay_within_six_characters() -> None:
    assert lease_start(0, 99_989, 10, ()) == 99_990
    assert lease_start(0, 99_990, 10, ()) is None
