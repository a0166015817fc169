"""What the office sees of its appointments and does with them (E8, D4).

All of it goes through the desk as commands, also what only looks: whose data were shown to whom, and what was changed,
stands in the access log from the same transaction on (F6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import phonenumbers

from dispatcher.engine import days
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Kind, Service, State, Ticket
from dispatcher.engine.names import normal_name
from dispatcher.store import access, bookings, ids, mails, tickets
from dispatcher.store import agenda as lines
from dispatcher.usecases import bookings as appointments
from dispatcher.usecases import mails as letters
from dispatcher.usecases import tickets as ticket_cases
from dispatcher.usecases import timetable, views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

MOST_FOUND = 50
NUMBERS_BACK = 60
NUMBERS_AHEAD = 400
"""Days around today on which a ticket's number is looked for: labels begin anew each day."""
_LOOK_AHEAD = (2, 5, 21, 60)
"""Days in which the next free slots are looked for, one stretch after the other: mostly the first one is enough."""
_LABEL = re.compile(r"([A-Z]{2})\s?([0-9]{2,4})")
_PHONE = re.compile(r"[+0-9][0-9 ()./-]{4,}")


def note(work: Work, what: str, ids_seen: Iterable[str] = ()) -> None:
    """Lines of the access log: one for each person's booking, or one without when it is a whole day's."""
    for ticket_id in ids_seen:
        access.record(work.tx, work.actor.account, what, ticket=ticket_id)


# ---- the agenda


def agenda(work: Work, *, first: date, last: date, services: Sequence[str] | None = None) -> dict[str, Any]:
    """The appointments of some local days, both included: `{days: [{day, services: [{service, free, rows}]}]}`.

    `rows` by time: `{start, free, fits, bookings}`; `free` None for what is past or no slot (`fits` false). Services
    that take no appointments are left out unless there are some. One line in the access log names the days.
    """
    access.record(work.tx, work.actor.account, f"agenda:{first}:{(last - first).days + 1}")
    chosen = [one for one in work.office.services.values() if services is None or one.id in services]
    zone = work.office.zone
    start, end = days.instant(first, time(0), zone), days.instant(last + days.ONE_DAY, time(0), zone)
    booked: dict[str, list[lines.Line]] = {}
    for line in lines.between(work.tx, [one.id for one in chosen], start, end):
        booked.setdefault(line[1].service, []).append(line)
    tables = {one.id: _by_day(work, one, first, last, booked.get(one.id, [])) for one in chosen}
    return {
        "days": [
            {
                "day": day.isoformat(),
                "services": [_told(name, table[day]) for name, table in tables.items() if day in table],
            }
            for day in _days(first, last)
        ]
    }


def _days(first: date, last: date) -> list[date]:
    return [first + number * days.ONE_DAY for number in range((last - first).days + 1)]


def _told(service: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    free, booked = sum(row["free"] or 0 for row in rows), sum(len(row["bookings"]) for row in rows)
    return {"service": service, "free": free, "booked": booked, "rows": rows}


def _by_day(
    work: Work, service: Service, first: date, last: date, here: list[lines.Line]
) -> dict[date, list[dict[str, Any]]]:
    """The rows of a service's days, those without any left out."""
    zone = work.office.zone
    # By UTC: in the hour that comes twice, local times that differ are equal.
    found = timetable.found_slots(work, service, first, last, bound=False)
    free = {one.start.astimezone(UTC): one.free for one in found}
    by_start: dict[datetime, list[dict[str, Any]]] = {start: [] for start in free}
    for row, one in here:
        if one.scheduled_at is not None:
            by_start.setdefault(one.scheduled_at, []).append(_line(work, row, one))
    rows: dict[date, list[dict[str, Any]]] = {}
    for start in sorted(by_start):
        local = start.astimezone(zone)
        rows.setdefault(local.date(), []).append(
            {
                "start": local.isoformat(),
                "free": free.get(start),
                "fits": start in free or start <= work.tx.now,
                "bookings": by_start[start],
            }
        )
    return rows


def _line(source: Reading, row: Any, one: Ticket) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "service": one.service,
        "start": one.scheduled_at.astimezone(source.office.zone).isoformat() if one.scheduled_at else None,
        "state": one.state_at(source.tx.now).value,
        "person": row.person,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
    }


# ---- what needs somebody's attention


def attention(work: Work) -> dict[str, Any]:
    """`{displaced, failures}` with the persons (see timetable.displaced, mails.failures), each a line in the log."""
    displaced = timetable.displaced(work)
    failures = letters.failures(work)
    persons = {
        one.id: _line(work, row, one) for row, one in lines.of_tickets(work.tx, [it["ticket"] for it in failures])
    }
    failures = [{**it, **persons[it["ticket"]], "kind": it["kind"]} for it in failures if it["ticket"] in persons]
    note(work, "attention", dict.fromkeys([*(it["id"] for it in displaced), *(it["id"] for it in failures)]))
    return {"displaced": displaced, "failures": failures}


def how_many_wait(source: Reading, *, displaced: Mapping[str, datetime]) -> int:
    """How many of the displaced are still booked at that time, and how many mails have failed: nothing personal."""
    still = [
        one
        for _row, one in lines.of_tickets(source.tx, displaced)
        if one.state is State.booked and one.scheduled_at == displaced[one.id] and one.scheduled_at > source.tx.now
    ]
    return len(still) + len({row.ticket for row in mails.failed(source.tx, source.tx.now)})


# ---- finding a person


def find(work: Work, *, text: str) -> dict[str, Any]:
    """Whose bookings these are: by name, e-mail, telephone, booking code or number: `{found, more}`.

    By a code or a number all bookings of that person are found. Each one shown is a line in the access log.
    """
    found = _find(work, " ".join(text.split()))
    more = len(found) > MOST_FOUND
    told = [_line(work, row, one) for row, one in found[:MOST_FOUND]]
    note(work, "found", (one["id"] for one in told))
    return {"found": told, "more": more}


def _find(work: Work, text: str) -> list[lines.Line]:
    tx, most = work.tx, MOST_FOUND + 1
    if "@" in text:
        return lines.by_email(tx, text, most)
    if label := _LABEL.fullmatch(text.upper()):
        around = _days(work.today - timedelta(days=NUMBERS_BACK), work.today + timedelta(days=NUMBERS_AHEAD))
        return _all_of(work, lines.by_number(tx, label[1], int(label[2]), around, most))
    if _PHONE.fullmatch(text):
        return lines.by_phone(tx, _digits(text, work.office.country), most)
    coded = bookings.by_code(tx, ids.normal_code(text))
    if coded is not None:
        return _all_of(work, lines.of_tickets(tx, [coded.ticket]))
    words = normal_name(text).split()
    return lines.by_name(tx, words, most) if words else []


def _all_of(work: Work, found: list[lines.Line]) -> list[lines.Line]:
    """These bookings first, then the others of the same persons."""
    every = lines.of_persons(work.tx, work.office.services, {row.person for row, _one in found}, MOST_FOUND + 1)
    known = {one.id for _row, one in found}
    return [*found, *(line for line in every if line[1].id not in known)]


def _digits(text: str, country: str) -> str:
    """A whole number in its normal form; a part of one as its digits."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_valid_number(number):
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return "".join(letter for letter in text if letter.isdecimal())


# ---- a new booking


def next_free(source: Reading, *, service: str, most: int, holder: str | None = None) -> list[str]:
    """The starts of the next free slots of a service; the office is not bound by lead and horizon."""
    settings = source.office.services[service]
    today = source.tx.now.astimezone(source.office.zone).date()
    found: list[str] = []
    first = today
    for length in _LOOK_AHEAD:
        last = first + timedelta(days=length - 1)
        slots = timetable.found_slots(source, settings, first, last, bound=False, holder=holder)
        found += [one.start.isoformat() for one in slots if one.free > 0]
        if len(found) >= most:
            break
        first = last + days.ONE_DAY
    return found[:most]


# ---- one booking


def look(work: Work, *, ticket_id: str, what: str = "seen") -> dict[str, Any]:
    """All about one booking. `what` is the word in the access log. Raises RuleError not_found."""
    one, row = _booking(work, ticket_id)
    note(work, what, [ticket_id])
    service = work.office.services.get(one.service)
    may_move = one.state is State.booked and service is not None and service.appointments
    required = service is not None and service.check_in == "required"
    return {
        **_line(work, row, one),
        "code": row.code,
        "notes": row.notes,
        "language": one.language,
        "platform": row.platform,
        "meeting": row.meeting,
        "booked_at": views.instant(row.booked_at),
        "consent": {"at": views.instant(row.consent_at), "by": row.consent_by, "notice": row.consent_notice},
        "checked_in_at": views.instant(one.checked_in_at),
        "token": views.token_of(work, ticket_id=ticket_id),
        "mails": letters.of_booking(work, code=row.code) or [],
        "history": _history(work, ticket_id),
        "may_move": may_move,
        "may_cancel": one.state in (State.booked, State.waiting),
        "may_check_in": required and one.state is State.booked and one.day == work.today and one.checked_in_at is None,
        "may_mail": bool(row.email) and one.state in (State.booked, State.waiting, State.cancelled),
    }


def _history(source: Reading, ticket_id: str) -> list[dict[str, Any]]:
    return [
        {"at": views.instant(row.at), "event": row.event, "counter": row.counter, "actor": row.actor}
        for row in tickets.history(source.tx, ticket_id)
    ]


def person(work: Work, *, ticket_id: str) -> dict[str, Any]:
    """Who somebody is, to book another appointment for them. Raises RuleError not_found."""
    one, row = _booking(work, ticket_id)
    note(work, "seen", [ticket_id])
    return {"name": row.name, "phone": row.phone, "email": row.email or "", "language": one.language}


def at_counter(work: Work, *, ticket_id: str) -> dict[str, Any]:
    """The counter's page shows this person's data to its operator. Raises RuleError not_found."""
    _booking(work, ticket_id)
    note(work, "counter", [ticket_id])
    return {}


def book(work: Work, **details: Any) -> dict[str, Any]:
    """As bookings.book, for somebody who telephones or stands at the desk (E8)."""
    made = appointments.book(work, **details)
    note(work, "booked", [made["id"]])
    return made


def correct(work: Work, *, ticket_id: str, **details: Any) -> dict[str, Any]:
    """As bookings.correct."""
    done = appointments.correct(work, ticket_id=ticket_id, **details)
    note(work, "corrected", [ticket_id])
    return done


def move(work: Work, *, ticket_id: str, start: datetime) -> dict[str, Any]:
    """As bookings.move."""
    _one, row = _booking(work, ticket_id)
    note(work, "moved", [ticket_id])
    return appointments.move(work, code=row.code, start=start)


def cancel(work: Work, *, ticket_id: str) -> None:
    """As bookings.cancel."""
    _one, row = _booking(work, ticket_id)
    note(work, "cancelled", [ticket_id])
    appointments.cancel(work, code=row.code)


def send_again(work: Work, *, ticket_id: str) -> dict[str, Any]:
    """As mails.send_again."""
    _one, row = _booking(work, ticket_id)
    note(work, "mailed", [ticket_id])
    return letters.send_again(work, code=row.code)


def check_in(work: Work, *, ticket_id: str) -> dict[str, Any]:
    """As tickets.check_in."""
    _booking(work, ticket_id)
    note(work, "checked_in", [ticket_id])
    return ticket_cases.check_in(work, ticket_id=ticket_id)


def read_by_code(work: Work, *, code: str) -> dict[str, Any]:
    """As views.appointment, for staff and the office's programs. Raises RuleError not_found."""
    note(work, "seen", [_ticket_of(work, code)])
    return views.appointment(work, code=code) or {}


def move_by_code(work: Work, *, code: str, start: datetime) -> dict[str, Any]:
    """As bookings.move."""
    note(work, "moved", [_ticket_of(work, code)])
    return appointments.move(work, code=code, start=start)


def cancel_by_code(work: Work, *, code: str) -> None:
    """As bookings.cancel."""
    note(work, "cancelled", [_ticket_of(work, code)])
    appointments.cancel(work, code=code)


def _ticket_of(work: Work, code: str) -> str:
    row = bookings.by_code(work.tx, ids.normal_code(code))
    if row is None:
        raise RuleError("not_found", "There is no booking with this code.")
    return str(row.ticket)


def _booking(work: Work, ticket_id: str) -> tuple[Ticket, Any]:
    one, row = work.ticket(ticket_id), bookings.of_ticket(work.tx, ticket_id)
    if row is None or one.kind is not Kind.appointment:
        raise RuleError("not_found", "There is no booking with this number.")
    return one, row


# ---- the access log


def access_log(source: Reading, *, most: int) -> list[dict[str, Any]]:
    """The latest lines: `{at, actor, what, ticket, label, account}`."""
    rows = access.latest(source.tx, most)
    labels = lines.labels_of(source.tx, {row.ticket for row in rows if row.ticket})
    return [
        {
            "at": views.instant(row.at),
            "actor": row.actor,
            "what": row.what,
            "ticket": row.ticket,
            "label": labels.get(row.ticket or ""),
            "account": row.account,
        }
        for row in rows
    ]
