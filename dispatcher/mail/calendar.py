"""The appointment as a calendar file (RFC 5545, RFC 5546): one UID over booking, moves and cancelling."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from dispatcher.mail.letter import Letter, Sender
from dispatcher.mail.zones import timezone_of
from dispatcher.usecases.mails import Draft
from dispatcher.wire.version import VERSION


def method(draft: Draft) -> str:
    """What a calendar is to do with it."""
    return "CANCEL" if draft.kind == "cancelled" else "REQUEST"


def uid(draft: Draft, sender: Sender) -> str:
    """The same for all mails about one appointment; it tells nothing."""
    digest = hashlib.sha256(f"{sender.office.id}\n{draft.ticket}".encode()).hexdigest()[:32]
    return f"{digest}@{sender.office.id}.numeretto"


def calendar_file(draft: Draft, letter: Letter, sender: Sender) -> bytes:
    """The file: an event in the office's own zone, its rules beside it.

    The attendee has accepted already and is asked for no answer: mail programs enter, move and remove the event.
    """
    cancelled = draft.kind == "cancelled"
    service = sender.office.services.get(draft.service)
    length = service.slot if service is not None else timedelta(0)
    event = Event()
    event.add("uid", uid(draft, sender))
    event.add("sequence", draft.sequence)
    event.add("dtstamp", draft.written_at.replace(microsecond=0))
    event.add("dtstart", _local(draft.start, sender.office.zone))
    # The end is reckoned in UTC: a slot over the hour of the clock change keeps its length.
    event.add("dtend", _local(draft.start + length, sender.office.zone))
    event.add("summary", f"{draft.label} – {letter.service}")
    # A link as the place is what calendars make a button of.
    event.add("location", letter.meeting or letter.place or letter.office)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if letter.status is not None:
        parts = [letter.bring, *letter.notes, letter.place if letter.meeting else "", letter.meeting, letter.status[1]]
        event.add("description", "\n\n".join(filter(None, parts)))
        event.add("url", letter.meeting or letter.status[1])
    organizer = vCalAddress(f"mailto:{sender.address}")
    organizer.params["CN"] = vText(sender.office.name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{draft.email}")
    attendee.params.update({"PARTSTAT": vText("ACCEPTED"), "RSVP": vText("FALSE"), "ROLE": vText("REQ-PARTICIPANT")})
    event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", f"-//Numeretto//Numeretto {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method(draft))
    if sender.office.zone.key != "UTC":
        calendar.add_component(timezone_of(sender.office.zone, draft.start.year))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    """In the zone; the hour that comes a second time in autumn in UTC, for a local time means the first (RFC 5545)."""
    local = instant.astimezone(zone)
    return instant.astimezone(UTC) if local.fold else local
