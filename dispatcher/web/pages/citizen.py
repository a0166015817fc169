"""A citizen's account: begun, confirmed, logged in to, its password found again (E4). Nothing tells which addresses it
knows: the same words after the same work.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from dispatcher.usecases import accounts
from dispatcher.usecases.desk import SYSTEM
from dispatcher.usecases.holder import link_id
from dispatcher.web import citizens, passwords
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages import citizen_area, citizen_provider
from dispatcher.web.pages.account import inside
from dispatcher.web.pages.booking_draft import TRAP
from dispatcher.web.pages.citizen_area import begun_words, password_fault
from dispatcher.web.pages.forms import guard, limit_email, typed
from dispatcher.web.parsing import email_address
from dispatcher.web.problems import Refusal
from dispatcher.web.shell import link, texts

log = logging.getLogger(__name__)


def make_blueprint() -> Blueprint:
    """`/account/…`."""
    blueprint = Blueprint("citizen", __name__, url_prefix="/account")
    blueprint.before_request(_only_with_accounts)
    for path, view, needs_password in (
        ("login", login, False),
        ("register", register, True),
        ("confirm/<token>", confirm, False),
        ("forgotten", forgotten, True),
        ("reset/<token>", reset, True),
    ):
        name = view.__name__
        blueprint.add_url_rule(f"/{path}", name, _with_passwords(view) if needs_password else view, methods=BOTH)
    blueprint.add_url_rule("/sent/<what>", "sent", sent)
    blueprint.add_url_rule("/logout", "logout", logout, methods=["POST"])
    citizen_area.add_to(blueprint)
    citizen_provider.add_to(blueprint)
    return blueprint


BOTH = ["GET", "POST"]


def _only_with_accounts() -> None:
    if context().office.accounts == "none":
        abort(404)


def _with_passwords(view: Any) -> Any:
    """An office that keeps nobody's password has no such page."""

    def guarded(**values: str) -> ResponseReturnValue:
        if not context().office.passwords:
            abort(404)
        answer: ResponseReturnValue = view(**values)
        return answer

    return guarded


def target() -> str:
    """Where a log-in leads: to the page that asked for it, else to one's own bookings."""
    return inside(request.values.get("next")) or link("citizen.area")


# ---- log-in


def login() -> ResponseReturnValue:
    """The form; a wrong password and an unknown address are answered alike."""
    if request.method == "GET":
        if citizen():
            return redirect(target(), 303)
        return _login_form()
    if not context().office.passwords:
        abort(404)
    guard("login")
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    limit_email(email, "login_email")
    account = _account_of(email, password)
    if account is None:
        log.warning("event=citizen_login_refused")
        return _login_form(email, texts()("account.login.wrong")), 422
    answer = context().desk.execute(accounts.actor(account), accounts.log_in, account=account)
    if answer.body is None or not answer.ok:
        return _login_form(email, texts()("account.login.wrong")), 422
    where = target()
    citizens.begin(answer.body, remember=request.form.get("remember") == "yes")
    log.info("event=citizen_login account=%s", account)
    return redirect(where, 303)


def _login_form(email: str = "", error: str | None = None) -> str:
    return render_template("citizen_login.html", email=email, error=error, target=inside(request.values.get("next")))


def _account_of(email: str, password: str) -> str | None:
    """The account with this address and password; an unknown address takes as long as a wrong password."""
    found = None
    if len(email) <= 320 and email.isprintable():
        found = context().desk.read(accounts.credentials, email=_normal(email))
    fits = len(password) <= passwords.LONGEST
    right = passwords.verify(found["password"] if found else None, passwords.normal(password) if fits else "")
    return found["account"] if found is not None and right and fits else None


def _normal(email: str) -> str:
    try:
        return accounts.normal_email(email_address(email))
    except Refusal:
        return accounts.normal_email(email)


def logout() -> ResponseReturnValue:
    """End this session."""
    guard()
    citizens.end()
    flash(texts()("account.login.out"), "done")
    return redirect(link("citizen.login"), 303)


# ---- registration


def register() -> ResponseReturnValue:
    """The form; then a page that says where to look, the same for every address."""
    values, errors = dict(typed("name", "email")), {}
    if request.method == "POST":
        guard("account")
        password = request.form.get("password", "")
        errors = _check(values, password)
        if not errors:
            limit_email(values["email"], "account_email")
            errors = begin(values["email"], values["name"], password)
        if not errors:
            return redirect(link("citizen.sent", what="register"), 303)
    elif citizen():
        return redirect(link("citizen.area"), 303)
    page = render_template(
        "citizen_register.html", values=values, errors=errors, trap=TRAP, shortest=passwords.SHORTEST
    )
    return page, 422 if errors else 200


def _check(values: dict[str, str], password: str) -> dict[str, str]:
    words, errors = texts(), {}
    if not values["name"]:
        errors["name"] = words("account.register.missing")
    if not values["email"]:
        errors["email"] = words("book.missing.email")
    try:
        email_address(values["email"])
    except Refusal:
        errors.setdefault("email", words("book.wrong.email"))
    errors |= password_fault(password, values["name"], values["email"])
    if request.form.get(TRAP):
        errors["form"] = words("book.wrong.robot")
    return errors


def begin(email: str, name: str, password: str, **more: Any) -> dict[str, str]:
    """Begin an account; what is wrong, by field. `more`: a booking begun with it, as `accounts.register` takes it."""
    words = texts()
    answer = context().desk.execute(
        of_nobody().actor,
        accounts.register,
        email=email,
        name=name,
        password=passwords.hashed(password),
        language=words.language if words.language in context().office.languages else None,
        earlier=session.get(citizens.BEGUN),
        **more,
    )
    body = answer.body or {}
    if answer.ok:
        session[citizens.BEGUN] = body["link"]
        return {}
    field = body.get("field")
    if body.get("code") == "invalid" and field in ("email", "name"):
        return {field: words("book.wrong.pec" if field == "email" else "book.wrong.name")}
    return {"form": words("book.refused")}


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
        if found is None or found["kind"] not in accounts.CONFIRMING:
            return _useless()
        return private(render_template("citizen_confirm.html", secret=token, begun=begun_words(found)))
    guard("account")
    answer = ctx.desk.execute(of_nobody().actor, accounts.confirm, link=wanted)
    if not answer.ok or answer.body is None:
        return _useless()
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


def _useless() -> ResponseReturnValue:
    """Guessed, altered, old and used links: one answer."""
    return private(render_template("citizen_link.html"), 404)


def private(html: str, status: int = 200) -> ResponseReturnValue:
    """A page whose address is a secret: it is told to nobody and kept nowhere."""
    response = make_response(html, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


# ---- the forgotten password


def forgotten() -> ResponseReturnValue:
    """Ask for the link; the same page follows for every address."""
    email, errors = request.form.get("email", "").strip(), {}
    if request.method == "POST":
        guard("account")
        try:
            address = email_address(email)
        except Refusal:
            errors["email"] = texts()("book.wrong.email")
        else:
            limit_email(address, "account_email")
            language = texts().language if texts().language in context().office.languages else None
            context().desk.execute(of_nobody().actor, accounts.request_reset, email=address, language=language)
            return redirect(link("citizen.sent", what="reset"), 303)
    return render_template("citizen_forgotten.html", email=email, errors=errors), 422 if errors else 200


def reset(token: str) -> ResponseReturnValue:
    """Set a new password by the link of the mail; all older sessions are over then."""
    ctx, errors = context(), {}
    wanted = link_id(ctx.signing_key, token)
    if request.method == "POST":
        guard("account")
        password = request.form.get("password", "")
        errors = password_fault(password)
        if not errors:
            answer = ctx.desk.execute(SYSTEM, accounts.reset, link=wanted, password=passwords.hashed(password))
            if not answer.ok or answer.body is None:
                return _useless()
            citizens.begin(answer.body)
            flash(texts()("account.password.changed"), "done")
            return redirect(link("citizen.area"), 303)
    found = ctx.desk.read(accounts.begun, link=wanted)
    if found is None or found["kind"] != "reset":
        return _useless()
    page = render_template("citizen_reset.html", secret=token, errors=errors, shortest=passwords.SHORTEST)
    return private(page, 422 if errors else 200)
