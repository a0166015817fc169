"""An office at work in a test: a desk over a store, a clock that is moved by hand, and short ways to act and look."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatcher.engine.model import Counter, Device, Hours, Kiosk, Office, Service
from dispatcher.jobs import Jobs
from dispatcher.store import messages, tickets
from dispatcher.store.session import Store
from dispatcher.usecases import bookings, counters, deadlines, views
from dispatcher.usecases import tickets as ticket_cases
from dispatcher.usecases.desk import SYSTEM, Actor, Answer, Contact, Desk
from dispatcher.wire.clock import ManualClock
from tests.engine.make import at

ROME = ZoneInfo("Europe/Rome")
SITE = "torino"
CLERK = Actor("user:anna", "office")
PUBLIC = Actor("public", "public")
KIOSK = Actor("device:entrance", "kiosk", kiosks=frozenset({"entrance"}))
_addresses = itertools.count(1)


def service(name: str = "passport", letter: str = "A", **settings: Any) -> Service:
    hours = settings.pop("hours", Hours(always=True))
    return Service(id=name, letter=letter, name={"it": name}, hours=hours, **({"slot": minutes(5)} | settings))


def counter(name: str = "1", *services: str, **settings: Any) -> Counter:
    """A counter that calls nobody by itself, unless it is told to."""
    return Counter(id=name, name=name, services=services or ("passport",), **({"mode": "manual"} | settings))


def weekdays(*spans: tuple[str, str]) -> Hours:
    """The same hours from Monday to Friday."""
    made = tuple((_time(first), _time(last)) for first, last in spans)
    return Hours(spans=dict.fromkeys(range(5), made))


def _time(text: str) -> Any:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  # a time of day has no zone


def office(*parts: Service | Counter, **settings: Any) -> Office:
    """Without counters: 1 and 2 for all services. With a dispenser `entrance` and a button at counter 1."""
    services = [one for one in parts if isinstance(one, Service)] or [service()]
    names = [one.id for one in services]
    desks = [one for one in parts if isinstance(one, Counter)] or [counter("1", *names), counter("2", *names)]
    return Office(
        id=SITE,
        name="Camera di commercio",
        zone=ROME,
        services={one.id: one for one in services},
        counters={one.id: one for one in desks},
        kiosks={"entrance": Kiosk(id="entrance")},
        devices={"button": Device(id="button", kind="tasmota", counter="1")},
        **settings,
    )


@dataclass
class House:
    """`desk` at work from 09:00 local time on Monday, 23 November 2026."""

    store: Store
    desk: Desk
    clock: ManualClock
    heard: int = 0
    refused_bodies: list[dict[str, Any]] = field(default_factory=list)

    # ---- acting

    def do(self, use_case: Any, *, actor: Actor = CLERK, **arguments: Any) -> Any:
        """A use case that must go well; its answer."""
        answer = self.desk.execute(actor, use_case, **arguments)
        assert answer.ok, answer.body
        return answer.body

    def refusal(self, use_case: Any, *, actor: Actor = CLERK, **arguments: Any) -> str:
        """A use case that must be refused; the code."""
        answer = self.desk.execute(actor, use_case, **arguments)
        assert not answer.ok, answer.body
        assert answer.body is not None
        self.refused_bodies.append(answer.body)
        return str(answer.body["code"])

    def issue(self, service: str = "passport", **arguments: Any) -> dict[str, Any]:
        """A walk-in without paper: it waits at once."""
        body: dict[str, Any] = self.do(ticket_cases.issue, service=service, **arguments)
        return body

    def print(self, service: str = "passport", **arguments: Any) -> dict[str, Any]:
        """A walk-in at the dispenser, its paper not yet out."""
        body: dict[str, Any] = self.do(
            ticket_cases.issue, actor=KIOSK, service=service, kiosk="entrance", contact=Contact("entrance"), **arguments
        )
        return body

    def printed(self, one: dict[str, Any], result: str = "confirmed") -> dict[str, Any]:
        body: dict[str, Any] = self.do(ticket_cases.printed, actor=KIOSK, ticket_id=one["id"], result=result)
        return body

    def act(self, action: str, counter: str = "1", **parameters: Any) -> Answer:
        """A press of a button: without `holding`, unless it is given."""
        return self.desk.execute(CLERK, counters.act, counter=counter, action=action, **parameters)

    def press(self, action: str, counter: str = "1", **parameters: Any) -> dict[str, Any]:
        """An action that must go well."""
        answer = self.act(action, counter, **parameters)
        assert answer.ok, answer.body
        assert answer.body is not None
        return answer.body

    def call(self, counter: str = "1", **parameters: Any) -> str | None:
        """Next; the label that is called."""
        ticket = self.press("next", counter, **parameters)["ticket"]
        return ticket["label"] if ticket else None

    def no(self, action: str, counter: str = "1", **parameters: Any) -> str:
        """An action that must be refused; the code."""
        answer = self.act(action, counter, **parameters)
        assert not answer.ok, answer.body
        assert answer.body is not None
        self.refused_bodies.append(answer.body)
        return str(answer.body["code"])

    def open(self, *names: str) -> None:
        for name in names or tuple(self.desk.office.counters):
            self.press("open", name)

    def book(self, start: str = "10:00", service: str = "passport", **changes: Any) -> dict[str, Any]:
        """A booking by somebody new, at a local time of the day."""
        values: dict[str, Any] = {
            "service": service,
            "start": at(start),
            "name": "Rita Levi",
            "email": f"rita{next(_addresses)}@example.org",
            "phone": "+39 011 5617000",
            "consent": True,
        }
        body: dict[str, Any] = self.do(bookings.book, **(values | changes))
        return body

    def later(self, **delta: float) -> None:
        """Time passes; then the sweeper comes by, as it does each second."""
        self.clock.advance(**delta)
        self.sweep()

    def until(self, local: str) -> None:
        """Both clocks move on to a local time of the day (`HH:MM[:SS]`), or to `YYYY-MM-DDTHH:MM`."""
        target = at(local) if "T" not in local else datetime.fromisoformat(local).replace(tzinfo=ROME)
        self.later(seconds=(target - self.clock.now()).total_seconds())

    def sweep(self) -> None:
        for _ in range(5):
            if not self.desk.read(deadlines.is_due):
                return
            self.desk.execute(SYSTEM, deadlines.sweep)
        raise AssertionError("the sweep does not come to an end")

    def jobs(self) -> Jobs:
        return Jobs(self.desk)

    # ---- looking

    def ticket(self, one: dict[str, Any] | str) -> dict[str, Any]:
        """A ticket, by an answer or by a label."""
        if isinstance(one, str):
            found = self.desk.read(lambda reading: tickets.by_label(reading.tx, one, reading.today))
            assert found is not None, one
            ticket_id = found.id
        else:
            ticket_id = one["id"]
        body = self.desk.read(views.ticket_by_id, ticket_id=ticket_id)
        assert body is not None
        return body

    def state(self, one: dict[str, Any] | str) -> str:
        return str(self.ticket(one)["state"])

    def events(self, one: dict[str, Any] | str) -> list[str]:
        """The history: `served*` is presumed."""
        return [line["event"] + "*" * bool(line.get("presumed")) for line in self.ticket(one)["history"]]

    def at_counter(self, counter: str = "1") -> str | None:
        """The label that a counter holds."""
        body = self.desk.read(views.counter, counter=counter)
        assert body is not None
        return body["ticket"]["label"] if body["ticket"] else None

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """Topic and content of all that went into the outbox since the last time."""
        with self.store.reading(SITE, self.clock.now(), self.clock.wall()) as tx:
            rows = messages.pending(tx.conn, SITE, 10_000, after=self.heard)
        if rows:
            self.heard = rows[-1].id
        return [(row.topic, json.loads(row.payload)) for row in rows]

    def calls(self) -> list[str]:
        """What the voice was told since the last time: labels, or `stop`."""
        return ["stop" if "withdrawn" in body else body["label"] for topic, body in self.said() if topic == "call"]

    def board(self) -> dict[str, Any]:
        body = self.desk.read(views.board)
        assert body is not None
        return body

    def on_board(self) -> list[str]:
        return [line["label"] for line in self.board()["calls"]]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
