"""One appointment in the office's hands: all about it, moved, cancelled, corrected, mailed again, on paper."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import segno
from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dispatcher.engine.model import User
from dispatcher.usecases import secretary, views
from dispatcher.web.context import context
from dispatcher.web.pages.desk_new import check_fields, explain_field
from dispatcher.web.pages.forms import guard, typed
from dispatcher.web.pages.staff import execute, for_office, long_day, told, usable_id, when, words_for_templates
from dispatcher.web.shell import link, texts
from dispatcher.web.texts import LANGUAGES, Texts
from dispatcher.web.values import day as day_of
from dispatcher.web.values import instant

DAYS_SHOWN = 14
CORRECTED = ("name", "phone", "email", "notes")


@for_office
def one(user: User, ticket: str) -> ResponseReturnValue:
    """All about it."""
    return _page(user, ticket)


def _page(
    user: User, ticket: str, typed_in: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    found = told(user, secretary.look, ticket_id=ticket)
    platform = context().office.platforms.get(found["platform"] or "")
    page = render_template(
        "desk_one.html",
        one=found,
        platform=texts().name(platform.name) if platform else None,
        online=_is_online(found["service"]),
        values=typed_in or {name: found[name] or "" for name in CORRECTED},
        errors=errors or {},
        request_id=uuid.uuid4().hex,
        **words_for_templates(),
    )
    return page, 422 if errors else 200


def _is_online(service_id: str) -> bool:
    service = context().office.services.get(service_id)
    return service is not None and service.online


def _back(ticket: str) -> ResponseReturnValue:
    return redirect(link("desk.one", ticket=ticket), 303)


def _done(user: User, ticket: str, use_case: Any, said: str, **values: Any) -> ResponseReturnValue:
    """One step of the secretary, and how it went."""
    guard()
    words = texts()
    request_id = usable_id(request.form.get("request_id", ""))
    answer = execute(
        user,
        use_case,
        request_id=f"desk:{request_id}" if request_id else None,
        body={"ticket": ticket, **{name: str(value) for name, value in values.items()}},
        ticket_id=ticket,
        **values,
    )
    if answer.ok:
        flash(words(said), "done")
    else:
        code = str((answer.body or {}).get("code"))
        flash(words.get(f"desk.refusal.{code}", words("desk.refused")), "error")
    return _back(ticket)


@for_office
def times(user: User, ticket: str) -> ResponseReturnValue:  # noqa: ARG001  # nothing personal is shown
    """The free times for a move, day by day from `?from=` on."""
    found = context().desk.read(views.ticket_by_id, ticket_id=ticket, history=False)
    if found is None or found["scheduled_at"] is None:
        abort(404)
    service = context().office.services.get(found["service"])
    if found["state"] != "booked" or service is None or not service.appointments:
        flash(texts()("desk.refusal.not_callable"), "error")
        return _back(ticket)
    today = context().desk.clock.now().astimezone(context().office.zone).date()
    try:
        first = max(today, day_of(request.args.get("from")))
    except ValueError:
        first = today
    last = first + timedelta(days=DAYS_SHOWN - 1)
    slots = context().desk.read(views.slots, service=service.id, first=first, last=last, bound=False) or []
    starts = [datetime.fromisoformat(slot["start"]) for slot in slots]
    shown: dict[str, Any] = {
        "one": found,
        "days": [(long_day(hours[0]), hours) for hours in (list(g) for _d, g in groupby(starts, key=datetime.date))],
        "first": first.isoformat(),
        "later": (last + timedelta(days=1)).isoformat(),
        "earlier": max(today, first - timedelta(days=DAYS_SHOWN)).isoformat() if first > today else None,
        "request_id": uuid.uuid4().hex,
    }
    return render_template("desk_move.html", **shown, **words_for_templates())


@for_office
def move(user: User, ticket: str) -> ResponseReturnValue:
    """Another time."""
    try:
        start = instant(request.form.get("start"))
    except ValueError:
        return redirect(link("desk.times", ticket=ticket), 303)
    return _done(user, ticket, secretary.move, "desk.done.moved", start=start)


@for_office
def cancel(user: User, ticket: str) -> ResponseReturnValue:
    """The place is free for others."""
    return _done(user, ticket, secretary.cancel, "desk.done.cancelled")


@for_office
def mail(user: User, ticket: str) -> ResponseReturnValue:
    """The last mail once more (E11)."""
    return _done(user, ticket, secretary.send_again, "desk.done.mailed")


@for_office
def check_in(user: User, ticket: str) -> ResponseReturnValue:
    """The person is here."""
    return _done(user, ticket, secretary.check_in, "desk.done.checked_in")


@for_office
def correct(user: User, ticket: str) -> ResponseReturnValue:
    """Name, telephone, e-mail and notes, as they should have been written."""
    guard()
    values = dict(typed(*CORRECTED))
    errors: dict[str, str] = {}
    check_fields(values, errors)
    if errors:
        return _page(user, ticket, values, errors)
    answer = execute(
        user,
        secretary.correct,
        ticket_id=ticket,
        name=values["name"],
        phone=values["phone"],
        email=values["email"] or None,
        notes=values["notes"] or None,
    )
    if answer.ok:
        mailed = bool((answer.body or {}).get("mailed"))
        flash(texts()("desk.done.corrected_mailed" if mailed else "desk.done.corrected"), "done")
        return _back(ticket)
    fault = explain_field(answer.body or {})
    code = str((answer.body or {}).get("code"))
    text = texts().get(f"desk.refusal.{code}", texts()("desk.refused"))
    return _page(user, ticket, values, dict([fault]) if fault else {"form": text})


@for_office
def paper(user: User, ticket: str) -> ResponseReturnValue:
    """The ticket for the office's printer, in the language of the person who comes."""
    found = told(user, secretary.look, ticket_id=ticket, what="printed")
    office = context().office
    words = Texts(found["language"]) if found["language"] in LANGUAGES else texts()
    service = office.services.get(found["service"])
    platform = office.platforms.get(found["platform"] or "")
    address = f"{context().desk.base_url}/t/{found['token']}"
    return render_template(
        "desk_paper.html",
        one=found,
        p=words,
        service=words.name(service.name) if service else found["service"],
        bring=words.name(service.bring) if service else "",
        place=words.name(office.place),
        contact=words.name((service.contact if service else {}) or office.contact),
        online=service is not None and service.online,
        check_in=service is not None and service.check_in == "required",
        platform=words.name(platform.name) if platform else None,
        day=when(found["start"], words),
        qr=qr_picture(address, words("desk.paper.qr")),
        address=address,
    )


def qr_picture(text: str, title: str) -> Markup:
    """A QR code as SVG inside the page: it needs no other request and is sharp on any printer."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, title=title
    )
    return Markup(drawn)  # noqa: S704  # drawn from our own address; segno escapes the title
