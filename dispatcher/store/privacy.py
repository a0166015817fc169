"""Notices that people agreed to, and the deletion of what is personal, a batch at a time (F6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, exists, or_, select, update

from dispatcher.engine.model import LIVING
from dispatcher.store import ids
from dispatcher.store.people import access, account, account_link, account_mail, booking, mail, privacy_notice
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import ticket, ticket_event

LIVING_KEPT = timedelta(days=1)
"""Whoever is still waiting or served at the turn of the day is not forgotten meanwhile; so long after it they are."""
STRANGERS = ("public", "holder", "account")
"""Actors that are customers. Which one it was is forgotten with the booking."""


def keep_notice(tx: Tx, digest: str, text: Mapping[str, str]) -> None:
    """Store a notice, unless it is there."""
    if notice(tx, digest) is None:
        tx.conn.execute(privacy_notice.insert().values(site=tx.site, digest=digest, text=dict(text), since=tx.now))


def notice(tx: Tx | Read, digest: str) -> Row[Any] | None:
    """`digest, text, since`."""
    found = select(privacy_notice).where(privacy_notice.c.site == tx.site, privacy_notice.c.digest == digest)
    return tx.conn.execute(found).first()


# ---- appointments


def past_bookings(tx: Tx | Read, before: date, today: date, most: int) -> list[str]:
    """The tickets of the oldest bookings of the days before `before`, those at work apart."""
    found = (
        select(booking.c.ticket)
        .join(ticket, ticket.c.id == booking.c.ticket)
        .where(
            booking.c.site == tx.site,
            booking.c.day < before,
            or_(ticket.c.state.not_in(sorted(LIVING)), booking.c.day < today - LIVING_KEPT),
        )
        .order_by(booking.c.day)
        .limit(most)
    )
    return list(tx.conn.execute(found).scalars())


def forget_bookings(tx: Tx, tickets: Sequence[str]) -> None:
    """Take the personal part away: bookings, mails about them, the links and names that lead from it to the ticket."""
    if not tickets:
        return
    tx.conn.execute(delete(booking).where(booking.c.ticket.in_(tickets)))
    tx.conn.execute(delete(mail).where(mail.c.ticket.in_(tickets)))
    tx.conn.execute(_NEW_TOKEN, [{"of_ticket": one, "new_token": ids.token()} for one in tickets])
    for kind in STRANGERS:
        named = ticket_event.c.actor.startswith(f"{kind}:", autoescape=True)
        tx.conn.execute(update(ticket_event).where(ticket_event.c.ticket.in_(tickets), named).values(actor=kind))


# Whoever finds an old mail finds no ticket by its link.
_NEW_TOKEN = update(ticket).where(ticket.c.id == bindparam("of_ticket")).values(token=bindparam("new_token"))


# ---- accounts


def unused_accounts(tx: Tx | Read, before: datetime, most: int) -> list[str]:
    """Accounts not seen since `before`, the oldest first; those with a booking that is still kept apart."""
    found = (
        select(account.c.id)
        .where(
            account.c.site == tx.site,
            account.c.seen_at < before,
            ~exists().where(booking.c.account == account.c.id),
        )
        .order_by(account.c.seen_at)
        .limit(most)
    )
    return list(tx.conn.execute(found).scalars())


def forget_accounts(tx: Tx, accounts: Sequence[str]) -> None:
    """Delete accounts with their links and mails. Their bookings stay for their time, and are nobody's."""
    if not accounts:
        return
    tx.conn.execute(update(booking).where(booking.c.account.in_(accounts)).values(account=None))
    tx.conn.execute(delete(account_link).where(account_link.c.account.in_(accounts)))
    tx.conn.execute(delete(account_mail).where(account_mail.c.account.in_(accounts)))
    tx.conn.execute(delete(account).where(account.c.id.in_(accounts)))


# ---- who looked at whose data


def forget_access(tx: Tx, before: datetime, most: int) -> int:
    """Delete the oldest lines of the log of access; how many."""
    return _forget(tx, access, access.c.at < before, access.c.at, most)


def _forget(tx: Tx, table: Table, old: Any, order: Any, most: int) -> int:
    found = list(
        tx.conn.execute(select(table.c.id).where(table.c.site == tx.site, old).order_by(order).limit(most)).scalars()
    )
    if found:
        tx.conn.execute(delete(table).where(table.c.id.in_(found)))
    return len(found)
