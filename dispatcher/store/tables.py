"""The tables. Instants are microseconds since 1970 UTC, so that both databases compare and index them alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A calendar day as its ISO text."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, _dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


metadata = MetaData()
Key = String(64)
Serial = BigInteger().with_variant(Integer, "sqlite")

site = Table(
    "site",
    metadata,
    Column("id", Key, primary_key=True),
    Column("epoch", Key, nullable=False),
    Column("now", Instant, nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("service", Key, nullable=False),
    Column("series", String(2), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", Day, nullable=False),
    Column("label", String(12), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("assisted", Boolean, nullable=False),
    Column("paper", String(12), nullable=False),
    Column("language", String(12), nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("callable_from", Instant),
    Column("lane", String(1)),
    Column("priority_from", Instant),
    Column("scheduled_at", Instant),
    Column("checked_in_at", Instant),
    Column("called_at", Instant),
    Column("missed_at", Instant),
    Column("calls_made", Integer, nullable=False),
    Column("absences", Integer, nullable=False),
    Column("early_called", Boolean, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("rejoined", Integer, nullable=False),
    Column("counter", Key),
    Column("target", Key),
    Column("version", Integer, nullable=False),
    # beyond the rules: what the store derives, and whom the paper belongs to
    Column("ready", Boolean, nullable=False),
    Column("queue", String(72)),
    Column("lane_class", String(1), nullable=False),
    Column("order_at", Instant, nullable=False),
    Column("walk_in", Boolean, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_wall", Instant, nullable=False),
    Column("kiosk", Key),
    Column("token", String(32), nullable=False, unique=True),
    Column("auto_called", Boolean, nullable=False, default=False),
    UniqueConstraint("site", "day", "series", "number"),
)
Index(
    "ticket_head",
    ticket.c.site,
    ticket.c.queue,
    ticket.c.ready,
    ticket.c.lane_class,
    ticket.c.order_at,
    ticket.c.calls_made,
    ticket.c.walk_in,
    ticket.c.queued_at,
    ticket.c.number,
    ticket.c.series,
)
# Queries repeat the words of a partial index: SQLite does not see that parameters mean the same.
UNREADY = text("NOT ready AND callable_from IS NOT NULL AND state IN ('booked', 'waiting', 'parked')")
Index("ticket_promote", ticket.c.site, ticket.c.callable_from, sqlite_where=UNREADY, postgresql_where=UNREADY)
_early = text("state = 'booked' AND checked_in_at IS NOT NULL")
Index(
    "ticket_early", ticket.c.site, ticket.c.service, ticket.c.scheduled_at, sqlite_where=_early, postgresql_where=_early
)
LIVING = text("state IN ('printing', 'waiting', 'called', 'serving', 'parked')")
Index("ticket_living", ticket.c.site, ticket.c.label, sqlite_where=LIVING, postgresql_where=LIVING)
_missed = text("state = 'missed'")
Index("ticket_missed", ticket.c.site, ticket.c.missed_at, sqlite_where=_missed, postgresql_where=_missed)
_printing = text("state = 'printing'")
Index("ticket_printing", ticket.c.site, ticket.c.issued_wall, sqlite_where=_printing, postgresql_where=_printing)
_scheduled = text("scheduled_at IS NOT NULL")
Index(
    "ticket_slot",
    ticket.c.site,
    ticket.c.service,
    ticket.c.scheduled_at,
    sqlite_where=_scheduled,
    postgresql_where=_scheduled,
)
Index(
    "ticket_target",
    ticket.c.site,
    ticket.c.target,
    sqlite_where=text("target IS NOT NULL"),
    postgresql_where=text("target IS NOT NULL"),
)

booking = Table(
    "booking",
    metadata,
    Column("ticket", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("service", Key, nullable=False),
    Column("code", String(16), nullable=False),
    Column("person", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(320)),
    Column("phone", String(32), nullable=False),
    Column("notes", Text, nullable=False),
    Column("consent_at", Instant),
    Column("booked_at", Instant, nullable=False),
    # the business day of the appointment, by which it is found when it is to be forgotten
    Column("day", Day),
    # which privacy notice was agreed to, and which of the staff heard it; None: the person's own tick
    Column("consent_notice", String(16)),
    Column("consent_by", Key),
    Column("account", String(36)),
    # held on line: which of the office's platforms, and the link to meet at
    Column("platform", Key),
    Column("meeting", String(300)),
    # the name as it is searched for; personal like the name itself
    Column("sought", Text, nullable=False, server_default=""),
    UniqueConstraint("site", "code"),
)
Index("booking_person", booking.c.site, booking.c.service, booking.c.person)
Index("booking_account", booking.c.account)
Index("booking_day", booking.c.site, booking.c.day)

# The texts that people agreed to, as they stood then.
privacy_notice = Table(
    "privacy_notice",
    metadata,
    Column("site", Key, primary_key=True),
    Column("digest", String(16), primary_key=True),
    Column("text", JSON, nullable=False),
    Column("since", Instant, nullable=False),
)

# A slot that somebody has chosen and not yet booked: one for each holder.
hold = Table(
    "hold",
    metadata,
    Column("site", Key, primary_key=True),
    Column("holder", String(64), primary_key=True),
    Column("service", Key, nullable=False),
    Column("start", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)
Index("hold_slot", hold.c.site, hold.c.service, hold.c.start)
Index("hold_until", hold.c.site, hold.c.until)

# A citizen's account. `sessions_from`: log-ins made before it are over. `subject`: who it is at the identity provider.
account = Table(
    "account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("email", String(320)),
    Column("subject", String(200)),
    Column("name", String(200), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("language", String(12), nullable=False),
    Column("password", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Column("sessions_from", Instant, nullable=False),
    UniqueConstraint("site", "email"),
    UniqueConstraint("site", "subject"),
)
Index("account_seen", account.c.site, account.c.seen_at)

# A link in a mail: used once, within its time. `begun` is the booking that its click completes.
account_link = Table(
    "account_link",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("account", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used_at", Instant),
    Column("begun", JSON),
)
Index("account_link_account", account_link.c.account)

# Mails about accounts. The address is read from the account when the mail is sent, its link is made then.
account_mail = Table(
    "account_mail",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("account", String(36), nullable=False),
    Column("link", String(36)),
    Column("kind", String(12), nullable=False),
    Column("language", String(12), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Instant),
    Column("claimed_until", Instant),
    Column("sent_at", Instant),
    Column("failed", String(32)),
)

# Who of the staff looked at or changed whose data.
access = Table(
    "access",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("site", Key, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Key, nullable=False),
    Column("what", String(24), nullable=False),
    Column("ticket", String(36)),
    Column("account", String(36)),
)
Index("access_at", access.c.site, access.c.at)

# Whom a mail is for is read from the booking when it is sent: nothing personal stands here.
mail = Table(
    "mail",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("ticket", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("language", String(12), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("service", Key, nullable=False),
    Column("label", String(12), nullable=False),
    Column("start", Instant, nullable=False),
    Column("before", Instant),
    Column("written_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Instant),
    Column("claimed_until", Instant),
    Column("sent_at", Instant),
    Column("failed", String(32)),
)
PENDING_MAIL = text("next_try IS NOT NULL")
Index("mail_pending", mail.c.site, mail.c.next_try, sqlite_where=PENDING_MAIL, postgresql_where=PENDING_MAIL)
Index("mail_ticket", mail.c.ticket)
Index("mail_start", mail.c.site, mail.c.start)

Index("account_mail_account", account_mail.c.account)
Index(
    "account_mail_pending",
    account_mail.c.site,
    account_mail.c.next_try,
    sqlite_where=PENDING_MAIL,
    postgresql_where=PENDING_MAIL,
)

counter = Table(
    "counter",
    metadata,
    Column("site", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("ticket", String(36)),
    Column("turn", String(1)),
    Column("free_since", Instant, nullable=False),
    Column("automatic_wall", Instant),
    Column("asked_wall", Instant),
    Column("asked_ticket", String(36)),
    Column("why", JSON),
    Column("last", JSON),
    Column("hands_off", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

service = Table(
    "service",
    metadata,
    Column("site", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("waiting", Integer, nullable=False),
    Column("ready", Integer, nullable=False),
    Column("durations", JSON, nullable=False),
    Column("closed_day", Day),
)

series = Table(
    "series",
    metadata,
    Column("site", Key, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("series", String(2), primary_key=True),
    Column("last", Integer, nullable=False),
)

issue_count = Table(
    "issue_count",
    metadata,
    Column("site", Key, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("service", Key, primary_key=True),
    Column("issued", Integer, nullable=False),
)

call = Table(
    "call",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("site", Key, nullable=False),
    Column("ticket", String(36), nullable=False),
    Column("label", String(12), nullable=False),
    Column("service", Key, nullable=False),
    Column("counter", Key, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("language", String(12), nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("on_screen", Boolean, nullable=False),
)
_open_call = text("ended_at IS NULL")
Index("call_open", call.c.site, call.c.ticket, sqlite_where=_open_call, postgresql_where=_open_call)
Index("call_ended", call.c.site, call.c.ended_at)

ticket_event = Table(
    "ticket_event",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("site", Key, nullable=False),
    Column("ticket", String(36), nullable=False),
    Column("at", Instant, nullable=False),
    Column("event", String(16), nullable=False),
    Column("counter", Key),
    Column("presumed", Boolean, nullable=False),
    Column("actor", Key),
)
Index("ticket_event_ticket", ticket_event.c.ticket, ticket_event.c.id)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("site", Key, nullable=False),
    Column("topic", String(200), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("retain", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

retained = Table(
    "retained",
    metadata,
    Column("site", Key, primary_key=True),
    Column("topic", String(200), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("stored_wall", Instant, nullable=False),
)

request = Table(
    "request",
    metadata,
    Column("site", Key, primary_key=True),
    Column("account", String(128), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON),
    Column("at", Instant, nullable=False),
)
Index("request_at", request.c.site, request.c.at)

device = Table(
    "device",
    metadata,
    Column("site", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("online", Boolean, nullable=False),
    Column("status", JSON),
    Column("contact", Instant),
    Column("last_seq", BigInteger),
)

challenge = Table(
    "challenge",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires", Instant, nullable=False),
)
