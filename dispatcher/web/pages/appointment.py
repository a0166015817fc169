"""An appointment in its holder's hands, by the signed link of the mail: look at it, move it, cancel it (E2)."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import area, bookings, views
from dispatcher.usecases.desk import Actor, Answer
from dispatcher.usecases.holder import NO_CODE, holder_name, is_holder
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts
from dispatcher.web.values import day, instant

DAYS_SHOWN = 6


def make_blueprint() -> Blueprint:
    """`/appointment/{code}?key=…`."""
    blueprint = Blueprint("appointment", __name__)
    blueprint.add_url_rule("/appointment/<code>", "page", page)
    blueprint.add_url_rule("/appointment/<code>/move", "times", times)
    blueprint.add_url_rule("/appointment/<code>/move", "move", move, methods=["POST"])
    blueprint.add_url_rule("/appointment/<code>/cancel", "cancel", cancel, methods=["POST"])
    return blueprint


def _find(code: str) -> dict[str, Any]:
    """The appointment, without anything personal, for who holds its link or has booked it with the account in use.

    A wrong key and an unknown code are answered alike: no such page.
    """
    key = request.values.get("key")
    if not code.isascii() or len(code) > 32:
        abort(404)
    ours = is_holder(context().signing_key, code, key) or _is_own(code, key)
    found: dict[str, Any] | None = context().desk.read(views.appointment, code=code if ours else NO_CODE)
    if found is None:
        abort(404)
    office, words = context().office, texts()
    start = datetime.fromisoformat(found["start"])
    service = office.services.get(found["service"])
    return {
        "code": code,
        "key": key,
        "label": found["label"],
        "service": words.name(service.name) if service is not None else found["service"],
        "service_id": found["service"],
        "state": found["state"],
        "when": _when(start),
        "token": found["status_url"].rsplit("/", 1)[-1],
        "online": service is not None and service.online,
        "platform": words.name(office.platforms[found["platform"]].name)
        if found["platform"] in office.platforms
        else None,
        "meeting": found["meeting"],
        "may_move": found["state"] == "booked" and service is not None,
        "may_cancel": found["state"] in ("booked", "waiting"),
    }


def _is_own(code: str, key: str | None) -> bool:
    one = citizen() if key is None else None
    return one is not None and context().desk.read(area.owns, account=one.account, code=code)


def _when(start: datetime) -> str:
    zone, words = context().office.zone, texts()
    return words("book.when", day=words.day(start.astimezone(zone).date()), time=words.time(start, zone))


def _private(html: str) -> Response:
    response = make_response(html)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def page(code: str) -> Response:
    """What is booked, and what can be done with it."""
    return _private(render_template("appointment.html", one=_find(code)))


def times(code: str) -> ResponseReturnValue:
    """The next days with free hours, a page of them."""
    one = _find(code)
    if not one["may_move"]:
        return _back(one)
    zone, words = context().office.zone, texts()
    today = context().desk.clock.now().astimezone(zone).date()
    first = today
    with suppress(ValueError):
        first = max(first, day(request.args.get("from")))
    every = [(at, list(hours)) for at, hours in groupby(_free(one["service_id"], first, today), key=datetime.date)]
    shown, more = every[:DAYS_SHOWN], every[DAYS_SHOWN:]
    days = [(words.day(at), [(words.time(start, zone), start.isoformat()) for start in hours]) for at, hours in shown]
    later = more[0][0].isoformat() if more else None
    return _private(render_template("appointment_move.html", one=one, days=days, later=later, earlier=first > today))


def _free(service: str, first: date, today: date) -> list[datetime]:
    last = today + timedelta(days=context().office.services[service].horizon.days)
    found = context().desk.read(views.slots, service=service, first=first, last=last) if first <= last else None
    return [datetime.fromisoformat(one["start"]) for one in found or []]


def move(code: str) -> ResponseReturnValue:
    """Take another time; the old one is given back in the same step."""
    guard("phone")
    one = _find(code)
    try:
        start = instant(request.form.get("start"))
    except ValueError:
        return redirect(link("appointment.times", code=code, key=one["key"]), 303)
    answer = _do(code, bookings.move, start=start)
    if answer.ok:
        flash(texts()("appointment.moved_now"), "done")
        return _back(one)
    gone = (answer.body or {}).get("code") in ("slot_gone", "invalid")
    flash(texts()("appointment.gone" if gone else "appointment.refused"), "error")
    return redirect(link("appointment.times", code=code, key=one["key"]), 303) if gone else _back(one)


def cancel(code: str) -> ResponseReturnValue:
    """Give the place to others."""
    guard("phone")
    one = _find(code)
    answer = _do(code, bookings.cancel)
    said, kind = ("appointment.cancelled_now", "done") if answer.ok else ("appointment.refused", "error")
    flash(texts()(said), kind)
    return _back(one)


def _do(code: str, use_case: Any, **arguments: Any) -> Answer:
    holder = Actor(account=holder_name(context().signing_key, code), role="holder")
    return context().desk.execute(holder, use_case, code=code, **arguments)


def _back(one: dict[str, Any]) -> ResponseReturnValue:
    if one["key"] is None:
        return redirect(link("citizen.area"), 303)
    return redirect(link("appointment.page", code=one["code"], key=one["key"]), 303)
