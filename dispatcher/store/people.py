"""The tables of what is personal, and of what is said to whom: apart from the queue, so that they can be forgotten."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from dispatcher.store.columns import Day, Instant, Key, Serial, metadata

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
