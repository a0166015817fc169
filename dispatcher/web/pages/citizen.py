"""A citizen's account: begun, confirmed, logged in to, its password found again (E4). Nothing tells which addresses it
knows: the same words after the same work.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import accounts
from dispatcher.usecases.desk import SYSTEM
from dispatcher.usecases.holder import link_id
from dispatcher.web import citizens, passwords
from dispatcher.web.auth import of_nobody
from dispatcher.web.citizens import citizen
from dispatcher.web.context import context
from dispatcher.web.pages import citizen_area, citizen_booking, citizen_provider, citizen_register
from dispatcher.web.pages.account import inside
from dispatcher.web.pages.citizen_area import password_fault
from dispatcher.web.pages.citizen_links import private, useless
from dispatcher.web.pages.forms import guard, limit_email
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
        ("register", citizen_register.register, True),
        ("confirm/<token>", citizen_register.confirm, False),
        ("forgotten", forgotten, True),
        ("reset/<token>", reset, True),
    ):
        name = view.__name__
        blueprint.add_url_rule(f"/{path}", name, _with_passwords(view) if needs_password else view, methods=BOTH)
    blueprint.add_url_rule("/sent/<what>", "sent", citizen_register.sent)
    blueprint.add_url_rule("/logout", "logout", logout, methods=["POST"])
    citizen_area.add_to(blueprint)
    citizen_provider.add_to(blueprint)
    citizen_booking.add_to(blueprint)
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
    wanted = inside(request.values.get("next"))
    begun = citizen_booking.in_words(citizen_booking.kept()) if wanted == link("citizen.go_on") else None
    return render_template("citizen_login.html", email=email, error=error, target=wanted, begun=begun)


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
    found = ctx.desk.read(accounts.begun, link=wanted)
    if found is None or found["kind"] != "reset":
        return useless()
    if request.method == "POST":
        password = request.form.get("password", "")
        errors = password_fault(password)
        if not errors:
            answer = ctx.desk.execute(SYSTEM, accounts.reset, link=wanted, password=passwords.hashed(password))
            if not answer.ok or answer.body is None:
                return useless()
            citizens.begin(answer.body)
            flash(texts()("account.password.changed"), "done")
            return redirect(link("citizen.area"), 303)
    page = render_template("citizen_reset.html", secret=token, errors=errors, shortest=passwords.SHORTEST)
    return private(page, 422 if errors else 200)
