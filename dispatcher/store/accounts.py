"""Citizens' accounts and the links by which a mail's reader acts: used once, within their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, and_, delete, exists, or_, select, update

from dispatcher.engine.model import Ticket
from dispatcher.store import ids, privacy
from dispatcher.store.people import account, account_link, account_mail, booking, mail
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import ticket
from dispatcher.store.tickets import SELECTED, of_row


def add(tx: Tx, *, language: str, **values: Any) -> str:
    """A new account, not yet confirmed unless `values` say so; its id."""
    account_id = ids.uuid7(tx.now)
    defaults = {"name": "", "phone": "", "created_at": tx.now, "seen_at": tx.now, "sessions_from": tx.wall}
    tx.conn.execute(account.insert().values(id=account_id, site=tx.site, language=language, **(defaults | values)))
    return account_id


def get(tx: Tx | Read, account_id: str) -> Row[Any] | None:
    return _one(tx, account.c.id == account_id)


def by_email(tx: Tx | Read, email: str) -> Row[Any] | None:
    return _one(tx, account.c.email == email)


def by_subject(tx: Tx | Read, subject: str) -> Row[Any] | None:
    return _one(tx, account.c.subject == subject)


def _one(tx: Tx | Read, condition: Any) -> Row[Any] | None:
    return tx.conn.execute(select(account).where(account.c.site == tx.site, condition)).first()


def change(tx: Tx, account_id: str, **values: Any) -> None:
    tx.conn.execute(update(account).where(account.c.site == tx.site, account.c.id == account_id).values(**values))


def remove(tx: Tx, account_id: str) -> None:
    """The account with its links and mails. Its bookings are the caller's."""
    of_account: tuple[Table, ...] = (account_link, account_mail)
    for table in of_account:
        tx.conn.execute(delete(table).where(table.c.site == tx.site, table.c.account == account_id))
    tx.conn.execute(delete(account).where(account.c.site == tx.site, account.c.id == account_id))


# ---- links


def add_link(tx: Tx, account_id: str, kind: str, expires: datetime, begun: dict[str, Any] | None = None) -> str:
    """`begun` is what its click completes; its id."""
    link_id = ids.uuid7(tx.now)
    values = {"id": link_id, "site": tx.site, "account": account_id, "kind": kind, "expires": expires, "begun": begun}
    tx.conn.execute(account_link.insert().values(**values))
    return link_id


def link(tx: Tx | Read, link_id: str, kinds: Sequence[str]) -> Row[Any] | None:
    """A link of one of these kinds that can still be used."""
    usable = and_(account_link.c.used_at.is_(None), account_link.c.expires > tx.now, account_link.c.kind.in_(kinds))
    found = select(account_link).where(account_link.c.site == tx.site, account_link.c.id == link_id, usable)
    return tx.conn.execute(found).first()


def any_link(tx: Tx | Read, link_id: str | None) -> Row[Any] | None:
    """A link in whatever state it is."""
    return tx.conn.execute(
        select(account_link).where(account_link.c.site == tx.site, account_link.c.id == link_id)
    ).first()


def use_link(tx: Tx, link_id: str) -> None:
    """What was begun with it has served its purpose."""
    tx.conn.execute(update(account_link).where(account_link.c.id == link_id).values(used_at=tx.now, begun=None))


def set_expiry(tx: Tx, link_id: str, expires: datetime) -> None:
    tx.conn.execute(update(account_link).where(account_link.c.id == link_id).values(expires=expires))


def links_of(tx: Tx | Read, account_id: str, kinds: Sequence[str]) -> Sequence[Row[Any]]:
    """Those of an account that can still be used."""
    usable = and_(account_link.c.used_at.is_(None), account_link.c.expires > tx.now, account_link.c.kind.in_(kinds))
    return tx.conn.execute(select(account_link).where(account_link.c.account == account_id, usable)).all()


def drop_link(tx: Tx, link_id: str) -> None:
    tx.conn.execute(delete(account_link).where(account_link.c.site == tx.site, account_link.c.id == link_id))


def drop_links(tx: Tx, account_id: str, kinds: Sequence[str]) -> None:
    tx.conn.execute(delete(account_link).where(account_link.c.account == account_id, account_link.c.kind.in_(kinds)))


# ---- bookings


def bookings_of(tx: Tx | Read, account_id: str) -> list[tuple[Any, Ticket]]:
    """All bookings of an account with their tickets, in the order of their time."""
    rows = tx.conn.execute(
        select(*SELECTED, *booking.c, ticket.c.token)
        .join(booking, booking.c.ticket == ticket.c.id)
        .where(booking.c.site == tx.site, booking.c.account == account_id)
        .order_by(ticket.c.scheduled_at)
    )
    return [(row, of_row(row[: len(SELECTED)])) for row in rows.all()]


def mails_of(tx: Tx | Read, account_id: str) -> list[Row[Any]]:
    """`kind, written_at, sent_at` of all mails about an account and its bookings, in the order of writing."""
    of_bookings = select(mail.c.kind, mail.c.written_at, mail.c.sent_at).join(
        booking, booking.c.ticket == mail.c.ticket
    )
    of_account = select(account_mail.c.kind, account_mail.c.written_at, account_mail.c.sent_at)
    rows = [
        *tx.conn.execute(of_account.where(account_mail.c.account == account_id)),
        *tx.conn.execute(of_bookings.where(booking.c.account == account_id)),
    ]
    return sorted(rows, key=lambda row: row.written_at)


def owns(tx: Tx | Read, account_id: str, code: str) -> bool:
    """Whether a booking is this account's."""
    its = select(booking.c.ticket).where(
        booking.c.site == tx.site, booking.c.code == code, booking.c.account == account_id
    )
    return tx.conn.execute(its).first() is not None


_WITHOUT_ACCOUNT = and_(booking.c.account.is_not(None), ~exists().where(account.c.id == booking.c.account))
_NO_MAIL_WAITS = ~exists().where(mail.c.ticket == booking.c.ticket, mail.c.next_try.is_not(None))


def forget_owners(tx: Tx) -> None:
    """Bookings whose account was deleted lose their personal part, once no mail about them waits any more."""
    gone = select(booking.c.ticket).where(booking.c.site == tx.site, _WITHOUT_ACCOUNT, _NO_MAIL_WAITS)
    privacy.forget_bookings(tx, list(tx.conn.execute(gone).scalars()))


# ---- what has had its time


def forget(tx: Tx) -> None:
    """Registrations that nobody confirmed in time, links whose time is over, and what they led to."""
    old = or_(account_link.c.expires <= tx.now, account_link.c.used_at <= tx.now)
    # As long as its mail waits, a link is kept: its hour begins when the mail goes out.
    waits = exists().where(account_mail.c.link == account_link.c.id, account_mail.c.next_try.is_not(None))
    owned = exists().where(account.c.id == account_link.c.account)
    tx.conn.execute(delete(account_link).where(account_link.c.site == tx.site, old, ~and_(waits, owned)))
    waiting = exists().where(account_link.c.account == account.c.id)
    tx.conn.execute(delete(account).where(account.c.site == tx.site, account.c.confirmed_at.is_(None), ~waiting))
    forget_owners(tx)
