"""A ticket's live page, on the customer's own telephone: nothing personal on it, and nothing that leads to somebody.

The booking code is not on it either: the page's address stands in a QR that others may see, it is handed on ("look how
far they are"), and the code sends mails again and checks in. Who has to check in is told where the code is.
A dispenser takes the address itself for the code: who holds it under the scanner stands in the office.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Service
from dispatcher.usecases import status, tickets
from dispatcher.usecases.desk import Actor
from dispatcher.web.api.call import with_etag
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts

NEAR = 3
"""With so few people before it, a ticket is near its call: the page asks every 5 s instead of every 20 s."""
SOON = timedelta(minutes=2)
"""So long before its own time an appointment, or somebody who was sent away for a while, is near its call too."""
POLL_NEAR_S, POLL_S = 5, 20
EXTEND_WITHIN = timedelta(hours=3)
OVER = frozenset({"served", "void", "left", "cancelled", "unserved"})


def make_blueprint() -> Blueprint:
    """`/t/{token}`, its living part, and what the holder of a ticket may do."""
    blueprint = Blueprint("ticket", __name__)
    blueprint.add_url_rule("/t/<token>", "page", page)
    blueprint.add_url_rule("/t/<token>/live", "live", live)
    blueprint.add_url_rule("/t/<token>/leave", "leave", leave, methods=["POST"])
    blueprint.add_url_rule("/t/<token>/later", "later", later, methods=["POST"])
    return blueprint


def _find(token: str) -> dict[str, Any]:
    if len(token) > 128 or not token.isascii() or not token.isprintable():
        abort(404)
    found: dict[str, Any] | None = context().desk.read(status.of_token, token=token)
    if found is None:
        abort(404)
    return found


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """What the template shows of a ticket."""
    office, words = context().office, texts()
    ticket = found["ticket"]
    state, ahead = ticket["state"], ticket["ahead"]
    near = (
        state in ("called", "serving", "printing") or (state == "waiting" and (ahead or 0) <= NEAR) or _is_soon(found)
    )
    service = office.services.get(ticket["service"])
    online = service is not None and service.online
    scheduled = datetime.fromisoformat(ticket["scheduled_at"]) if ticket["scheduled_at"] else None
    between = None
    if found.get("between"):
        between = list(dict.fromkeys(words.time(datetime.fromisoformat(at), office.zone) for at in found["between"]))
    return {
        "ticket": ticket,
        "service": words.name(service.name) if service is not None else ticket["service"],
        "booked": _booked(found, service, scheduled),
        "called_at": found["called_at"] or "",
        "online": online,
        "counter_name": None if online else found.get("counter_name"),
        "between": between,
        "day": words.day(scheduled.astimezone(office.zone).date()) if scheduled else None,
        "hour": words.time(scheduled, office.zone) if scheduled else None,
        "may_extend": bool(found.get("may_extend")) and (state != "booked" or _is_near(scheduled)),
        "may_give_up": bool(found.get("may_give_up")),
        "poll_s": 0 if state in OVER else (POLL_NEAR_S if near else POLL_S),
        "keep": state not in OVER and (state != "booked" or _is_near(scheduled)),
    }


def _is_near(scheduled: datetime | None) -> bool:
    """Ten more minutes are asked for on the day itself; long before it the appointment is moved."""
    return scheduled is not None and scheduled - context().desk.clock.now() < EXTEND_WITHIN


def _is_soon(found: dict[str, Any]) -> bool:
    start, state = found["callable_from"], found["ticket"]["state"]
    if start is None or state not in ("booked", "parked", "waiting"):
        return False
    left = datetime.fromisoformat(start) - context().desk.clock.now()
    return timedelta() < left <= SOON


def _booked(found: dict[str, Any], service: Service | None, scheduled: datetime | None) -> str:
    """The key of what somebody with an appointment to come is told."""
    if service is None or service.check_in != "required":
        return "ticket.state.booked"
    if found["checked_in"]:
        return "ticket.state.booked_checked_in"
    late = scheduled is not None and scheduled <= context().desk.clock.now()
    return "ticket.state.booked_late" if late else "ticket.state.booked_check_in"


def _private(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def page(token: str) -> Response:
    """The whole page."""
    shown = _shown(_find(token))
    at = texts().time(context().desk.clock.now(), context().office.zone)
    return _private(make_response(render_template("ticket.html", token=token, at=at, **shown)))


def live(token: str) -> Response:
    """The part that changes, as HTML, with an ETag for those who ask again."""
    html = render_template("ticket_live.html", token=token, **_shown(_find(token)))
    return _private(with_etag(Response(html, content_type="text/html; charset=utf-8")))


def _act(token: str, use_case: Any, done: str) -> ResponseReturnValue:
    guard("phone")
    found = _find(token)
    holder = Actor(account=f"holder:{hashlib.sha256(token.encode()).hexdigest()[:16]}", role="holder")
    answer = context().desk.execute(
        holder, use_case, request_id=request.form.get("request_id") or None, ticket_id=found["ticket"]["id"]
    )
    flash(texts()(done if answer.status < 400 else "ticket.refused"), "done" if answer.status < 400 else "error")
    return redirect(link("ticket.page", token=token), 303)


def leave(token: str) -> ResponseReturnValue:
    """Give up the place."""
    return _act(token, tickets.give_up, "ticket.left_now")


def later(token: str) -> ResponseReturnValue:
    """Ten more minutes, once."""
    return _act(token, tickets.ten_more_minutes, "ticket.later_now")
