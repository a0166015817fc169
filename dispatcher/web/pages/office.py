"""The staff's door: the counters, and whoever serves at one goes on from here."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import views
from dispatcher.web.auth import logged_in
from dispatcher.web.context import context
from dispatcher.web.pages import office_screens
from dispatcher.web.shell import link


def make_blueprint() -> Blueprint:
    """`/office/`, and the waiting-room screens on it."""
    blueprint = Blueprint("office", __name__)
    blueprint.add_url_rule("/office/", "office", office)
    blueprint.add_url_rule("/office/screens", "screens", office_screens.part)
    blueprint.add_url_rule("/office/screens/<screen>.png", "picture", office_screens.picture)
    return blueprint


def office() -> ResponseReturnValue:
    """All counters with their state and ticket, and all screens."""
    if logged_in() is None:
        return redirect(link("account.login", next=request.path), 303)
    ctx = context()
    counters = [(counter, ctx.desk.read(views.counter, counter=counter.id)) for counter in ctx.office.counters.values()]
    return render_template(
        "office.html", counters=counters, screens=office_screens.everything(), room=ctx.room_url is not None
    )
