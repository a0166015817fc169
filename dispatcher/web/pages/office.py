"""The staff's door: the counters, and whoever serves at one goes on from here."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.usecases import problems, views
from dispatcher.web.auth import logged_in
from dispatcher.web.context import context
from dispatcher.web.pages import office_screens
from dispatcher.web.shell import link, texts

DETAILED = frozenset(
    {
        "held",
        "ticket_left",
        "unconfirmed",
        "misconfigured",
        "port_gone",
        "button_offline",
        "keys_gone",
        "keys_wrong",
        "board_gone",
        "board_silent",
        "board_wrong",
        "offline.refused",
        "offline.exhausted",
        "config_invalid",
        "layout_unknown",
        "text_too_small",
        "contrast_low",
        "slide_unreadable",
    }
)
"""Problems whose own sentence names a ticket, a key or a port: it stands beside what to do."""


def make_blueprint() -> Blueprint:
    """`/office/` with the waiting-room screens on it, `/office/devices`."""
    blueprint = Blueprint("office", __name__)
    blueprint.add_url_rule("/office/", "office", office)
    blueprint.add_url_rule("/office/devices", "devices", devices)
    blueprint.add_url_rule("/office/screens", "screens", office_screens.part)
    blueprint.add_url_rule("/office/screens/<screen>.png", "picture", office_screens.picture)
    return blueprint


def office() -> ResponseReturnValue:
    """All counters with their state and ticket, and all screens."""
    if logged_in() is None:
        return redirect(link("account.login", next=request.path), 303)
    ctx = context()
    counters = [(counter, ctx.desk.read(views.counter, counter=counter.id)) for counter in ctx.office.counters.values()]
    troubles = ctx.desk.read(problems.how_many)
    return render_template(
        "office.html",
        counters=counters,
        screens=office_screens.everything(),
        room=ctx.room_url is not None,
        troubles=troubles,
    )


def devices() -> ResponseReturnValue:
    """All devices: what is wrong with which, since when, what to do; what paper the printers have."""
    if logged_in() is None:
        return redirect(link("account.login", next=request.path), 303)
    ctx, words = context(), texts()
    today = ctx.desk.clock.now().astimezone(ctx.office.zone).date()

    def since(instant: str) -> str:
        at = datetime.fromisoformat(instant)
        day = at.astimezone(ctx.office.zone).date()
        time = words.time(at, ctx.office.zone)
        return time if day == today else f"{words.day(day)}, {time}"

    def advice(problem: dict[str, str], kind: str) -> str:
        """In the reader's language where the code is known, else the device's own sentence."""
        code, spare = problem["code"], ""
        if code.startswith("spare_"):
            code, spare = code.removeprefix("spare_"), words("devices.spare") + words("devices.colon") + " "
        known = words.get(f"devices.problem.{code}", "")
        if kind == "display":
            known = words.get(f"screens.problem.{code}", known)
        return spare + known if known else problem["text"]

    listed = ctx.desk.read(problems.overview)
    return render_template("devices.html", devices=listed, since=since, advice=advice, detailed=DETAILED)
