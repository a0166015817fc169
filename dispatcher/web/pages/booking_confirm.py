"""The last step: what was read over is booked, in one of the ways that the check page offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded

from dispatcher.usecases import bookings
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages import booking_draft, booking_robot, citizen_booking
from dispatcher.web.pages.booking_details import page, refused, too_many
from dispatcher.web.pages.booking_draft import Draft
from dispatcher.web.pages.booking_slots import holder
from dispatcher.web.pages.forms import count, guard, limit_email
from dispatcher.web.shell import link, texts


@dataclass(frozen=True)
class Way:
    """How somebody books: as a guest, or for an account."""

    account: str | None = None


GUEST = Way()


@dataclass(frozen=True)
class Outcome:
    """`code` and the ticket's `token`; or a `refusal` and its `status`; with neither, the draft has its errors."""

    code: str = ""
    token: str = ""
    refusal: dict[str, Any] | None = None
    status: int = 200

    @property
    def ok(self) -> bool:
        return bool(self.token)


def confirm() -> ResponseReturnValue:
    """Book, and go to the ticket's page; or show the form again with the reason and nothing lost."""
    guard()
    draft = booking_draft.from_form()
    if draft is None:
        return redirect(link("booking.form"), 303)
    one = citizen()
    if one is None and context().office.accounts == "required":
        return citizen_booking.keep(draft)
    try:
        count("booking")
        outcome = complete(draft, holder=holder(), way=Way(one.account) if one is not None else GUEST)
    except RateLimitExceeded as error:
        return too_many(draft, error)
    if outcome.ok:
        citizen_booking.forget()
        flash(texts()("book.done", code=outcome.code), "done")
        return redirect(link("ticket.page", token=outcome.token), 303)
    if outcome.refusal is not None:
        return refused(draft, outcome.refusal, outcome.status)
    return page(draft, 422)


def complete(draft: Draft, *, holder: str, way: Way) -> Outcome:
    """Check once more what was typed, for it came back from the browser, and book it.

    Without a refusal and without a token the reasons stand in `draft.errors`. Raises RateLimitExceeded.
    """
    booking_draft.check(draft)
    challenge = booking_robot.proof(draft, counted=False)
    if draft.errors or challenge is None:
        return Outcome(status=422)
    limit_email(draft.email)
    arguments = draft.arguments()
    answer = context().desk.execute(
        of_nobody().actor,
        bookings.book,
        request_id=f"form:{draft.request_id}" if draft.request_id else None,
        body={"operation": "booking form", "service": draft.service.id, "start": draft.start.isoformat(), **arguments},
        service=draft.service.id,
        start=draft.start,
        consent=draft.consent,
        challenge=challenge,
        holder=holder,
        account=way.account,
        **arguments,
    )
    body = answer.body or {}
    if not answer.ok:
        return Outcome(refusal=body, status=answer.status)
    return Outcome(code=str(body["code"]), token=str(body["status_url"]).rsplit("/", 1)[-1])
