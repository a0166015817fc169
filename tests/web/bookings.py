"""A booking through the pages, step by step, as a browser without scripts sends it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatcher.web.texts import LANGUAGES, catalogue
from tests.web.office import slot

NUMBERS = {catalogue(language)[f"booking.number.{number}"]: number for language in LANGUAGES for number in range(1, 19)}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's first form that carries them."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: id="\w+")? value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def answer_of(page: str) -> str:
    """The answer to the question of a details page."""
    asked = re.search(r'<label for="answer">([^<]+)<', page)
    assert asked is not None, page
    words = re.findall(r"[\w-]+", html.unescape(asked[1]))
    one, other = (NUMBERS[word] for word in words if word in NUMBERS and word not in ("più", "plus"))
    return str(one + other)


def typed(**changes: str) -> dict[str, str]:
    return {
        "name": "Anna Bianchi",
        "email": "anna@example.org",
        "phone": "011 8122345",
        "notes": "",
        "consent": "yes",
        **changes,
    }


@dataclass
class Booking:
    """One customer's way through the pages. `page` is the last page that was answered."""

    client: FlaskClient
    service: str = "passport"
    start: str = field(default_factory=slot)
    page: str = ""

    def hold(self) -> TestResponse:
        """Choose the hour; the answer of /hold."""
        month = self.client.get("/", query_string={"service": self.service, "day": self.start[:10], "lang": "en"}).text
        return self.client.post("/hold", data={**hidden(month), "service": self.service, "start": self.start})

    def form(self) -> str:
        """Choose the hour and see the form."""
        held = self.hold()
        assert held.status_code == 303, held.text
        self.page = self.client.get(held.headers["Location"]).text
        return self.page

    def send(self, **changes: str) -> TestResponse:
        """The form filled in, its question answered; the answer."""
        fields = hidden(self.page or self.form())
        if 'for="answer"' in self.page:
            fields["answer"] = answer_of(self.page)
        answer = self.client.post("/details", data={**fields, **typed(), **changes})
        self.page = answer.text
        return answer

    def confirm(self, **changes: Any) -> TestResponse:
        """What the check page sends; the answer."""
        answer = self.client.post("/confirm", data={**hidden(self.page), **changes})
        self.page = answer.text
        return answer

    def through(self, **changes: str) -> TestResponse:
        """All of it."""
        checked = self.send(**changes)
        assert checked.status_code == 200, checked.text
        return self.confirm()
