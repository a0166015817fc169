"""The engine's office and the oracle's hall: every action is done in both, and all is compared after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from dispatcher.engine import moves
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Paper, State, Ticket
from tests.engine.office import COUNTERS, SERVICES, Rules, SmallOffice
from tests.oracle import order, table

SETTINGS = {
    one.id: table.Settings(
        check_in_required=one.check_in == "required",
        recalls=one.recall_attempts,
        interval=one.recall_interval,
        walk_in_recalls=one.walk_in_recalls,
        longest_wait=one.longest_wait,
        rejoin=one.rejoin,
        rejoin_within=one.rejoin_within,
        rejoin_times=one.rejoin_times,
    )
    for one in SERVICES.values()
}

Ours = Callable[[Ticket], Ticket]
Theirs = Callable[[order.Row], bool]


class Pair:
    """`pick` numbers choose among what is there, so that any number is good."""

    def __init__(self, now: datetime, rules: Rules | None = None) -> None:
        self.office = SmallOffice(now, rules or Rules())
        self.hall = order.Hall(
            desks={one.id: order.Desk(one.id, list(one.services), one.ranked, one.mode) for one in COUNTERS.values()}
        )
        for name in COUNTERS:
            self.set_desk(name, "open")

    @property
    def now(self) -> datetime:
        return self.office.now

    # ---- both sides of each action

    def pass_time(self, seconds: float) -> None:
        self.office.now += timedelta(seconds=seconds)
        self.settle()

    def walk_in(self, service: str, *, assisted: bool = False, paper: bool = True) -> str:
        ticket = self.office.walk_in(service, assisted=assisted)
        row = self._row(ticket, self.now)
        row.assisted = assisted
        table.walk_in(row, SETTINGS[service])
        if paper:
            self.paper(ticket.id)
        self.settle()
        return ticket.id

    def paper(self, ticket_id: str, *, failed: bool = False) -> None:
        one, row = self.office.tickets[ticket_id], self.hall.rows[ticket_id]
        if one.state is not State.printing:
            return
        self.office.save(one, moves.printed(one, Paper.failed if failed else Paper.confirmed, self.now))
        if failed:
            row.state = "void"
        else:
            table.paper_is_out(row, self.now)
        self.settle()

    def book(self, service: str, after_s: float) -> str:
        ticket = self.office.book(service, self.now + timedelta(seconds=after_s))
        row = self._row(ticket, ticket.queued_at)
        row.appointment, row.scheduled = True, ticket.scheduled_at
        table.appointment(row, SETTINGS[service])
        self.settle()
        return ticket.id

    def set_desk(self, name: str, state: str) -> None:
        desk, other = self.office.desks[name], self.hall.desks[name]
        if state != "open":
            self.office.end_present(desk)
            self._end_present(other)
        desk.free_since = other.free_since = self.now if state == "open" and desk.state != "open" else desk.free_since
        desk.state = other.state = state
        self.settle()

    def press(self, *names: str, absent: bool = False) -> None:
        names = tuple(name for name in names if self.office.desks[name].state == "open")
        self.office.press(*names, absent=absent)
        for name in names:
            self._end_present(self.hall.desks[name], absent=absent)
        for name in names:
            desk = self.hall.desks[name]
            found = self.hall.pressed(desk, self.now)
            if found:
                self._oracle_call(desk, *found)
        self.settle()

    def absent(self, name: str) -> None:
        self._at_desk(
            name,
            lambda one: moves.absent(one, SERVICES[one.service], self.now),
            lambda row: table.absent(row, SETTINGS[row.service], self.now),
        )

    def serve(self, name: str) -> None:
        desk, other = self.office.desks[name], self.hall.desks[name]
        if desk.holds and other.holds and self.office.tickets[desk.holds].state is State.called:
            self.office.save(self.office.tickets[desk.holds], moves.serving(self.office.tickets[desk.holds]))
            self.hall.rows[other.holds].state = "serving"
        self.settle()

    def park(self, name: str, minutes: float | None) -> None:
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        self._at_desk(name, lambda one: self.office.rules.parked(one, until), lambda row: table.park(row, until))

    def transfer(self, name: str, *, service: str | None, counter: str | None, priority: bool) -> None:
        def there(one: str) -> str:
            return one if counter or service is None else service

        self._at_desk(
            name,
            lambda one: moves.transferred(
                one, SERVICES[there(one.service)], self.now, target=counter, priority=priority
            ),
            lambda row: table.transfer(
                row, there(row.service), SETTINGS[there(row.service)], self.now, counter, priority
            ),
        )

    def call_number(self, name: str, ticket_id: str) -> None:
        desk, other = self.office.desks[name], self.hall.desks[name]
        one, row = self.office.tickets[ticket_id], self.hall.rows[ticket_id]
        callable_states = ("waiting", "booked", "parked", "missed")
        assert (one.state in callable_states) == (row.state in callable_states)
        if desk.state == "open" and one.state in callable_states and self.office.may_live_again(one):
            self.office.end_present(desk)
            self._end_present(other)
            self.office.call(desk, one, desk.turn, "number")
            self._oracle_call(other, row, other.last_lane)
        self.settle()

    def ten_more(self, ticket_id: str) -> None:
        self._with_ticket(
            ticket_id, lambda one: moves.ten_more_minutes(one, self.now), lambda row: table.ten_more(row, self.now)
        )

    def check_in(self, ticket_id: str) -> None:
        self._with_ticket(
            ticket_id,
            lambda one: moves.checked_in(one, SERVICES[one.service], self.now),
            lambda row: table.check_in(row, SETTINGS[row.service], self.now),
        )

    def rejoin(self, ticket_id: str) -> None:
        if not self.office.may_live_again(self.office.tickets[ticket_id]):
            return
        self._with_ticket(
            ticket_id,
            lambda one: moves.rejoined(one, SERVICES[one.service], self.now),
            lambda row: table.rejoin(row, SETTINGS[row.service], self.now),
        )

    def give_up(self, ticket_id: str) -> None:
        def leave(row: order.Row) -> bool:
            ends = {"booked": "cancelled", "waiting": "left", "parked": "left"}
            row.state = ends.get(row.state, row.state)
            return row.state in ("left", "cancelled")

        self._with_ticket(ticket_id, moves.given_up, leave)

    def close_service(self, service: str) -> None:
        """Closing, when no counter that serves it is open."""
        if any(desk.state == "open" and service in desk.counter.services for desk in self.office.desks.values()):
            return
        for one in list(self.office.tickets.values()):
            if one.service == service:
                self.office.save(one, moves.at_closing(one, SERVICES[service], self.now))
        for row in self.hall.rows.values():
            if row.service == service:
                table.closing(row, SETTINGS[service], self.now)
        self.settle()

    # ---- what follows each action, and the comparison

    def settle(self) -> None:
        self.office.promote()
        self.office.call_for_free_counters()
        for row in self.hall.rows.values():
            table.time_passes(row, self.now)
        for desk in self.hall.free_desks():
            found = self.hall.by_itself(desk, self.now)
            if found:
                self._oracle_call(desk, *found)
        self.office.check()
        self.compare()

    def compare(self) -> None:
        for ticket_id, one in self.office.tickets.items():
            assert _of_engine(one) == _of_oracle(self.hall.rows[ticket_id]), one.label
        for name, desk in self.office.desks.items():
            other = self.hall.desks[name]
            assert (desk.holds, desk.turn) == (other.holds, other.last_lane), f"counter {name}"

    # ---- helpers

    def _row(self, ticket: Ticket, queued_at: datetime) -> order.Row:
        row = order.Row(
            ticket.id, ticket.service, ticket.series, ticket.number, ticket.kind is Kind.appointment, "", queued_at
        )
        self.hall.rows[ticket.id] = row
        return row

    def _oracle_call(self, desk: order.Desk, row: order.Row, lane: str | None) -> None:
        assert table.call(row, self.now)
        desk.holds, desk.last_lane, desk.free_since = row.name, lane, None

    def _end_present(self, desk: order.Desk, *, absent: bool = False) -> None:
        if desk.holds is None:
            return
        row = self.hall.rows[desk.holds]
        if not (absent and table.absent(row, SETTINGS[row.service], self.now)):
            row.state = "served"
        desk.holds, desk.free_since = None, self.now

    def _at_desk(self, name: str, ours: Ours, theirs: Theirs) -> None:
        desk, other = self.office.desks[name], self.hall.desks[name]
        if desk.holds is None or other.holds is None:
            return
        before = desk.holds
        if self._both(before, ours, theirs):
            self.office.release(desk)
            other.holds, other.free_since = None, self.now
        self.settle()

    def _with_ticket(self, ticket_id: str, ours: Ours, theirs: Theirs) -> None:
        self._both(ticket_id, ours, theirs)
        self.settle()

    def _both(self, ticket_id: str, ours: Ours, theirs: Theirs) -> bool:
        one = self.office.tickets[ticket_id]
        try:
            self.office.save(one, ours(one))
            done = True
        except RuleError:
            done = False
        assert theirs(self.hall.rows[ticket_id]) == done, f"{one.label}: one refuses, the other does not"
        return done


def _of_engine(one: Ticket) -> tuple[object, ...]:
    return (
        str(one.state),
        one.callable_from,
        one.lane and str(one.lane),
        one.priority_from,
        one.queued_at,
        one.calls_made,
        one.service,
        one.target,
    )


def _of_oracle(row: order.Row) -> tuple[object, ...]:
    return (
        row.state,
        row.callable_from,
        row.lane,
        row.priority_from,
        row.queued_at,
        row.calls,
        row.service,
        row.only_for,
    )
