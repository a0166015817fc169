"""Calls: by a press, by number, by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine import moves, selection
from dispatcher.engine.model import Counter, Lane, Service, State, Ticket
from dispatcher.engine.selection import Choice, Why
from dispatcher.store import calls, ids, lanes, tickets
from dispatcher.store.places import CounterRow
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.trace import Trace
from dispatcher.usecases.work import Work
from dispatcher.wire.messages import BoardCall

UNDO_WITHIN = timedelta(seconds=10)


def pack_why(why: Why) -> dict[str, Any]:
    """A reason as plain JSON."""
    values = {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value for name, value in why.values.items()
    }
    return {"code": why.code, "values": values}


def unpack_why(packed: dict[str, Any]) -> Why:
    """The inverse of `pack_why`."""
    values = {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in packed["values"].items()
    }
    return Why(packed["code"], values)


def say(work: Work, ticket: Ticket, counter: Counter) -> None:
    """Put a call on the board, and into the room unless the appointment is held on line."""
    call_id = ids.uuid7(work.tx.now)
    online = work.office.services[ticket.service].online
    language = ticket.language or work.office.language
    calls.add(
        work.tx,
        id=call_id,
        ticket=ticket.id,
        label=ticket.label,
        service=ticket.service,
        counter=counter.id,
        attempt=max(ticket.calls_made, 1),
        language=language,
        called_at=work.tx.now,
        on_screen=not online,
    )
    if work.trace is not None:
        work.trace.new_calls.append(call_id)
    if not online:
        line = BoardCall(
            call_id=call_id,
            label=ticket.label,
            service=ticket.service,
            counter=counter.id,
            counter_name=counter.name,
            zone=counter.zone,
            attempt=max(ticket.calls_made, 1),
            called_at=work.tx.now,
        )
        work.calls.append((line, language))


def call(
    work: Work, counter: Counter, row: CounterRow, ticket: Ticket, why: Why, *, turn: Lane | None, automatic: bool
) -> Ticket:
    """Call a ticket to a counter that holds nobody."""
    stored = work.save(
        ticket,
        moves.called(ticket, counter.id, work.tx.now),
        "called",
        counter=counter.id,
        auto_called=automatic,
    )
    work.save_counter(
        row,
        ticket=stored.id,
        turn=turn,
        why=pack_why(why),
        automatic_wall=work.tx.wall if automatic else None,
    )
    say(work, stored, counter)
    return stored


def choose_next(work: Work, counter: Counter, row: CounterRow) -> Choice | None:
    """Whom a press of next would call."""
    heads = lanes.heads(work.tx, counter.id, counter.services)
    choice = selection.choose(counter, heads, turn=row.turn, now=work.tx.now)
    if choice is not None:
        return choice
    early = lanes.early(work.tx, counter.services)
    return selection.choose(counter, (), turn=row.turn, now=work.tx.now, early=early)


def call_for_free_counters(work: Work) -> None:
    """Let the system call by itself, counter by counter, each by its own order and mode."""
    free = [
        (work.office.counters[row.id], row.free_since)
        for row in work.counters.values()
        if row.free
        and not row.hands_off
        and row.id in work.office.counters
        and work.office.counters[row.id].mode != "manual"
    ]
    for counter in selection.in_order_of_calling(free):
        classes: tuple[str, ...] = lanes.LANE_CLASSES if counter.mode == "auto" else ("A", "F")
        heads = lanes.heads(work.tx, counter.id, counter.services, classes=classes)
        row = work.counters[counter.id]
        choice = selection.choose_automatic(counter, heads, turn=row.turn, now=work.tx.now)
        if choice is None:
            continue
        work.trace = Trace(row)
        ticket = call(work, counter, row, choice.ticket, choice.why, turn=choice.turn, automatic=True)
        _join_undo(work, counter.id, ticket)
        work.trace = None


def _join_undo(work: Work, counter_id: str, ticket: Ticket) -> None:
    row = work.counters[counter_id]
    trace = work.trace
    if row.last is None or trace is None:
        return
    if work.tx.wall - datetime.fromisoformat(row.last["wall"]) > UNDO_WITHIN or row.last["automatic"]:
        work.save_counter(row, last=None)
        return
    work.save_counter(row, last=trace.pack_into(row.last, ticket.id))


def absent_where_unconfirmed(work: Work) -> None:
    """`absent_after` and `recall_hold`, where an office has set them: a call that nobody confirmed ends by itself."""
    for row, ticket, service in unconfirmed(work):
        work.save(ticket, moves.absent(ticket, service, work.tx.now), "absent", counter=row.id)
        work.end_call(ticket.id)
        work.save_counter(row, ticket=None, why=None, last=None)


def unconfirmed(source: Reading) -> list[tuple[CounterRow, Ticket, Service]]:
    """The calls that have to end by themselves now; none where no office has set a span."""
    found = []
    for row in source.counters.values():
        ticket = source.find(row.ticket)
        service = source.office.services.get(ticket.service) if ticket is not None else None
        if ticket is None or service is None or ticket.state is not State.called or ticket.called_at is None:
            continue
        spans = [service.recall_hold] if ticket.absences and service.recall_hold is not None else []
        if service.absent_after is not None:
            known = tickets.details(source.tx, ticket.id)
            spans += [service.absent_after] if known.auto_called else []
        if spans and source.tx.now - ticket.called_at >= min(spans):
            found.append((row, ticket, service))
    return found
