"""The reason of a call in words (A10)."""

from __future__ import annotations

import inspect
import re
from string import Formatter

import pytest

from dispatcher.engine import reasons, selection
from dispatcher.engine.selection import Why
from tests.engine.make import at
from tests.engine.office import ROME

LANGUAGES = ("it", "en", "de", "fr")
CODES = set(re.findall(r'Why\(\s*"(\w+)"', inspect.getsource(selection))) | {"by_number"}


def places(text):
    return {name for _before, name, _spec, _conversion in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_with_the_same_places(language):
    texts, english = reasons.catalogue(language), reasons.catalogue("en")
    assert set(texts) == CODES
    for code in CODES:
        assert places(texts[code]) == places(english[code]), code
        assert texts[code].endswith("."), code


def test_sentence_carries_local_times():
    why = Why("appointment_due", {"scheduled_at": at("10:30")})
    assert reasons.sentence(why, "en", ROME) == "Appointment at 10:30."
    assert reasons.sentence(why, "it", ROME) == "Appuntamento delle 10:30."
    assert reasons.sentence(why, "de-AT", ROME) == "Termin um 10:30 Uhr."
    assert reasons.sentence(why, "fr", ROME) == "Rendez-vous de 10:30."


@pytest.mark.parametrize("language", ["", "xx", "../en", "zh-Hant"])
def test_unknown_language_falls_back_to_english(language):
    assert reasons.sentence(Why("by_number"), language, ROME) == "Called by its number."


def test_value_that_a_sentence_does_not_need_is_left_out():
    why = Why("ranked", {"queued_at": at("09:05"), "service": "passport"})
    assert reasons.sentence(why, "en", ROME) == "This service comes first at this counter; waiting since 09:05."
