"""The personal area: one's bookings with all details, one's password, one's data, and the end of all of it (E5)."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import accounts, area
from dispatcher.web import citizens, passwords
from dispatcher.web.citizens import Citizen, citizen
from dispatcher.web.context import context
from dispatcher.web.pages.booking_slots import when
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts

log = logging.getLogger(__name__)


def add_to(blueprint: Blueprint) -> None:
    """`/account/` and the pages of those who are logged in."""
    blueprint.add_url_rule("/", "area", page)
    blueprint.add_url_rule("/data.json", "data", data)
    blueprint.add_url_rule("/password", "password", password, methods=["GET", "POST"])
    blueprint.add_url_rule("/delete", "delete", delete, methods=["GET", "POST"])
    blueprint.add_url_rule("/everywhere", "everywhere", everywhere, methods=["POST"])


def _log_in_first() -> ResponseReturnValue:
    here = request.full_path.rstrip("?") if request.method == "GET" else link("citizen.area")
    return redirect(link("citizen.login", next=here), 303)


def begun_words(found: dict[str, Any]) -> dict[str, str] | None:
    """The booking that a link completes, in words; None when it completes none."""
    if found["service"] is None:
        return None
    service = context().office.services.get(found["service"])
    name = texts().name(service.name) if service is not None else found["service"]
    return {"service": name, "when": when(datetime.fromisoformat(found["start"]))}


def page() -> ResponseReturnValue:
    """All bookings, the next one first."""
    one = citizen()
    if one is None:
        return _log_in_first()
    found = context().desk.read(area.overview, account=one.account)
    shown = {name: [_in_words(booked) for booked in found[name]] for name in ("coming", "past")}
    return render_template("citizen_area.html", one=one, **shown)


def _in_words(booked: dict[str, Any]) -> dict[str, Any]:
    office, words = context().office, texts()
    service = office.services.get(booked["service"])
    platform = office.platforms.get(booked["platform"] or "")
    start = datetime.fromisoformat(booked["start"])
    return {
        **booked,
        "service_id": booked["service"],
        "service": words.name(service.name) if service is not None else booked["service"],
        "when": f"{when(start)}" if start.year == context().desk.clock.now().year else f"{when(start)} {start.year}",
        "place": "" if service is not None and service.online else words.name(office.place),
        "bring": words.name(service.bring) if service is not None else "",
        "platform": words.name(platform.name) if platform is not None else "",
        "may_move": booked["may_move"] and service is not None,
        "again": service is not None and service.appointments,
    }


def data() -> ResponseReturnValue:
    """All that is stored about the person, as a file."""
    one = citizen()
    if one is None:
        return _log_in_first()
    found = context().desk.read(area.data, account=one.account)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="numeretto.json"'
    return response


def password() -> ResponseReturnValue:
    """Choose another password; all other sessions are over then."""
    one = citizen()
    if one is None or not one.has_password:
        return _log_in_first() if one is None else redirect(link("citizen.area"), 303)
    errors: dict[str, str] = {}
    if request.method == "POST":
        guard("login")
        errors = _change_password(one)
        if not errors:
            flash(texts()("account.password.changed"), "done")
            return redirect(link("citizen.area"), 303)
    page = render_template("citizen_password.html", one=one, errors=errors, shortest=passwords.SHORTEST)
    return page, 422 if errors else 200


def password_fault(password: str, *own: str | None) -> dict[str, str]:
    """What is wrong with a new password, in words: `{password: …}`, or nothing."""
    fault = passwords.fault(password, [*(word for word in own if word), context().office.name])
    n = passwords.SHORTEST if fault == "short" else passwords.LONGEST
    return {"password": texts()(f"account.password.{fault}", n=n)} if fault else {}


def _change_password(one: Citizen) -> dict[str, str]:
    ctx, new = context(), request.form.get("password", "")
    was = _right_password(one)
    if was is None:
        return {"current": texts()("account.password.wrong")}
    errors = password_fault(new, one.name, one.email)
    if errors:
        return errors
    answer = ctx.desk.execute(
        one.actor, accounts.change_password, account=one.account, was=was, password=passwords.hashed(new)
    )
    if not answer.ok or answer.body is None:
        return {"current": texts()("account.password.wrong")}
    citizens.begin(answer.body, remember=None)
    return {}


def _right_password(one: Citizen) -> str | None:
    """The stored hash when the present password was typed rightly."""
    typed = request.form.get("current", "")
    found = context().desk.read(accounts.credentials, email=one.email or "")
    stored = found["password"] if found is not None and found["account"] == one.account else None
    right = len(typed) <= passwords.LONGEST and passwords.verify(stored, passwords.normal(typed))
    return stored if right else None


def everywhere() -> ResponseReturnValue:
    """End all sessions, this one too."""
    guard()
    one = citizen()
    if one is None:
        return _log_in_first()
    context().desk.execute(one.actor, accounts.sign_out_everywhere, account=one.account)
    citizens.end()
    flash(texts()("account.login.out_everywhere"), "done")
    return redirect(link("citizen.login"), 303)


def delete() -> ResponseReturnValue:
    """Asks clearly, with the password where there is one; then nothing is left of the account."""
    one = citizen()
    if one is None:
        return _log_in_first()
    errors: dict[str, str] = {}
    if request.method == "POST":
        guard("login")
        if request.form.get("sure") != "yes":
            errors["sure"] = texts()("account.delete.tick")
        if one.has_password and _right_password(one) is None:
            errors["current"] = texts()("account.password.wrong")
        if not errors:
            context().desk.execute(one.actor, area.delete, account=one.account)
            log.info("event=account_deleted account=%s", one.account)
            citizens.end()
            flash(texts()("account.delete.done"), "done")
            return redirect(link("booking.form"), 303)
    coming = context().desk.read(area.overview, account=one.account)["coming"]
    page = render_template("citizen_delete.html", one=one, errors=errors, coming=[_in_words(row) for row in coming])
    return page, 422 if errors else 200
