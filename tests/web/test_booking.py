"""The booking pages without JavaScript, from the service to the ticket (E1, E3, E6)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dispatcher.engine.model import Hours, Platform
from dispatcher.store.people import hold as hold_table
from dispatcher.web.texts import catalogue
from dispatcher.wire.clock import ManualClock
from tests.web.bookings import Booking, answer_of, hidden, typed
from tests.web.office import (
    API,
    MONDAY_9,
    OFFICE,
    ZONE,
    House,
    OfficeTime,
    booking,
    house,
    make_office,
    slot,
)


def held(home: House) -> int:
    """How many holds there are."""
    with home.desk.store.engine.connect() as conn:
        return len(conn.execute(hold_table.select()).all())


def fill(client: FlaskClient, start: str, places: int = 2) -> None:
    """Others book all places of an hour."""
    for number in range(places):
        body = booking(start=start, name=f"Other {'abcdefghij'[number]}", email=f"other{number}@example.org")
        assert client.post(f"{API}/appointments", json=body, headers=OFFICE).status_code == 201


def offered(page: str) -> list[str]:
    return re.findall(r'type="radio" name="start" value="([^"]+)"', page)


def with_service(**changes: object) -> dict:
    """Settings of an office whose passport service is changed."""
    services = dict(make_office().services)
    services["passport"] = replace(services["passport"], **changes)
    return services


# ---- the whole way


def test_booking_from_service_to_ticket_page(client: FlaskClient, home: House) -> None:
    first = client.get("/?lang=en").text
    assert "Passports" in first
    assert "Quick desk" not in first
    month = client.get("/?service=passport").text
    assert "November 2026" in month
    way = Booking(client)
    form = way.form()
    assert "Tuesday 24 November, 10:00" in form
    assert "Kept for you until 09:10." in form
    assert held(home) == 1
    check = way.send(notes="ring twice")
    assert check.status_code == 200
    for text in ("Anna Bianchi", "anna@example.org", "+390118122345", "ring twice", "Tuesday 24 November, 10:00"):
        assert text in check.text
    assert "Nothing is booked" not in check.text
    answer = way.confirm()
    assert answer.status_code == 303
    assert re.fullmatch(r"/t/[\w-]+", answer.headers["Location"])
    page = client.get(answer.headers["Location"])
    assert "AA01" in page.text
    assert "booking code is" in page.text
    assert "Anna" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert held(home) == 0, "no hold is left behind"


def test_nothing_personal_stands_in_addresses_or_the_cookie(client: FlaskClient) -> None:
    way = Booking(client)
    held_at = way.hold().headers["Location"]
    assert re.fullmatch(r"/details\?service=passport&start=[\dT:%B+-]+", held_at)
    answer = way.send()
    assert re.search(r'action="(/confirm[^"]*)"', answer.text)[1].count("=") == 2
    with client.session_transaction() as session:
        assert set(session) <= {"csrf_token", "holder"}


def test_confirm_sent_twice_books_once(client: FlaskClient) -> None:
    way = Booking(client)
    check = way.send().text
    places = [client.post("/confirm", data=hidden(check)).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]


def test_no_step_changes_anything_by_get(client: FlaskClient, home: House) -> None:
    for path in ("/", "/?service=passport", f"/details?service=passport&start={slot().replace('+', '%2B')}"):
        assert client.get(path).status_code == 200
    assert held(home) == 0
    for path in ("/hold", "/confirm"):
        answer = client.get(f"{path}?service=passport&start={slot().replace('+', '%2B')}&lang=de&endpoint=x")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/details?service=passport&start=")


def test_steps_without_what_they_need_go_back(client: FlaskClient) -> None:
    token = hidden(client.get("/?service=passport").text)["csrf_token"]
    assert client.get("/details").headers["Location"] == "/"
    assert client.get("/details?service=passport&start=soon").headers["Location"] == "/?service=passport"
    for path in ("/hold", "/details", "/confirm"):
        assert client.post(path, data={"csrf_token": token}).headers["Location"] == "/"
        assert client.post(path, data={"service": "passport", "start": slot()}).status_code == 400, "without its token"


# ---- the services


def test_what_to_bring_is_shown_from_the_list_to_the_check(tmp_path: Path) -> None:
    services = with_service(bring={"en": "the old passport", "it": "il passaporto vecchio"})
    with house(tmp_path, office=make_office(services=services)) as home:
        client = home.client()
        way = Booking(client)
        assert "the old passport" in client.get("/?lang=en").text
        assert "the old passport" in client.get("/?service=passport").text
        assert "the old passport" in way.send().text
        assert "il passaporto vecchio" in client.get("/?lang=it").text


def test_many_services_have_a_search_that_forgives_accents(tmp_path: Path) -> None:
    few = make_office().services
    many = {f"s{n}": replace(few["passport"], id=f"s{n}", name={"it": f"Pratica {n}"}) for n in range(8)}
    many["s3"] = replace(many["s3"], name={"it": "Attività", "de": "Gewerbe"})
    with house(tmp_path, office=make_office(services={**few, **many})) as home:
        client = home.client()
        assert 'name="q"' in client.get("/?lang=it").text
        found = client.get("/?q=ATTIVITA").text
        assert "1 servizio trovato" in found
        assert "Attività" in found
        assert "Pratica" not in found
        assert "Attività" in client.get("/?q=gewerbe").text
        assert "Nessun servizio trovato" in client.get("/?q=%3Cscript%3E").text
        assert "<script>" not in client.get("/?q=%3Cscript%3E").text.split("<main")[1]
    with house(tmp_path) as home:
        assert 'name="q"' not in home.client().get("/").text


def test_hour_that_comes_twice_is_told_apart(tmp_path: Path) -> None:
    """E10: in the night in which the clock goes back, on the month's page, on the form and read over."""
    night = Hours(spans=dict.fromkeys(range(7), ((time(1), time(4)),)))
    clock = OfficeTime(datetime(2026, 10, 20, 9, tzinfo=ZONE))
    services = with_service(hours=night, slot=timedelta(minutes=30))
    with house(tmp_path, clock=clock, office=make_office(services=services)) as home:
        client = home.client()
        page = client.get("/?service=passport&day=2026-10-25&lang=en").text
        assert re.findall(r"<span>(\d\d:\d\d[^<]*)</span>", page) == [
            "01:00", "01:30", "02:00 (CEST)", "02:30 (CEST)", "02:00 (CET)", "02:30 (CET)", "03:00", "03:30",
        ]  # fmt: skip
        way = Booking(client, start="2026-10-25T02:30:00+01:00")
        assert "Sunday 25 October, 02:30 (CET)" in way.form()
        assert "Sunday 25 October, 02:30 (CET)" in way.send().text
        assert way.confirm().status_code == 303


# ---- what is wrong is said


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": ""}, "Write the name of the person who comes."),
        ({"name": "12"}, "Write first and last name in letters."),
        ({"email": ""}, "Write your e-mail address."),
        ({"email": "anna"}, "This is not an e-mail address."),
        ({"email": "anna@pec.it"}, "This is a certified mailbox (PEC)."),
        ({"email": "anna@gmial.com"}, "Did you mean anna@gmail.com?"),
        ({"phone": "7"}, "This is not a telephone number."),
        ({"consent": "no"}, "Tick that you have read how your data are used."),
        ({"website": "http://spam"}, "leave the hidden field empty"),
        ({"name": "A\0B"}, "signs in it that cannot be used"),
        ({"notes": "x" * 2000}, "At most 1000 characters."),
        ({"answer": ""}, "Answer the question of the check."),
        ({"answer": "99"}, "The result is not right: here is a new question."),
        ({"altcha": "bm9uc2Vuc2U="}, "Answer the question of the check."),
    ],
)
def test_mistakes_are_said_and_nothing_typed_is_lost(client: FlaskClient, change: dict[str, str], text: str) -> None:
    answer = Booking(client).send(**{"notes": "ring twice", **change})
    assert answer.status_code == 422
    assert text in html.unescape(answer.text)
    assert 'value="011 8122345"' in answer.text or "phone" in change
    assert "ring twice" in answer.text or "notes" in change


def test_slip_of_the_domain_can_be_mended_or_overruled(client: FlaskClient) -> None:
    way = Booking(client)
    way.send(email="anna@gmial.com")
    check = way.send(email="anna@gmial.com", email_choice="anna@gmail.com")
    assert check.status_code == 200
    assert "anna@gmail.com" in check.text
    assert "anna@gmial.com" not in check.text
    way = Booking(client)
    way.form()
    assert way.send(email="anna@gmial.com", email_choice="anna@gmial.com").status_code == 200
    assert way.confirm().status_code == 303


def test_overruled_slip_does_not_cover_another_address(client: FlaskClient) -> None:
    answer = Booking(client).send(email="anna@gmial.com", email_choice="anna@hotmial.com")
    assert answer.status_code == 422


def test_change_returns_to_the_form_with_all_kept(client: FlaskClient) -> None:
    way = Booking(client)
    check = way.send(notes="due gradini", language="de")
    back = client.post("/details", data={**hidden(check.text), "step": "change"})
    assert back.status_code == 200
    for text in (
        'value="Anna Bianchi"',
        'value="anna@example.org"',
        "due gradini",
        '<option value="de" lang="de" selected>',
    ):
        assert text in back.text
    assert "Check passed" in back.text, "the question is not asked again"
    way.page = back.text
    assert way.send().status_code == 200
    assert way.confirm().status_code == 303


def test_tampered_check_page_is_checked_again(client: FlaskClient) -> None:
    way = Booking(client)
    way.send()
    answer = way.confirm(email="anna@pec.it", consent="")
    assert answer.status_code == 422
    assert "certified mailbox" in answer.text
    assert "Tick that you have read" in answer.text


def test_second_booking_of_a_person_is_refused_with_date_and_way_out(client: FlaskClient) -> None:
    Booking(client).through()
    answer = Booking(client, start=slot(hour=11)).send()
    assert answer.status_code == 409
    assert "already has an appointment for this service: Tuesday 24 November, 10:00" in answer.text
    assert "cancel or move it first" in answer.text
    assert Booking(client, start=slot(hour=11)).send(name="Bruno Bianchi").status_code == 200, (
        "a family shares a mailbox"
    )


# ---- the hold


def test_place_held_is_not_offered_to_others_and_given_back(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house(tmp_path, clock=clock, office=make_office(services=with_service(places=1))) as home:
        one, two = home.client(), home.client()
        Booking(one).form()
        refused = Booking(two).hold()
        assert refused.status_code == 409
        assert "Tuesday 24 November, 10:00: somebody else has just taken it." in refused.text
        near = re.findall(r'name="start" value="([^"]+)"', refused.text.split("</ul>")[1])
        assert slot(hour=9, minute=45) in near
        assert slot(hour=10, minute=15) in near
        Booking(one, start=slot(hour=11)).form()
        assert held(home) == 1, "only one slot at a time"
        assert Booking(two).hold().status_code == 303
        clock.advance(minutes=11)
        assert Booking(one).hold().status_code == 303, "a hold that is over comes back by itself"


def test_hold_that_ran_out_still_books_while_the_place_is_free(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house(tmp_path, clock=clock, office=make_office(services=with_service(places=1))) as home:
        way = Booking(home.client())
        way.form()
        clock.advance(minutes=11)
        late = home.client().get(f"/details?service=passport&start={slot().replace('+', '%2B')}&lang=en")
        assert "not kept for you now" in late.text
        assert way.send().status_code == 200
        clock.advance(minutes=11)
        assert way.confirm().status_code == 303
        assert held(home) == 0


@pytest.mark.parametrize("step", ["form", "details", "confirm"])
def test_lost_hold_offers_the_nearest_and_keeps_what_was_typed(tmp_path: Path, step: str) -> None:
    clock = ManualClock(MONDAY_9)
    with house(tmp_path, clock=clock) as home:
        client = home.client()
        way = Booking(client)
        form = way.form()
        if step == "confirm":
            way.send(notes="ring twice")
        clock.advance(minutes=11)
        fill(home.client(), slot())
        if step == "form":
            answer = client.get(f"/details?service=passport&start={slot().replace('+', '%2B')}")
        elif step == "details":
            answer = client.post(
                "/details", data={**hidden(form), **typed(notes="ring twice"), "answer": answer_of(form)}
            )
        else:
            answer = way.confirm()
        assert answer.status_code == 409
        assert "Somebody else has just taken this time." in answer.text
        assert slot(hour=9, minute=45) in offered(answer.text)
        assert slot() not in offered(answer.text)
        if step == "form":
            return
        assert 'value="Anna Bianchi"' in answer.text
        assert "ring twice" in answer.text
        way.page = answer.text
        again = way.send(start=offered(answer.text)[0])
        assert again.status_code == 200
        assert way.confirm().status_code == 303


def test_two_on_the_last_place(tmp_path: Path) -> None:
    clock = ManualClock(MONDAY_9)
    with house(tmp_path, clock=clock, office=make_office(services=with_service(places=1))) as home:
        one, two = Booking(home.client()), Booking(home.client())
        one.send(name="Anna Neri", email="anna@example.org")
        clock.advance(minutes=11)
        two.send(name="Bruno Verdi", email="bruno@example.org")
        clock.advance(minutes=11)
        assert two.confirm().status_code == 303
        lost = one.confirm()
        assert lost.status_code == 409
        assert 'value="Anna Neri"' in lost.text
        assert len(offered(lost.text)) == 6


def test_another_tab_does_not_change_what_this_one_books(client: FlaskClient) -> None:
    first, second = Booking(client), Booking(client, start=slot(hour=11))
    form = first.form()
    second.form()
    first.page = form
    assert "Tuesday 24 November, 10:00" in first.send().text


# ---- on line, languages


def on_line(*platforms: str) -> dict:
    services = with_service(online=True, platforms=platforms)
    names = {"jitsi": {"it": "Video"}, "phone": {"it": "Telefono", "en": "Telephone"}}
    return {"services": services, "platforms": {key: Platform(id=key, name=name) for key, name in names.items()}}


def test_service_on_line_asks_for_the_platform(tmp_path: Path) -> None:
    with house(tmp_path, office=make_office(**on_line("jitsi", "phone"))) as home:
        client = home.client()
        way = Booking(client)
        form = way.form()
        assert 'type="radio" name="platform" value="jitsi"' in form
        assert "Choose how we talk on line." in way.send().text
        assert "Choose how we talk on line." in way.send(platform="carrier pigeon").text
        assert "Telephone" in way.send(platform="phone").text
        assert way.confirm().status_code == 303
        with home.desk.store.engine.connect() as conn:
            assert conn.exec_driver_sql("SELECT platform FROM booking").scalar() == "phone"


def test_one_platform_is_said_and_not_asked(tmp_path: Path) -> None:
    with house(tmp_path, office=make_office(**on_line("phone"))) as home:
        way = Booking(home.client())
        assert 'name="platform" value=' not in way.form().split("<form")[1].split("hidden")[0]
        assert "Telephone" in way.send().text


@pytest.mark.parametrize("language", ["it", "en", "de", "fr"])
def test_every_page_speaks_each_language(tmp_path: Path, language: str) -> None:
    words = catalogue(language)
    with house(tmp_path, office=make_office(**on_line("jitsi", "phone"))) as home:
        client = home.client()
        client.set_cookie("lang", language)
        way = Booking(client)
        month = client.get(f"/?service=passport&lang={language}").text
        held_at = client.post("/hold", data={**hidden(month), "start": slot()}).headers["Location"]
        way.page = client.get(held_at).text
        wrong = way.send(name="", email="anna@gmial.com", platform="")
        right = way.send(platform="phone", language=language)
        for page in (month, way.page, wrong.text, right.text):
            assert f'<html lang="{language}">' in page
            assert not re.search(r"\bbook(ing)?\.[a-z]", re.sub(r'(href|src|action)="[^"]*"', "", page))
        assert words["booking.check"] in html.unescape(right.text)
        assert way.confirm().status_code == 303
        with home.desk.store.engine.connect() as conn:
            assert conn.exec_driver_sql("SELECT language FROM ticket").scalar() == language
