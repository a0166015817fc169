"""A new account: asked for on a page, confirmed by the click in a mail, with the booking that was begun (E4)."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from dispatcher.usecases import accounts, pec
from dispatcher.usecases.desk import Answer
from dispatcher.usecases.holder import link_id
from dispatcher.usecases.links import CONFIRMING
from dispatcher.web import citizens, passwords
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages import booking_details, booking_draft, booking_robot, citizen_booking
from dispatcher.web.pages.booking_draft import TRAP, Draft
from dispatcher.web.pages.booking_robot import Form
from dispatcher.web.pages.booking_slots import holder
from dispatcher.web.pages.citizen_area import begun_words, password_fault
from dispatcher.web.pages.citizen_links import private, useless
from dispatcher.web.pages.forms import guard, limit_email, typed
from dispatcher.web.parsing import email_address
from dispatcher.web.problems import Refusal
from dispatcher.web.shell import link, texts

log = logging.getLogger(__name__)


def register() -> ResponseReturnValue:
    """The form; then a page that says where to look, the same for every address."""
    draft = citizen_booking.kept()
    if request.method == "POST":
        guard("account")
        return _register(draft)
    if citizen():
        return redirect(link("citizen.go_on" if draft is not None else "citizen.area"), 303)
    values = draft.values if draft is not None else {}
    return _form({name: values.get(name, "") for name in ("name", "email")}, draft)


def _form(values: dict[str, str], draft: Draft | None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    """The page; with a booking that was begun its check has been passed, and nothing more is asked."""
    asked = Form(values, errors or {}) if draft is None else None
    page = render_template(
        "citizen_register.html",
        values=values,
        errors=errors or {},
        begun=citizen_booking.in_words(draft),
        draft=asked,
        robot=booking_robot.to_show(asked) if asked is not None else None,
        trap=TRAP,
        shortest=passwords.SHORTEST,
    )
    return page, 422 if errors else 200


def _register(draft: Draft | None) -> ResponseReturnValue:
    values, password = dict(typed("name", "email", *booking_robot.FIELDS)), request.form.get("password", "")
    errors = _check(values, password)
    challenge = None
    if draft is None:
        asked = Form(values)
        challenge = booking_robot.proof(asked)
        errors |= asked.errors
    if errors:
        return _form(values, draft, errors)
    limit_email(values["email"], "account_email")
    more: dict[str, Any] = {"challenge": challenge}
    if draft is not None:
        booking_draft.check(draft)
        challenge = booking_robot.proof(draft, counted=False)
        if draft.errors:
            return booking_details.page(draft, 422)
        begun = {"service": draft.service.id, "start": draft.start, **draft.arguments()}
        more = {"booking": begun, "challenge": challenge, "holder": holder()}
    answer = _begin(values, password, **more)
    if answer.ok and answer.body is not None:
        session[citizens.BEGUN] = answer.body["link"]
        citizen_booking.forget()
        return redirect(link("citizen.sent", what="register"), 303)
    body = answer.body or {}
    if body.get("field") in ("email", "name"):
        words = "book.wrong.pec" if body["field"] == "email" else "book.wrong.name"
        return _form(values, draft, {body["field"]: texts()(words)})
    if draft is not None:
        return booking_details.refused(draft, body, answer.status)
    if body.get("field") == "altcha":
        return _form(values, draft, {"robot": texts()("booking.robot.again")})
    return _form(values, draft, {"form": texts()("book.refused")})


def _check(values: dict[str, str], password: str) -> dict[str, str]:
    words, errors = texts(), {}
    if not values["name"]:
        errors["name"] = words("account.register.missing")
    if not values["email"]:
        errors["email"] = words("book.missing.email")
    try:
        email = email_address(values["email"])
    except Refusal:
        errors.setdefault("email", words("book.wrong.email"))
    else:
        domain = pec.suggest_domain(email)
        if domain is not None and request.form.get("email_choice") != values["email"]:  # a second time it is meant so
            meant = f"{email.rpartition('@')[0]}@{domain}"
            errors["email"] = f"{words('booking.slip', meant=meant)} {words('account.register.slip')}"
    errors |= password_fault(password, values["name"], values["email"])
    if request.form.get(TRAP):
        errors["form"] = words("book.wrong.robot")
    return errors


def _begin(values: dict[str, str], password: str, **more: Any) -> Answer:
    language = texts().language
    return context().desk.execute(
        of_nobody().actor,
        accounts.register,
        email=values["email"],
        name=values["name"],
        password=passwords.hashed(password),
        language=language if language in context().office.languages else None,
        earlier=session.get(citizens.BEGUN),
        **more,
    )


def sent(what: str) -> ResponseReturnValue:
    """Look into your mail."""
    if what not in ("register", "reset"):
        abort(404)
    return render_template("citizen_sent.html", what=what)


def confirm(token: str) -> ResponseReturnValue:
    """A page with one button, for programs that look at mails follow links; the button completes what was begun."""
    ctx = context()
    wanted = link_id(ctx.signing_key, token)
    if request.method == "GET":
        found = ctx.desk.read(accounts.begun, link=wanted)
        if found is None or found["kind"] not in CONFIRMING:
            return useless()
        shown = {"secret": token, "begun": begun_words(found), "request_id": uuid.uuid4().hex}
        return private(render_template("citizen_confirm.html", **shown))
    guard("account")
    once = request.form.get("request_id", "")
    answer = ctx.desk.execute(
        of_nobody().actor,
        accounts.confirm,
        request_id=f"form:{once}" if once.isascii() and once.isalnum() and len(once) <= 64 else None,
        body={"link": wanted},
        link=wanted,
    )
    if not answer.ok or answer.body is None:
        return useless()
    return _confirmed(answer.body, same_browser=session.get(citizens.BEGUN) == wanted)


def _confirmed(body: dict[str, Any], *, same_browser: bool) -> ResponseReturnValue:
    """Only the browser that chose the password is logged in by the click."""
    words = texts()
    if same_browser:
        citizens.begin(body)
    if body["new"]:
        flash(words("account.confirm.done"), "done")
        log.info("event=account_confirmed account=%s", body["account"])
    if body["booked"] is not None:
        flash(words("book.done", code=body["booked"]["code"]), "done")
        return redirect(link("ticket.page", token=body["booked"]["status_url"].rsplit("/", 1)[-1]), 303)
    if body["refused"] is not None:
        known = body["refused"] if body["refused"] == "already_booked" else "gone"
        flash(words(f"account.confirm.{known}"), "error")
        return redirect(link("booking.form"), 303)
    return redirect(link("citizen.area" if same_browser else "citizen.login"), 303)
