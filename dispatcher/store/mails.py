"""The mails about appointments, accounts and devices: written with what they tell of, claimed, sent, then marked.

They stand in three tables with the same columns of delivery; an id is in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from dispatcher.engine.model import Ticket
from dispatcher.store import ids
from dispatcher.store.columns import MICROSECOND
from dispatcher.store.people import PENDING_MAIL, account_mail, booking, mail
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import ticket
from dispatcher.store.tickets import SELECTED, of_row
from dispatcher.store.troubles import problem_mail

TABLES: tuple[Table, ...] = (mail, account_mail, problem_mail)


def add(tx: Tx, about: Ticket, kind: str, *, sequence: int, before: datetime | None = None) -> str:
    """A mail that waits to be sent, with the facts as they are now; its id."""
    mail_id = ids.uuid7(tx.now)
    tx.conn.execute(
        mail.insert().values(
            id=mail_id,
            site=tx.site,
            ticket=about.id,
            kind=kind,
            language=about.language,
            sequence=sequence,
            service=about.service,
            label=about.label,
            start=about.scheduled_at,
            before=before,
            written_at=tx.now,
            attempts=0,
            next_try=tx.now,
        )
    )
    return mail_id


def add_for_account(tx: Tx, account_id: str, kind: str, language: str, *, link: str | None = None) -> str:
    """A mail to the owner of an account; its id."""
    mail_id = ids.uuid7(tx.now)
    values = {"id": mail_id, "site": tx.site, "account": account_id, "kind": kind, "language": language, "link": link}
    tx.conn.execute(account_mail.insert().values(**values, written_at=tx.now, attempts=0, next_try=tx.now))
    return mail_id


def last_of(tx: Tx | Read, ticket_id: str) -> Row[Any] | None:
    """The newest mail about an appointment's state, reminders apart."""
    newest = select(mail).where(mail.c.ticket == ticket_id, mail.c.kind != "reminder")
    return tx.conn.execute(newest.order_by(mail.c.sequence.desc(), mail.c.written_at.desc()).limit(1)).first()


def of_ticket(tx: Tx | Read, ticket_id: str) -> Sequence[Row[Any]]:
    """All mails about an appointment, in the order of writing."""
    every = select(mail).where(mail.c.ticket == ticket_id).order_by(mail.c.written_at, mail.c.sequence, mail.c.id)
    return tx.conn.execute(every).all()


def get(tx: Tx | Read, mail_id: str) -> Row[Any] | None:
    """A mail of any kind."""
    found = (tx.conn.execute(select(table).where(table.c.id == mail_id)).first() for table in TABLES)
    return next((row for row in found if row is not None), None)


_earlier = mail.alias("earlier")
_NOT_OVERTAKING = ~exists().where(
    _earlier.c.ticket == mail.c.ticket, _earlier.c.sequence < mail.c.sequence, _earlier.c.next_try.is_not(None)
)


def next_due(tx: Tx | Read) -> Row[Any] | None:
    """The mail that is to be sent now: due, in nobody's hands, and no older one about the same ticket before it."""
    first = [tx.conn.execute(_due(tx, table)).first() for table in TABLES]
    return min((row for row in first if row is not None), key=lambda row: (row.next_try, row.id), default=None)


def _due(tx: Tx | Read, table: Table) -> Select[Any]:
    column = table.c
    due = select(table).where(
        PENDING_MAIL,
        column.site == tx.site,
        column.next_try <= tx.now,
        or_(column.claimed_until.is_(None), column.claimed_until <= tx.wall),
    )
    if table is mail:
        due = due.where(_NOT_OVERTAKING)
    return due.order_by(column.next_try, column.written_at, column.id).limit(1)


def claim(tx: Tx, mail_id: str, until_wall: datetime) -> None:
    """One sender has it in its hands until then, in wall time."""
    for table in TABLES:
        held = {"claimed_until": until_wall, "attempts": table.c.attempts + 1}
        tx.conn.execute(update(table).where(table.c.id == mail_id).values(**held))


def settle(
    tx: Tx, mail_id: str, *, sent: bool = False, failed: str | None = None, next_try: datetime | None = None
) -> None:
    """It has gone out, can never go out, or is tried again. What has been settled before stays as it is."""
    values = {"sent_at": tx.now if sent else None, "failed": failed, "next_try": next_try, "claimed_until": None}
    for table in TABLES:
        tx.conn.execute(update(table).where(table.c.id == mail_id, table.c.next_try.is_not(None)).values(**values))


def drop_reminders(tx: Tx, ticket_id: str) -> None:
    """The appointment is not at that time any more."""
    tx.conn.execute(
        delete(mail).where(mail.c.ticket == ticket_id, mail.c.kind == "reminder", mail.c.next_try.is_not(None))
    )


def to_remind(tx: Tx | Read, services: Sequence[str], ahead: timedelta) -> Sequence[Ticket]:
    """Booked appointments with an address that begin within `ahead`, of which no mail has told in that time."""
    begins = type_coerce(ticket.c.scheduled_at, BigInteger) - literal(ahead // MICROSECOND, BigInteger)
    told = exists().where(mail.c.ticket == ticket.c.id, type_coerce(mail.c.written_at, BigInteger) >= begins)
    rows = tx.conn.execute(
        select(*SELECTED)
        .join(booking, and_(booking.c.ticket == ticket.c.id, booking.c.email.is_not(None)))
        .where(
            ticket.c.site == tx.site,
            ticket.c.service.in_(services),
            ticket.c.scheduled_at > tx.now,
            ticket.c.scheduled_at <= tx.now + ahead,
            ticket.c.state == "booked",
            ~told,
        )
        .order_by(ticket.c.scheduled_at)
    )
    return [of_row(row) for row in rows]


def failed(tx: Tx | Read, since: datetime) -> Sequence[Row[Any]]:
    """Mails of appointments from `since` on that can never go out, the next appointment first.

    Not those that a newer one has followed: it goes out, has gone, or is named itself.
    """
    later = mail.alias("later")
    newer = or_(
        later.c.sequence > mail.c.sequence,
        and_(later.c.sequence == mail.c.sequence, later.c.written_at > mail.c.written_at),
    )
    followed = exists().where(later.c.ticket == mail.c.ticket, newer)
    lost = select(mail).where(mail.c.site == tx.site, mail.c.start >= since, mail.c.failed.is_not(None), ~followed)
    return tx.conn.execute(lost.order_by(mail.c.start)).all()


def waiting(tx: Tx | Read) -> int:
    """How many mails have not gone out yet."""
    counts = (select(func.count()).select_from(table).where(PENDING_MAIL, table.c.site == tx.site) for table in TABLES)
    return sum(tx.conn.execute(count).scalar_one() for count in counts)


def forget(tx: Tx, before: datetime) -> None:
    """Mails about appointments that began before an instant, and those about accounts that were written before it."""
    for table in TABLES:
        at = mail.c.start if table is mail else table.c.written_at
        tx.conn.execute(delete(table).where(table.c.site == tx.site, at < before, table.c.next_try.is_(None)))
