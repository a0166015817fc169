"""Whose appointment it is: the personal part, kept apart from the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from dispatcher.engine.model import Ticket
from dispatcher.engine.names import normal_name
from dispatcher.store.people import booking
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import challenge, ticket
from dispatcher.store.tickets import SELECTED, of_row


def add(tx: Tx, *, name: str, **values: Any) -> None:
    values |= {"name": name, "sought": sought(name)}
    tx.conn.execute(booking.insert().values(site=tx.site, booked_at=tx.now, **values))


def correct(tx: Tx, ticket_id: str, *, name: str, **values: Any) -> None:
    """Other details of a booking."""
    values |= {"name": name, "sought": sought(name)}
    tx.conn.execute(update(booking).where(booking.c.ticket == ticket_id).values(values))


def sought(name: str) -> str:
    """What a name is found by: a blank stands before each of its words."""
    return f" {normal_name(name)}"


def by_code(tx: Tx | Read, code: str) -> Row[Any] | None:
    return tx.conn.execute(select(booking).where(booking.c.site == tx.site, booking.c.code == code)).first()


def of_ticket(tx: Tx | Read, ticket_id: str) -> Row[Any] | None:
    return tx.conn.execute(select(booking).where(booking.c.ticket == ticket_id)).first()


def hand_over(tx: Tx, old_ticket: str, new_ticket: str) -> None:
    """A move to another day: the booking belongs to a new ticket."""
    tx.conn.execute(update(booking).where(booking.c.ticket == old_ticket).values(ticket=new_ticket))


def set_day(tx: Tx, ticket_id: str, day: date) -> None:
    """The appointment is on another day now."""
    tx.conn.execute(update(booking).where(booking.c.ticket == ticket_id).values(day=day))


def open_of(tx: Tx | Read, service: str, person: str) -> Sequence[Ticket]:
    """The bookings of one person for a service that are still to come or on their way."""
    rows = tx.conn.execute(select(*SELECTED).where(*_open(tx, service), booking.c.person == person))
    return [of_row(row) for row in rows]


def open_of_account(tx: Tx | Read, service: str, account: str) -> Sequence[tuple[str, Ticket]]:
    """The same of one account, with the names of those who come."""
    rows = tx.conn.execute(select(*SELECTED, booking.c.name).where(*_open(tx, service), booking.c.account == account))
    return [(row.name, of_row(row[: len(SELECTED)])) for row in rows]


def _open(tx: Tx | Read, service: str) -> tuple[ColumnElement[bool], ...]:
    return (
        booking.c.ticket == ticket.c.id,
        booking.c.site == tx.site,
        booking.c.service == service,
        ticket.c.state.in_(("booked", "waiting", "called", "serving", "parked")),
    )


def use_challenge(tx: Tx, digest: str, expires: datetime) -> bool:
    """Mark an anti-robot challenge as used; False when it was used before. Expired ones are forgotten."""
    tx.conn.execute(delete(challenge).where(challenge.c.expires < tx.wall))
    if tx.conn.execute(select(challenge.c.digest).where(challenge.c.digest == digest)).first():
        return False
    tx.conn.execute(challenge.insert().values(digest=digest, expires=expires))
    return True
