"""From the booking pages to an account and back: what was typed is kept here meanwhile, never in an address (E4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from dispatcher.usecases import drafts
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import DRAFT
from dispatcher.web.context import context
from dispatcher.web.pages import booking_details, booking_draft, booking_robot
from dispatcher.web.pages.booking_draft import Draft
from dispatcher.web.pages.booking_slots import bookable, when
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts


def add_to(blueprint: Blueprint) -> None:
    """`/account/begin` and `/account/continue`."""
    blueprint.add_url_rule("/begin", "begin", begin, methods=["POST"])
    # Where a form was answered, a link of its page (another language) asks with GET.
    blueprint.add_url_rule("/begin", "begun", go_on)
    blueprint.add_url_rule("/continue", "go_on", go_on)


def begin() -> ResponseReturnValue:
    """Keep the booking of the check page, and go to the log-in or to a new account."""
    guard("account")
    draft = booking_draft.from_form()
    return redirect(link("booking.form"), 303) if draft is None else keep(draft, request.form.get("way", ""))


def keep(draft: Draft, way: str = "") -> ResponseReturnValue:
    """Keep a booking; on to a new account (`way` register) or to the log-in, which lead back to it."""
    answer = context().desk.execute(of_nobody().actor, drafts.keep, draft=_stored(draft), earlier=session.get(DRAFT))
    session[DRAFT] = (answer.body or {})["draft"]
    if way == "register" and context().office.passwords:
        return redirect(link("citizen.register"), 303)
    return redirect(link("citizen.login", next=link("citizen.go_on")), 303)


def go_on() -> ResponseReturnValue:
    """The check page again, for whoever has logged in meanwhile."""
    draft = kept()
    if draft is None:
        return redirect(link("booking.form"), 303)
    booking_draft.check(draft)
    booking_robot.proof(draft, counted=False)
    return booking_details.page(draft, 422) if draft.errors else booking_details.check_page(draft)


def _stored(draft: Draft) -> dict[str, Any]:
    start = draft.start.isoformat()
    return {"service": draft.service.id, "start": start, "values": draft.values, "consent": draft.consent}


def kept() -> Draft | None:
    """The booking that this browser has begun."""
    found = context().desk.read(drafts.kept, draft=session[DRAFT]) if DRAFT in session else None
    service = bookable(found["service"]) if found is not None else None
    if found is None or service is None:
        return None
    return Draft(service, datetime.fromisoformat(found["start"]), found["values"], consent=found["consent"])


def forget() -> None:
    """What was kept is booked, or waits for a click in a mail."""
    known = session.pop(DRAFT, None)
    if known is not None:
        context().desk.execute(of_nobody().actor, drafts.forget, draft=known)


def in_words(draft: Draft | None) -> dict[str, str] | None:
    """The booking that was begun, for the pages between."""
    return {"service": texts().name(draft.service.name), "when": when(draft.start)} if draft is not None else None
