"""Appointments: booked, moved, cancelled."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from dispatcher.engine import days
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Lane, Service, State, Ticket
from dispatcher.engine.names import normal_name as normal_name
from dispatcher.engine.states import change
from dispatcher.store import bookings, holds, ids
from dispatcher.usecases import calling, mails, pec, privacy, timetable, views
from dispatcher.usecases.tickets import checked_language, next_number
from dispatcher.usecases.work import Work

LONGEST_NAME = 120
LONGEST_NOTES = 1000


@dataclass(frozen=True, slots=True)
class Details:
    """Who comes and what they said, checked and in normal form."""

    name: str
    email: str | None
    phone: str
    notes: str
    language: str
    platform: str | None = None

    @property
    def person(self) -> str:
        """One person is the same normalised name and the same e-mail; without an e-mail the telephone stands for it."""
        key = f"{normal_name(self.name)}\n{(self.email or self.phone).casefold()}"
        return hashlib.sha256(key.encode()).hexdigest()


def book(
    work: Work,
    *,
    service: str,
    start: datetime,
    name: str,
    email: str | None,
    phone: str,
    language: str | None = None,
    notes: str | None = None,
    consent: bool = False,
    platform: str | None = None,
    challenge: tuple[str, datetime] | None = None,
    holder: str | None = None,
    account: str | None = None,
) -> dict[str, Any]:
    """A booked appointment: `{id, label, code, start, status_url}`.

    `challenge`: digest and expiry of the solved anti-robot check, used up with the booking. `holder`: whose held slot
    it may be (see holds); it is given back. `account`: whose booking it is. `platform`: one of an on-line service's.
    Raises RuleError invalid (with field), slot_gone, already_booked.
    """
    settings = work.service(service)
    details = checked(
        work, settings, name=name, email=email, phone=phone, language=language, notes=notes, platform=platform
    )
    if not consent:
        raise RuleError("invalid", "The consent to the privacy notice is needed.", field="consent")
    timetable.check_slot(work, settings, start, bound=not work.actor.of_office, holder=holder)
    check_open_bookings(work, settings, details, account)
    if challenge is not None and not bookings.use_challenge(work.tx, *challenge):
        raise RuleError("invalid", "This check was used before: ask for a new one.", field="altcha")
    return enter(work, settings, start, details, holder=holder, account=account)


def checked(
    work: Work,
    service: Service,
    *,
    name: str,
    email: str | None,
    phone: str,
    language: str | None,
    notes: str | None,
    platform: str | None = None,
) -> Details:
    """What was typed, in normal form. Raises RuleError invalid, with field."""
    if not service.appointments:
        raise RuleError("invalid", f"Service '{service.id}' takes no appointments.", field="service")
    if platform is not None and platform not in service.platforms:
        raise RuleError("invalid", f"The service is not held on '{platform}'.", field="platform")
    return Details(
        name=checked_name(name),
        email=checked_email(work, email),
        phone=checked_phone(phone, work.office.country),
        notes=_checked_notes(notes),
        language=checked_language(work, language),
        platform=platform or (service.platforms[0] if service.platforms else None),
    )


def check_open_bookings(work: Work, service: Service, details: Details, account: str | None = None) -> None:
    """Raises RuleError already_booked when this person has as many appointments as one may have (E3).

    One person is the same name and the same e-mail or account.
    """
    open_ones = {one.id: one for one in bookings.open_of(work.tx, service.id, details.person)}
    if account is not None:
        same_name = normal_name(details.name)
        for name, one in bookings.open_of_account(work.tx, service.id, account):
            if normal_name(name) == same_name:
                open_ones[one.id] = one
    if len(open_ones) >= service.open_bookings:
        first = min(open_ones.values(), key=lambda one: one.queued_at)
        local = (first.scheduled_at or work.tx.now).astimezone(work.office.zone)
        text = f"This person already has an appointment on {local:%d.%m.%Y} at {local:%H:%M}."
        raise RuleError("already_booked", text, ticket_id=first.id)


def enter(
    work: Work,
    service: Service,
    start: datetime,
    details: Details,
    *,
    holder: str | None = None,
    account: str | None = None,
) -> dict[str, Any]:
    """Write a booking whose slot and person have been checked, and its mail."""
    if holder is not None:
        holds.release(work.tx, holder)
    stored, token = work.insert(_new_ticket(work, service, start, details.language))
    code = ids.booking_code()
    bookings.add(
        work.tx,
        ticket=stored.id,
        service=service.id,
        code=code,
        person=details.person,
        name=details.name,
        email=details.email,
        phone=details.phone,
        notes=details.notes,
        consent_at=work.tx.now,
        consent_notice=privacy.agreed(work),
        day=stored.day,
        consent_by=work.actor.account if work.actor.of_office else None,
        account=account,
        platform=details.platform,
        meeting=_meeting(work, details.platform),
    )
    work.record(stored.id, "booked")
    mails.write(work, stored, "booked")
    return _answer(work, stored, code, token)


def _meeting(work: Work, platform: str | None) -> str | None:
    """The address at which this one appointment is held; its room cannot be guessed."""
    settings = work.office.platforms.get(platform or "")
    return settings.link.replace("{room}", ids.token()) if settings is not None and settings.link else None


def move(work: Work, *, code: str, start: datetime) -> dict[str, Any]:
    """Another time for a booking: within the day the label stays, on another day there is a new one.

    Raises RuleError not_found, not_callable, slot_gone, invalid.
    """
    row, one = _booked(work, code)
    if one.state is not State.booked:
        text = f"Appointment {one.label} has begun or is over: it cannot be moved."
        raise RuleError("not_callable", text, ticket_id=one.id)
    settings = work.service(one.service)
    if start != one.scheduled_at:
        timetable.check_slot(work, settings, start, bound=not work.actor.of_office, besides=one)
        day = days.business_day(start, work.office.zone, work.office.day_starts)
        after = replace(_scheduled(one, settings, start), checked_in_at=None, early_called=False)
        if day != one.day:
            series, number = next_number(work, settings, Kind.appointment, day)
            after = replace(after, day=day, series=series, number=number)
            bookings.set_day(work.tx, one.id, day)
        mails.write(work, work.save(one, after, "moved"), "moved", before=one.scheduled_at)
    stored = work.ticket(one.id)
    token = views.token_of(work, ticket_id=one.id) or ""
    return _answer(work, stored, row.code, token)


def cancel(work: Work, *, code: str) -> None:
    """The slot is free for others at once. A second time changes nothing. Raises RuleError not_found, not_callable."""
    _row, one = _booked(work, code)
    if one.state is State.cancelled:
        return
    if one.state not in (State.booked, State.waiting):
        raise RuleError("not_callable", f"Appointment {one.label} cannot be cancelled any more.", ticket_id=one.id)
    mails.write(work, work.save(one, change(one, State.cancelled), "cancelled"), "cancelled")
    calling.call_for_free_counters(work)


def correct(
    work: Work, *, ticket_id: str, name: str, email: str | None, phone: str, notes: str | None
) -> dict[str, Any]:
    """What was written wrongly, put right: `{mailed}`. To another address than before the ticket goes out once more.

    Raises RuleError not_found, invalid (with field), already_booked.
    """
    one, before = work.ticket(ticket_id), bookings.of_ticket(work.tx, ticket_id)
    if before is None:
        raise RuleError("not_found", "There is no booking with this number.")
    details = Details(
        name=checked_name(name),
        email=checked_email(work, email),
        phone=checked_phone(phone, work.office.country),
        notes=_checked_notes(notes),
        language=one.language,
        platform=before.platform,
    )
    settings = work.office.services.get(one.service)
    if settings is not None and details.person != before.person and one.state is State.booked:
        check_open_bookings(work, settings, details)
    bookings.correct(
        work.tx,
        ticket_id,
        person=details.person,
        name=details.name,
        email=details.email,
        phone=details.phone,
        notes=details.notes,
    )
    work.touch()  # the counter that it is at shows it
    mailed = bool(details.email) and details.email != before.email and one.state in (State.booked, State.waiting)
    if mailed:
        mails.write_anew(work, one)
    return {"mailed": mailed}


def _booked(work: Work, code: str) -> tuple[Any, Ticket]:
    row = bookings.by_code(work.tx, ids.normal_code(code))
    if row is None:
        raise RuleError("not_found", "There is no booking with this code.")
    return row, work.ticket(row.ticket)


def _answer(work: Work, one: Ticket, code: str, token: str) -> dict[str, Any]:
    start = (one.scheduled_at or work.tx.now).astimezone(work.office.zone)
    return {
        "id": one.id,
        "label": one.label,
        "code": code,
        "start": start.isoformat(),
        "status_url": f"{work.base_url}/t/{token}",
    }


def _new_ticket(work: Work, service: Service, start: datetime, language: str) -> Ticket:
    day = days.business_day(start, work.office.zone, work.office.day_starts)
    series, number = next_number(work, service, Kind.appointment, day)
    one = Ticket(
        id=ids.uuid7(work.tx.now),
        site=work.tx.site,
        service=service.id,
        series=series,
        number=number,
        day=day,
        kind=Kind.appointment,
        state=State.booked,
        queued_at=start,
        language=language,
    )
    return _scheduled(one, service, start)


def _scheduled(one: Ticket, service: Service, start: datetime) -> Ticket:
    """Called from its time on; where check-in is required only after it."""
    begins = None if service.check_in == "required" else start
    return replace(
        one, scheduled_at=start, queued_at=start, callable_from=begins, priority_from=begins, lane=Lane.priority
    )


def checked_name(name: str) -> str:
    """A name in one line. Raises RuleError invalid, field name."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not text or not any(letter.isalpha() for letter in text):
        raise RuleError("invalid", "Write the first and last name of the person who comes.", field="name")
    if len(text) > LONGEST_NAME or any(unicodedata.category(letter) in ("Cc", "Cs", "Co") for letter in text):
        raise RuleError("invalid", f"A name of at most {LONGEST_NAME} letters.", field="name")
    return text


def _checked_notes(notes: str | None) -> str:
    if notes is not None and len(notes) > LONGEST_NOTES:
        raise RuleError("invalid", f"At most {LONGEST_NOTES} characters.", field="notes")
    return notes or ""


def checked_email(work: Work, email: str | None) -> str | None:
    """An address that takes our mail; only the office may do without. Raises RuleError invalid, field email."""
    if email is None or not email.strip():
        if not work.actor.of_office:
            raise RuleError("invalid", "An e-mail address is needed: the ticket is sent there.", field="email")
        return None
    try:
        address = validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise RuleError("invalid", f"This is no e-mail address: {error}", field="email") from None
    office = work.office
    if pec.is_certified(address, certified=office.certified_domains, ordinary=office.ordinary_domains):
        text = "This is a certified mailbox (PEC): it takes no ordinary mail, the ticket would not arrive."
        raise RuleError("invalid", f"{text} Give an ordinary address.", field="email")
    return address


def checked_phone(phone: str, country: str) -> str:
    """A number in E.164 form. Raises RuleError invalid, field phone."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise RuleError("invalid", "This is no telephone number.", field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
