"""The unit of work: one command's transaction with what it has read, changed and still has to say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from dispatcher.engine import moves
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import LIVING, Counter, Service, State, Ticket
from dispatcher.store import calls, ids, leases, numbers, places, tickets
from dispatcher.store.places import CounterRow
from dispatcher.store.session import Tx
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.trace import Trace
from dispatcher.wire.messages import BoardCall


@dataclass(frozen=True, slots=True)
class Actor:
    """Who commands. `account` is the space of its request ids; `counters` and `kiosks` None: all of them."""

    account: str
    role: str
    counters: frozenset[str] | None = None
    kiosks: frozenset[str] | None = None

    def check_counter(self, counter: str) -> None:
        """Raises RuleError forbidden when this account may not act for a counter."""
        if self.counters is not None and counter not in self.counters:
            raise RuleError("forbidden", f"This account may not act for counter {counter}.")

    @property
    def of_office(self) -> bool:
        """Staff that is not bound by what binds the public."""
        return self.role in ("office", "secretary", "manager", "administrator", "operator")


SYSTEM = Actor("system", "system")


@dataclass
class Work(Reading):
    """Handed to each use case. All reading and saving of a command goes through here."""

    tx: Tx
    actor: Actor = SYSTEM
    trace: Trace | None = None
    changed: bool = False
    touched_counters: set[str] = field(default_factory=set)
    calls: list[tuple[BoardCall, str]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    acted: str | None = None
    contact_before: Any = None
    _unsaved: dict[str, CounterRow] = field(default_factory=dict, init=False)

    # ---- what there is

    @property
    def closed(self) -> frozenset[str]:
        """Counters that are closed: what was sent to them passes to others."""
        return frozenset(
            one for one in self.office.counters if one not in self.counters or self.counters[one].state == "closed"
        )

    def service(self, service_id: str, name: str = "service") -> Service:
        """A service's settings. Raises RuleError invalid."""
        try:
            return self.office.services[service_id]
        except KeyError:
            raise RuleError("invalid", f"There is no service '{service_id}'.", field=name) from None

    def counter(self, counter_id: str) -> tuple[Counter, CounterRow]:
        """A counter's settings and its row. Raises RuleError not_found."""
        if counter_id not in self.office.counters:
            raise RuleError("not_found", f"There is no counter '{counter_id}'.")
        return self.office.counters[counter_id], self.counters[counter_id]

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket. Raises RuleError not_found."""
        found = self.find(ticket_id)
        if found is None:
            raise RuleError("not_found", "There is no such ticket.")
        return found

    # ---- what changes

    def promote(self) -> bool:
        """Let everything join the ready whose `callable_from` has come; whether there was any."""
        promoted = False
        while found := tickets.unready(self.tx):
            for one in found:
                waiting = moves.due(one, self.tx.now) if one.state is not State.waiting else one
                self._tickets[one.id] = tickets.mark_ready(self.tx, one, waiting, self.closed)
                if one.state is State.parked:
                    tickets.record(self.tx, one.id, "returned", actor="system")
            self.forget_counts()
            self.touch()
            promoted = True
        return promoted

    def insert(self, one: Ticket, *, kiosk: str | None = None) -> tuple[Ticket, str]:
        """A new ticket and the token of its live page."""
        token = ids.token()
        stored = tickets.insert(self.tx, one, token=token, kiosk=kiosk, closed=self.closed)
        self._saw(None, stored)
        return stored, token

    def save(
        self,
        old: Ticket,
        new: Ticket,
        event: str | None = None,
        *,
        counter: str | None = None,
        presumed: bool = False,
        auto_called: bool | None = None,
    ) -> Ticket:
        """Compare-and-set, and the fact beside it. A ticket that would wait at a closed service ends as at closing."""
        new = self._if_closed(old, new)
        if old.state is State.missed and new.state in LIVING and self._label_is_taken(old):
            raise RuleError("not_callable", f"Another ticket {old.label} is on its way: take a new number.")
        if new == old:
            return old
        stored = tickets.save(self.tx, old, new, closed=self.closed, auto_called=auto_called)
        if self.trace is not None:
            self.trace.saw(old, stored)
        if event:
            self.record(old.id, event, counter=counter, presumed=presumed)
        if (
            stored.state is not old.state
            and stored.state in (State.left, State.missed, State.unserved)
            and event != stored.state
        ):
            self.record(old.id, stored.state.value, counter=counter)
        self._saw(old, stored)
        return stored

    def record(self, ticket_id: str, event: str, *, counter: str | None = None, presumed: bool = False) -> None:
        tickets.record(self.tx, ticket_id, event, counter=counter, presumed=presumed, actor=self.actor.account)

    def save_counter(self, old: CounterRow, **values: Any) -> CounterRow:
        """Change a counter, to be stored by `flush`; a counter that becomes free is free from now on."""
        new = replace(old, **values)
        if new.free and not old.free:
            new = replace(new, free_since=self.tx.now)
        self._unsaved.setdefault(old.id, old)
        self.counters[old.id] = new
        self.touched_counters.add(old.id)
        if (old.state == "closed") != (new.state == "closed"):
            tickets.requeue(self.tx, old.id, self.closed)
        self.touch()
        return new

    def flush(self) -> None:
        """Store the counters as the command leaves them: each once, compare-and-set."""
        for counter_id, before in self._unsaved.items():
            self.counters[counter_id] = places.save_counter(self.tx, before, self.counters[counter_id])
        self._unsaved.clear()

    def add_duration(self, service_id: str, seconds: float) -> None:
        """Remember how long one customer took."""
        if service_id in self.services:
            self.services[service_id] = places.add_duration(self.tx, self.services[service_id], seconds)
            if self.trace is not None:
                self.trace.durations.append((service_id, seconds))

    def drop_duration(self, service_id: str, seconds: float) -> None:
        """That customer was not done after all."""
        if service_id in self.services:
            self.services[service_id] = places.drop_duration(self.tx, self.services[service_id], seconds)

    def end_call(self, ticket_id: str) -> None:
        """The ticket is not at its counter any more."""
        ended = calls.end(self.tx, ticket_id)
        if self.trace is not None:
            self.trace.ended_calls += ended

    def touch(self) -> None:
        """Something that a screen may show has changed."""
        self.changed = True

    def _saw(self, old: Ticket | None, new: Ticket) -> None:
        self._tickets[new.id] = new
        states = (old.state if old else None, new.state)
        if State.waiting in states:
            self.forget_counts()
        if states != (None, State.printing):  # nobody sees a ticket before its paper is out
            self.touch()

    def _label_is_taken(self, one: Ticket) -> bool:
        """Whether another ticket carries this label, or a dispenser may give it to one today."""
        if numbers.is_living(self.tx, one.label):
            return True
        return one.day != self.today and leases.covers(self.tx, self.today, one.series, one.number)

    def _if_closed(self, old: Ticket, new: Ticket) -> Ticket:
        """Closing took place while the ticket was at a counter or in the printer: it ends as the others did."""
        came_from = (State.called, State.serving, State.printing)
        if new.state not in (State.waiting, State.parked) or old.state not in came_from:
            return new
        if not self.is_closed(new.service):
            return new
        return moves.at_closing(new, self.office.services[new.service], self.tx.now)
