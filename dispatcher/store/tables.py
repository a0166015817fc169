"""The tables of the queue. Those of people's data stand in `people`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from dispatcher.store.columns import Day, Instant, Key, Serial, metadata

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

lease = Table(
    "lease",
    metadata,
    Column("site", Key, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("series", String(2), primary_key=True),
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("kiosk", Key, nullable=False),
    Column("granted_at", Instant, nullable=False),
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
