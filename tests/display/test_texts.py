"""The screen's own words are there in every language."""

from __future__ import annotations

import string
from dataclasses import asdict

import pytest

from display import texts


def _places(text: str) -> set[str]:
    return {name for _before, name, _form, _turn in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_catalogue_has_every_key_and_the_same_places_to_fill(language: str) -> None:
    own, model = asdict(texts.catalogue(language)), asdict(texts.catalogue("it"))
    assert own.keys() == model.keys()
    assert len(own["weekdays"]) == 7
    assert len(own["months"]) == 12
    for key, value in own.items():
        if isinstance(value, str):
            assert value.strip(), key
            assert _places(value) == _places(model[key]), key


@pytest.mark.parametrize(
    ("tags", "found"), [(("de-AT", "it"), "de"), (("ar", "fr"), "fr"), (("ar",), "en"), ((), "en"), (("IT",), "it")]
)
def test_first_language_with_a_catalogue_is_taken(tags: tuple[str, ...], found: str) -> None:
    assert texts.first_of(tags) == found


def test_text_of_the_office_falls_back_to_what_it_has() -> None:
    assert texts.choose({"it": "Anagrafe", "en": "Registry"}, ("en", "it")) == "Registry"
    assert texts.choose({"it": "", "ar": "جوازات"}, ("it",)) == "جوازات"
    assert texts.choose({}, ("it",)) == ""
