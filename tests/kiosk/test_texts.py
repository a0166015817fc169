"""The kiosk's texts: B1. Every language has every text, with the same placeholders."""

from __future__ import annotations

import string
from datetime import datetime

import pytest

from kiosk.texts import LANGUAGES, Words, catalogue, language_name, pick


def _placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_all_texts(language: str) -> None:
    model = catalogue("it")
    own = catalogue(language)
    assert set(own) == set(model)
    # a date may leave a part out, all else must be complete
    assert {key: _placeholders(own[key]) for key in own} == {key: _placeholders(model[key]) for key in model}
    assert all(own.values())
    assert len(own["date.weekdays"].split(",")) == 7
    assert len(own["date.months"].split(",")) == 12


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, None, "Attesa non prevedibile"),
        (0, 300, "Attesa: meno di 5 min"),
        (600, 1200, "Attesa: da 10 min a 20 min"),
        (600, 610, "Attesa: circa 10 min"),
        (3300, 5400, "Attesa: da 55 min a 1 h 30 min"),
        (3600, 7200, "Attesa: da 1 h a 2 h"),
    ],
)
def test_waits_in_words(low: int | None, high: int | None, text: str) -> None:
    assert Words("it").wait(low, high) == text


def test_counts_in_words() -> None:
    assert [Words("de").count("ahead", n) for n in (0, 1, 2)] == [
        "Niemand vor Ihnen", "1 Person vor Ihnen", "2 Personen vor Ihnen"
    ]  # fmt: skip


def test_dates_in_words() -> None:
    day = datetime(2026, 11, 23, 9, 41)  # noqa: DTZ001 (a local date)
    assert [Words(code).long_date(day) for code in LANGUAGES] == [
        "lunedì 23 novembre", "Monday 23 November", "Montag, 23. November", "lundi 23 novembre"
    ]  # fmt: skip


def test_names_of_languages_and_missing_texts() -> None:
    assert [language_name(code) for code in ("it", "ar", "xx")] == ["Italiano", "العربية", "xx"]
    assert pick({"it": "Passaporti"}, "de", ("it", "de")) == "Passaporti"
    assert pick({}, "de") == ""
    assert Words("ar").say("take.done") == "Done"
