"""Pages for those who may see the office's appointments: who gets in, and how what they see is worded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

import phonenumbers
from babel.dates import format_date
from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import User
from dispatcher.usecases.desk import Answer
from dispatcher.web.auth import logged_in, of_user, sees_bookings
from dispatcher.web.context import context
from dispatcher.web.pages.counter_live import service_name
from dispatcher.web.shell import link, texts
from dispatcher.web.texts import Texts

Page = Callable[..., ResponseReturnValue]
T = TypeVar("T")
CHIEFS = ("manager", "administrator")


def for_office(page: Page) -> Page:
    """A page that gets its user: whoever has not logged in does so first, whoever may not is told."""
    return _guarded(page, sees_bookings)


def for_staff(page: Page) -> Page:
    """A page for everybody who works here."""
    return _guarded(page, lambda user: user is not None)


def for_chiefs(page: Page) -> Page:
    """A page for managers and administrators."""
    return _guarded(page, lambda user: user is not None and user.role in CHIEFS)


def _guarded(page: Page, may: Callable[[User | None], bool]) -> Page:
    @wraps(page)
    def guarded(**values: Any) -> ResponseReturnValue:
        user = logged_in()
        if user is None:
            back = request.full_path.rstrip("?") if request.method == "GET" else link("desk.agenda")
            return redirect(link("account.login", next=back), 303)
        if not may(user):
            abort(403)
        return page(user, **values)

    return guarded


def execute(user: User, use_case: Callable[..., dict[str, Any] | None], **values: Any) -> Answer:
    """A use case in the name of this person. An appointment that there is not: no such page."""
    answer = context().desk.execute(of_user(user).actor, use_case, **values)
    if answer.status == 404:
        abort(404)
    return answer


def told(user: User, use_case: Callable[..., dict[str, Any] | None], **values: Any) -> dict[str, Any]:
    """What a use case that only looks has to tell."""
    return execute(user, use_case, **values).body or {}


def usable_id(text: str) -> str | None:
    """A form's own id, as it is sent back; None for what was not made by us."""
    return text if 0 < len(text) <= 64 and text.isascii() and text.isalnum() else None


# ---- words


def long_day(start: datetime, words: Texts | None = None) -> str:
    """`Tuesday 24 November 2026`, in the office's zone."""
    words = words or texts()
    pattern = {"de": "EEEE, d. MMMM y"}.get(words.language, "EEEE d MMMM y")
    return format_date(start.astimezone(context().office.zone).date(), pattern, locale=words.language)


def when(start: datetime | str, words: Texts | None = None) -> str:
    """Day and hour of an appointment, in the office's zone."""
    words = words or texts()
    at = datetime.fromisoformat(start) if isinstance(start, str) else start
    return words("desk.when", day=long_day(at, words), time=words.time(at, context().office.zone))


def hour(start: datetime | str) -> str:
    """`10:30`, in the office's zone."""
    at = datetime.fromisoformat(start) if isinstance(start, str) else start
    return texts().time(at, context().office.zone)


def short_day(start: datetime) -> str:
    """`Tue 24 Nov`, in the office's zone."""
    return format_date(start.astimezone(context().office.zone).date(), "EEE d MMM", locale=texts().language)


def phone(number: str) -> str:
    """A telephone number in groups, as people read it."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number


def who(actor: str | None) -> str:
    """Who did something, from the account in a history."""
    kind, _, name = (actor or "").partition(":")
    if kind == "user":
        return name
    if kind in ("public", "holder", "account"):
        return texts()("desk.by_person")
    return texts()("desk.by_program", name=name) if name else texts()("desk.by_itself")


def words_for_templates() -> dict[str, Any]:
    """What the templates of these pages need besides the shell's."""
    return {
        "when": when,
        "hour": hour,
        "short_day": short_day,
        "who": who,
        "phone": phone,
        "service_name": service_name,
    }
