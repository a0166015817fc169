"""Short ways to a ticket; `at("10:05")` is an instant of the day that the tests are about."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatcher.engine.model import Counter, Hours, Kind, Lane, Service, State, Ticket
from tests.engine.office import utc


def at(local: str) -> datetime:
    return utc(f"2026-11-23T{local}")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def service(name: str = "passport", letter: str = "A", **settings) -> Service:
    return Service(
        id=name, letter=letter, name={"it": name}, hours=settings.pop("hours", Hours(always=True)), **settings
    )


def counter(*services: str, **settings) -> Counter:
    return Counter(id=settings.pop("id", "1"), name="1", services=services or ("passport",), **settings)


def walk_in(queued: str, number: int = 1, **fields) -> Ticket:
    """A walk-in whose paper is out at the touch."""
    wait = fields.pop("longest_wait", None)
    if wait is not None:
        fields |= {"lane": Lane.long_wait, "priority_from": at(queued) + wait}
    values = {
        "id": f"w{number}",
        "site": "rome",
        "service": "passport",
        "series": "A",
        "number": number,
        "day": at(queued).date(),
        "kind": Kind.walk_in,
        "state": State.waiting,
        "queued_at": at(queued),
        "callable_from": at(queued),
    }
    return Ticket(**(values | fields))


def appointment(scheduled: str, number: int = 1, **fields) -> Ticket:
    """A booked appointment of a service without check-in."""
    values = {
        "id": f"a{number}",
        "series": "AA",
        "kind": Kind.appointment,
        "state": State.booked,
        "scheduled_at": at(scheduled),
        "lane": Lane.priority,
        "priority_from": at(scheduled),
    }
    return walk_in(scheduled, number, **(values | fields))


def called(ticket: Ticket, when: str, **fields) -> Ticket:
    values = {"state": State.called, "called_at": at(when), "calls_made": ticket.calls_made + 1, "counter": "1"}
    return ticket_with(ticket, **(values | fields))


def ticket_with(ticket: Ticket, **fields) -> Ticket:
    return Ticket(**({name: getattr(ticket, name) for name in Ticket.__slots__} | fields))
