"""Times that can be booked, and bookings whose time is not one any more (E10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from dispatcher.engine import days, hours
from dispatcher.engine import slots as engine_slots
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Capacity, Office, Service, Ticket
from dispatcher.store import bookings, holds, tickets
from dispatcher.usecases.reading import Reading

Misfit = Literal["service", "closed", "hours", "places"]
"""Why a booking fits no more: its service is gone, its day is shut, its time is no slot, too many have the same."""
Taken = dict[str, dict[datetime, int]]


def slots(
    source: Reading, *, service: str, first: date, last: date, bound: bool = True, holder: str | None = None
) -> list[dict[str, Any]] | None:
    """`[{start, free}]` between two local dates, both included, less what others than `holder` hold.

    None for an unknown service.
    """
    settings = source.office.services.get(service)
    if settings is None:
        return None
    if not settings.appointments or last < first:
        return []
    found = found_slots(source, settings, first, last, bound=bound, holder=holder)
    return [{"start": one.start.isoformat(), "free": one.free} for one in found if one.free > 0]


def found_slots(
    source: Reading,
    service: Service,
    first: date,
    last: date,
    *,
    bound: bool,
    besides: Ticket | None = None,
    holder: str | None = None,
) -> list[engine_slots.Slot]:
    """The slots of some local days as they are now.

    `besides` is an appointment that gives its own place up; `holder` does not stand in their own way either.
    """
    taken = taken_around(source, service, first, last, besides=besides, holder=holder)
    return slots_beside(source, service, first, last, taken, bound=bound)


def slots_beside(
    source: Reading, service: Service, first: date, last: date, taken: Taken, *, bound: bool
) -> list[engine_slots.Slot]:
    """The slots of some local days beside what is taken around them."""
    office = source.office
    return engine_slots.slots(
        service,
        first,
        last,
        zone=office.zone,
        now=source.tx.now,
        taken=taken.get(service.id, {}),
        shared=_shared(office, _sharing(office, service), taken),
        bound=bound,
    )


def taken_around(
    source: Reading,
    service: Service,
    first: date,
    last: date,
    *,
    besides: Ticket | None = None,
    holder: str | None = None,
) -> Taken:
    """What is booked or held from the day before `first` to the day after `last`: of the service and of those with
    whom it shares staff.
    """
    office = source.office
    low = days.day_bounds(first - timedelta(days=1), office.zone, office.day_starts)[0]
    high = days.day_bounds(last + timedelta(days=1), office.zone, office.day_starts)[1]
    names = {service.id, *(name for one in _sharing(office, service) for name in one.services)}
    taken = tickets.taken_places(source.tx, names, low, high)
    for name, starts in holds.taken_places(source.tx, names, low, high, besides=holder).items():
        places = taken.setdefault(name, {})
        for start, number in starts.items():
            places[start] = places.get(start, 0) + number
    if besides is not None and besides.scheduled_at in taken.get(besides.service, {}):
        taken[besides.service][besides.scheduled_at] -= 1
    return taken


def _sharing(office: Office, service: Service) -> list[Capacity]:
    return [one for one in office.capacities if service.id in one.services]


def check_slot(
    source: Reading,
    service: Service,
    start: datetime,
    *,
    bound: bool,
    besides: Ticket | None = None,
    holder: str | None = None,
) -> None:
    """Raises RuleError invalid when no appointment begins at `start`, slot_gone when no place is free then."""
    zone = source.office.zone
    if not engine_slots.is_slot(service, start.astimezone(zone), zone):
        raise RuleError("invalid", "No appointment begins at that time.", field="start")
    day = start.astimezone(zone).date()
    found = found_slots(source, service, day, day, bound=bound, besides=besides, holder=holder)
    if not any(one.start == start and one.free > 0 for one in found):
        raise RuleError("slot_gone", "This time is not free any more: choose another one.")


def _shared(office: Office, sharing: Iterable[Capacity], taken: Taken) -> list[engine_slots.Shared]:
    return [
        engine_slots.Shared(
            one.places,
            [
                line
                for name in one.services
                for line in engine_slots.busy(office.services[name], taken.get(name, {}))
                if line[2]
            ],
        )
        for one in sharing
    ]


def displaced(source: Reading, *, service: str | None = None) -> list[dict[str, Any]]:
    """Bookings still to come that a later change of the office has left without a slot, in order of time.

    Each with `reason` (see Misfit) and with whom to call. They stay booked and are called at their time: moving or
    cancelling them is the office's decision. Where there are too many for the places, those who booked last are named.
    """
    found = []
    judge = _Judge(source.office)
    for row, one in bookings.coming(source.tx):  # in the order of booking
        reason = judge.misfit(one)
        if reason is None or (service is not None and one.service != service) or one.scheduled_at is None:
            continue
        found.append(
            (
                one.scheduled_at,
                {
                    "id": one.id,
                    "label": one.label,
                    "code": row.code,
                    "service": one.service,
                    "start": one.scheduled_at.astimezone(source.office.zone).isoformat(),
                    "reason": reason,
                    "name": row.name,
                    "email": row.email,
                    "phone": row.phone,
                    "language": one.language,
                },
            )
        )
    return [line for _at, line in sorted(found, key=lambda pair: pair[0])]


@dataclass
class _Judge:
    """Goes through bookings in their order and keeps in mind, day by day, those that fit."""

    office: Office
    _fitting: dict[date, dict[str, dict[datetime, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    )
    _starts: dict[tuple[str, date], frozenset[datetime]] = field(default_factory=dict)

    def misfit(self, one: Ticket) -> Misfit | None:
        service = self.office.services.get(one.service)
        if service is None or not service.appointments or one.scheduled_at is None:
            return "service"
        start = one.scheduled_at.astimezone(UTC)
        day = start.astimezone(self.office.zone).date()
        key = service.id, day
        if key not in self._starts:
            self._starts[key] = engine_slots.starts_on(service, day, self.office.zone)
        if start not in self._starts[key]:
            return "closed" if hours.closed_on(service, day) else "hours"
        if self._free(service, start, day) == 0:
            return "places"
        self._fitting[day][service.id][start] += 1
        return None

    def _free(self, service: Service, start: datetime, day: date) -> int:
        sharing = _sharing(self.office, service)
        names = {service.id, *(name for one in sharing for name in one.services)}
        near = [self._fitting[at] for at in (day - days.ONE_DAY, day, day + days.ONE_DAY) if at in self._fitting]
        taken: Taken = {name: {} for name in names}
        for name in names:
            for fitting in near:
                taken[name].update(fitting.get(name, {}))
        return engine_slots.free_at(
            service, start, zone=self.office.zone, taken=taken[service.id], shared=_shared(self.office, sharing, taken)
        )
