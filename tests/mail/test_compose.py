"""What a mail says: whole texts, the QR, the calendar file on the days when the clock changes (E2, E9, E10)."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from dateutil.tz import tzical
from icalendar import Calendar

from dispatcher.engine.model import Platform
from dispatcher.mail.calendar import calendar_file
from dispatcher.mail.compose import compose, qr_png
from dispatcher.mail.letter import Sender, as_html, as_text, write
from dispatcher.mail.texts import LANGUAGES, catalogue
from dispatcher.usecases.holder import holder_key
from tests.mail.post import KEY, ROME, draft, office, passport, sender

HOLDER = holder_key(KEY, "ABCD1234")

BOOKED = f"""\
Buongiorno Anna Bianchi,

Il tuo appuntamento è prenotato.

    Il tuo numero: AA07

Servizio:
    Passaporti

Quando:
    martedì 24 novembre 2026, ore 10:30
    ora di Roma, UTC+01:00

Dove:
    Camera di commercio
    Via Carlo Alberto 16, Torino

Che cosa portare:
    Documento d'identità

Codice di prenotazione:
    ABCD1234

Per domande:
    011 571 6111

Vieni all'ora indicata e guarda lo schermo: il tuo numero viene chiamato da solo, senza ritirare un biglietto.

Segui la coda dal telefono:
https://code.example.org/t/tokentokentokentoken12

Se non puoi venire, disdici: un'altra persona avrà il tuo posto.

Sposta:
https://code.example.org/appointment/ABCD1234/move?key={HOLDER}&lang=it

Disdici:
https://code.example.org/appointment/ABCD1234?key={HOLDER}&lang=it

-- 
Camera di commercio
L'appuntamento è allegato anche per il tuo calendario.
Questo messaggio è stato scritto da un programma dopo la tua prenotazione presso Camera di commercio.
"""  # noqa: W291  # the sign before a signature ends in a blank

CANCELLED = """\
Bonjour Anna Bianchi,

Votre rendez-vous est annulé.

    Votre numéro\u00a0: AA07

Service\u00a0:
    Passeports

Quand\u00a0:
    mardi 24 novembre 2026 à 10:30
    heure de Rome, UTC+01:00

Où\u00a0:
    Camera di commercio
    Via Carlo Alberto 16, Torino

Questions\u00a0:
    011 571 6111

La place est de nouveau libre pour d'autres. Le numéro AA07 ne sera plus appelé.

Réserver à nouveau\u00a0:
https://code.example.org/?service=passport

-- 
Camera di commercio
La pièce jointe met votre agenda à jour.
Ce message a été écrit par un programme après votre réservation auprès de Camera di commercio.
"""  # noqa: W291


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def part(message: EmailMessage, kind: str) -> Any:
    return next(one for one in message.walk() if one.get_content_type() == kind)


def test_the_text_says_all_that_the_customer_needs() -> None:
    assert as_text(write(draft(), sender())) == BOOKED
    assert as_text(write(draft(kind="cancelled", language="fr"), sender())) == CANCELLED


def test_a_move_tells_the_time_before_and_a_reminder_the_time_to_come() -> None:
    moved = write(draft(kind="moved", language="en", before=datetime(2026, 11, 23, 8, 0, tzinfo=UTC)), sender())
    assert moved.subject == "Appointment moved, number AA07: Tuesday 24 November 2026, 10:30"
    assert moved.facts[:3] == (
        ("Service", "Passports"),
        ("When", "Tuesday 24 November 2026, 10:30\nRome time, UTC+01:00"),
        ("It was", "Monday 23 November 2026, 09:00"),
    )
    reminder = write(draft(kind="reminder", language="de"), sender())
    assert (reminder.subject, reminder.title) == (
        "Erinnerung: Termin AA07, Dienstag, 24. November 2026, 10:30 Uhr",
        "Wir erinnern Sie an Ihren Termin",
    )


def test_an_appointment_on_line_says_so_and_sends_nobody_to_the_office() -> None:
    letter = write(draft(language="en"), sender(office=office(passport(online=True))))
    assert dict(letter.facts)["Where"] == "Camera di commercio\non line"
    assert letter.notes == (
        "The appointment is held on line: there is no need to come to us. The office contacts you at that time.",
    )
    required = write(draft(language="en"), sender(office=office(passport(check_in="required"))))
    assert "check in at the ticket dispenser" in required.notes[0]


def test_a_service_has_its_own_contact_and_an_unknown_language_gets_english() -> None:
    with_own = office(passport(contact={"it": "passaporti@example.org"}))
    letter = write(draft(language="ar"), sender(office=with_own))
    assert dict(letter.facts)["Questions"] == "passaporti@example.org"
    assert letter.language == "en"
    assert dict(letter.facts)["What to bring"] == "Documento d'identità", "the office's own texts: its first language"
    gone = write(draft(service="closed-long-ago"), sender())
    assert dict(gone.facts)["Servizio"] == "closed-long-ago"


def test_every_language_has_every_text_with_the_same_placeholders() -> None:
    def holes(language: str) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in catalogue(language).items()}

    assert [holes(one) for one in LANGUAGES] == [holes("en")] * len(LANGUAGES)


def test_the_message_has_text_html_with_the_qr_inside_and_the_calendar() -> None:
    message = compose(draft(), sender(reply_to="desk@example.org"))
    assert parts(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/ics",
    ]
    headers = {name: str(value) for name, value in message.items() if name not in ("Content-Type", "MIME-Version")}
    assert headers == {
        "Subject": "Il tuo appuntamento AA07: martedì 24 novembre 2026, ore 10:30",
        "From": "Camera di commercio <numeretto@example.org>",
        "To": "Anna Bianchi <anna@example.org>",
        "Reply-To": "desk@example.org",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": "<0192f0c1-0000-7000-8000-000000000001@example.org>",
        "Content-Language": "it",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    assert part(message, "text/plain").get_content() == BOOKED
    picture = part(message, "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in part(message, "text/html").get_content()
    assert picture.get_content() == qr_png("https://code.example.org/t/tokentokentokentoken12")
    assert part(message, "text/calendar").get_param("method") == "REQUEST"
    assert (
        part(message, "application/ics").get_content()
        == part(message, "text/calendar").get_content().replace("\n", "\r\n").encode()
    )
    message.as_bytes().decode("ascii")
    assert max(map(len, message.as_bytes().splitlines())) <= 998


def test_the_qr_is_the_address_of_the_live_page() -> None:
    made = io.BytesIO()
    segno.make("https://code.example.org/t/x", error="m", micro=False).save(made, kind="png", scale=12, border=4)
    assert qr_png("https://code.example.org/t/x") == made.getvalue()


def test_a_cancelled_ticket_has_no_qr_and_no_way_in() -> None:
    message = compose(draft(kind="cancelled"), sender())
    assert "image/png" not in parts(message)
    html = part(message, "text/html").get_content()
    assert "/t/" not in html
    assert "/appointment/" not in html
    assert "<del>AA07</del>" in html


def test_what_a_person_wrote_is_text_and_never_markup_or_a_header() -> None:
    nasty = draft(name='Anna "<script>" O\'Neil, x@evil.example', language="en")
    message = compose(nasty, sender())
    assert "<script>" not in part(message, "text/html").get_content()
    assert [one.addr_spec for one in message["To"].addresses] == ["anna@example.org"]
    umlaut = compose(draft(email="anna@bücher.example"), sender())
    assert umlaut["To"].addresses[0].addr_spec == "anna@xn--bcher-kva.example"


def events(**changes: Any) -> Any:
    one, by = draft(**changes), sender()
    return Calendar.from_ical(calendar_file(one, write(one, by), by))


def test_the_calendar_keeps_one_uid_over_move_and_cancel() -> None:
    booked, moved, cancelled = events(), events(kind="moved", sequence=1), events(kind="cancelled", sequence=2)
    told = [(one["METHOD"], one.walk("VEVENT")[0]) for one in (booked, moved, cancelled)]
    assert [(method, int(event["SEQUENCE"]), str(event["STATUS"])) for method, event in told] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
    ]
    assert len({str(event["UID"]) for _method, event in told}) == 1
    assert events(ticket="another").walk("VEVENT")[0]["UID"] != told[0][1]["UID"]
    event = told[0][1]
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("AA07 – Passaporti", "Via Carlo Alberto 16, Torino")
    assert str(event["URL"]) == "https://code.example.org/t/tokentokentokentoken12"
    assert str(event["ATTENDEE"]) == "mailto:anna@example.org"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


# The clock goes on at 01:00 UTC on 28 March 2027 and back at 01:00 UTC on 25 October 2026.
CLOCK_CHANGES = [
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20261025T023000", "UTC+02:00"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "DTSTART:20261025T013000Z", "UTC+01:00"),
    (datetime(2026, 10, 25, 7, 30, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20261025T083000", "UTC+01:00"),
    (datetime(2027, 3, 28, 0, 50, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20270328T015000", "UTC+01:00"),
    (datetime(2027, 3, 28, 1, 10, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20270328T031000", "UTC+02:00"),
    (datetime(2028, 2, 29, 9, 0, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20280229T100000", "UTC+01:00"),
    (datetime(2026, 12, 31, 23, 55, tzinfo=UTC), "DTSTART;TZID=Europe/Rome:20270101T005500", "UTC+01:00"),
]


@pytest.mark.parametrize(("start", "line", "offset"), CLOCK_CHANGES)
def test_the_instant_is_right_on_the_days_when_the_clock_changes(start: datetime, line: str, offset: str) -> None:
    one, by = draft(start=start), sender()
    file = calendar_file(one, write(one, by), by)
    assert line.encode() in file.splitlines()
    event = Calendar.from_ical(file).walk("VEVENT")[0]
    assert event.decoded("DTSTART").astimezone(UTC) == start
    assert event.decoded("DTEND").astimezone(UTC) == start + timedelta(minutes=15)
    assert write(one, by).zone == f"ora di Roma, {offset}"


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Australia/Sydney", "Asia/Kolkata"])
def test_the_rules_of_the_zone_are_those_of_the_data_base(zone: str) -> None:
    """Read by another program's eyes, hour by hour, but for the hour that comes twice."""
    one, by = draft(), sender(office=office(zone=ZoneInfo(zone)))
    file = calendar_file(one, write(one, by), by).decode()
    read = tzical(io.StringIO(file)).get(zone)
    hour = datetime(2025, 2, 1)  # noqa: DTZ001  # local hours of both
    while hour < datetime(2027, 12, 31):  # noqa: DTZ001
        ours = hour.replace(tzinfo=ZoneInfo(zone))
        exists_once = ours.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == hour
        if exists_once and ours.utcoffset() == ours.replace(fold=1).utcoffset():
            assert hour.replace(tzinfo=read).utcoffset() == ours.utcoffset(), hour
        hour += timedelta(hours=1)


def test_html_says_what_the_text_says() -> None:
    html = as_html(write(draft(), sender()))
    for words in ("AA07", "Passaporti", "martedì 24 novembre 2026, ore 10:30", "Via Carlo Alberto 16", "ABCD1234"):
        assert words in html
    assert '<html lang="it">' in html
    assert "http" not in re.sub(r'href="https://code\.example\.org[^"]*"', "", html), "nothing is loaded from elsewhere"
    assert ROME.key == "Europe/Rome"


def on_line(**changes: Any) -> Sender:
    """An office with a service on a platform with a link."""
    platforms = {"video": Platform(id="video", name={"it": "Videochiamata", "en": "Video call"})}
    return sender(office=office(passport(online=True), platforms=platforms), **changes)


@pytest.mark.parametrize(("language", "name"), [("it", "Collegamento"), ("en", "Link"), ("de", "Link"), ("fr", "Lien")])
def test_an_appointment_on_line_carries_platform_and_link(language: str, name: str) -> None:
    link = "https://meet.example.org/abcdefghijklmnop"
    one = draft(language=language, platform="video", meeting=link)
    letter = write(one, on_line())
    assert dict(letter.facts)[name] == link
    assert "Video" in letter.place
    assert link in as_text(letter)
    assert f'href="{link}"' in as_html(letter)
    event = Calendar.from_ical(calendar_file(one, letter, on_line())).walk("VEVENT")[0]
    assert (event["LOCATION"], event["URL"]) == (link, link)
    assert link in event["DESCRIPTION"]
    called = write(draft(language=language, platform="video"), on_line())
    assert name not in dict(called.facts)
    gone = write(draft(kind="cancelled", language=language, platform="video", meeting=link), on_line())
    assert link not in as_text(gone), "nobody opens a meeting that is cancelled"
