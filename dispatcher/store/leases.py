"""Ranges of numbers that dispensers hold to issue off line: a row each, of one series, business day and dispenser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, case, delete, func, select

from dispatcher.store import ids
from dispatcher.store.quick import hot
from dispatcher.store.session import Tx
from dispatcher.store.tables import LIVING, lease, ticket


@dataclass(frozen=True, slots=True)
class Lease:
    """The numbers `first` to `last`, both inclusive."""

    day: date
    series: str
    first: int
    last: int
    kiosk: str
    granted_at: datetime


def grant(tx: Tx, one: Lease) -> None:
    """Give a range to a dispenser; that it overlaps no other is the caller's care (see `highest`)."""
    values = {"site": tx.site, "day": one.day, "series": one.series, "first": one.first, "last": one.last}
    tx.conn.execute(lease.insert().values(**values, kiosk=one.kiosk, granted_at=one.granted_at))


def highest(tx: Tx, day: date, series: str) -> int:
    """The highest number of a series and day that is some dispenser's; 0 when there is none."""
    found = tx.conn.execute(
        select(func.max(lease.c.last)).where(lease.c.site == tx.site, lease.c.day == day, lease.c.series == series)
    ).scalar()
    return found or 0


def covers(tx: Tx, day: date, series: str, number: int) -> bool:
    """Whether a number of that day is some dispenser's to give."""
    parameters = {"of_site": tx.site, "of_day": day, "of_series": series, "of_number": number}
    return tx.conn.execute(_COVERS, parameters).first() is not None


_COVERS = select(lease.c.first).where(
    lease.c.site == bindparam("of_site"),
    lease.c.day == bindparam("of_day"),
    lease.c.series == bindparam("of_series"),
    lease.c.first <= bindparam("of_number", type_=lease.c.first.type),
    lease.c.last >= bindparam("of_number", type_=lease.c.last.type),
)


def holding(tx: Tx, kiosk: str, series: str, number: int) -> list[Lease]:
    """A dispenser's ranges that hold this number, the newest day first."""
    columns = lease.c
    rows = tx.conn.execute(
        select(columns.day, columns.series, columns.first, columns.last, columns.kiosk, columns.granted_at)
        .where(columns.site == tx.site, columns.kiosk == kiosk, columns.series == series)
        .where(columns.first <= number, columns.last >= number)
        .order_by(columns.day.desc())
    )
    return [Lease(*row) for row in rows]


def living_above(tx: Tx, series: str, number: int) -> set[int]:
    """The numbers above `number` whose labels in this series are alive, of whatever day."""
    rows = tx.conn.execute(
        select(ticket.c.number).where(
            ticket.c.site == tx.site, LIVING, ticket.c.series == series, ticket.c.number > number
        )
    )
    return {row[0] for row in rows}


def last_on_line(tx: Tx, kiosk: str, since: datetime) -> datetime | None:
    """The latest touch among the tickets that this dispenser issued on line since then; None: it issued none.

    Only those with a confirmed paper: a number that it asked for in vain, as the link went, is none that it issued.
    """
    leased = and_(
        lease.c.site == ticket.c.site,
        lease.c.day == ticket.c.day,
        lease.c.series == ticket.c.series,
        lease.c.first <= ticket.c.number,
        lease.c.last >= ticket.c.number,
    )
    # who has missed a call and came back stands in the queue from then on
    touched = case((ticket.c.queued_at < ticket.c.issued_at, ticket.c.queued_at), else_=ticket.c.issued_at)
    return tx.conn.execute(
        select(func.max(touched)).where(
            ticket.c.id >= ids.first_of(since),  # ids begin with their instant: not all tickets are looked at
            ticket.c.site == tx.site,
            ticket.c.kiosk == kiosk,
            ticket.c.paper == "confirmed",
            ~select(lease.c.first).where(leased).exists(),
        )
    ).scalar()


def forget(tx: Tx, before: date) -> None:
    """Drop the ranges of the days before."""
    tx.conn.execute(delete(lease).where(lease.c.site == tx.site, lease.c.day < before))


hot(_COVERS)
