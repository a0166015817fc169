"""The booking site: service, day and hour, who comes, all of it again, booked. Each step is an address.

Only POST changes anything: `/hold` keeps an hour for ten minutes, `/confirm` books. What was typed travels with the
forms, never in an address or a cookie.
"""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dispatcher.web.pages import booking_confirm, booking_details, booking_month, booking_services
from dispatcher.web.pages.booking_slots import bookable


def make_blueprint() -> Blueprint:
    """`/`, `/hold`, `/details`, `/confirm`."""
    blueprint = Blueprint("booking", __name__)
    blueprint.add_url_rule("/", "form", form)
    blueprint.add_url_rule("/hold", "hold", booking_month.hold, methods=["POST"])
    blueprint.add_url_rule("/details", "details", booking_details.form)
    blueprint.add_url_rule("/details", "review", booking_details.review, methods=["POST"])
    blueprint.add_url_rule("/confirm", "confirm", booking_confirm.confirm, methods=["POST"])
    # Where a form was answered, a link of its page (another language) asks with GET.
    blueprint.add_url_rule("/hold", "held", booking_details.back)
    blueprint.add_url_rule("/confirm", "confirmed", booking_details.back)
    return blueprint


def form() -> ResponseReturnValue:
    """The services, or the days of the one in the address."""
    service = bookable(request.args.get("service"))
    return booking_services.page() if service is None else booking_month.page(service)
