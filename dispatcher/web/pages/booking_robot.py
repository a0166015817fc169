"""The anti-robot check of the booking form: a browser's script has solved it, or the person answers a question."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dispatcher.engine.errors import RuleError
from dispatcher.web.context import context
from dispatcher.web.pages.booking_draft import Draft
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


def proof(draft: Draft, *, counted: bool = True) -> tuple[str, datetime] | None:
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


def to_show(draft: Draft) -> Check:
    """A check that was passed stays passed, whatever else is wrong; otherwise there is a new one."""
    robots, words = context().robots, texts()
    asked = robots.question()
    done = "robot" not in draft.errors and proof(_silent(draft), counted=False) is not None
    if not done:
        draft.values |= {"altcha": "", "question": asked.token, "answer": ""}
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


def _silent(draft: Draft) -> Draft:
    """The same values without a place for errors."""
    return Draft(draft.service, draft.start, draft.values)


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
