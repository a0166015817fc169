"""Times that can be booked, and bookings whose time is not one any more (E10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from dispatcher.engine import days, hours
from dispatcher.engine import slots as engine_slots
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Capacity, Office, Service, Ticket
from dispatcher.store import agenda, holds, tickets
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
    if not is_free(found, start):
        raise RuleError("slot_gone", "This time is not free any more: choose another one.")


def is_free(found: Iterable[engine_slots.Slot], start: datetime) -> bool:
    """Whether one of these slots begins at `start` and has a free place.

    Compared in UTC: a local time of the hour that comes twice equals no time of another zone (PEP 495).
    """
    at = start.astimezone(UTC)
    return any(one.start.astimezone(UTC) == at and one.free > 0 for one in found)


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
    reasons = {row.id: reason for row, reason in _misfits(source) if service in (None, row.service)}
    return [
        {
            "id": one.id,
            "label": one.label,
            "code": row.code,
            "service": one.service,
            "start": one.scheduled_at.astimezone(source.office.zone).isoformat(),
            "reason": reasons[one.id],
            "name": row.name,
            "email": row.email,
            "phone": row.phone,
            "language": one.language,
        }
        for row, one in agenda.of_tickets(source.tx, reasons)
        if one.scheduled_at is not None
    ]


def displaced_ids(source: Reading) -> dict[str, datetime]:
    """The same by the ids of the tickets, with the time that does not fit; nothing personal."""
    return {row.id: row.scheduled_at for row, _reason in _misfits(source)}


def _misfits(source: Reading) -> list[tuple[Any, Misfit]]:
    judge = _Judge(source.office)
    found = []
    for row in agenda.starts_coming(source.tx):  # in the order of booking
        reason = judge.misfit(row.service, row.scheduled_at)
        if reason is not None:
            found.append((row, reason))
    return found


@dataclass
class _Judge:
    """Goes through bookings in their order and keeps in mind, day by day, those that fit."""

    office: Office
    _fitting: dict[date, dict[str, dict[datetime, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    )
    _starts: dict[tuple[str, date], frozenset[datetime]] = field(default_factory=dict)
    _apart: dict[tuple[str, date], bool] = field(default_factory=dict)

    def misfit(self, service_id: str, start: datetime) -> Misfit | None:
        service = self.office.services.get(service_id)
        if service is None or not service.appointments:
            return "service"
        day = start.astimezone(self.office.zone).date()
        if start not in self._starts_on(service, day):
            return "closed" if hours.closed_on(service, day) else "hours"
        if self._free(service, start, day) <= 0:
            return "places"
        self._fitting[day][service.id][start] += 1
        return None

    def _starts_on(self, service: Service, day: date) -> frozenset[datetime]:
        key = service.id, day
        if key not in self._starts:
            self._starts[key] = engine_slots.starts_on(service, day, self.office.zone)
        return self._starts[key]

    def _stands_alone(self, service: Service, day: date) -> bool:
        """Whether a slot's places are taken by nothing but appointments at its own start."""
        key = service.id, day
        if key not in self._apart:
            around = (day - days.ONE_DAY, day, day + days.ONE_DAY)
            starts = sorted(start for at in around for start in self._starts_on(service, at))
            shared = any(service.id in one.services for one in self.office.capacities)
            self._apart[key] = (
                not shared
                and service.daily_appointments is None
                and all(after - before >= service.slot for before, after in pairwise(starts))
            )
        return self._apart[key]

    def _free(self, service: Service, start: datetime, day: date) -> int:
        if self._stands_alone(service, day):
            return service.places - self._fitting[day][service.id][start]
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
