"""Bookings as the office looks for them: by day, by what a person says of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from dispatcher.engine.model import Ticket
from dispatcher.store.people import booking
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import ticket
from dispatcher.store.tickets import SELECTED, of_row

Line = tuple[Any, Ticket]
"""A booking (`code, person, name, email, phone, notes, platform, meeting`) with its ticket."""
_BOOKING = tuple(
    booking.c[name] for name in ("code", "person", "name", "email", "phone", "notes", "platform", "meeting")
)
_LINES = select(*SELECTED, *_BOOKING).join(booking, booking.c.ticket == ticket.c.id)
GONE = ("cancelled", "void", "left")
"""Whoever has given the place up."""


def _lines(tx: Tx | Read, query: Select[Any]) -> list[Line]:
    return [(row, of_row(row[: len(SELECTED)])) for row in tx.conn.execute(query)]


def between(tx: Tx | Read, services: Iterable[str], first: datetime, end: datetime) -> list[Line]:
    """The appointments from `first` until before `end`, in order; without those given up."""
    query = _LINES.where(
        ticket.c.site == tx.site,
        ticket.c.service.in_(sorted(services)),
        ticket.c.scheduled_at >= first,
        ticket.c.scheduled_at < end,
        ticket.c.state.not_in(GONE),
    )
    return _lines(tx, query.order_by(ticket.c.scheduled_at, ticket.c.number))


def _found(tx: Tx | Read, most: int, *conditions: ColumnElement[bool]) -> list[Line]:
    """By name, of each person the latest appointment first."""
    query = _LINES.where(booking.c.site == tx.site, *conditions)
    return _lines(tx, query.order_by(booking.c.sought, booking.c.person, ticket.c.scheduled_at.desc()).limit(most))


def by_name(tx: Tx | Read, words: Iterable[str], most: int) -> list[Line]:
    """Whose name has words that begin so. `words` are in normal form."""
    return _found(tx, most, *(booking.c.sought.contains(f" {word}", autoescape=True) for word in words))


def by_email(tx: Tx | Read, text: str, most: int) -> list[Line]:
    """Whose address begins so."""
    return _found(tx, most, func.lower(booking.c.email).startswith(text.lower(), autoescape=True))


def by_phone(tx: Tx | Read, digits: str, most: int) -> list[Line]:
    """Whose telephone number ends so."""
    return _found(tx, most, booking.c.phone.endswith(digits, autoescape=True))


def by_number(tx: Tx | Read, series: str, number: int, days: Iterable[date], most: int) -> list[Line]:
    """Whose ticket had this number on one of some days."""
    ours = (ticket.c.site == tx.site, ticket.c.series == series, ticket.c.number == number)
    return _found(tx, most, *ours, ticket.c.day.in_(list(days)))


def of_persons(tx: Tx | Read, services: Iterable[str], persons: Iterable[str], most: int) -> list[Line]:
    """All bookings of some persons."""
    return _found(tx, most, booking.c.service.in_(sorted(services)), booking.c.person.in_(sorted(persons)))


def starts_coming(tx: Tx | Read) -> Sequence[Any]:
    """`id, service, scheduled_at` of all bookings still to come, in the order in which they were booked."""
    return tx.conn.execute(
        select(ticket.c.id, ticket.c.service, ticket.c.scheduled_at)
        .join(booking, booking.c.ticket == ticket.c.id)
        .where(ticket.c.site == tx.site, ticket.c.scheduled_at > tx.now, ticket.c.state == "booked")
        .order_by(booking.c.booked_at, ticket.c.number)
    ).all()


def of_tickets(tx: Tx | Read, ids: Iterable[str]) -> list[Line]:
    """Some bookings, in order of time."""
    chosen = _LINES.where(ticket.c.site == tx.site, ticket.c.id.in_(list(ids)))
    return _lines(tx, chosen.order_by(ticket.c.scheduled_at, ticket.c.number))


def labels_of(tx: Tx | Read, ids: Iterable[str]) -> Mapping[str, str]:
    """The numbers of some tickets."""
    rows = tx.conn.execute(select(ticket.c.id, ticket.c.label).where(ticket.c.site == tx.site, ticket.c.id.in_(ids)))
    return {row.id: row.label for row in rows}
