"""The operator's page: who is here and why, who is next, all actions; live, by keyboard, and without JavaScript."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Counter, User
from dispatcher.web import problems
from dispatcher.web.api.call import as_json
from dispatcher.web.auth import RIGHTS, logged_in
from dispatcher.web.context import context
from dispatcher.web.pages import counter_acts, counter_live
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts

PARK_MINUTES = (5, 10, 15, 20, 30, 45, 60)


def make_blueprint() -> Blueprint:
    """`/counter/{counter}`, its stream, its state for those who poll, and its one form."""
    blueprint = Blueprint("counter", __name__)
    blueprint.add_url_rule("/counter/<counter>", "page", page)
    blueprint.add_url_rule("/counter/<counter>/events", "events", events)
    blueprint.add_url_rule("/counter/<counter>/live", "live", live)
    blueprint.add_url_rule("/counter/<counter>/do", "do", do, methods=["POST"])
    return blueprint


def _settings(counter: str) -> Counter:
    found = context().office.counters.get(counter)
    if found is None:
        abort(404)
    return found


def _staff() -> User | None:
    """The operator of this session, None when nobody is logged in; 403 for a person without the right."""
    user = logged_in()
    if user is not None and "counter" not in RIGHTS[user.role]:
        abort(403)
    return user


def page(counter: str) -> ResponseReturnValue:
    """The whole page."""
    settings = _settings(counter)
    if _staff() is None:
        return redirect(link("account.login", next=request.path), 303)
    ctx = context()
    return render_template(
        "counter.html",
        settings=settings,
        state=counter_live.read(settings),
        actions=counter_acts.SHOWN,
        park_minutes=PARK_MINUTES,
        services=list(ctx.office.services.values()),
        counters=[one for one in ctx.office.counters.values() if one.id != counter],
        request_id=uuid.uuid4().hex,
        asked=request.args.get("ask") if request.args.get("ask") in counter_acts.ASKING else None,
        asked_label=request.args.get("label", "")[:6],
        scripted={
            name: texts()(f"counter.script.{name}")
            for name in ("connected", "polling", "offline", "repeating", "failed", "called", "logged_out", "undo")
        },
    )


def live(counter: str) -> Response:
    """The state for pages that poll, with its ETag."""
    settings = _settings(counter)
    if _staff() is None:
        return problems.problem("unauthenticated", "log in first")
    state = counter_live.read(settings)
    response = as_json(counter_live.packed(state))
    response.set_etag(state.etag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    return response.make_conditional(request.environ)  # type: ignore[return-value]


def events(counter: str) -> Response:
    """The state as a stream; 503 when there are as many streams as there may be: then pages poll."""
    settings = _settings(counter)
    if _staff() is None:
        return problems.problem("unauthenticated", "log in first")
    if not context().streams.take():
        return problems.problem("unavailable", "no stream is free: poll", retry_after_s=30)
    return counter_live.stream(settings)


def do(counter: str) -> ResponseReturnValue:
    """One action of the operator. Programs of the page get JSON, a plain form is sent back to the page."""
    settings = _settings(counter)
    user = _staff()
    if user is None:
        if _wants_json():
            return problems.problem("unauthenticated", "log in first")
        return redirect(link("account.login", next=link("counter.page", counter=counter)), 303)
    guard()
    outcome = counter_acts.perform(settings, user)
    if _wants_json():
        state = counter_live.read(settings)
        return as_json({**outcome.packed(), "live": counter_live.packed(state)}, outcome.status)
    flash(outcome.message, "done" if outcome.ok else "error")
    more = {"ask": outcome.ask, "label": outcome.label} if outcome.ask else {}
    return make_response(redirect(link("counter.page", counter=counter, **more), 303))


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
