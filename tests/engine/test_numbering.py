"""Labels and numbers (A1, A11)."""

from __future__ import annotations

import pytest

from dispatcher.engine.model import Kind
from dispatcher.engine.numbering import label, next_number, parse_label, series_of
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
