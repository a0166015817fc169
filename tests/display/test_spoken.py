"""C2: every label of a day is said sign by sign, with its counter, rightly in each language. The words are written out
here once more, by hand."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_uppercase

import pytest

from dispatcher.wire.messages import CallEvent
from dispatcher.wire.speech import PROGRAM, VOICES
from display import spoken
from display.spoken import Part, Pause
from tests.display.samples import call, event

WORDS = {
    "it": ("Numero", "Sportello", "Seconda chiamata", "Decima chiamata", "Si ripete la chiamata"),
    "en": ("Number", "Counter", "Second call", "Tenth call", "Repeated call"),
    "de": ("Nummer", "Schalter", "Zweiter Aufruf", "Zehnter Aufruf", "Erneuter Aufruf"),
    "fr": ("Numéro", "Guichet", "Deuxième appel", "Dixième appel", "Nouvel appel"),
}
OFFICE = ("it", "en", "de", "fr")
NAMES_OF_SIGNS = {
    "it": "ˈaː bˈi tʃˈi dˈiː ˈeː ˈɛffe dʒˈi ˈakːa ˈi ˈilˈuŋɡa kˈapːa ˈɛlle ˈɛmme ˈɛnne ˈɔː pˈi kˈu ˈɛrɾe "
    "ˈɛsse tˈɪ ˈuː vˈu dˈopːjavˈu ˈiks ˈipsilon dzˈɛta dzˈɛɾo ˈuno dˈue trˈe kwˈatːro tʃˈinkwe sˈɛj sˈɛtːe ˈɔtːo nˈɔve",
    "en": "ˈeɪ bˈiː sˈiː dˈiː ˈiː ˈɛf dʒˈiː ˈeɪtʃ ˈaɪ dʒˈeɪ kˈeɪ ˈɛl ˈɛm ˈɛn ˈəʊ pˈiː kjˈuː ˈɑː "
    "ˈɛs tˈiː jˈuː vˈiː dˈʌbəljˌuː ˈɛks wˈaɪ zˈɛd zˈiəɹəʊ wˈɒn tˈuː θɹˈiː fˈɔː fˈaɪv sˈɪks sˈɛvən ˈeɪt nˈaɪn",
    "de": "ˈɑː bˈeː tsˈeː dˈeː ˈeː ˈɛf ɡˈeː hˈɑː ˈiː jˈɔt kˈɑː ˈɛl ˈɛm ˈɛn ˈoː pˈeː kˈuː ˈɛɾ "
    "ˈɛs tˈeː ˈuː fˈaʊ vˈeː ˈɪks ˈypsɪlˌɔn tsˈɛt nˈʊl ˈaɪns tsvˈaɪ dɾˈaɪ fˈiːɾ fˈynf zˈɛks zˈiːbən ˈaxt nˈɔøn",
    "fr": "ˈa bˈe sˈe dˈe ˈə ˈɛf ʒˈe ˈaʃ ˈi ʒˈi kˈa ˈɛl ˈɛm ˈɛn ˈo pˈe kˈy ˈɛʁ "
    "ˈɛs tˈe ˈy vˈe dubləvˈe ˈiks iɡʁˈɛk zˈɛd zeʁˈo ˈœ̃ dˈø tʁwˈa kˈatʁ sˈɛ̃k sˈis sˈɛt yˈit nˈœf",
}


def every_label() -> Iterator[str]:
    """A001 … Z999 and AA01 … ZZ99, and the first that are longer."""
    for letter in ascii_uppercase:
        yield from (f"{letter}{number:03d}" for number in range(1, 1001))
        yield from (f"{letter}{letter}{number:02d}" for number in range(1, 101))


def said(of: CallEvent, *, recall: bool = False, brief: bool = False, office: tuple[str, ...] = OFFICE) -> list[str]:
    """What is said, `it:Numero`, without the pauses."""
    languages = spoken.languages_of(of.language, office)
    sequence = spoken.announcement(of, languages, office[0], recall=recall, brief=brief)
    assert not isinstance(sequence[-1], Pause)
    assert all(isinstance(first, Part) != isinstance(then, Part) for first, then in pairwise(sequence))
    return [f"{each.language}:{each.text}" for each in sequence if isinstance(each, Part)]


@pytest.mark.parametrize("language", OFFICE)
def test_every_label_is_said_sign_by_sign_in_the_tickets_language_and_then_in_the_offices_second(language: str) -> None:
    number, counter, *_others = WORDS[language]
    base = event(call("A001"), language=language)
    before, after = [f"{language}:{number}"], [f"{language}:{counter}", f"{language}:3"]
    second = ["en:Number"], ["en:Counter", "en:3"]
    for label in every_label():
        expected = [*before, *(f"{language}:{sign}" for sign in label), *after]
        if language != "en":
            expected += [*second[0], *(f"en:{sign}" for sign in label), *second[1]]
        found = said(base.model_copy(update={"label": label}))
        if found != expected:  # an assertion costs more than the rest
            assert (label, found) == (label, expected)


def test_pauses_part_the_signs_and_more_so_the_counter_and_the_languages() -> None:
    sequence = spoken.announcement(event(call("A04")), ("it", "en"), "it", recall=False, brief=False)
    pauses = [each.length_s for each in sequence if isinstance(each, Pause)]
    word, sign, phrase, turn = (each.length_s for each in (spoken.JOINED, spoken.SIGN, spoken.PHRASE, spoken.LANGUAGE))
    once = [word, sign, sign, phrase, word]
    assert pauses == [*once, turn, *once]
    assert word < sign < phrase < turn


@pytest.mark.parametrize("language", OFFICE)
def test_recall_says_which_call_it_is_by_its_ordinal_word(language: str) -> None:
    _number, _counter, second, tenth, again = (f"{language}:{word}" for word in WORDS[language])
    assert said(event(call("A045", attempt=2), language=language))[0] == second
    assert said(event(call("A045", attempt=10), language=language))[0] == tenth
    assert said(event(call("A045", attempt=11), language=language))[0] == again
    assert said(event(call("A045"), language=language), recall=True)[0] == again
    assert said(event(call("A045", attempt=2), language=language), brief=True)[0] == f"{language}:A"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("3", ["de:Schalter", "de:3"]),
        ("12", ["de:Schalter", "de:12"]),
        ("B12", ["de:Schalter", "de:B", "de:12"]),
        ("C", ["de:Schalter", "de:C"]),
        ("10-12", ["de:Schalter", "de:10", "de:12"]),
        ("3/4", ["de:Schalter", "de:3", "de:4"]),
        ("B 10 – 12", ["de:Schalter", "de:B", "de:10", "de:12"]),
        ("Est", ["de:Schalter", "it:Est"]),
        ("Est 3", ["it:Est 3"]),
        ("Accettazione", ["it:Accettazione"]),
        ("Ufficio 12", ["it:Ufficio 12"]),
        ("窓口", ["de:Schalter", "it:窓口"]),
    ],
)
def test_counters_with_numbers_are_numbered_and_those_with_names_keep_their_name(
    name: str, expected: list[str]
) -> None:
    """A name is a word of the office's language, and is read by a voice that can."""
    whole = said(event(call("A1", counter_name=name), language="de"), office=("it", "de"))
    assert whole == ["de:Nummer", "de:A", "de:1", *expected]


@pytest.mark.parametrize("language", OFFICE)
def test_counter_of_two_numbers_is_said_in_each_language_with_its_word_and_a_pause_between(language: str) -> None:
    """ "Sportello 10, 12": not "dieci meno dodici", not "1012", and not without the word."""
    sequence = spoken.announcement(
        event(call("A1", counter_name="10-12"), language=language), (language,), "it", recall=False, brief=True
    )
    word = Part(language, WORDS[language][1])
    assert sequence[-5:] == (word, spoken.JOINED, Part(language, "10"), spoken.SIGN, Part(language, "12"))


@pytest.mark.parametrize(
    ("ticket", "office", "expected"),
    [
        ("it", ("it", "en", "de"), ("it", "en")),
        ("de", ("it", "en", "de"), ("de", "en")),
        ("en", ("it", "en", "de"), ("en",)),
        ("de-AT", ("it", "de"), ("de",)),
        ("ar", ("it", "ar"), ("it",)),
        ("fr", ("it",), ("fr",)),
        ("", (), ("en",)),
    ],
)
def test_languages_of_a_call(ticket: str, office: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert spoken.languages_of(ticket, office) == expected


def test_when_many_wait_number_and_counter_are_said_in_one_language() -> None:
    assert said(event(call("A045"), language="fr"), brief=True) == [
        *(f"fr:{sign}" for sign in "A045"),
        "fr:Guichet",
        "fr:3",
    ]


def test_all_that_is_made_ready_is_all_that_labels_and_sentences_need() -> None:
    ready = set(spoken.vocabulary(("it", "en")))
    for label in ("A045", "ZZ99", "J1000"):
        for attempt in (1, 2, 10, 11):
            one = event(call(label, counter_name="3", attempt=attempt))
            parts = spoken.announcement(one, ("it", "en"), "it", recall=attempt > 1, brief=False)
            assert {each for each in parts if isinstance(each, Part)} <= ready


@pytest.mark.skipif(not shutil.which(PROGRAM), reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", OFFICE)
def test_generator_reads_each_sign_by_its_name(language: str) -> None:
    """In the signs of the International Phonetic Alphabet: "A" is no article, "E" no conjunction, "0" no letter."""
    signs = f"{ascii_uppercase}0123456789"
    command = [PROGRAM, "-q", "--ipa", "-v", VOICES[language]]  # a line each
    heard = subprocess.run(command, input="\n".join(signs), capture_output=True, text=True, check=True, timeout=20)
    names = ["".join(line.split()).replace("\u032a", "") for line in heard.stdout.splitlines()]
    assert dict(zip(signs, names, strict=True)) == dict(zip(signs, NAMES_OF_SIGNS[language].split(), strict=True))
