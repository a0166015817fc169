"""Accounts in the use cases' tests: registered, confirmed, and what their mails are."""

from __future__ import annotations

from typing import Any

from dispatcher.usecases import accounts, mails
from dispatcher.usecases.desk import SYSTEM
from tests.usecases.house import PUBLIC, House

ADA = {"email": "ada@example.org", "name": "Ada Neri", "password": "$argon2 of Ada", "language": "it"}


def sent(office: House) -> list[tuple[str, str | None]]:
    """Kind and link of the mails that are due now, taken as the postman takes them."""
    found = []
    while (draft := office.do(mails.claim, actor=SYSTEM).get("draft")) is not None:
        found.append((draft.kind, getattr(draft, "link", None)))
        office.do(mails.sent, actor=SYSTEM, mail_id=draft.id)
    return found


def register(office: House, **more: Any) -> str:
    """A registration; the link of its mail."""
    office.do(accounts.register, actor=PUBLIC, **{**ADA, **more})
    ((_kind, link),) = sent(office)
    assert link is not None
    return link


def ada(office: House, **more: Any) -> str:
    """A confirmed account."""
    return str(office.do(accounts.confirm, actor=PUBLIC, link=register(office, **more))["account"])
