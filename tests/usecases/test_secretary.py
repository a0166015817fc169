"""The office's own appointments (E8, E9, E11, F6): agenda, finding a person, correcting, who looked at what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.engine.model import Mail, Platform
from dispatcher.store import access, bookings
from dispatcher.usecases import bookings as booking_cases
from dispatcher.usecases import holds, secretary, timetable, views
from dispatcher.usecases import mails as letters
from dispatcher.usecases.desk import Actor, Desk
from tests.engine.make import at
from tests.usecases.house import PUBLIC, House, minutes, service, weekdays

SARA = Actor("user:sara", "secretary")
TODAY = at("09:00").date()
MAIL = Mail(host="127.0.0.1", port=1, sender="office@example.org")


def do(office, use_case, **values):
    return office.do(use_case, actor=SARA, **values)


def log(office):
    """Who, what and whose, oldest first."""
    rows = office.desk.read(lambda source: access.latest(source.tx, 1000))
    return [(row.actor, row.what, row.ticket) for row in reversed(rows)]


def found(office, text):
    return [(one["label"], one["name"]) for one in do(office, secretary.find, text=text)["found"]]


def with_hours(house, hours):
    """The same office with other hours, as after a new start."""
    services = {name: replace(one, hours=hours) for name, one in house.desk.office.services.items()}
    desk = Desk(house.store, replace(house.desk.office, services=services), house.clock, base_url=house.desk.base_url)
    desk.prepare()
    return House(house.store, desk, house.clock)


def test_the_agenda_shows_a_day_with_appointments_and_free_places(house):
    office = house(service(slot=minutes(30), places=2, hours=weekdays(("08:00", "10:30"))))
    one = office.book("09:30", name="Rita Levi", phone="011 5617001")
    lost = office.book("09:30", name="Carla Neri")
    office.do(booking_cases.cancel, code=lost["code"])
    day = do(office, secretary.agenda, first=TODAY, last=TODAY)["days"]
    assert day == [
        {
            "day": "2026-11-23",
            "services": [
                {
                    "service": "passport",
                    "free": 5,
                    "booked": 1,
                    "rows": [
                        {"start": "2026-11-23T09:00:00+01:00", "free": 2, "fits": True, "bookings": []},
                        {
                            "start": "2026-11-23T09:30:00+01:00",
                            "free": 1,
                            "fits": True,
                            "bookings": [
                                {
                                    "id": one["id"],
                                    "label": "AA01",
                                    "service": "passport",
                                    "start": "2026-11-23T09:30:00+01:00",
                                    "state": "booked",
                                    "person": office.desk.read(
                                        lambda source: bookings.of_ticket(source.tx, one["id"]).person
                                    ),
                                    "name": "Rita Levi",
                                    "phone": "+390115617001",
                                    "email": office.desk.read(
                                        lambda source: bookings.of_ticket(source.tx, one["id"]).email
                                    ),
                                }
                            ],
                        },
                        {"start": "2026-11-23T10:00:00+01:00", "free": 2, "fits": True, "bookings": []},
                    ],
                }
            ],
        }
    ]
    assert log(office) == [("user:sara", "agenda:2026-11-23:1", None)]


def test_the_agenda_of_a_week_keeps_what_is_past_and_what_has_lost_its_slot(house):
    office = house(service(slot=minutes(30), hours=weekdays(("08:00", "12:00"))))
    office.book("09:30")
    office.book("11:30")
    office.until("10:00")
    now = with_hours(office, weekdays(("08:00", "11:00")))
    days = do(now, secretary.agenda, first=TODAY, last=TODAY + timedelta(days=6))["days"]
    assert len(days) == 7
    rows = [
        (row["start"][11:16], row["free"], row["fits"], [it["state"] for it in row["bookings"]])
        for row in days[0]["services"][0]["rows"]
    ]
    assert rows == [
        ("09:30", None, True, ["waiting"]),
        ("10:00", 2, True, []),
        ("10:30", 2, True, []),
        ("11:30", None, False, ["booked"]),
    ]
    assert days[5]["services"] == [], "nothing on Saturday"


def test_the_hour_that_comes_twice_has_its_slots_twice_in_the_agenda(house):
    office = house(service(slot=minutes(30), places=1))
    office.clock.set(at("12:00").replace(year=2027, month=10, day=30))
    day = TODAY.replace(year=2027, month=10, day=31)
    rows = do(office, secretary.agenda, first=day, last=day)["days"][0]["services"][0]["rows"]
    twice = [row["start"][11:] for row in rows if row["start"][11:13] == "02"]
    assert twice == ["02:00:00+02:00", "02:30:00+02:00", "02:00:00+01:00", "02:30:00+01:00"]
    assert len(rows) == 50


def test_a_person_is_found_by_whatever_they_say_of_themselves(house):
    office = house(service("passport"), service("taxes", "C"))
    one = office.book("10:00", name="Rita Levi-Montalcini", email="rita@example.org", phone="011 561 7001")
    two = office.book("11:00", "taxes", name="Montalcini Levi Ríta", email="rita@example.org", phone="011 561 7001")
    office.book("12:00", name="Zoë d’Angelo", email="zoe@example.org", phone="+49 30 901820")
    rita = {("AA01", "Rita Levi-Montalcini"), ("CC01", "Montalcini Levi Ríta")}
    for text in (
        "levi montalcini rita",
        "RITA LEVI",
        "mont rit",
        "Lévi",
        "rita@example.org",
        "RITA@",
        "011 561 7001",
        "+39 0115617001",
        "5617001",
        one["code"],
        f" {two['code'].lower()} ",
        "AA01",
        "cc 01",
    ):
        assert set(found(office, text)) == rita, text
    assert found(office, "dangelo") == found(office, "030 901820".replace("030", "30")) == [("AA02", "Zoë d’Angelo")]
    for text in ("evi", "nobody", "%", "_", "x@", "999999", "AA99", "' OR 1=1 --", "🙂", "vi"):
        assert found(office, text) == [], text
    office.do(booking_cases.cancel, code=one["code"])
    office.until("2027-01-15T09:00")
    assert set(found(office, "AA01")) == rita, "past and cancelled ones too, also of another day"


def test_who_was_found_stands_in_the_access_log_and_nobody_else(house):
    office = house()
    one = office.book("10:00", name="Rita Levi")
    office.book("11:00", name="Carla Neri")
    do(office, secretary.find, text="rita")
    do(office, secretary.find, text="nobody")
    assert log(office) == [("user:sara", "found", one["id"])]


def test_many_of_one_name_are_cut_and_it_is_said(house):
    office = house(service(places=60))
    for number in range(51):
        office.book("10:00", name=f"Anna Rossi {number}")
    answer = do(office, secretary.find, text="rossi")
    assert (len(answer["found"]), answer["more"]) == (50, True)


def test_the_secretary_books_beyond_lead_and_horizon_and_the_consent_is_hers(house):
    office = house(service(lead=timedelta(hours=4), places=1))
    holder = "desk:form"
    do(office, holds.hold, service="passport", start=at("09:30"), holder=holder)
    values = {"service": "passport", "start": at("09:30"), "name": "Rita Levi", "phone": "011 5617000", "email": None}
    assert office.refusal(booking_cases.book, actor=PUBLIC, **values | {"email": "a@b.it"}, consent=True) == "slot_gone"
    made = do(office, secretary.book, **values, consent=True, holder=holder)
    office.clock.advance(minutes=1)
    seen = do(office, secretary.look, ticket_id=made["id"])
    assert seen["consent"]["by"] == "user:sara"
    assert seen["consent"]["at"] == "2026-11-23T08:00:00.000Z"
    assert (seen["name"], seen["email"], seen["mails"]) == ("Rita Levi", None, [])
    assert office.desk.read(holds.held, holder=holder) is None
    assert log(office) == [("user:sara", "booked", made["id"]), ("user:sara", "seen", made["id"])]
    own = office.do(
        booking_cases.book, actor=PUBLIC, **values | {"start": at("14:00"), "email": "c@example.org"}, consent=True
    )
    assert do(office, secretary.look, ticket_id=own["id"])["consent"]["by"] is None


def test_next_free_times_go_on_to_later_days(house):
    office = house(service(slot=minutes(30), places=1, hours=weekdays(("09:00", "10:00"))))
    office.book("09:30")
    starts = office.desk.read(secretary.next_free, service="passport", most=4)
    assert starts == [f"2026-11-{day}+01:00" for day in ("23T09:00:00", "24T09:00:00", "24T09:30:00", "25T09:00:00")]


def test_what_was_written_wrongly_is_put_right_and_the_ticket_goes_to_the_new_address(house):
    office = house(mail=MAIL)
    one = office.book("10:00", name="Rita Lewi", email="rita@exmaple.org")
    values = {"name": "Rita Levi", "phone": "011 5617000", "notes": None}

    def wrote():
        return [(it["kind"], it["failed"]) for it in do(office, secretary.look, ticket_id=one["id"])["mails"]]

    assert do(office, secretary.correct, ticket_id=one["id"], **values, email="rita@exmaple.org") == {"mailed": False}
    assert wrote() == [("booked", None)]
    draft = office.do(letters.claim)["draft"]
    office.do(letters.refused, mail_id=draft.id, reason="refused")
    assert [one["failed"] for one in office.desk.read(letters.failures)] == ["refused"]
    office.clock.advance(minutes=5)
    assert do(office, secretary.correct, ticket_id=one["id"], **values, email="rita@example.org") == {"mailed": True}
    assert office.desk.read(letters.failures) == [], "a newer mail has followed"
    assert wrote() == [("booked", "refused"), ("booked", None)]
    draft = office.do(letters.claim)["draft"]
    assert (draft.email, draft.name, draft.sequence) == ("rita@example.org", "Rita Levi", 1)
    assert found(office, "lewi") == []
    assert found(office, "levi") == [("AA01", "Rita Levi")]


WRONG = [
    ({"name": "1234"}, "name"),
    ({"email": "rita@pec.it"}, "email"),
    ({"email": "rita"}, "email"),
    ({"phone": "12"}, "phone"),
    ({"notes": "x" * 1001}, "notes"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_a_correction_is_checked_like_a_booking(house, change, field):
    office = house()
    one = office.book("10:00", name="Rita Levi", email="rita@example.org")
    values = {"name": "Rita Levi", "email": "rita@example.org", "phone": "011 5617000", "notes": ""}
    assert office.refusal(secretary.correct, actor=SARA, ticket_id=one["id"], **values | change) == "invalid"
    assert office.refused_bodies[-1]["field"] == field
    assert log(office) == [], "what was refused has shown nothing and changed nothing"


def test_a_correction_makes_nobody_a_second_booking(house):
    office = house()
    office.book("10:00", name="Rita Levi", email="rita@example.org")
    two = office.book("11:00", name="Rita Lewi", email="rita@example.org")
    values = {"name": "Rita Levi", "email": "rita@example.org", "phone": "011 5617000", "notes": ""}
    assert office.refusal(secretary.correct, actor=SARA, ticket_id=two["id"], **values) == "already_booked"


def test_all_that_is_done_with_a_booking_stands_in_the_access_log(house):
    office = house(service(check_in="required"), mail=MAIL)
    one = office.book("10:00")
    values = {"ticket_id": one["id"]}
    do(office, secretary.look, **values)
    do(office, secretary.look, **values, what="printed")
    do(office, secretary.person, **values)
    do(office, secretary.move, **values, start=at("10:30"))
    office.clock.advance(minutes=3)
    while draft := office.do(letters.claim).get("draft"):
        office.do(letters.sent, mail_id=draft.id)
    do(office, secretary.send_again, **values)
    assert do(office, secretary.check_in, **values)["result"] == "early"
    do(office, secretary.cancel, **values)
    do(office, secretary.read_by_code, code=one["code"])
    said = ["seen", "printed", "seen", "moved", "mailed", "checked_in", "cancelled", "seen"]
    assert log(office) == [("user:sara", what, one["id"]) for what in said]
    told = office.desk.read(secretary.access_log, most=2)
    assert [(line["what"], line["label"]) for line in told] == [("seen", "AA01"), ("cancelled", "AA01")]


def test_what_is_no_appointment_is_not_found(house):
    office = house()
    walk_in = office.issue()
    for ticket_id in (walk_in["id"], "nobody"):
        for use_case in (secretary.look, secretary.person, secretary.cancel, secretary.at_counter):
            assert office.refusal(use_case, actor=SARA, ticket_id=ticket_id) == "not_found"


def test_changed_hours_and_failed_mails_are_shown_with_whom_to_call(house):
    office = house(service(hours=weekdays(("08:00", "12:00"))), mail=MAIL)
    one = office.book("11:30", name="Rita Levi", phone="011 5617001")
    two = office.book("09:30", name="Carla Neri", email="carla@example.org")
    drafts = [office.do(letters.claim)["draft"] for _ in range(2)]
    lost = next(draft for draft in drafts if draft.name == "Carla Neri")
    office.do(letters.refused, mail_id=lost.id, reason="refused")
    now = with_hours(office, weekdays(("08:00", "11:00")))
    told = do(now, secretary.attention)
    assert [(it["label"], it["reason"], it["phone"]) for it in told["displaced"]] == [
        ("AA01", "hours", "+390115617001")
    ]
    assert [(it["label"], it["failed"], it["name"]) for it in told["failures"]] == [("AA02", "refused", "Carla Neri")]
    assert log(now) == [("user:sara", "attention", one["id"]), ("user:sara", "attention", two["id"])]
    displaced = now.desk.read(timetable.displaced_ids)
    assert now.desk.read(secretary.how_many_wait, displaced=displaced) == 2
    do(now, secretary.move, ticket_id=one["id"], start=at("10:00"))
    assert now.desk.read(secretary.how_many_wait, displaced=displaced) == 1


def test_an_appointment_on_line_comes_to_the_counter_with_platform_and_link(house):
    platforms = {
        "video": Platform(id="video", name={"it": "Video"}, link="https://meet.example.org/{room}"),
        "telephone": Platform(id="telephone", name={"it": "Telefono"}),
    }
    video = service("video", "V", online=True, platforms=("video", "telephone"))
    office = house(video, platforms=platforms)
    one = office.book("10:00", "video", name="Rita Levi")
    two = office.book("10:05", "video", name="Carla Neri", platform="telephone")
    values = {"service": "video", "start": at("10:10"), "name": "Ada", "email": "a@b.it", "phone": "011 5617000"}
    assert office.refusal(booking_cases.book, **values, consent=True, platform="fax") == "invalid"
    assert office.refused_bodies[-1]["field"] == "platform"
    office.until("10:06")
    office.said()
    assert office.call() == "VV01"
    booked = office.desk.read(views.counter_page, counter="1")["ticket"]["booking"]
    assert (booked["online"], booked["platform"]) == (True, {"it": "Video"})
    assert booked["meeting"].startswith("https://meet.example.org/")
    assert len(booked["meeting"]) >= 40, "its room cannot be guessed"
    assert office.desk.read(views.appointment, code=one["code"])["meeting"] == booked["meeting"]
    assert office.call("2") == "VV02"
    booked = office.desk.read(views.counter_page, counter="2")["ticket"]["booking"]
    assert (booked["platform"], booked["meeting"]) == ({"it": "Telefono"}, None)
    said = office.said()
    assert [topic for topic, _body in said if topic == "call"] == []
    assert office.on_board() == []
    everything = " ".join(str(body) for topic, body in said if topic in ("board", "menu"))
    assert "VV0" not in everything
    assert "meet.example.org" not in str(said), "no link in any message"
    assert two["label"] == "VV02"
