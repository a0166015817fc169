"""What a view may know: the office's settings and one consistent look at the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dispatcher.engine import days, hours
from dispatcher.engine.model import Office, Ticket
from dispatcher.store import places, tickets
from dispatcher.store.places import CounterRow, ServiceRow
from dispatcher.store.session import Read, Tx


@dataclass
class Reading:
    """Handed to each view; `Work` adds the right to change things."""

    tx: Read | Tx
    office: Office
    base_url: str
    _counters: dict[str, CounterRow] | None = field(default=None, init=False)
    _services: dict[str, ServiceRow] | None = field(default=None, init=False)
    _tickets: dict[str, Ticket] = field(default_factory=dict, init=False)

    @property
    def today(self) -> date:
        """The business day."""
        return days.business_day(self.tx.now, self.office.zone, self.office.day_starts)

    @property
    def counters(self) -> dict[str, CounterRow]:
        """All counters at work by id."""
        if self._counters is None:
            self._counters = places.counters(self.tx)
        return self._counters

    @property
    def services(self) -> dict[str, ServiceRow]:
        """Today's figures of the services; read again after a change of counts."""
        if self._services is None:
            self._services = places.services(self.tx)
        return self._services

    def find(self, ticket_id: str | None) -> Ticket | None:
        """A ticket by its id, as this transaction sees it: read once. None: there is none."""
        found = self._tickets.get(ticket_id or "")
        if found is None and ticket_id is not None:
            found = tickets.get(self.tx, ticket_id)
            if found is not None:
                self._tickets[ticket_id] = found
        return found

    def forget_counts(self) -> None:
        """The counts have changed."""
        self._services = None

    def is_closed(self, service_id: str) -> bool:
        """Whether a service has closed and not yet begun again: over the turn of the day too."""
        row, service = self.services.get(service_id), self.office.services.get(service_id)
        if row is None or service is None or row.closed_day is None or row.closed_day < self.today - days.ONE_DAY:
            return False
        begun = any(start <= self.tx.now for start, _end in hours.spans_on(service, self.today, self.office.zone))
        return row.closed_day == self.today or not begun

    def open_counters(self, service_id: str) -> int:
        """How many open counters serve a service."""
        serving = self.office.counters_serving(service_id)
        return sum(one.id in self.counters and self.counters[one.id].state == "open" for one in serving)
