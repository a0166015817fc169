"""The booking page: service, day and hour, who comes. Each step is an address; only the last one changes anything."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Service
from dispatcher.usecases import bookings, views
from dispatcher.usecases.desk import Answer
from dispatcher.web.auth import of_nobody
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard, limit_email, typed
from dispatcher.web.parsing import email_address, telephone
from dispatcher.web.problems import Refusal
from dispatcher.web.shell import link, texts
from dispatcher.web.values import clean_line, clean_text, day, instant

DAYS_SHOWN = 6
NEAREST = 6
FIELDS = ("name", "email", "phone", "notes")
LONGEST = {"name": bookings.LONGEST_NAME, "notes": bookings.LONGEST_NOTES}
TRAP = "website"
"""A field that people do not see and robots fill in."""


@dataclass
class Step:
    """The last step's form: what was typed, what is wrong with it, what else could be chosen."""

    service: Service
    start: datetime
    values: dict[str, str] = field(default_factory=dict)
    consent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    others: list[datetime] = field(default_factory=list)


def make_blueprint() -> Blueprint:
    """`/`."""
    blueprint = Blueprint("booking", __name__)
    blueprint.add_url_rule("/", "form", form, methods=["GET"])
    blueprint.add_url_rule("/", "submit", submit, methods=["POST"])
    return blueprint


def form() -> ResponseReturnValue:
    """The step that the address asks for; a step that cannot be is answered with the one before it."""
    service = _bookable(request.args.get("service"))
    if service is None:
        return _services()
    start = _start(request.args.get("start"))
    if start is None:
        return _days(service)
    return _details(Step(service, start))


def _bookable(service_id: str | None) -> Service | None:
    service = context().office.services.get(service_id or "")
    return service if service is not None and service.appointments else None


def _start(text: str | None) -> datetime | None:
    try:
        return instant(text)
    except ValueError:
        return None


def _services() -> ResponseReturnValue:
    ctx, words = context(), texts()
    offered = [one for one in ctx.office.services.values() if one.appointments]
    groups = [
        (words.name(ctx.office.groups[key]) if key in ctx.office.groups else None, list(members))
        for key, members in groupby(sorted(offered, key=_by_group), key=lambda one: one.group or "")
    ]
    return render_template("booking_services.html", groups=groups)


def _by_group(service: Service) -> tuple[bool, int, str]:
    keys = list(context().office.groups)
    group = service.group
    return (group is None, keys.index(group) if group in keys else len(keys), group or "")


def _today() -> date:
    ctx = context()
    return ctx.desk.clock.now().astimezone(ctx.office.zone).date()


def _free(service: Service, first: date) -> list[datetime]:
    last = _today() + timedelta(days=service.horizon.days)
    if last < first:
        return []
    found = context().desk.read(views.slots, service=service.id, first=first, last=last) or []
    return [datetime.fromisoformat(one["start"]) for one in found]


def _days(service: Service) -> ResponseReturnValue:
    """The next days with free hours, a page of them."""
    first = _today()
    with suppress(ValueError):
        first = max(first, day(request.args.get("from")))
    zone, words = context().office.zone, texts()
    starts = [one.astimezone(zone) for one in _free(service, first)]
    every = [(one, list(hours)) for one, hours in groupby(starts, key=lambda start: start.date())]
    shown, more = every[:DAYS_SHOWN], every[DAYS_SHOWN:]
    return render_template(
        "booking_days.html",
        service=service,
        days=[
            (words.day(one), one, [(words.time(start, zone), start.isoformat()) for start in hours])
            for one, hours in shown
        ],
        later=more[0][0].isoformat() if more else None,
        earlier=first > _today(),
    )


def _details(step: Step, status: int = 200) -> ResponseReturnValue:
    zone, words = context().office.zone, texts()
    local = step.start.astimezone(zone)
    return (
        render_template(
            "booking_details.html",
            step=step,
            service=step.service,
            start=local.isoformat(),
            when=_when(step.start),
            others=[(one.astimezone(zone).isoformat(), _when(one)) for one in step.others],
            day_of_start=words.day(local.date()),
            request_id=uuid.uuid4().hex,
            trap=TRAP,
        ),
        status,
    )


def _when(start: datetime) -> str:
    zone, words = context().office.zone, texts()
    return words("book.when", day=words.day(start.astimezone(zone).date()), time=words.time(start, zone))


def submit() -> ResponseReturnValue:
    """Book, or show the form again with all that was typed and all that is wrong."""
    guard("booking")
    service = _bookable(request.form.get("service"))
    start = _start(request.form.get("start"))
    if service is None or start is None:
        return redirect(link("booking.form"), 303)
    step = Step(service, start, dict(typed(*FIELDS)), request.form.get("consent") == "yes")
    email, phone = _check(step)
    if step.errors:
        return _details(step, 422)
    answer = _book(step, email, phone)
    if answer.status < 400 and answer.body is not None:
        flash(texts()("book.done", code=answer.body["code"]), "done")
        return redirect(link("ticket.page", token=str(answer.body["status_url"]).rsplit("/", 1)[-1]), 303)
    _explain(step, answer.body or {})
    return _details(step, 409 if answer.status == 409 else 422)


def _check(step: Step) -> tuple[str, str]:
    """The address and the number in normal form; whatever is wrong goes into `step.errors`."""
    words = texts()
    email = phone = ""
    for name in ("name", "email", "phone"):
        if not step.values[name]:
            step.errors[name] = words(f"book.missing.{name}")
    for name, check in (("name", clean_line), ("notes", clean_text)):
        try:
            check(step.values[name])
        except ValueError:
            step.errors[name] = words("book.wrong.characters")
        if len(step.values[name]) > LONGEST[name]:
            step.errors[name] = words("book.wrong.long", n=LONGEST[name])
    try:
        email = email_address(step.values["email"])
    except Refusal:
        step.errors.setdefault("email", words("book.wrong.email"))
    try:
        phone = telephone(step.values["phone"], context().office.country)
    except Refusal:
        step.errors.setdefault("phone", words("book.wrong.phone"))
    if not step.consent:
        step.errors["consent"] = words("book.missing.consent")
    if request.form.get(TRAP):
        step.errors["form"] = words("book.wrong.robot")
    return email, phone


def _book(step: Step, email: str, phone: str) -> Answer:
    ctx = context()
    limit_email(email)
    request_id = request.form.get("request_id", "")
    values = {**step.values, "email": email, "phone": phone, "start": step.start.isoformat()}
    return ctx.desk.execute(
        of_nobody().actor,
        bookings.book,
        request_id=f"form:{request_id}" if 0 < len(request_id) <= 64 and request_id.isalnum() else None,
        body={"operation": "booking form", "service": step.service.id, **values},
        service=step.service.id,
        start=step.start,
        name=step.values["name"],
        email=email,
        phone=phone,
        language=texts().language if texts().language in ctx.office.languages else None,
        notes=step.values["notes"] or None,
        consent=True,
    )


def _explain(step: Step, refusal: dict[str, Any]) -> None:
    """A use case's refusal in words, beside the field that it concerns."""
    words = texts()
    code, at = refusal.get("code"), refusal.get("field")
    if code == "invalid" and at in ("email", "name", "phone", "notes"):
        step.errors[at] = words("book.wrong.pec") if at == "email" else words(f"book.wrong.{at}")
    elif code == "already_booked":
        scheduled = (refusal.get("ticket") or {}).get("scheduled_at")
        step.errors["form"] = (
            words("book.already_at", when=_when(datetime.fromisoformat(scheduled)))
            if scheduled
            else words("book.already")
        )
    elif code == "slot_gone" or (code == "invalid" and at == "start"):
        step.others = _nearest(step)
        step.errors["start"] = words("book.gone")
    else:
        step.errors["form"] = words("book.refused")


def _nearest(step: Step) -> list[datetime]:
    """The free slots nearest in time to the one that is gone."""
    first = max(_today(), step.start.astimezone(context().office.zone).date() - timedelta(days=7))
    near = sorted(_free(step.service, first), key=lambda one: abs(one - step.start))[:NEAREST]
    return sorted(near)
