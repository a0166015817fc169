"""The mails about appointments: written with what they tell of, claimed before they are sent, marked afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, and_, delete, exists, func, literal, or_, select, type_coerce, update

from dispatcher.engine.model import Ticket
from dispatcher.store import ids
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import MICROSECOND, PENDING_MAIL, booking, mail, ticket
from dispatcher.store.tickets import SELECTED, of_row


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


def last_of(tx: Tx | Read, ticket_id: str) -> Row[Any] | None:
    """The newest mail about an appointment's state, reminders apart."""
    newest = select(mail).where(mail.c.ticket == ticket_id, mail.c.kind != "reminder")
    return tx.conn.execute(newest.order_by(mail.c.sequence.desc(), mail.c.written_at.desc()).limit(1)).first()


def of_ticket(tx: Tx | Read, ticket_id: str) -> Sequence[Row[Any]]:
    """All mails about an appointment, in the order of writing."""
    every = select(mail).where(mail.c.ticket == ticket_id).order_by(mail.c.written_at, mail.c.sequence, mail.c.id)
    return tx.conn.execute(every).all()


def get(tx: Tx | Read, mail_id: str) -> Row[Any] | None:
    return tx.conn.execute(select(mail).where(mail.c.id == mail_id)).first()


_earlier = mail.alias("earlier")
_NOT_OVERTAKING = ~exists().where(
    _earlier.c.ticket == mail.c.ticket, _earlier.c.sequence < mail.c.sequence, _earlier.c.next_try.is_not(None)
)


def next_due(tx: Tx | Read) -> Row[Any] | None:
    """The mail that is to be sent now: due, in nobody's hands, and no older one about the same ticket before it."""
    due = select(mail).where(
        PENDING_MAIL,
        mail.c.site == tx.site,
        mail.c.next_try <= tx.now,
        or_(mail.c.claimed_until.is_(None), mail.c.claimed_until <= tx.wall),
        _NOT_OVERTAKING,
    )
    return tx.conn.execute(due.order_by(mail.c.next_try, mail.c.written_at, mail.c.id).limit(1)).first()


def claim(tx: Tx, mail_id: str, until_wall: datetime) -> None:
    """One sender has it in its hands until then, in wall time."""
    held = {"claimed_until": until_wall, "attempts": mail.c.attempts + 1}
    tx.conn.execute(update(mail).where(mail.c.id == mail_id).values(**held))


def settle(
    tx: Tx, mail_id: str, *, sent: bool = False, failed: str | None = None, next_try: datetime | None = None
) -> None:
    """It has gone out, can never go out, or is tried again. What has been settled before stays as it is."""
    values = {"sent_at": tx.now if sent else None, "failed": failed, "next_try": next_try, "claimed_until": None}
    tx.conn.execute(update(mail).where(mail.c.id == mail_id, mail.c.next_try.is_not(None)).values(**values))


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
    count = select(func.count()).select_from(mail).where(PENDING_MAIL, mail.c.site == tx.site)
    return tx.conn.execute(count).scalar_one()


def forget(tx: Tx, before: datetime) -> None:
    """Mails about appointments that began before an instant."""
    tx.conn.execute(delete(mail).where(mail.c.site == tx.site, mail.c.start < before, mail.c.next_try.is_(None)))
