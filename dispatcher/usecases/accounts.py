"""Citizens' accounts (E4, E5): begun on a page, completed by a link in a mail, used, and deleted with their data.

Passwords arrive here as hashes only: hashing takes long and is done before the transaction. Instants of sessions are
wall time. Whoever asks about an address that is unknown here gets the same answer after the same work.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine.errors import RuleError
from dispatcher.store import accounts, holds, ids, mails
from dispatcher.store import bookings as booking_store
from dispatcher.usecases import bookings, links, timetable
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.tickets import checked_language
from dispatcher.usecases.work import Actor, Work


def actor(account: str) -> Actor:
    """A citizen by their account."""
    return Actor(account=f"account:{account}", role="citizen")


def normal_email(address: str) -> str:
    """One mailbox is one account, however its capitals are typed."""
    return address.strip().casefold()


# ---- registration


def register(
    work: Work,
    *,
    email: str,
    name: str,
    password: str,
    language: str | None = None,
    earlier: str | None = None,
    booking: dict[str, Any] | None = None,
    holder: str | None = None,
    challenge: tuple[str, datetime] | None = None,
) -> dict[str, Any]:
    """Begin an account, whose link goes out by mail: `{link}`, alike whether the address has an account or not.

    `password` is a hash. `earlier`: the link of the same browser's attempt before, which is void now. `booking`:
    arguments of `bookings.checked` with `service` and `start`, completed by the click; its slot, which `holder` may
    hold, is kept until then. `challenge`: the solved anti-robot check, used up with it. Raises RuleError invalid (with
    field), slot_gone, already_booked.
    """
    address = normal_email(bookings.checked_email(work, email) or "")
    begun: dict[str, Any] = {"name": bookings.checked_name(name), "password": password}
    known = accounts.by_email(work.tx, address)
    confirmed = known is not None and known.confirmed_at is not None
    if confirmed:  # nothing of a stranger's typing touches an account that is there
        begun = {}
    if earlier is not None and accounts.link(work.tx, earlier, links.CONFIRMING) is not None:
        _void(work, earlier)
    expires = work.tx.now + links.GOOD_FOR
    if booking is not None:
        begun["booking"] = _begin(work, booking, holder)
        expires = min(expires, booking["start"])
    if challenge is not None and not booking_store.use_challenge(work.tx, *challenge):
        raise RuleError("invalid", "This check was used before: ask for a new one.", field="altcha")
    language = checked_language(work, language)
    account_id = known.id if known is not None else accounts.add(work.tx, email=address, language=language)
    link = accounts.add_link(work.tx, account_id, "book" if confirmed else "confirm", expires, begun)
    if booking is not None:
        _keep(work, link, booking, expires, holder)
    mails.add_for_account(work.tx, account_id, "exists" if confirmed else "confirm", language, link=link)
    return {"link": link}


def _begin(work: Work, booking: dict[str, Any], holder: str | None) -> dict[str, Any]:
    """A booking that can be made now, as it is stored until the click.

    What the account of that address has booked is asked only then: a stranger must not learn it.
    """
    settings = work.service(booking["service"])
    typed = {name: value for name, value in booking.items() if name not in ("service", "start")}
    details = bookings.checked(work, settings, **typed)
    timetable.check_slot(work, settings, booking["start"], bound=True, holder=holder)
    bookings.check_open_bookings(work, settings, details)
    return {
        "service": settings.id,
        "start": booking["start"].isoformat(),
        "name": details.name,
        "email": details.email,
        "phone": details.phone,
        "notes": details.notes,
        "language": details.language,
        "platform": details.platform,
    }


def _keep(work: Work, link: str, booking: dict[str, Any], until: datetime, holder: str | None) -> None:
    """The slot now waits for the click, whatever else is chosen in the browser meanwhile."""
    if holder is not None:
        holds.release(work.tx, holder)
    holds.put(work.tx, links.holder_of(link), booking["service"], booking["start"], until)


def _void(work: Work, link: str) -> None:
    """Take back what was begun with a link."""
    holds.release(work.tx, links.holder_of(link))
    accounts.drop_link(work.tx, link)


def void_all(work: Work, account: str) -> None:
    """Take back all that waits for a click."""
    for row in accounts.links_of(work.tx, account, links.CONFIRMING):
        _void(work, row.id)


def begun(source: Reading, *, link: str) -> dict[str, Any] | None:
    """What a link in a mail would complete: `{kind, service?, start?}`; None when it cannot be used (any more)."""
    row = accounts.link(source.tx, link, (*links.CONFIRMING, "reset"))
    if row is None:
        return None
    booking = (row.begun or {}).get("booking") or {}
    return {"kind": row.kind, "service": booking.get("service"), "start": booking.get("start")}


def confirm(work: Work, *, link: str) -> dict[str, Any]:
    """The click: the account is confirmed and the booking that was begun is made, in one transaction.

    `{account, at, new, booked, refused}`: `booked` as from `bookings.book`, or None; `refused` the code of why what was
    begun can be booked no more. Raises RuleError not_found for a link that cannot be used.
    """
    row = accounts.link(work.tx, link, links.CONFIRMING)
    owner = accounts.get(work.tx, row.account) if row is not None else None
    if row is None or owner is None:
        raise RuleError("not_found", "This link does not work any more.")
    begun = row.begun or {}
    accounts.use_link(work.tx, row.id)
    new = row.kind == "confirm"
    if new:
        void_all(work, owner.id)
        values = {"name": begun["name"], "password": begun["password"], "confirmed_at": work.tx.now}
        accounts.change(work.tx, owner.id, **values, sessions_from=work.tx.wall)
    answer: dict[str, Any] = {"new": new, "booked": None, "refused": None}
    if "booking" in begun:
        answer |= _complete(work, row.id, owner.id, begun["booking"])
    return answer | _seen(work, owner.id)


def _complete(work: Work, link: str, account: str, booking: dict[str, Any]) -> dict[str, Any]:
    start, holder = datetime.fromisoformat(booking["start"]), links.holder_of(link)
    typed = {name: value for name, value in booking.items() if name not in ("service", "start")}
    try:
        settings = work.service(booking["service"])
        details = bookings.checked(work, settings, **typed)
        # Lead and horizon bound the beginning; the slot has been held since.
        timetable.check_slot(work, settings, start, bound=False, holder=holder)
        bookings.check_open_bookings(work, settings, details, account)
    except RuleError as error:
        holds.release(work.tx, holder)
        return {"refused": error.code}
    _remember_phone(work, account, details.phone)
    return {"booked": bookings.enter(work, settings, start, details, holder=holder, account=account)}


def _remember_phone(work: Work, account: str, phone: str) -> None:
    owner = accounts.get(work.tx, account)
    if owner is not None and not owner.phone:
        accounts.change(work.tx, account, phone=phone)


# ---- logging in


def credentials(source: Reading, *, email: str) -> dict[str, str] | None:
    """`{account, password}` (a hash) of a confirmed account that has a password."""
    row = accounts.by_email(source.tx, normal_email(email))
    if row is None or row.confirmed_at is None or row.password is None:
        return None
    return {"account": row.id, "password": row.password}


def log_in(work: Work, *, account: str) -> dict[str, Any]:
    """Note a log-in: `{account, at}`, with which the session is known as long as it lives. Raises not_found."""
    owner_of(work, account)
    return _seen(work, account)


def _seen(work: Work, account: str) -> dict[str, Any]:
    accounts.change(work.tx, account, seen_at=work.tx.now)
    return {"account": account, "at": work.tx.wall.isoformat()}


def owner_of(work: Work, account: str) -> Any:
    """A confirmed account. Raises RuleError not_found."""
    row = accounts.get(work.tx, account)
    if row is None or row.confirmed_at is None:
        raise RuleError("not_found", "There is no such account.")
    return row


def of_session(source: Reading, *, account: str, at: datetime) -> dict[str, Any] | None:
    """The account of a session that was begun `at` (wall); None when it is over.

    `{account, name, email, phone, language, password}`; `password` says whether there is one.
    """
    row = accounts.get(source.tx, account)
    if row is None or row.confirmed_at is None or at < row.sessions_from:
        return None
    return {
        "account": row.id,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "language": row.language,
        "password": row.password is not None,
    }


def identified(
    work: Work, *, subject: str, name: str = "", email: str | None = None, verified: bool | None = None, language: str
) -> dict[str, Any]:
    """Somebody whom the identity provider knows as `subject`: `{account, at}`, with a new account the first time.

    Name and e-mail are taken over where they are missing. `verified`: what the provider says of the e-mail; only when
    it vouches for it is the account of that address theirs. Raises nothing: an address that cannot be used is left out.
    """
    address = _usable(work, email) if verified is not False else None
    row = accounts.by_subject(work.tx, subject)
    taken = accounts.by_email(work.tx, address) if address is not None else None
    if row is None and taken is not None and taken.subject is None and verified:
        row = taken
        void_all(work, row.id)
        accounts.change(work.tx, row.id, subject=subject, confirmed_at=row.confirmed_at or work.tx.now)
    if row is None:
        account_id = accounts.add(
            work.tx, language=checked_language(work, language), subject=subject, confirmed_at=work.tx.now
        )
        row = owner_of(work, account_id)
    missing: dict[str, Any] = {}
    if not row.name:
        with suppress(RuleError):
            missing["name"] = bookings.checked_name(name)
    if row.email is None and address is not None and taken is None:
        missing["email"] = address
    if missing:
        accounts.change(work.tx, row.id, **missing)
    return _seen(work, row.id)


def _usable(work: Work, email: str | None) -> str | None:
    with suppress(RuleError):
        return normal_email(bookings.checked_email(work, email) or "") or None
    return None


# ---- passwords and sessions


def request_reset(work: Work, *, email: str, language: str | None = None) -> dict[str, Any]:
    """Send a link by which a new password is set: `{}`. For an unknown address the same rows lead nowhere."""
    row = accounts.by_email(work.tx, normal_email(email))
    known = row is not None and row.confirmed_at is not None
    account_id = row.id if row is not None and known else ids.uuid7(work.tx.now)
    kind = "provider" if row is not None and known and row.password is None else "reset"
    link = accounts.add_link(work.tx, account_id, kind, work.tx.now + links.GOOD_FOR)
    mails.add_for_account(work.tx, account_id, kind, checked_language(work, language), link=link)
    return {}


def reset(work: Work, *, link: str, password: str) -> dict[str, Any]:
    """A new password (a hash) by the link of a mail: `{account, at}`. Raises RuleError not_found."""
    row = accounts.link(work.tx, link, ("reset",))
    owner = accounts.get(work.tx, row.account) if row is not None else None
    if row is None or owner is None:
        raise RuleError("not_found", "This link does not work any more.")
    accounts.use_link(work.tx, row.id)
    return _set_password(work, owner, password)


def change_password(work: Work, *, account: str, was: str, password: str) -> dict[str, Any]:
    """A new password (hashes, both): `{account, at}`. Raises RuleError stale when `was` is the password no more."""
    owner = owner_of(work, account)
    if owner.password != was:
        raise RuleError("stale", "The password was changed meanwhile.")
    return _set_password(work, owner, password)


def _set_password(work: Work, owner: Any, password: str) -> dict[str, Any]:
    accounts.change(work.tx, owner.id, password=password, sessions_from=work.tx.wall)
    accounts.drop_links(work.tx, owner.id, ("reset",))
    mails.add_for_account(work.tx, owner.id, "changed", owner.language)
    return _seen(work, owner.id)


def sign_out_everywhere(work: Work, *, account: str) -> dict[str, Any]:
    """All sessions that were begun until now are over. Raises RuleError not_found."""
    owner_of(work, account)
    # A session begun in this very instant is over too.
    accounts.change(work.tx, account, sessions_from=work.tx.wall + timedelta(microseconds=1))
    return {}
