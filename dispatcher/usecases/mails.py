"""Mails: written with the fact that they tell of, sent afterwards, each once (E2, E4, E11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import State, Ticket
from dispatcher.store import accounts, bookings, ids, mails, tickets
from dispatcher.usecases import links, views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

LEASE = timedelta(minutes=5)
"""Wall time, longer than any attempt: after it a mail whose sender has died is taken by another."""
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
"""Office time to the next attempt; the last one repeats."""
GIVE_UP = timedelta(days=1)
"""So long after the appointment, or after the writing, a mail is of no use to anybody."""
MOST_AGAIN = 3
AGAIN_EVERY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A mail in a sender's hands: what it tells, and to whom. The personal part stays out of every log."""

    id: str
    kind: str
    language: str
    written_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)

    FROM_ROW: ClassVar[tuple[str, ...]] = ("id", "kind", "language", "written_at")

    @property
    def about(self) -> str:
        """What it is about, for the log."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Outgoing):
    """A mail about an appointment."""

    sequence: int
    ticket: str
    service: str
    label: str
    start: datetime
    before: datetime | None
    token: str = field(repr=False)
    code: str = field(repr=False)

    platform: str | None = None
    meeting: str | None = field(default=None, repr=False)

    FROM_ROW: ClassVar[tuple[str, ...]] = (
        *Outgoing.FROM_ROW, "sequence", "ticket", "service", "label", "start", "before"
    )  # fmt: skip

    @property
    def about(self) -> str:
        return f"ticket={self.ticket}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft(Outgoing):
    """A mail about an account. `link`: the one that it brings, good until `expires`. `begun`: a booking waits."""

    account: str
    link: str | None = field(repr=False)
    expires: datetime | None
    begun: bool

    FROM_ROW: ClassVar[tuple[str, ...]] = (*Outgoing.FROM_ROW, "account", "link")

    @property
    def about(self) -> str:
        return f"account={self.account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDraft(Outgoing):
    """A mail about a device, to whoever looks after it. `ended`: the problem is over since then."""

    device: str
    code: str
    text: str
    since: datetime
    ended: datetime | None

    FROM_ROW: ClassVar[tuple[str, ...]] = (*Outgoing.FROM_ROW, "device", "code", "text", "since", "ended")

    @property
    def about(self) -> str:
        return f"device={self.device} code={self.code}"


def write(work: Work, one: Ticket, kind: str, *, before: datetime | None = None) -> None:
    """Put a mail about an appointment beside the change itself; nobody is written to who gave no address."""
    booked = bookings.of_ticket(work.tx, one.id)
    if kind != "booked":
        mails.drop_reminders(work.tx, one.id)
    if booked is None or not booked.email:
        return
    last = mails.last_of(work.tx, one.id)
    mails.add(work.tx, one, kind, sequence=last.sequence + 1 if last is not None else 0, before=before)


def write_anew(work: Work, one: Ticket) -> None:
    """The ticket to an address that has not had it. What still waits to be sent goes there by itself."""
    last = mails.last_of(work.tx, one.id)
    if last is None or last.next_try is None:
        write(work, one, "booked")


def send_again(work: Work, *, code: str) -> dict[str, Any]:
    """The last mail about a booking once more (E11): `{waiting, left}`. Raises RuleError not_found, limit_reached."""
    booked = bookings.by_code(work.tx, ids.normal_code(code))
    one = tickets.get(work.tx, booked.ticket) if booked is not None else None
    last = mails.last_of(work.tx, one.id) if one is not None else None
    if one is None or last is None:
        raise RuleError("not_found", "There is no booking with this code that a mail was written for.")
    every = [row for row in mails.of_ticket(work.tx, one.id) if row.kind != "reminder"]
    repeats = len(every) - len({row.sequence for row in every})
    if repeats >= MOST_AGAIN:
        raise RuleError("limit_reached", "This mail was sent again several times: ask the office.")
    if last.next_try is None:
        if work.tx.now - last.written_at < AGAIN_EVERY:
            raise RuleError("limit_reached", "This mail was sent a moment ago: wait a little and look again.")
        mails.add(work.tx, one, last.kind, sequence=last.sequence, before=last.before)
        repeats += 1
    return {"waiting": True, "left": MOST_AGAIN - repeats}


def of_booking(source: Reading, *, code: str) -> list[dict[str, Any]] | None:
    """What became of a booking's mails: `[{kind, written_at, sent_at, failed}]`; nothing personal."""
    booked = bookings.by_code(source.tx, ids.normal_code(code))
    if booked is None:
        return None
    return [_told(row) for row in mails.of_ticket(source.tx, booked.ticket)]


def failures(source: Reading) -> list[dict[str, Any]]:
    """For the office: appointments to come whose mail can never arrive, `[{ticket, label, start, kind, …, failed}]`."""
    return [
        {"ticket": row.ticket, "label": row.label, "start": views.instant(row.start), **_told(row)}
        for row in mails.failed(source.tx, source.tx.now)
    ]


def _told(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "written_at": views.instant(row.written_at),
        "sent_at": views.instant(row.sent_at),
        "failed": row.failed,
    }


# ---- for the sender


def is_due(source: Reading) -> bool:
    """Whether a mail is to be sent now."""
    return mails.next_due(source.tx) is not None


def to_remind(source: Reading) -> bool:
    """Whether somebody is to be reminded now."""
    return bool(_to_remind(source))


def remind(work: Work) -> dict[str, Any]:
    """Write the reminders that are due: `{written}`."""
    due = _to_remind(work)
    for one in due:
        last = mails.last_of(work.tx, one.id)
        mails.add(work.tx, one, "reminder", sequence=last.sequence if last is not None else 0)
    return {"written": len(due)}


def _to_remind(source: Reading) -> list[Ticket]:
    settings = source.office.mail
    if settings is None or not settings.reminder:
        return []
    services = [one.id for one in source.office.services.values() if one.appointments]
    return list(mails.to_remind(source.tx, services, settings.reminder))


def claim(work: Work) -> dict[str, Any]:
    """Take the next mail that is due into one's hands: `{draft}`; `{}` when there is none."""
    while (row := mails.next_due(work.tx)) is not None:
        reason, draft = _draft(work, row)
        if draft is not None:
            mails.claim(work.tx, row.id, work.tx.wall + LEASE)
            return {"draft": draft}
        mails.settle(work.tx, row.id, failed=reason)
    return {}


def _draft(work: Work, row: Any) -> tuple[str | None, Outgoing | None]:
    """The mail as it can be sent now, or the code of why it cannot."""
    if "device" in row._mapping:
        return _of_problem(work, row)
    return _of_account(work, row) if "account" in row._mapping else _of_appointment(work, row)


def _of_problem(work: Work, row: Any) -> tuple[str | None, ProblemDraft | None]:
    email = work.office.problems.email
    if email is None:
        return "no_address", None
    if work.tx.now >= row.written_at + GIVE_UP:
        return "too_late", None
    values = {name: getattr(row, name) for name in ProblemDraft.FROM_ROW}
    return None, ProblemDraft(**values, name="", email=email)


def _of_appointment(work: Work, row: Any) -> tuple[str | None, Draft | None]:
    one, booked = tickets.get(work.tx, row.ticket), bookings.of_ticket(work.tx, row.ticket)
    token = views.token_of(work, ticket_id=row.ticket)
    if one is None or booked is None or not booked.email or token is None:
        return "no_address", None
    useless_from = row.start if row.kind == "reminder" else max(row.start, row.written_at) + GIVE_UP
    if work.tx.now >= useless_from:
        return "too_late", None
    if row.kind == "reminder" and (one.state is not State.booked or one.scheduled_at != row.start):
        return "outdated", None
    values = {name: getattr(row, name) for name in Draft.FROM_ROW}
    draft = Draft(
        **values,
        token=token,
        code=booked.code,
        name=booked.name,
        email=booked.email,
        platform=booked.platform,
        meeting=booked.meeting,
    )
    return None, draft


def _of_account(work: Work, row: Any) -> tuple[str | None, AccountDraft | None]:
    owner = accounts.get(work.tx, row.account)
    if owner is None or not owner.email:
        return "no_address", None
    if work.tx.now >= row.written_at + GIVE_UP:
        return "too_late", None
    link = accounts.any_link(work.tx, row.link)
    if row.link is not None and (link is None or link.used_at is not None):
        return "outdated", None
    begun = (link.begun or {}) if link is not None else {}
    values = {name: getattr(row, name) for name in AccountDraft.FROM_ROW}
    draft = AccountDraft(
        **values,
        name=owner.name,  # what a stranger has typed into a registration is written to nobody
        email=owner.email,
        expires=links.begin_hour(work, link) if link is not None else None,
        begun="booking" in begun,
    )
    return None, draft


def sent(work: Work, *, mail_id: str) -> dict[str, Any]:
    """A mail was taken by the server."""
    mails.settle(work.tx, mail_id, sent=True)
    return {}


def refused(work: Work, *, mail_id: str, reason: str) -> dict[str, Any]:
    """A mail was refused for good; `reason` is a code for the office."""
    mails.settle(work.tx, mail_id, failed=reason)
    return {}


def deferred(work: Work, *, mail_id: str) -> dict[str, Any]:
    """A mail could not be sent now: it is tried again, later and later."""
    row = mails.get(work.tx, mail_id)
    if row is not None and row.next_try is not None:
        wait = BACK_OFF[min(max(row.attempts, 1), len(BACK_OFF)) - 1]
        mails.settle(work.tx, mail_id, next_try=work.tx.now + wait)
    return {}
