"""Undo: a counter's last action is taken back within ten seconds, with the automatic call that followed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Counter, Lane, State
from dispatcher.store import calls
from dispatcher.store.places import CounterRow
from dispatcher.store.tables import call as call_table
from dispatcher.usecases.calling import UNDO_WITHIN
from dispatcher.usecases.trace import unpack_ticket
from dispatcher.usecases.work import Work


def pack_call(row: Any) -> dict[str, Any]:
    """A line of the board as plain JSON."""
    values = dict(row._mapping)
    values["called_at"] = row.called_at.isoformat()
    values["ended_at"] = None
    return values


def too_late(reason: str) -> RuleError:
    return RuleError("undo_too_late", reason)


def undo(work: Work, counter: Counter, row: CounterRow) -> None:
    """Put back everything that the last action touched. Raises RuleError undo_too_late."""
    last = row.last
    if last is None or work.tx.wall - datetime.fromisoformat(last["wall"]) > UNDO_WITHIN:
        raise too_late("There is nothing that can still be taken back at this counter.")
    now = {one["before"]["id"]: work.ticket(one["before"]["id"]) for one in last["tickets"]}
    if any(now[one["before"]["id"]].version != one["version"] for one in last["tickets"]):
        raise too_late("A ticket has been changed since: it cannot be taken back any more.")
    automatic = last["automatic"]
    if automatic is not None and now[automatic].state is not State.called:
        raise too_late("The next customer is already being served.")
    for call_id in last["new_calls"]:
        calls.remove(work.tx, call_id)
        work.withdrawn.append(call_id)
    for one in last["tickets"]:
        before = unpack_ticket(one["before"])
        current = now[before.id]
        work.save(current, replace(before, version=current.version), "undone", counter=counter.id, auto_called=False)
    for call_id in last["ended_calls"]:
        if call_id not in last["new_calls"]:
            calls.reopen(work.tx, call_id)
    for values in last["replaced_calls"]:
        values = {**values, "called_at": datetime.fromisoformat(values["called_at"])}
        work.tx.conn.execute(call_table.insert().values(**values))
    for service_id, seconds in last.get("durations", ()):  # absent from what an earlier version has stored
        work.drop_duration(service_id, seconds)
    was = last["counter"]
    free_since = datetime.fromisoformat(was["free_since"])
    stored = work.save_counter(
        row,
        state=was["state"],
        ticket=was["ticket"],
        turn=Lane(was["turn"]) if was["turn"] else None,
        why=was["why"],
        last=None,
        hands_off=True,
        automatic_wall=None,
    )
    if stored.free:
        work.save_counter(stored, free_since=free_since)
    work.touch()
