"""The tickets that wait, for staff: what was taken in play is taken out of the queue again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import User
from dispatcher.usecases import play
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard
from dispatcher.web.pages.staff import execute, for_staff, words_for_templates
from dispatcher.web.shell import link, texts


def make_blueprint() -> Blueprint:
    """`/office/queue`."""
    blueprint = Blueprint("queue", __name__)
    blueprint.add_url_rule("/office/queue", "queue", queue)
    blueprint.add_url_rule("/office/queue", "void", void, methods=["POST"])
    return blueprint


@for_staff
def queue(user: User) -> ResponseReturnValue:  # noqa: ARG001  whoever is logged in may look
    """The last issued first, each with a box to mark it."""
    found = context().desk.read(play.newest)
    return render_template("queue.html", tickets=found, **words_for_templates())


@for_staff
def void(user: User) -> ResponseReturnValue:
    """Void what is marked, and say which it was."""
    guard()
    marked = request.form.getlist("ticket")[: play.SHOWN]
    labels = (execute(user, play.void, ticket_ids=marked).body or {}).get("labels", [])
    if labels:
        flash(texts()("queue.voided", labels=", ".join(labels)), "done")
    else:
        flash(texts()("queue.nothing"), "error")
    return redirect(link("queue.queue"), 303)
