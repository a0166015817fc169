"""A small office in memory, run by the engine's functions, and beside it the naive one; each action is done in both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatcher.engine import moves, numbering
from dispatcher.engine.days import business_day
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import AT_COUNTER, LIVING, Counter, Hours, Kind, Lane, Paper, Service, State, Ticket
from dispatcher.engine.selection import Choice, choose, choose_automatic, in_order_of_calling

ROME = ZoneInfo("Europe/Rome")
FOUR = time(4, 0)
ALWAYS = Hours(always=True)


def service(name: str, letter: str, **settings: object) -> Service:
    return Service(id=name, letter=letter, name={"it": name}, hours=ALWAYS, **settings)  # type: ignore[arg-type]


SERVICES = {
    one.id: one
    for one in (
        service("passport", "A", longest_wait=timedelta(minutes=30)),
        service("residence", "B", check_in="required", rejoin="priority", recall_attempts=1),
        service("taxes", "C", longest_wait=timedelta(minutes=90), walk_in_recalls=0, rejoin_times=2),
        service("payments", "A", recall_interval=timedelta(minutes=3), rejoin="never"),
    )
}
COUNTERS = {
    one.id: one
    for one in (
        Counter(id="1", name="1", services=("passport", "residence"), mode="manual"),
        Counter(id="2", name="2", services=("taxes", "passport", "residence"), ranked=True, mode="manual"),
        Counter(id="3", name="3", services=("payments", "passport"), mode="appointments"),
        Counter(id="4", name="4", services=("residence", "taxes", "payments"), mode="auto"),
    )
}


@dataclass
class Desk:
    """A counter as it stands."""

    counter: Counter
    state: str = "closed"
    holds: str | None = None
    free_since: datetime | None = None
    turn: Lane | None = None


@dataclass(frozen=True)
class Rules:
    """The functions under test; a planted defect replaces one."""

    choose: Callable[..., Choice | None] = choose
    choose_automatic: Callable[..., Choice | None] = choose_automatic
    parked: Callable[[Ticket, datetime | None], Ticket] = moves.parked
    claims: bool = True


@dataclass(frozen=True)
class Call:
    """A line of the record of calls. `could` are all tickets that the counter might have got then, as they were."""

    ticket: Ticket
    counter: str
    at: datetime
    how: str
    turn_before: Lane | None
    could: tuple[Ticket, ...]


@dataclass
class SmallOffice:
    """Use cases without a store: load, engine, save."""

    now: datetime
    rules: Rules = field(default_factory=Rules)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=lambda: {one.id: Desk(one) for one in COUNTERS.values()})
    calls: list[Call] = field(default_factory=list)
    last_numbers: dict[tuple[object, str], int] = field(default_factory=dict)

    def new(self, service_id: str, kind: Kind, queued_at: datetime, **fields: object) -> Ticket:
        day = business_day(max(self.now, queued_at), ROME, FOUR)
        series = numbering.series_of(SERVICES[service_id], kind)
        living = {one.label for one in self.tickets.values() if one.state in LIVING or one.state is State.booked}
        last = self.last_numbers.get((day, series), 0)
        number = numbering.next_number(last, lambda n: numbering.label(series, n) in living)
        self.last_numbers[day, series] = number
        common = {"site": "rome", "service": service_id, "series": series, "number": number, "day": day, "kind": kind}
        common["queued_at"] = queued_at
        ticket = Ticket(id=f"t{len(self.tickets) + 1}", **common, **fields)  # type: ignore[arg-type]
        self.tickets[ticket.id] = ticket
        return ticket

    def walk_in(self, service_id: str, *, assisted: bool) -> Ticket:
        ticket = self.new(service_id, Kind.walk_in, self.now, state=State.printing, assisted=assisted)
        return self.save(ticket, moves.with_lane(ticket, SERVICES[service_id]))

    def book(self, service_id: str, at: datetime) -> Ticket:
        start = None if SERVICES[service_id].check_in == "required" else at
        return self.new(
            service_id,
            Kind.appointment,
            at,
            state=State.booked,
            scheduled_at=at,
            callable_from=start,
            priority_from=start,
            lane=Lane.priority,
        )

    def may_live_again(self, one: Ticket) -> bool:
        """A missed ticket of an earlier day stays missed while its label is on another's paper."""
        living = {other.label for other in self.tickets.values() if other.state in LIVING | {State.booked}}
        return one.state is not State.missed or one.label not in living

    def save(self, old: Ticket, new: Ticket) -> Ticket:
        """Compare-and-set on the version."""
        if self.rules.claims and self.tickets[old.id].version != old.version:
            raise RuleError("changed", f"{old.label} has changed")
        self.tickets[old.id] = replace(new, version=self.tickets[old.id].version + 1)
        return self.tickets[old.id]

    def promote(self) -> None:
        for one in list(self.tickets.values()):
            if one.state in (State.booked, State.parked) and one.is_callable(self.now):
                self.save(one, moves.due(one, self.now))

    def stands_for(self, desk: Desk) -> list[Ticket]:
        """Tickets that a counter serves or that were sent to it."""
        found = []
        for one in self.tickets.values():
            sent_elsewhere = one.target not in (None, desk.counter.id) and self.desks[str(one.target)].state != "closed"
            if one.target == desk.counter.id or (one.service in desk.counter.services and not sent_elsewhere):
                found.append(one)
        return found

    def choice(self, desk: Desk, how: str) -> Choice | None:
        tickets = self.stands_for(desk)
        if how == "press":
            return self.rules.choose(desk.counter, tickets, turn=desk.turn, now=self.now, early=tickets)
        return self.rules.choose_automatic(desk.counter, tickets, turn=desk.turn, now=self.now)

    def call(self, desk: Desk, ticket: Ticket, turn: Lane | None, how: str) -> None:
        could = tuple(one for one in self.stands_for(desk) if one.is_callable(self.now))
        self.save(ticket, moves.called(ticket, desk.counter.id, self.now))
        self.calls.append(Call(ticket, desk.counter.id, self.now, how, desk.turn, could))
        desk.turn, desk.holds, desk.free_since = turn, ticket.id, None

    def end_present(self, desk: Desk, *, absent: bool = False) -> None:
        """What next, pause and close do with who is at the counter."""
        if desk.holds is None:
            return
        one = self.tickets[desk.holds]
        if absent and one.state is State.called:
            self.save(one, moves.absent(one, SERVICES[one.service], self.now))
        else:
            self.save(one, moves.served(one))
        self.release(desk)

    def release(self, desk: Desk) -> None:
        desk.holds, desk.free_since = None, self.now

    def press(self, *names: str, absent: bool = False) -> None:
        """Next at one counter, or at several in the same instant. Without claims all choose before anybody calls."""
        desks = [self.desks[name] for name in names]
        for desk in desks:
            self.end_present(desk, absent=absent)
        seen = [self.choice(desk, "press") for desk in desks]
        for desk, unclaimed in zip(desks, seen, strict=True):
            choice = self.choice(desk, "press") if self.rules.claims else unclaimed
            if choice is not None:
                self.call(desk, choice.ticket, choice.turn, "press")

    def call_for_free_counters(self) -> None:
        free = [(one.counter, one.free_since) for one in self.desks.values() if one.state == "open" and not one.holds]
        for counter in in_order_of_calling((one, since) for one, since in free if since is not None):
            desk = self.desks[counter.id]
            choice = self.choice(desk, "automatic")
            if choice is not None:
                self.call(desk, choice.ticket, choice.turn, "automatic")

    # What must always hold.

    def check(self) -> None:
        held = [desk.holds for desk in self.desks.values() if desk.holds]
        at_counters = [one.id for one in self.tickets.values() if one.state in AT_COUNTER]
        assert sorted(held) == sorted(at_counters), "a ticket is at two counters, or called and nowhere"
        living = [one.label for one in self.tickets.values() if one.state in LIVING]
        assert len(living) == len(set(living)), "a live label is there twice"


def paper(office: SmallOffice, ticket: Ticket, result: Paper) -> None:
    office.save(ticket, moves.printed(ticket, result, office.now))


def utc(text: str) -> datetime:
    """An instant from its local time in Rome or with an offset."""
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=ROME).astimezone(UTC)
