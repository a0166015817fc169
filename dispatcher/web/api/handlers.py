"""What each route of the API does: check the values against the office, call one use case, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response

from dispatcher.engine.errors import RuleError
from dispatcher.usecases import bookings, counters, secretary, tickets, views
from dispatcher.web.api.bodies import BookBody, SlotsQuery
from dispatcher.web.api.call import Call, as_json, found, reply
from dispatcher.web.context import context
from dispatcher.web.pages.forms import limit_email
from dispatcher.web.problems import Refusal

SLOT_DAYS = 14
"""How many days of slots are given when the query does not say."""


def issue(call: Call) -> Response:
    return reply(
        call.execute(
            tickets.issue,
            service=call.body.service,
            language=call.body.language,
            assisted=call.body.assisted,
        ),
        201,
    )


def ticket(call: Call) -> Response:
    return found(call.desk.read(views.ticket_by_id, ticket_id=call.path["id"], history=True), "ticket")


def leave(call: Call) -> Response:
    return reply(call.execute(tickets.give_up, ticket_id=call.path["id"]))


def printed(call: Call) -> Response:
    return reply(call.execute(tickets.printed, ticket_id=call.path["id"], result=call.body.result))


def check_in(call: Call) -> Response:
    return reply(call.execute(tickets.check_in, ticket_id=call.path["id"]))


def rejoin(call: Call) -> Response:
    return reply(call.execute(tickets.rejoin, ticket_id=call.path["id"]))


def action(name: str) -> Callable[[Call], Response]:
    """The handler of one action of a counter."""

    def handle(call: Call) -> Response:
        return reply(call.execute(counters.act, counter=call.path["counter"], action=name, **parameters(call)))

    return handle


def parameters(call: Call) -> dict[str, Any]:
    """An action's parameters, only those that the body has, under the names that the use case takes."""
    names = {"counter": "to_counter", "id": "ticket_id"}
    return {names.get(name, name): getattr(call.body, name) for name in call.given}


def counter(call: Call) -> Response:
    return found(call.desk.read(views.counter, counter=call.path["counter"]), "counter")


def board(call: Call) -> Response:
    return found(call.desk.read(views.board), "board")


def queues(call: Call) -> Response:
    return as_json(call.desk.read(views.queues_with_next))


def services(call: Call) -> Response:
    return as_json(call.desk.read(views.services))


def slots(call: Call) -> Response:
    service = call.path["service"]
    if service not in call.desk.office.services:
        raise Refusal("not_found", "there is no such service")
    query: SlotsQuery = call.query
    today = call.desk.clock.now().astimezone(call.desk.office.zone).date()
    first = query.first or (min(query.last, today) if query.last else today)
    last = query.last or first + timedelta(days=SLOT_DAYS - 1)
    if (last - first).days > 366:
        raise Refusal("invalid", "a year at the most", field="from")
    return as_json(call.desk.read(views.slots, service=service, first=first, last=last))


def challenge(_call: Call) -> Response:
    response = as_json(context().robots.challenge())
    response.headers["Cache-Control"] = "no-store"
    return response


def book(call: Call) -> Response:
    body: BookBody = call.body
    solved = None
    if not call.caller.is_office:
        if context().office.accounts == "required":
            raise Refusal("unauthenticated", "this office books for those who have an account, on its pages")
        try:
            solved = context().robots.check(body.altcha)
        except RuleError as error:
            raise Refusal(error.code, error.message, field=error.field) from None
    if body.email and call.caller.by != "token":
        limit_email(body.email)
    return reply(
        call.execute(
            secretary.book if call.caller.is_office else bookings.book,
            service=body.service,
            start=body.start,
            name=body.name,
            email=body.email,
            phone=body.phone,
            language=body.language,
            notes=body.notes,
            consent=body.consent,
            platform=body.platform,
            challenge=solved,
        ),
        201,
    )


def appointment(call: Call) -> Response:
    if call.caller.is_office:
        return reply(call.desk.execute(call.caller.actor, secretary.read_by_code, code=call.path["code"]))
    return found(call.desk.read(views.appointment, code=call.path["code"]), "appointment")


def move(call: Call) -> Response:
    use_case = secretary.move_by_code if call.caller.is_office else bookings.move
    return reply(call.execute(use_case, code=call.path["code"], start=call.body.start))


def cancel(call: Call) -> Response:
    use_case = secretary.cancel_by_code if call.caller.is_office else bookings.cancel
    return reply(call.execute(use_case, code=call.path["code"]))
