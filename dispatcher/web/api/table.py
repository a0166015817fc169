"""The table of routes of API v1, as the contract has it. Views and document are both made of it."""

from __future__ import annotations

from typing import Any

from dispatcher.web.api import answers, bodies, handlers
from dispatcher.web.api.call import Operation

KIOSK_OFFICE = frozenset({"kiosk", "office"})
COUNTER_OFFICE = frozenset({"counter", "office"})
OFFICE = frozenset({"office"})
_TICKET_LINKS: dict[str, dict[str, Any]] = {
    name: {"operationId": name, "parameters": {"id": "$response.body#/id"}}
    for name in ("getTicket", "deleteTicket", "checkInTicket", "rejoinTicket")
}
_PRINTED_LINK = {"operationId": "printedTicket", "parameters": {"id": "$response.body#/id"}}
_CODE_LINKS: dict[str, dict[str, Any]] = {
    name: {"operationId": name, "parameters": {"code": "$response.body#/code"}}
    for name in ("getAppointment", "moveAppointment", "cancelAppointment")
}

TICKETS = (
    Operation(
        id="issueTicket",
        method="POST",
        path="/tickets",
        access=frozenset({"kiosk", "counter", "office"}),
        handler=handlers.issue,
        summary="Issue a walk-in ticket without paper; it waits at once",
        body=bodies.IssueBody,
        answer=answers.IssuedTicket,
        status=201,
        conflicts=("service_closed", "limit_reached"),
        links={**_TICKET_LINKS, "printedTicket": _PRINTED_LINK},
    ),
    Operation(
        id="getTicket",
        method="GET",
        path="/tickets/{id}",
        access="all",
        handler=handlers.ticket,
        summary="A ticket with its history",
        answer=answers.TicketWithHistory,
        cached=True,
    ),
    Operation(
        id="deleteTicket",
        method="DELETE",
        path="/tickets/{id}",
        access="all",
        handler=handlers.leave,
        summary="Leave the queue, or cancel an appointment that is not yet due",
        answer=None,
        status=204,
        conflicts=("not_callable",),
    ),
    Operation(
        id="printedTicket",
        method="POST",
        path="/tickets/{id}/printed",
        access=KIOSK_OFFICE,
        handler=handlers.printed,
        summary="Say what became of the paper",
        body=bodies.PrintedBody,
        answer=answers.TicketAnswer,
        conflicts=("not_callable",),
    ),
    Operation(
        id="checkInTicket",
        method="POST",
        path="/tickets/{id}/check_in",
        access=KIOSK_OFFICE,
        handler=handlers.check_in,
        summary="The customer of an appointment is here",
        body=bodies.Nothing,
        answer=answers.CheckedIn,
        conflicts=("not_callable",),
    ),
    Operation(
        id="rejoinTicket",
        method="POST",
        path="/tickets/{id}/rejoin",
        access=KIOSK_OFFICE,
        handler=handlers.rejoin,
        summary="The customer who missed the call is back",
        body=bodies.Nothing,
        answer=answers.Rejoined,
        conflicts=("not_callable", "limit_reached"),
    ),
)

_ACTIONS: tuple[tuple[str, type[bodies.Body], str, tuple[str, ...]], ...] = (
    (
        "next",
        bodies.NextBody,
        "End the present ticket and call the next one",
        ("stale", "present_or_absent", "counter_closed"),
    ),
    ("recall", bodies.Nothing, "Call the present ticket again", ("not_callable", "counter_closed")),
    ("absent", bodies.Nothing, "The called customer is not there", ("not_callable", "counter_closed")),
    ("serve", bodies.Nothing, "The called customer is here", ("not_callable", "counter_closed")),
    ("finish", bodies.FinishBody, "The present customer is served", ("not_callable", "counter_closed")),
    ("park", bodies.ParkBody, "Send the present customer away for a while", ("not_callable", "counter_closed")),
    (
        "transfer",
        bodies.TransferBody,
        "Send the present customer to another service or counter",
        ("not_callable", "counter_closed", "service_closed"),
    ),
    (
        "call",
        bodies.CallBody,
        "Call a given ticket by its number",
        ("not_callable", "present_or_absent", "counter_closed", "stale"),
    ),
    ("open", bodies.Nothing, "Open the counter", ()),
    ("pause", bodies.PauseBody, "Pause the counter", ("present_or_absent", "counter_closed")),
    ("close", bodies.Nothing, "Close the counter", ("present_or_absent",)),
    ("undo", bodies.Nothing, "Take back the last action, within 10 s", ("undo_too_late",)),
)
ACTIONS = tuple(name for name, *_ in _ACTIONS)
ACTION_BODIES = {name: body for name, body, *_ in _ACTIONS}

COUNTERS = (
    *(
        Operation(
            id=f"{name}AtCounter",
            method="POST",
            path=f"/counters/{{counter}}/{name}",
            access=COUNTER_OFFICE,
            handler=handlers.action(name),
            summary=summary,
            body=body,
            answer=answers.ActionAnswer,
            conflicts=conflicts,
        )
        for name, body, summary, conflicts in _ACTIONS
    ),
    Operation(
        id="getCounter",
        method="GET",
        path="/counters/{counter}",
        access="all",
        handler=handlers.counter,
        summary="A counter as it is now",
        answer=answers.CounterAnswer,
        cached=True,
    ),
    Operation(
        id="getBoard",
        method="GET",
        path="/board",
        access="all",
        handler=handlers.board,
        summary="All that a waiting-room screen shows",
        answer=answers.BoardAnswer,
        cached=True,
    ),
    Operation(
        id="getQueues",
        method="GET",
        path="/queues",
        access="all",
        handler=handlers.queues,
        summary="How many wait for each service",
        answer=answers.QueueWithNext,
        many=True,
        cached=True,
    ),
)

PUBLIC = (
    Operation(
        id="getServices",
        method="GET",
        path="/services",
        access="public",
        handler=handlers.services,
        summary="The services of the office",
        answer=answers.ServiceLine,
        many=True,
        cached=True,
    ),
    Operation(
        id="getSlots",
        method="GET",
        path="/services/{service}/slots",
        access="public",
        handler=handlers.slots,
        summary="The free slots of a service",
        query=bodies.SlotsQuery,
        answer=answers.SlotLine,
        many=True,
        links={
            "bookAppointment": {
                "operationId": "bookAppointment",
                "requestBody": {"service": "$request.path.service", "start": "$response.body#/0/start"},
                "x-schemathesis": {"merge_body": True},
            }
        },
    ),
    Operation(
        id="getChallenge",
        method="GET",
        path="/challenge",
        access="public",
        handler=handlers.challenge,
        summary="A challenge of the anti-robot check (ALTCHA, version 2)",
        answer=answers.ChallengeAnswer,
        limit="challenge",
    ),
)

APPOINTMENTS = (
    Operation(
        id="bookAppointment",
        method="POST",
        path="/appointments",
        access="public",
        handler=handlers.book,
        summary="Book an appointment",
        body=bodies.BookBody,
        answer=answers.BookedAnswer,
        status=201,
        conflicts=("slot_gone", "already_booked", "service_closed", "limit_reached"),
        limit="booking",
        links=_CODE_LINKS,
    ),
    Operation(
        id="getAppointment",
        method="GET",
        path="/appointments/{code}",
        access=OFFICE,
        holder=True,
        handler=handlers.appointment,
        summary="Read an appointment",
        query=bodies.HolderQuery,
        answer=answers.AppointmentAnswer,
    ),
    Operation(
        id="moveAppointment",
        method="PATCH",
        path="/appointments/{code}",
        access=OFFICE,
        holder=True,
        handler=handlers.move,
        summary="Move an appointment to another slot",
        query=bodies.HolderQuery,
        body=bodies.MoveBody,
        answer=answers.BookedAnswer,
        conflicts=("slot_gone", "not_callable", "service_closed"),
    ),
    Operation(
        id="cancelAppointment",
        method="DELETE",
        path="/appointments/{code}",
        access=OFFICE,
        holder=True,
        handler=handlers.cancel,
        summary="Cancel an appointment",
        query=bodies.HolderQuery,
        answer=None,
        status=204,
        conflicts=("not_callable",),
    ),
)

OPERATIONS: tuple[Operation, ...] = (*TICKETS, *COUNTERS, *PUBLIC, *APPOINTMENTS)
