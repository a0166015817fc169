"""What is said of a call: parts and pauses in their order. Pure.

Each part is a clip of its own (a sign of the label, a word, the counter's name), so that every label of a day is made
of some fifty clips a language. The signs of a label are said one by one: "A045" would be read "A forty-five".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import ascii_uppercase, digits

from dispatcher.wire.messages import CallEvent
from display import texts
from display.view import is_number


@dataclass(frozen=True)
class Part:
    """Something to say in one breath, and in which language's voice."""

    language: str
    text: str


@dataclass(frozen=True)
class Pause:
    length_s: float


Sequence = tuple[Part | Pause, ...]

JOINED = Pause(0.06)
"""Between a word and what belongs to it."""
SIGN = Pause(0.1)
PHRASE = Pause(0.3)
LANGUAGE = Pause(0.6)


@dataclass(frozen=True)
class Words:
    """The voice's own words of one language. `attempts` are the ordinal words of the second call and on."""

    number: str
    again: str
    attempts: tuple[str, ...]


@cache
def words(language: str) -> Words:
    """The words of `language`, one of texts.LANGUAGES."""
    source = resources.files("display.texts").joinpath(f"{language}.toml")
    table = tomllib.loads(source.read_text(encoding="utf-8"))["voice"]
    return Words(table["number"], table["again"], tuple(table["attempts"]))


def languages_of(call: str, office: Iterable[str]) -> tuple[str, ...]:
    """In which languages a call is said: the ticket's, then the office's second one."""
    of_office = tuple(office)
    own = texts.spoken(call) or texts.first_of(of_office)
    second = texts.spoken(of_office[1]) if len(of_office) > 1 else None
    return tuple(dict.fromkeys(filter(None, (own, second))))


def announcement(call: CallEvent, languages: Iterable[str], home: str, *, recall: bool, brief: bool) -> Sequence:
    """All that is said of a call behind its chime.

    `home` is the office's first language, in which counters have their names. `brief`: number and counter alone, in
    the first language, without a word more: whoever cannot see needs to know where to go, too.
    """
    chosen = tuple(languages)[: 1 if brief else None]
    said: list[Part | Pause] = []
    for language in chosen:
        said += [LANGUAGE] if said else []
        said += _signs(call.label, language) if brief else _sentence(call, language, recall=recall)
        said += [PHRASE, *_counter(call.counter_name, language, home)]
    return tuple(said)


def vocabulary(languages: Iterable[str]) -> Iterator[Part]:
    """What labels and sentences are made of, to be had ready: signs first."""
    for language in languages:
        own = words(language)
        said = (*digits, *ascii_uppercase, own.number, texts.catalogue(language).counter, own.again, *own.attempts)
        yield from (Part(language, text) for text in said)


def _sentence(call: CallEvent, language: str, *, recall: bool) -> list[Part | Pause]:
    own = words(language)
    said: list[Part | Pause] = []
    if recall or call.attempt > 1:
        named = 2 <= call.attempt <= len(own.attempts) + 1
        said += [Part(language, own.attempts[call.attempt - 2] if named else own.again), PHRASE]
    return [*said, Part(language, own.number), JOINED, *_signs(call.label, language)]


def _signs(text: str, language: str) -> list[Part | Pause]:
    return _spaced((Part(language, sign) for sign in text if not sign.isspace()), SIGN)


def _counter(name: str, language: str, home: str) -> list[Part | Pause]:
    """ "Sportello 3"; "Sportello B 12"; a name that is made of words is said as it is, by a voice that can read it.

    Of "10-12" both numbers are said, parted: as one text it would be a subtraction, a date or a score.
    """
    pieces: list[str] = re.findall(r"\d+|[^\W\d_]", name)
    as_number = is_number(name) and (any(each.isdecimal() for each in pieces) or len(pieces) == 1)
    own = Part(home, name)
    if as_number:
        parted = re.search(r"\d\D+\d", name) is not None
        named = _spaced((Part(language, each) for each in pieces), SIGN if parted else JOINED)
        return [Part(language, texts.catalogue(language).counter), JOINED, *named]
    if is_number(name):
        return [Part(language, texts.catalogue(language).counter), JOINED, own]
    return [own]


def _spaced(parts: Iterable[Part], pause: Pause) -> list[Part | Pause]:
    found: list[Part | Pause] = []
    for part in parts:
        found += [pause, part] if found else [part]
    return found
