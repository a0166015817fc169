"""The staff's door: the counters, and whoever serves at one goes on from here."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import views
from dispatcher.web.auth import logged_in
from dispatcher.web.context import context
from dispatcher.web.shell import link


def make_blueprint() -> Blueprint:
    """`/office/`."""
    blueprint = Blueprint("office", __name__)
    blueprint.add_url_rule("/office/", "office", office)
    return blueprint


def office() -> ResponseReturnValue:
    """All counters with their state and ticket."""
    if logged_in() is None:
        return redirect(link("account.login", next=request.path), 303)
    ctx = context()
    counters = [(counter, ctx.desk.read(views.counter, counter=counter.id)) for counter in ctx.office.counters.values()]
    return render_template("office.html", counters=counters, room=ctx.room_url is not None)
