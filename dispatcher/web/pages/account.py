"""Log-in and log-out of the staff. A wrong name and a wrong password are answered alike, in words and time."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from dispatcher.web.auth import Person, check_password, logged_in
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts

log = logging.getLogger(__name__)
LONGEST_PASSWORD = 256


def make_blueprint() -> Blueprint:
    """`/login` and `/logout`."""
    blueprint = Blueprint("account", __name__)
    blueprint.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    blueprint.add_url_rule("/logout", "logout", logout, methods=["POST"])
    return blueprint


def inside(target: str | None) -> str | None:
    """The target when it is a path of this server, else None: a log-in sends nobody elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.isprintable() else None


def login() -> ResponseReturnValue:
    """The form; on success a new session, so that one fixed beforehand is worth nothing."""
    target = inside(request.values.get("next")) or link("office.office")
    if request.method == "GET":
        if logged_in():
            return redirect(target, 303)
        return render_template("login.html", target=target, error=None, name="")
    guard("login")
    name = request.form.get("name", "").strip()
    password = request.form.get("password", "")
    user = check_password(name, password) if len(name) <= 64 and len(password) <= LONGEST_PASSWORD else None
    if user is None:
        log.warning("event=login_refused")
        return render_template("login.html", target=target, error=texts()("login.wrong"), name=name), 422
    session.clear()
    session.permanent = True
    login_user(Person(user))
    log.info("event=login user=%s", user.name)
    return redirect(target, 303)


def logout() -> ResponseReturnValue:
    """End the session."""
    guard()
    logout_user()
    session.clear()
    return redirect(link("booking.form"), 303)
