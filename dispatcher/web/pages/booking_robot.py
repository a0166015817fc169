"""The anti-robot check of what strangers send: a browser's script has solved it, or the person answers a question."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from dispatcher.engine.errors import RuleError
from dispatcher.web.context import context
from dispatcher.web.pages.forms import count
from dispatcher.web.robots import LARGEST, LIFETIME
from dispatcher.web.shell import texts
from dispatcher.web.texts import LANGUAGES, catalogue


@dataclass(frozen=True)
class Check:
    """What the form shows: a challenge for the script, a question for everybody else, or that it is done."""

    done: bool
    challenge: str
    lifetime_s: int
    question: str
    token: str


class Asked(Protocol):
    """A form that asks: `values` as typed (`altcha`, `question`, `answer`), `errors` by field."""

    @property
    def values(self) -> dict[str, str]: ...

    @property
    def errors(self) -> dict[str, str]: ...


@dataclass
class Form:
    """A form of nothing but its fields."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


FIELDS = ("altcha", "question", "answer")


def proof(draft: Asked, *, counted: bool = True) -> tuple[str, datetime] | None:
    """Digest and expiry of the passed check; None, with the reason in `errors`, if it is not passed.

    An answer in words is counted when `counted`. Raises RateLimitExceeded.
    """
    robots, values = context().robots, draft.values
    try:
        if values.get("altcha"):
            return robots.check(values["altcha"])
        if counted and values.get("answer"):
            count("question")
        return robots.check_answer(values.get("question", ""), _number(values.get("answer", "")))
    except RuleError:
        wrong = values.get("answer") and not values.get("altcha")
        draft.errors["robot"] = texts()("booking.robot.wrong" if wrong else "booking.robot.missing")
        return None


def to_show(draft: Asked) -> Check:
    """A check that was passed stays passed, whatever else is wrong; otherwise there is a new one."""
    robots, words = context().robots, texts()
    asked = robots.question()
    done = "robot" not in draft.errors and proof(Form(draft.values), counted=False) is not None
    if not done:
        draft.values.update(altcha="", question=asked.token, answer="")
    return Check(
        done=done,
        challenge=json.dumps(robots.challenge()),
        lifetime_s=int(LIFETIME.total_seconds()),
        question=words(
            "booking.robot.question",
            one=words(f"booking.number.{asked.one}"),
            other=words(f"booking.number.{asked.other}"),
        ),
        token=asked.token,
    )


def _number(answer: str) -> int | None:
    """`7`, `seven`, `sette`: a number in figures or in the words of any of the languages."""
    text = "".join(letter for letter in unicodedata.normalize("NFKD", answer.casefold()) if letter.isalnum())
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    return _numbers().get(text)


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    found = {}
    for language in LANGUAGES:
        for number in range(1, 2 * LARGEST + 1):
            word = unicodedata.normalize("NFKD", catalogue(language)[f"booking.number.{number}"])
            found["".join(letter for letter in word if letter.isalnum())] = number
    return found
