"""What stands under an account: its bookings, all its data as a file, and the end of both (E5)."""

from __future__ import annotations

from typing import Any

from dispatcher.engine.model import State, Ticket
from dispatcher.store import accounts, ids
from dispatcher.usecases import bookings, views
from dispatcher.usecases.accounts import owner_of, void_all
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

IN_HAND = (State.booked, State.waiting, State.called, State.serving, State.parked)
"""Appointments that are still to come or on their way."""


def delete(work: Work, *, account: str) -> dict[str, Any]:
    """The account and its data: `{cancelled}`. What is to come is cancelled, by mail too; then nobody's name is left.

    Raises RuleError not_found.
    """
    owner_of(work, account)
    cancelled = 0
    for row, one in accounts.bookings_of(work.tx, account):
        if one.state in (State.booked, State.waiting):
            bookings.cancel(work, code=row.code)
            cancelled += 1
    void_all(work, account)
    accounts.remove(work.tx, account)
    accounts.forget_owners(work.tx)
    return {"cancelled": cancelled}


def overview(source: Reading, *, account: str) -> dict[str, Any]:
    """`{coming, past}`: all bookings with their details; the next one first, and the last one that is over."""
    coming: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for row, one in accounts.bookings_of(source.tx, account):
        (coming if one.state in IN_HAND else past).append(_booking(source, row, one))
    return {"coming": coming, "past": past[::-1]}


def _booking(source: Reading, row: Any, one: Ticket) -> dict[str, Any]:
    scheduled = one.scheduled_at or one.queued_at
    state = one.state_at(source.tx.now)
    return {
        "label": one.label,
        "code": row.code,
        "service": one.service,
        "start": scheduled.astimezone(source.office.zone).isoformat(),
        "state": state.value,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "notes": row.notes,
        "language": one.language,
        "platform": row.platform,
        "meeting": row.meeting,
        "booked_at": views.instant(row.booked_at),
        "consent_at": views.instant(row.consent_at),
        "token": row.token,
        "may_move": state is State.booked,
        "may_cancel": state in (State.booked, State.waiting),
    }


def owns(source: Reading, *, account: str, code: str) -> bool:
    """Whether a booking is this account's."""
    return accounts.owns(source.tx, account, ids.normal_code(code))


def data(source: Reading, *, account: str) -> dict[str, Any] | None:
    """All that is stored about a person with an account, for their own file; None when there is no such account."""
    row = accounts.get(source.tx, account)
    if row is None:
        return None
    shown = overview(source, account=account)
    written = accounts.mails_of(source.tx, account)
    hidden = ("token", "may_move", "may_cancel")
    return {
        "account": {
            **{name: getattr(row, name) for name in ("email", "name", "phone", "language")},
            **{name: views.instant(getattr(row, name)) for name in ("created_at", "confirmed_at", "seen_at")},
            "password": row.password is not None,
            "identity_provider": row.subject is not None,
        },
        "bookings": [
            {name: value for name, value in one.items() if name not in hidden}
            for one in (*shown["coming"], *shown["past"])
        ],
        "mails": [
            {"kind": one.kind, "written_at": views.instant(one.written_at), "sent_at": views.instant(one.sent_at)}
            for one in written
        ],
    }
