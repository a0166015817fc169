"""What programs and pages are told, by the contract's names. Views read; they change nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine import reasons, selection
from dispatcher.engine.model import State, Ticket
from dispatcher.store import bookings, devices, ids, lanes, messages, tickets
from dispatcher.store.places import CounterRow
from dispatcher.usecases import calling, waits
from dispatcher.usecases.menu import menu_service as menu_service
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.timetable import displaced as displaced
from dispatcher.usecases.timetable import slots as slots
from dispatcher.usecases.work import Work
from dispatcher.wire.messages import instant_text

NEXT_SHOWN = 5
MISSED_SHOWN = 10


def instant(value: datetime | None) -> str | None:
    """An instant as the contract writes it."""
    return instant_text(value) if value is not None else None


def _span(found: waits.Span | None) -> dict[str, int | None]:
    return {"wait_low_s": found[0] if found else None, "wait_high_s": found[1] if found else None}


# ---- tickets


def ticket(source: Reading, one: Ticket, *, new: bool = False) -> dict[str, Any]:
    """A ticket as in every answer."""
    ahead = waits.ahead(source, one, new=new)
    counter = one.counter if one.state in (State.called, State.serving) else None
    at = source.office.counters.get(counter or "")
    waits_now = one.state in (State.printing, State.waiting, State.booked, State.parked)
    return {
        "id": one.id,
        "label": one.label,
        "service": one.service,
        "kind": one.kind.value,
        "assisted": one.assisted,
        "state": one.state_at(source.tx.now).value,
        "paper": one.paper.value,
        "queued_at": instant(one.queued_at),
        "priority_from": instant(one.priority_from),
        "scheduled_at": instant(one.scheduled_at),
        "calls_made": one.calls_made,
        "counter": counter,
        "counter_name": at.name if at else None,
        "ahead": ahead,
        **_span(waits.span(source, one.service, ahead) if waits_now else None),
    }


def ticket_by_id(source: Reading, *, ticket_id: str, history: bool = True) -> dict[str, Any] | None:
    """A ticket with its history; None when there is none."""
    one = tickets.get(source.tx, ticket_id)
    if one is None:
        return None
    body = ticket(source, one)
    if history:
        body["history"] = _history(source, ticket_id)
    return body


def _history(source: Reading, ticket_id: str) -> list[dict[str, Any]]:
    lines = []
    for row in tickets.history(source.tx, ticket_id):
        line: dict[str, Any] = {"at": instant(row.at), "event": row.event, "counter": row.counter}
        if row.presumed:
            line["presumed"] = True
        lines.append(line)
    return lines


def token_of(source: Reading, *, ticket_id: str) -> str | None:
    """The token of a ticket's live page."""
    row = tickets.details(source.tx, ticket_id)
    return row.token if row else None


# ---- counters


def _why(source: Reading, why: selection.Why, language: str | None = None) -> dict[str, str]:
    return {"code": why.code, "text": reasons.sentence(why, language or source.office.language, source.office.zone)}


def _packed_why(source: Reading, packed: dict[str, Any] | None, language: str | None = None) -> dict[str, str] | None:
    return _why(source, calling.unpack_why(packed), language) if packed else None


def counter_state(source: Reading, row: CounterRow) -> dict[str, Any]:
    """`state, mode, ticket, waiting, next_label` of a counter; the revision is its retained message's."""
    settings = source.office.counters[row.id]
    present = source.find(row.ticket)
    heads = lanes.heads(source.tx, row.id, settings.services)
    choice = selection.choose(settings, heads, turn=row.turn, now=source.tx.now)
    return {
        "state": row.state,
        "mode": settings.mode,
        "ticket": {
            "label": present.label,
            "service": present.service,
            "state": present.state.value,
            "kind": present.kind.value,
        }
        if present
        else None,
        "waiting": sum(source.services[one].waiting for one in settings.services if one in source.services),
        "next_label": choice.ticket.label if choice else None,
    }


def counter(source: Reading, *, counter: str) -> dict[str, Any] | None:
    """A counter as on MQTT, with the id of the ticket it holds."""
    if counter not in source.office.counters or counter not in source.counters:
        return None
    revision = messages.revision_of(source.tx.conn, source.tx.site, f"counter/{counter}")
    return {"revision": revision, "id": counter, **counter_state(source, source.counters[counter])}


def action_answer(work: Work, counter_id: str) -> dict[str, Any]:
    """`{ticket, why}` after an action; the desk adds the counter as it is stored."""
    row = work.counters[counter_id]
    present = work.find(row.ticket)
    work.states[counter_id] = counter_state(work, row)
    work.acted = counter_id
    return {"ticket": ticket(work, present) if present else None, "why": _packed_why(work, row.why)}


def counter_page(source: Reading, *, counter: str, language: str | None = None) -> dict[str, Any] | None:
    """Everything that an operator's page shows."""
    settings, row = source.office.counters.get(counter), source.counters.get(counter)
    if settings is None or row is None:
        return None
    return {
        "counter": {
            "id": counter,
            "name": settings.name,
            "state": row.state,
            "mode": settings.mode,
            "services": list(settings.services),
        },
        "ticket": _present(source, row, language),
        "next": _next_few(source, row, language),
        "queues": [
            {**line, "name": dict(source.office.services[line["service"]].name)}
            for line in queues(source)
            if line["service"] in settings.services
        ],
        "parked": _parked(source, settings.services),
        "missed": missed(source, settings.services),
        "undo": _undo(source, row),
        "may": _may(row, source.find(row.ticket)),
    }


def _present(source: Reading, row: CounterRow, language: str | None) -> dict[str, Any] | None:
    one = source.find(row.ticket)
    if one is None:
        return None
    booked = bookings.of_ticket(source.tx, one.id)
    return {
        **ticket(source, one),
        "why": _packed_why(source, row.why, language),
        "since": instant(one.called_at),
        "language": one.language,
        "booking": {
            "name": booked.name,
            "phone": booked.phone,
            "email": booked.email,
            "notes": booked.notes,
            **_held(source, one, booked),
        }
        if booked
        else None,
    }


def _held(source: Reading, one: Ticket, booked: Any) -> dict[str, Any]:
    """Where an appointment is held on line: the platform's name by language, and the link (None: the office calls)."""
    service, platform = source.office.services.get(one.service), source.office.platforms.get(booked.platform or "")
    return {
        "online": service is not None and service.online,
        "platform": dict(platform.name) if platform is not None else None,
        "meeting": booked.meeting,
    }


def _next_few(source: Reading, row: CounterRow, language: str | None) -> list[dict[str, Any]]:
    """The next tickets in the order in which presses of next would call them now."""
    settings = source.office.counters[row.id]
    candidates = lanes.heads(source.tx, row.id, settings.services, most=NEXT_SHOWN)
    turn = row.turn
    lines: list[dict[str, Any]] = []
    while len(lines) < NEXT_SHOWN:
        choice = selection.choose(settings, candidates, turn=turn, now=source.tx.now)
        if choice is None:
            break
        candidates.remove(choice.ticket)
        turn = choice.turn
        one = choice.ticket
        lines.append(
            {
                "label": one.label,
                "service": one.service,
                "kind": one.kind.value,
                "why": _why(source, choice.why, language),
            }
        )
    return lines


def _parked(source: Reading, services: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "label": one.label, "service": one.service, "until": instant(one.callable_from)}
        for service in services
        for one in tickets.in_states(source.tx, service, ("parked",))
    ]


def missed(source: Reading, services: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    """The last missed tickets that may still come back, newest first."""
    lines = []
    longest = max((one.rejoin_within for one in source.office.services.values()), default=timedelta())
    for one in tickets.missed_since(source.tx, source.tx.now - longest, MISSED_SHOWN * 5):
        service = source.office.services.get(one.service)
        if service is None or (services is not None and one.service not in services) or service.online:
            continue
        if one.missed_at is not None and one.missed_at > source.tx.now - service.rejoin_within:
            lines.append({"label": one.label, "service": one.service, "missed_at": instant(one.missed_at)})
    return lines[:MISSED_SHOWN]


def _undo(source: Reading, row: CounterRow) -> dict[str, Any] | None:
    if row.last is None:
        return None
    left = calling.UNDO_WITHIN - (source.tx.wall - datetime.fromisoformat(row.last["wall"]))
    seconds = left.total_seconds()
    return {"action": row.last["action"], "seconds_left": round(seconds, 1)} if seconds > 0 else None


def _may(row: CounterRow, present: Ticket | None) -> list[str]:
    if row.state == "closed":
        return ["open"]
    actions = ["pause", "close"] if row.state == "open" else ["open", "close"]
    if row.state == "open":
        actions += ["next", "call"]
    if present is not None:
        actions += ["recall", "finish", "park", "transfer"]
        if present.state is State.called:
            actions += ["serve", "absent"]
    return actions


# ---- the office


def queues(source: Reading) -> list[dict[str, Any]]:
    """How many wait for each service, and how long."""
    lines = []
    for service_id in source.office.services:
        row = source.services.get(service_id)
        if row is not None:
            lines.append({"service": service_id, "waiting": row.waiting, **_span(waits.of_service(source, row))})
    return lines


def queues_with_next(source: Reading) -> list[dict[str, Any]]:
    """The same with the label that would be next."""
    lines = queues(source)
    for line in lines:
        heads = lanes.heads(source.tx, "", (line["service"],))
        best = min(
            (one for one in heads if one.is_callable(source.tx.now)),
            key=lambda one: (not one.has_priority(source.tx.now), one.lane or "Z", one.priority_from or one.queued_at),
            default=None,
        )
        line["next_label"] = best.label if best else None
    return lines


def services(source: Reading) -> list[dict[str, Any]]:
    """The services with what the public may know of them."""
    lines: list[dict[str, Any]] = []
    for service in source.office.services.values():
        state = menu_service(source, service.id)
        lines.append(
            {
                "id": service.id,
                "letter": service.letter,
                "name": dict(service.name),
                "group": service.group,
                "walk_in": service.walk_in,
                "appointments": service.appointments,
                "online": service.online,
                "open": state["open"],
                "reason": state["reason"],
                "opens_at": state["opens_at"],
                "slot_s": int(service.slot.total_seconds()),
            }
        )
    return lines


def appointment(source: Reading, *, code: str) -> dict[str, Any] | None:
    """A booking by its code, with its ticket; None when there is none."""
    row = bookings.by_code(source.tx, ids.normal_code(code))
    one = tickets.get(source.tx, row.ticket) if row else None
    if row is None or one is None or one.scheduled_at is None:
        return None
    token = token_of(source, ticket_id=one.id)
    return {
        "id": one.id,
        "label": one.label,
        "code": row.code,
        "service": one.service,
        "start": one.scheduled_at.astimezone(source.office.zone).isoformat(),
        "state": one.state_at(source.tx.now).value,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "notes": row.notes,
        "language": one.language,
        "platform": row.platform,
        "meeting": row.meeting,
        "status_url": f"{source.base_url}/t/{token}",
    }


def board(source: Reading) -> dict[str, Any] | None:
    """The board as it was last stored; None before the first."""
    stored = messages.retained_of(source.tx, "board")
    return None if stored is None else _json(stored.payload)


def menu(source: Reading) -> dict[str, Any] | None:
    """The menu as it was last stored."""
    stored = messages.retained_of(source.tx, "menu")
    return None if stored is None else _json(stored.payload)


def _json(payload: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(payload)
    return value


def presence(source: Reading) -> dict[str, dict[str, Any]]:
    """What each device last said of itself, and whether it is on line."""
    return {
        device_id: {**(row.status or {}), "online": row.online}
        for device_id, row in devices.everything(source.tx).items()
    }


def figures(source: Reading) -> dict[str, Any]:
    """For monitoring: tickets by state, those waiting by service, messages not yet sent."""
    return {
        "tickets": tickets.counts_by_state(source.tx),
        "waiting": {row.id: row.waiting for row in source.services.values()},
        "outbox": messages.backlog(source.tx),
    }
