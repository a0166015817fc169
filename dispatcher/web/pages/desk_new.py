"""A new appointment for somebody who telephones or stands at the desk (E8): first the time, which is then held, then
who comes."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Service, User
from dispatcher.usecases import bookings, holds, pec, secretary, views
from dispatcher.usecases.desk import Answer
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard, typed
from dispatcher.web.pages.staff import execute, for_office, long_day, told, usable_id, when, words_for_templates
from dispatcher.web.parsing import email_address, telephone
from dispatcher.web.problems import Refusal
from dispatcher.web.shell import link, texts
from dispatcher.web.values import clean_line, clean_text, instant
from dispatcher.web.values import day as day_of

NEXT_FREE = 6
DAYS_SHOWN = 14
TEXTS = ("name", "phone", "email", "notes")
FIELDS = (*TEXTS, "language", "platform")


@dataclass
class Form:
    """What is on the page: the form's own id, what was typed, what is wrong with it."""

    id: str
    values: dict[str, str] = field(default_factory=dict)
    consent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    other: str | None = None
    """The appointment that this person has already."""

    def holder(self, user: User) -> str:
        """Under what name the slot is held while this form is filled in."""
        return "desk:" + hashlib.sha256(f"{user.name}\n{self.id}".encode()).hexdigest()[:40]


@for_office
def new(user: User) -> ResponseReturnValue:
    """The times, or the details for the time that `form` holds; `like`: another one for the same person."""
    form = Form(usable_id(request.args.get("form", "")) or uuid.uuid4().hex)
    like = request.args.get("like")
    if like:
        form.values = told(user, secretary.person, ticket_id=like)
    return _page(user, form)


@for_office
def enter(user: User) -> ResponseReturnValue:
    """Hold the chosen time, give it back, or book; what was typed is kept."""
    guard()
    form = Form(
        usable_id(request.form.get("form", "")) or uuid.uuid4().hex,
        dict(typed(*FIELDS)),
        request.form.get("consent") == "yes",
    )
    action = request.form.get("action")
    if action == "book":
        return _book(user, form)
    if action == "release":
        execute(user, holds.release, holder=form.holder(user))
    elif "slot" in request.form:
        _hold(user, form, request.form["slot"])
    elif "from" in request.form or action == "other":
        return _times(form, 200)
    return _page(user, form, 409 if form.errors else 200)


def _hold(user: User, form: Form, slot: str) -> None:
    service, _, start = slot.partition("|")
    try:
        values = {"service": service, "start": instant(start)}
    except ValueError:
        form.errors["slot"] = texts()("desk.new.gone")
        return
    if not execute(user, holds.hold, holder=form.holder(user), **values).ok:
        form.errors["slot"] = texts()("desk.new.gone")


def _page(user: User, form: Form, status: int = 200) -> ResponseReturnValue:
    held = context().desk.read(holds.held, holder=form.holder(user))
    service = context().office.services.get(held["service"]) if held else None
    if held is None or service is None:
        return _times(form, status)
    return _details(user, form, service, datetime.fromisoformat(held["start"]), held["until"], status)


def _times(form: Form, status: int) -> ResponseReturnValue:
    """The next free times of each service, or those of one service day by day."""
    service = context().office.services.get(request.values.get("service", ""))
    if service is not None and service.appointments:
        return _days(form, service, status)
    services = [(one, _next_free(one)) for one in context().office.services.values() if one.appointments]
    return render_template("desk_new_times.html", form=form, services=services, **words_for_templates()), status


def _days(form: Form, service: Service, status: int) -> ResponseReturnValue:
    zone = context().office.zone
    today = context().desk.clock.now().astimezone(zone).date()
    first = today
    try:
        first = max(today, day_of(request.values.get("from")))
    except ValueError:
        first = today
    last = first + timedelta(days=DAYS_SHOWN - 1)
    found = context().desk.read(views.slots, service=service.id, first=first, last=last, bound=False) or []
    starts = [datetime.fromisoformat(one["start"]) for one in found]
    days = [(long_day(hours[0]), hours) for hours in (list(group) for _at, group in groupby(starts, key=_date))]
    shown: dict[str, Any] = {
        "service": service,
        "days": days,
        "first": first.isoformat(),
        "later": (last + timedelta(days=1)).isoformat(),
        "earlier": max(today, first - timedelta(days=DAYS_SHOWN)).isoformat() if first > today else None,
    }
    return render_template("desk_new_days.html", form=form, **shown, **words_for_templates()), status


def _date(start: datetime) -> date:
    return start.date()


def _next_free(service: Service, holder: str | None = None) -> list[datetime]:
    found = context().desk.read(secretary.next_free, service=service.id, most=NEXT_FREE, holder=holder)
    return [datetime.fromisoformat(one) for one in found]


def _details(
    user: User, form: Form, service: Service, start: datetime, until: str, status: int = 200
) -> ResponseReturnValue:
    office = context().office
    form.values.setdefault("language", "")
    return (
        render_template(
            "desk_new_details.html",
            form=form,
            service=service,
            start=start,
            until=until,
            others=[one for one in _next_free(service, form.holder(user)) if one != start],
            platforms=[office.platforms[one] for one in service.platforms],
            first_empty=next((one for one in ("name", "phone", "email") if not form.values.get(one)), "consent"),
            request_id=uuid.uuid4().hex,
            **words_for_templates(),
        ),
        status,
    )


def _book(user: User, form: Form) -> ResponseReturnValue:
    _check(form)
    held = context().desk.read(holds.held, holder=form.holder(user))
    service, start = _chosen(held)
    if form.errors or service is None or start is None:
        if service is None or start is None:
            form.errors["slot"] = texts()("desk.new.lost")
        return _page(user, form, 422)
    answer = _execute(user, form, service, start)
    if answer.ok and answer.body is not None:
        words = texts()
        said = words("desk.new.done", label=answer.body["label"], when=when(start))
        flash(f"{said} {words('desk.new.mailed' if form.values['email'] else 'desk.new.unmailed')}", "done")
        return redirect(link("desk.one", ticket=answer.body["id"]), 303)
    _explain(form, answer.body or {})
    return _page(user, form, 409 if answer.status == 409 else 422)


def _chosen(held: dict[str, Any] | None) -> tuple[Service | None, datetime | None]:
    """What is held; when the ten minutes are over, what the form says: it may still be free."""
    service = held["service"] if held else request.form.get("service", "")
    try:
        start = instant(held["start"] if held else request.form.get("start"))
    except ValueError:
        return None, None
    return context().office.services.get(service), start


def _execute(user: User, form: Form, service: Service, start: datetime) -> Answer:
    values = {
        "name": form.values["name"],
        "phone": form.values["phone"],
        "email": form.values["email"] or None,
        "notes": form.values["notes"] or None,
        "language": form.values["language"] or None,
        "platform": form.values["platform"] or None,
    }
    request_id = usable_id(request.form.get("request_id", ""))
    return execute(
        user,
        secretary.book,
        request_id=f"desk:{request_id}" if request_id else None,
        body={"operation": "desk booking", "service": service.id, "start": start.isoformat(), **values},
        service=service.id,
        start=start,
        holder=form.holder(user),
        consent=True,
        **values,
    )


def _check(form: Form) -> None:
    check_fields(form.values, form.errors)
    if not form.consent:
        form.errors["consent"] = texts()("desk.missing.consent")


def check_fields(values: dict[str, str], errors: dict[str, str]) -> None:
    """All that is wrong with what was typed, at once, into `errors`."""
    words = texts()
    for name in ("name", "phone"):
        if not values[name]:
            errors[name] = words(f"desk.missing.{name}")
    _check_contact(values, errors)
    for name in TEXTS:
        try:
            (clean_text if name == "notes" else clean_line)(values[name])
        except ValueError:
            errors[name] = words("desk.wrong.characters")
    for name, longest in (("name", bookings.LONGEST_NAME), ("notes", bookings.LONGEST_NOTES)):
        if len(values[name]) > longest:
            errors[name] = words("desk.wrong.long", n=longest)


def _check_contact(values: dict[str, str], errors: dict[str, str]) -> None:
    office, words = context().office, texts()
    try:
        if values["phone"]:
            telephone(values["phone"], office.country)
    except Refusal:
        errors["phone"] = words("desk.wrong.phone")
    try:
        address = email_address(values["email"]) if values["email"] else ""
    except Refusal:
        errors["email"] = words("desk.wrong.email")
        return
    if address and pec.is_certified(address, certified=office.certified_domains, ordinary=office.ordinary_domains):
        errors["email"] = words("desk.wrong.pec")


def explain_field(refusal: dict[str, Any]) -> tuple[str, str] | None:
    """The field at fault and what is wrong with it, in words; None when it is no field's fault."""
    at = refusal.get("field")
    if refusal.get("code") == "invalid" and at in TEXTS:
        return at, texts()(f"desk.wrong.{at}")
    return None


def _explain(form: Form, refusal: dict[str, Any]) -> None:
    words, code = texts(), refusal.get("code")
    fault = explain_field(refusal)
    if fault is not None:
        form.errors[fault[0]] = fault[1]
    elif code == "already_booked":
        ticket = refusal.get("ticket") or {}
        form.other = ticket.get("id")
        at = ticket.get("scheduled_at")
        form.errors["form"] = words("desk.new.already", when=when(at)) if at else words("desk.refused")
    elif code == "slot_gone" or refusal.get("field") == "start":
        form.errors["slot"] = words("desk.new.gone")
    else:
        form.errors["form"] = words("desk.refused")
