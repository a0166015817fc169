"""The third step: who comes. Sent, it is either shown again with what is wrong, or in full for reading over."""

from __future__ import annotations

import uuid
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded

from dispatcher.usecases import months
from dispatcher.usecases.review import review as check_and_hold
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages import booking_draft, booking_robot
from dispatcher.web.pages.booking_draft import TRAP, Draft
from dispatcher.web.pages.booking_slots import bookable, holder, known_holder, nearest, start_of, when
from dispatcher.web.pages.forms import count, guard, limit_email
from dispatcher.web.shell import link, texts
from dispatcher.web.texts import LANGUAGES, languages_of


def form() -> ResponseReturnValue:
    """The empty form for the service and the time in the address."""
    service = bookable(request.args.get("service"))
    start = start_of(request.args.get("start"))
    if service is None:
        return redirect(link("booking.form"), 303)
    if start is None:
        return redirect(link("booking.form", service=service.id), 303)
    draft = Draft(service, start, {"language": texts().language})
    one = citizen()
    if one is not None:  # begins with what is known of the person
        draft.values |= {"name": one.name, "email": one.email or "", "phone": one.phone}
    return page(draft)


def back() -> ResponseReturnValue:
    """From the address of an answered form to the step that it belongs to."""
    kept = {name: request.args[name] for name in ("service", "start", "lang") if name in request.args}
    return redirect(link("booking.details", **kept), 303)


def review() -> ResponseReturnValue:
    """All that was typed, to be read over; or the form again, with all that is wrong and nothing lost."""
    guard()
    draft = booking_draft.from_form()
    if draft is None:
        return redirect(link("booking.form"), 303)
    if request.form.get("step") == "change":
        return page(draft)
    try:
        count("details")
        booking_draft.check(draft)
        booking_robot.proof(draft)
        if draft.errors:
            return page(draft, 422)
        limit_email(draft.email, "details_email")
    except RateLimitExceeded as error:
        return too_many(draft, error)
    one = citizen()
    answer = context().desk.execute(
        of_nobody().actor,
        check_and_hold,
        account=one.account if one is not None else None,
        service=draft.service.id,
        start=draft.start,
        holder=holder(),
        **draft.arguments(),
    )
    if not answer.ok:
        return refused(draft, answer.body or {}, answer.status)
    return check_page(draft)


def refused(draft: Draft, refusal: dict[str, Any], status: int) -> ResponseReturnValue:
    """The form with a use case's refusal."""
    booking_draft.explain(draft, refusal)
    return page(draft, 409 if status == 409 else 422)


def too_many(draft: Draft, error: RateLimitExceeded) -> ResponseReturnValue:
    """The form with the plea to wait: not even this loses what was typed."""
    draft.errors = {"form": texts()("error.429")}
    response = make_response(page(draft, 429))
    response.headers["Retry-After"] = str(int(error.limit.limit.get_expiry()) if error.limit else 60)
    return response


def page(draft: Draft, status: int = 200) -> ResponseReturnValue:
    """The form. A time that is gone is said (409), with others to choose from."""
    words, office = texts(), context().office
    stands = context().desk.read(months.chance, service=draft.service, start=draft.start, holder=known_holder())
    if not stands["free"] or "start" in draft.errors:
        draft.errors.setdefault("start", words("book.gone"))
        draft.others = nearest(draft.service, draft.start)
        status = 409 if status in (200, 422) else status
    until = stands["until"]
    left_s = (until - context().desk.clock.now()).total_seconds() / context().desk.clock.pace if until else 0
    html = render_template(
        "booking_details.html",
        draft=draft,
        service=draft.service,
        when=when(draft.start),
        until=words.time(until, office.zone) if until else None,
        left_s=max(0, int(left_s)),
        others=[(one.isoformat(), when(one)) for one in draft.others],
        address=_address("booking.review", draft),
        robot=booking_robot.to_show(draft),
        platforms=_platforms(draft),
        languages=[(code, LANGUAGES[code]) for code in languages_of(office)],
        trap=TRAP,
    )
    return html, status


def _address(endpoint: str, draft: Draft) -> str:
    """Where a form goes: with its service and time, so that the page's links lead back to it."""
    local = draft.start.astimezone(context().office.zone)
    return link(endpoint, service=draft.service.id, start=local.isoformat())


def _platforms(draft: Draft) -> list[tuple[str, str]]:
    """Where the appointment may be held, if it is on line."""
    known = context().office.platforms
    names = draft.service.platforms if draft.service.online else ()
    return [(name, texts().name(known[name].name)) for name in names if name in known]


def check_page(draft: Draft) -> ResponseReturnValue:
    """All of it in full.

    Each of these pages books once, however often it is sent; after a refusal the next one is another booking.
    """
    draft.request_id = uuid.uuid4().hex
    platforms = _platforms(draft)
    chosen = dict(platforms).get(draft.platform or "") or (platforms[0][1] if platforms else None)
    return render_template(
        "booking_check.html",
        draft=draft,
        service=draft.service,
        when=when(draft.start),
        language=LANGUAGES[draft.language],
        platform=chosen,
        change=_address("booking.review", draft),
        confirm=_address("booking.confirm", draft),
    )
