"""Whatever is done in whatever order: counts, heads and numbers are those of a full count (B1, B4)."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher.engine.model import LIVING, Kind, State
from dispatcher.engine.selection import choose
from dispatcher.store import lanes, places, tickets
from dispatcher.store.tables import ticket as table
from dispatcher.usecases import bookings, counters, deadlines
from dispatcher.usecases import tickets as cases
from dispatcher.usecases.desk import SYSTEM, Desk
from dispatcher.wire.clock import ManualClock
from tests.engine.make import at
from tests.usecases.house import CLERK, counter, minutes, office, service

_sites = itertools.count(1)
SERVICES = (
    service("passport", "A", longest_wait=minutes(20), recall_interval=minutes(3), rejoin="priority"),
    service("residence", "B", check_in="required", walk_in_recalls=2, recall_interval=minutes(4)),
    service("taxes", "A", rejoin_times=3, absent_after=minutes(6)),
)
COUNTERS = (
    counter("1", "passport", "residence"),
    counter("2", "taxes", "passport", ranked=True, mode="appointments"),
    counter("3", "residence", "taxes", mode="auto"),
)
NAMES = st.sampled_from(["1", "2", "3"])
SERVICE = st.sampled_from([one.id for one in SERVICES])
PICK = st.integers(0, 30)
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(["next", "next", "absent", "serve", "finish", "recall", "undo", "open"]), st.just({})),
    st.tuples(st.sampled_from(["pause", "close"]), st.just({})),
    st.tuples(st.just("park"), st.sampled_from([{}, {"for_": timedelta(minutes=2)}])),
    st.tuples(
        st.just("transfer"),
        st.one_of(
            st.fixed_dictionaries({"service": SERVICE, "priority": st.booleans()}),
            st.fixed_dictionaries({"to_counter": NAMES, "priority": st.booleans()}),
        ),
    ),
    st.tuples(st.just("call"), st.fixed_dictionaries({"ticket_id": PICK})),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), SERVICE, st.booleans(), st.booleans()),
        st.tuples(st.just("act"), NAMES, ACTIONS),
        st.tuples(st.just("act"), NAMES, ACTIONS),
        st.tuples(st.just("book"), SERVICE, st.integers(0, 6)),
        st.tuples(st.sampled_from(["check_in", "rejoin", "ten_more_minutes", "give_up", "confirm", "fail"]), PICK),
        st.tuples(st.just("pass"), st.sampled_from([1, 30, 90, 240, 600])),
    ),
    min_size=5,
    max_size=30,
)


class Walk:
    """One site of its own, and all that is done in it."""

    def __init__(self, store) -> None:
        self.clock = ManualClock(at("09:00"))
        settings_ = office(*SERVICES, *COUNTERS)
        values = {name: getattr(settings_, name) for name in settings_.__slots__}
        self.office = type(settings_)(**(values | {"id": f"d{next(_sites)}"}))
        self.desk = Desk(store, self.office, self.clock, base_url="http://127.0.0.1")
        self.desk.prepare()
        self.ids: list[str] = []
        for one in COUNTERS:
            self.run(counters.act, counter=one.id, action="open")

    def run(self, case: Any, actor: Any = CLERK, **arguments: Any) -> Any:
        answer = self.desk.execute(actor, case, **arguments)
        assert answer.status < 500
        return answer.body if answer.ok else None

    def pick(self, number: int) -> str:
        return self.ids[number % len(self.ids)] if self.ids else "none"

    def step(self, kind: str, *rest: Any) -> None:
        match kind, rest:
            case "issue", (of_service, assisted, printing):
                kiosk = "entrance" if printing else None
                self._made(self.run(cases.issue, service=of_service, assisted=assisted, kiosk=kiosk))
            case "book", (of_service, number):
                person = {"name": "Ada", "email": f"a{len(self.ids)}@example.org", "phone": "011 5617000"}
                start = at("09:05") + number * minutes(5)
                self._made(self.run(bookings.book, service=of_service, start=start, consent=True, **person))
            case "act", (name, (action, parameters)):
                if "ticket_id" in parameters:
                    parameters = {"ticket_id": self.pick(parameters["ticket_id"])}
                self.run(counters.act, counter=name, action=action, **parameters)
            case "pass", (seconds,):
                self.clock.advance(seconds=seconds)
                self.run(deadlines.sweep, SYSTEM)
            case "confirm" | "fail", (number,):
                result = "confirmed" if kind == "confirm" else "failed"
                self.run(cases.printed, ticket_id=self.pick(number), result=result)
            case _, (number,):
                self.run(getattr(cases, kind), ticket_id=self.pick(number))

    def _made(self, body: Any) -> None:
        if body is not None:
            self.ids.append(body["id"])

    def check(self) -> None:
        with self.desk.store.reading(self.office.id, self.clock.now(), self.clock.wall()) as tx:
            rows = tx.conn.execute(tickets.select(*tickets.SELECTED).where(table.c.site == tx.site)).all()
            everybody = [tickets.of_row(row) for row in rows]
            at_work, desks = places.services(tx), places.counters(tx)
            heads = {one.id: lanes.heads(tx, one.id, one.services) for one in COUNTERS}
        self._check_counts(everybody, at_work)
        held = {row.ticket for row in desks.values() if row.ticket}
        assert held == {one.id for one in everybody if one.state in (State.called, State.serving)}
        labels = [one.label for one in everybody if one.state in LIVING]
        assert len(labels) == len(set(labels)), "a live label twice"
        for one in COUNTERS:
            mine = [
                ticket
                for ticket in everybody
                if ticket.state is State.waiting
                and (
                    ticket.target == one.id
                    or (
                        ticket.service in one.services and (not ticket.target or desks[ticket.target].state == "closed")
                    )
                )
            ]
            now, turn = self.clock.now(), desks[one.id].turn
            assert choose(one, heads[one.id], turn=turn, now=now) == choose(one, mine, turn=turn, now=now)

    def _check_counts(self, everybody: list[Any], at_work: Any) -> None:
        now = self.clock.now()
        for of_service in SERVICES:
            waiting = [one for one in everybody if one.service == of_service.id and one.state is State.waiting]
            # What became due since the last command is promoted, and counted, by the next one.
            ready = [one for one in waiting if one.target is None and one.is_callable(now)]
            row = at_work[of_service.id]
            assert (row.waiting, row.ready) == (len(waiting), len(ready)), of_service.id
        for one in everybody:
            assert one.kind is Kind.walk_in or one.calls_made == 0 or one.called_at is not None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_counts_heads_and_numbers_never_drift(store, steps):
    walk = Walk(store)
    for step in steps:
        walk.step(*step)
        walk.check()
