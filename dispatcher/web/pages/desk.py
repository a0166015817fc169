"""The office's appointments, for those who make them by telephone and at the desk (E8): the addresses."""

from __future__ import annotations

from flask import Blueprint

from dispatcher.web.pages import desk_agenda, desk_new, desk_one


def make_blueprint() -> Blueprint:
    """`/office/bookings` with all below it, and `/office/access`."""
    blueprint = Blueprint("desk", __name__)
    rule = blueprint.add_url_rule
    rule("/office/bookings", "agenda", desk_agenda.agenda)
    rule("/office/bookings/find", "find", desk_agenda.find, methods=["GET", "POST"])
    rule("/office/bookings/attention", "attention", desk_agenda.attention)
    rule("/office/bookings/new", "new", desk_new.new)
    rule("/office/bookings/new", "enter", desk_new.enter, methods=["POST"])
    rule("/office/bookings/<ticket>", "one", desk_one.one)
    rule("/office/bookings/<ticket>/print", "print", desk_one.paper)
    rule("/office/bookings/<ticket>/move", "times", desk_one.times)
    rule("/office/bookings/<ticket>/move", "move", desk_one.move, methods=["POST"])
    rule("/office/bookings/<ticket>/cancel", "cancel", desk_one.cancel, methods=["POST"])
    rule("/office/bookings/<ticket>/mail", "mail", desk_one.mail, methods=["POST"])
    rule("/office/bookings/<ticket>/check_in", "check_in", desk_one.check_in, methods=["POST"])
    rule("/office/bookings/<ticket>/correct", "correct", desk_one.correct, methods=["POST"])
    rule("/office/access", "access", desk_agenda.access)
    return blueprint
