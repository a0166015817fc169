"""A booking that is being typed: its fields, what is wrong with them, and how they travel from page to page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request

from dispatcher.engine.model import Service
from dispatcher.usecases import bookings, pec
from dispatcher.web.context import context
from dispatcher.web.pages.booking_slots import bookable, start_of, when
from dispatcher.web.pages.forms import typed
from dispatcher.web.parsing import email_address, telephone
from dispatcher.web.problems import Refusal
from dispatcher.web.shell import texts
from dispatcher.web.texts import languages_of
from dispatcher.web.values import clean_line, clean_text

REQUIRED = ("name", "email", "phone")
FIELDS = (*REQUIRED, "language", "notes", "platform", "email_choice", "altcha", "question", "answer")
LONGEST = {"name": bookings.LONGEST_NAME, "notes": bookings.LONGEST_NOTES}
TRAP = "website"
"""A field that people do not see and robots fill in."""


@dataclass
class Draft:
    """`values` by FIELDS, as typed. `email` and `phone` are in normal form once checked.

    `errors` by field, in the order of the form; `form` for what concerns all of it. `meant` is the address that was
    probably meant. `others` are times to choose from in place of one that is gone.
    """

    service: Service
    start: datetime
    values: dict[str, str] = field(default_factory=dict)
    consent: bool = False
    request_id: str = ""
    email: str = ""
    phone: str = ""
    meant: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    others: list[datetime] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of the mails: the one chosen, else the page's."""
        chosen = self.values.get("language")
        known = languages_of(context().office)
        return chosen if chosen in known else texts().language

    @property
    def platform(self) -> str | None:
        """The chosen platform of a service on line; None leaves it to the office."""
        chosen = self.values.get("platform")
        return chosen if chosen in self.service.platforms else None

    def hidden(self) -> list[tuple[str, str]]:
        """All of it as the hidden fields of a form."""
        values = {**self.values, "language": self.language}
        fields = [("service", self.service.id), ("start", self.start.isoformat()), ("request_id", self.request_id)]
        return fields + [(name, values.get(name, "")) for name in FIELDS] + [("consent", "yes" if self.consent else "")]

    def arguments(self) -> dict[str, Any]:
        """What a use case is told about the person."""
        return {
            "name": self.values["name"],
            "email": self.email,
            "phone": self.phone,
            "language": self.language if self.language in context().office.languages else None,
            "notes": self.values["notes"] or None,
            "platform": self.platform,
        }


def from_form() -> Draft | None:
    """What the present form holds; None without a service and a time."""
    service = bookable(request.form.get("service"))
    start = start_of(request.form.get("start"))
    if service is None or start is None:
        return None
    return Draft(
        service,
        start,
        dict(typed(*FIELDS)),
        consent=request.form.get("consent") == "yes",
        request_id=_word(request.form.get("request_id", "")),
    )


def _word(text: str) -> str:
    """An id as the check page writes it; anything else is none."""
    return text if len(text) <= 64 and text.isalnum() and text.isascii() else ""


def check(draft: Draft) -> None:
    """Put the address and the number in normal form; whatever is wrong goes into `errors`."""
    words = texts()
    for name in REQUIRED:
        if not draft.values[name]:
            draft.errors[name] = words(f"book.missing.{name}")
    _check_signs(draft, "name", clean_line)
    _check_email(draft)
    try:
        draft.phone = telephone(draft.values["phone"], context().office.country)
    except Refusal:
        draft.errors.setdefault("phone", words("book.wrong.phone"))
    _check_signs(draft, "notes", clean_text)
    if len(draft.service.platforms) > 1 and draft.platform is None:
        draft.errors["platform"] = words("booking.missing.platform")
    if not draft.consent:
        draft.errors["consent"] = words("book.missing.consent")
    if request.form.get(TRAP):
        draft.errors["form"] = words("book.wrong.robot")


def _check_signs(draft: Draft, name: str, clean: Callable[[str], str]) -> None:
    words = texts()
    try:
        clean(draft.values[name])
    except ValueError:
        draft.errors[name] = words("book.wrong.characters")
    if len(draft.values[name]) > LONGEST[name]:
        draft.errors[name] = words("book.wrong.long", n=LONGEST[name])


def _check_email(draft: Draft) -> None:
    """Its form, certified mail, and a likely slip in the domain, which the person may overrule."""
    words, office = texts(), context().office
    try:
        draft.email = email_address(draft.values["email"])
    except Refusal:
        draft.errors.setdefault("email", words("book.wrong.email"))
        return
    if pec.is_certified(draft.email, certified=office.certified_domains, ordinary=office.ordinary_domains):
        draft.errors["email"] = words("book.wrong.pec")
        return
    domain = pec.suggest_domain(draft.email)
    if domain is None:
        return
    meant = f"{draft.email.rpartition('@')[0]}@{domain}"
    choice = draft.values["email_choice"]
    if choice == meant:
        draft.values["email"] = draft.email = meant
    elif choice != draft.values["email"]:
        draft.meant = meant
        draft.errors["email"] = words("booking.slip", meant=meant)


def explain(draft: Draft, refusal: dict[str, Any]) -> None:
    """A use case's refusal in words, beside the field that it concerns."""
    words = texts()
    code, at = refusal.get("code"), refusal.get("field")
    if code == "invalid" and at in ("email", "name", "phone", "notes"):
        draft.errors[at] = words("book.wrong.pec") if at == "email" else words(f"book.wrong.{at}")
    elif code == "invalid" and at == "altcha":
        draft.errors["robot"] = words("booking.robot.again")
        draft.values |= {"altcha": "", "question": "", "answer": ""}
    elif code == "already_booked":
        scheduled = (refusal.get("ticket") or {}).get("scheduled_at")
        draft.errors["form"] = (
            words("booking.already_at", when=when(datetime.fromisoformat(scheduled)))
            if scheduled
            else words("book.already")
        )
    elif code == "slot_gone" or (code == "invalid" and at == "start"):
        draft.errors["start"] = words("book.gone")
    else:
        draft.errors["form"] = words("book.refused")
