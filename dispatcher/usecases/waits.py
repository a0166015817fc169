"""How long people wait: figures that the engine's estimate is fed with."""

from __future__ import annotations

from dispatcher.engine import estimate
from dispatcher.engine.model import Lane, State, Ticket
from dispatcher.store import lanes, places
from dispatcher.store.places import ServiceRow
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

Span = tuple[int, int]


def span(source: Reading, service_id: str, ahead: int) -> Span | None:
    """The span of the wait in seconds behind `ahead` others; None when unknown."""
    row = source.services.get(service_id)
    if row is None:
        return None
    return estimate.wait(ahead, row.durations, source.open_counters(service_id))


def of_service(source: Reading, row: ServiceRow) -> Span | None:
    """The span of the wait of somebody who takes a ticket now."""
    return span(source, row.id, row.ready)


def expected_s(work: Work, service_id: str) -> int | None:
    """The longer end of the wait of somebody who takes a ticket now."""
    found = of_service(work, work.services[service_id])
    return found[1] if found else None


def ahead(source: Reading, one: Ticket, *, new: bool = False) -> int:
    """How many stand before a ticket. `new`: just issued, so only the few after it are counted."""
    if one.state not in (State.printing, State.waiting, State.booked, State.parked):
        return 0
    if new and one.lane is not Lane.priority and one.target is None and one.service in source.services:
        ready = source.services[one.service].ready
        return max(0, ready - int(one.is_callable(source.tx.now)) - lanes.after(source.tx, one))
    return lanes.ahead(source.tx, one, source.tx.now)


def reopen(work: Work, service_id: str) -> None:
    """The hours of a day were made longer after its closing: it goes on."""
    places.set_closed_day(work.tx, service_id, None)
    work.touch()
