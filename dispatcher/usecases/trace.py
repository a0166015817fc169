"""What undo needs: the tickets, the calls and the counter as they were before an action, and as it left them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dispatcher.engine.model import Kind, Lane, Paper, State, Ticket
from dispatcher.store.places import CounterRow
from dispatcher.store.tickets import COLUMNS

_INSTANTS = ("queued_at", "callable_from", "priority_from", "scheduled_at", "checked_in_at", "called_at", "missed_at")


def pack_ticket(one: Ticket) -> dict[str, Any]:
    """A ticket as plain JSON."""
    values = {name: getattr(one, name) for name in COLUMNS}
    for name in _INSTANTS:
        values[name] = values[name].isoformat() if values[name] is not None else None
    values["day"] = one.day.isoformat()
    return values


def unpack_ticket(values: dict[str, Any]) -> Ticket:
    """The inverse of `pack_ticket`."""
    made = dict(values)
    for name in _INSTANTS:
        made[name] = datetime.fromisoformat(made[name]) if made[name] else None
    made["day"] = date.fromisoformat(made["day"])
    made["kind"], made["state"], made["paper"] = Kind(made["kind"]), State(made["state"]), Paper(made["paper"])
    made["lane"] = Lane(made["lane"]) if made["lane"] else None
    return Ticket(**made)


@dataclass
class Trace:
    """One action of a counter while it runs."""

    counter: CounterRow
    tickets: dict[str, tuple[Ticket, Ticket]] = field(default_factory=dict)
    new_calls: list[str] = field(default_factory=list)
    ended_calls: list[str] = field(default_factory=list)
    replaced_calls: list[dict[str, Any]] = field(default_factory=list)
    durations: list[tuple[str, float]] = field(default_factory=list)

    def saw(self, before: Ticket, after: Ticket) -> None:
        """A ticket was saved: the first state before counts, and the last one after."""
        first = self.tickets[before.id][0] if before.id in self.tickets else before
        self.tickets[before.id] = (first, after)

    def pack(self, action: str, wall: datetime) -> dict[str, Any]:
        """The record that is stored with the counter."""
        row = self.counter
        return {
            "action": action,
            "wall": wall.isoformat(),
            "counter": {
                "state": row.state,
                "ticket": row.ticket,
                "turn": row.turn,
                "free_since": row.free_since.isoformat(),
                "why": row.why,
            },
            "automatic": None,
            **self._pack_changes(),
        }

    def pack_into(self, last: dict[str, Any], automatic: str) -> dict[str, Any]:
        """An automatic call that followed at the same counter joins the record of the action."""
        mine = self._pack_changes()
        merged = dict(last)
        tickets = {one["before"]["id"]: one for one in last["tickets"]}
        for one in mine["tickets"]:
            known = tickets.get(one["before"]["id"])
            tickets[one["before"]["id"]] = {**one, "before": known["before"]} if known else one
        merged["tickets"] = list(tickets.values())
        for name in ("new_calls", "ended_calls", "replaced_calls", "durations"):
            merged[name] = [*last[name], *mine[name]]
        merged["automatic"] = automatic
        return merged

    def _pack_changes(self) -> dict[str, Any]:
        return {
            "tickets": [
                {"before": pack_ticket(before), "version": after.version} for before, after in self.tickets.values()
            ],
            "new_calls": self.new_calls,
            "ended_calls": self.ended_calls,
            "replaced_calls": self.replaced_calls,
            "durations": self.durations,
        }
