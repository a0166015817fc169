"""Numbers of a series and how many were issued: each a row of its own per business day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import LIVING, issue_count, series, ticket
from dispatcher.store.upsert import upsert


def last_number(tx: Tx, day: date, of_series: str) -> int:
    """The last number given in a series on a day; 0 before the first."""
    found = tx.conn.execute(_LAST, {"of_site": tx.site, "of_day": day, "of_series": of_series}).scalar()
    return found or 0


_LAST = select(series.c.last).where(
    series.c.site == bindparam("of_site"),
    series.c.day == bindparam("of_day"),
    series.c.series == bindparam("of_series"),
)


def set_last_number(tx: Tx, day: date, of_series: str, number: int) -> None:
    upsert(tx.conn, series, {"site": tx.site, "day": day, "series": of_series}, {"last": number})


def is_living(tx: Tx, label: str) -> bool:
    """Whether a ticket of that label, of whatever day, is still on its way."""
    return tx.conn.execute(_LIVING, {"of_site": tx.site, "of_label": label}).first() is not None


_LIVING = select(ticket.c.id).where(
    ticket.c.site == bindparam("of_site"), ticket.c.label == bindparam("of_label"), LIVING
)


def issued_on(tx: Tx | Read, day: date, of_service: str) -> int:
    """Walk-ins issued for a service on a day, voids not counted."""
    found = tx.conn.execute(_ISSUED, {"of_site": tx.site, "of_day": day, "of_service": of_service}).scalar()
    return found or 0


_ISSUED = select(issue_count.c.issued).where(
    issue_count.c.site == bindparam("of_site"),
    issue_count.c.day == bindparam("of_day"),
    issue_count.c.service == bindparam("of_service"),
)


def add_issued(tx: Tx, day: date, of_service: str, change: int) -> None:
    count = issued_on(tx, day, of_service) + change
    upsert(tx.conn, issue_count, {"site": tx.site, "day": day, "service": of_service}, {"issued": count})


hot(_LAST, _LIVING, _ISSUED)
