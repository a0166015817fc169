"""The office's appointments without a browser: who gets in, nothing lost, nothing twice, every look written down
(E8, E9, D4, F6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dispatcher.store import access
from tests.web.desk import BOOKINGS, desk_office, hidden, log_in, submit, text_of, token_in
from tests.web.office import API, COUNTER, OFFICE, House, booking, house, slot

PERSON = {"name": "Rita Levi", "phone": "011 5617000", "email": "rita@example.org", "consent": "yes", "notes": ""}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, office=desk_office()) as made:
        yield made


@pytest.fixture
def sara(home: House) -> FlaskClient:
    return log_in(home.client())


def book(home: House, **changes: object) -> dict:
    answer = home.client().post(f"{API}/appointments", json=booking(**changes), headers=OFFICE)
    assert answer.status_code == 201, answer.text
    return answer.json


def log(home: House, since: int = 0) -> list[tuple[str, str, str | None]]:
    """Who, what and whose, oldest first."""
    rows = home.desk.read(lambda source: access.latest(source.tx, 1000))
    return [(row.actor, row.what, row.ticket) for row in reversed(rows)][since:]


def hold(client: FlaskClient, start: str, service: str = "passport", **values: str):
    page = client.get(f"{BOOKINGS}/new").text
    values |= {"csrf_token": token_in(page), "form": hidden(page, "form"), "slot": f"{service}|{start}"}
    return client.post(f"{BOOKINGS}/new", data=values)


def confirm(client: FlaskClient, held: str, **changes: str):
    names = ("csrf_token", "form", "request_id", "service", "start")
    values = {name: hidden(held, name) for name in names} | PERSON | changes
    return client.post(f"{BOOKINGS}/new", data={**values, "action": "book"})


def pages(ticket: str) -> list[tuple[str, str]]:
    """Every page and form of the desk."""
    one = f"{BOOKINGS}/{ticket}"
    return [
        *(("GET", path) for path in (BOOKINGS, f"{BOOKINGS}/find", f"{BOOKINGS}/attention", f"{BOOKINGS}/new")),
        *(("GET", path) for path in (one, f"{one}/print", f"{one}/move")),
        *(("POST", path) for path in (f"{BOOKINGS}/find", f"{BOOKINGS}/new")),
        *(("POST", f"{one}/{step}") for step in ("move", "cancel", "mail", "check_in", "correct")),
    ]


def test_the_desk_is_for_those_who_may_see_appointments(home: House) -> None:
    ticket = book(home)["id"]
    nobody, anna = home.client(), log_in(home.client(), "anna")
    before = log(home)
    for method, path in [*pages(ticket), ("GET", "/office/access")]:
        sent = nobody.open(path, method=method)
        assert (sent.status_code, "/login?next=" in sent.headers["Location"]) == (303, True), path
        told = anna.open(path, method=method)
        assert told.status_code == 403, path
        assert "Rita" not in told.text
    assert log(home) == before, "whoever may not look has seen nothing"
    for name in ("sara", "max", "ada"):
        client = log_in(home.client(), name)
        for method, path in pages(ticket):
            if method == "GET":
                assert client.get(path).status_code == 200, path
        assert client.get("/office/access").status_code == (403 if name == "sara" else 200)
        assert "/office/bookings" in client.get("/office/").text
    assert "/office/bookings" not in anna.get("/office/").text
    assert "/office/bookings" not in anna.get("/counter/1").text


def test_every_form_needs_its_token(home: House, sara: FlaskClient) -> None:
    ticket = book(home)["id"]
    for method, path in pages(ticket):
        if method == "POST":
            assert sara.post(path, data={"text": "rita", "start": slot()}).status_code == 400, path
    assert sara.get(f"{BOOKINGS}/{ticket}").status_code == 200
    for step in ("cancel", "mail", "check_in", "correct"):
        assert sara.get(f"{BOOKINGS}/{ticket}/{step}").status_code == 405


def test_each_page_that_shows_a_persons_data_leaves_its_line(home: House, sara: FlaskClient) -> None:
    ticket = book(home)["id"]
    seen = []
    for method, path in pages(ticket):
        if method != "GET":
            continue
        before = len(log(home))
        shows = "Anna Bianchi" in sara.get(path).text
        lines = log(home, before)
        assert bool(lines) >= shows, f"{path} shows a person and leaves no line"
        seen += lines
    before = len(log(home))
    assert "Anna Bianchi" in submit(sara, f"{BOOKINGS}/find", text="bianchi").text
    assert "Anna Bianchi" in sara.get(f"{BOOKINGS}?view=week&day=2026-11-24").text
    assert 'value="Anna Bianchi"' in sara.get(f"{BOOKINGS}/new?like={ticket}").text
    seen += log(home, before)
    me = "user:sara"
    assert seen == [
        (me, "agenda:2026-11-23:1", None),
        (me, "seen", ticket),
        (me, "printed", ticket),
        (me, "agenda:2026-11-23:1", None),
        (me, "found", ticket),
        (me, "agenda:2026-11-23:7", None),
        (me, "seen", ticket),
    ]


def test_the_access_log_is_read_by_the_manager_in_words(home: House, sara: FlaskClient) -> None:
    one = book(home)
    sara.get(f"{BOOKINGS}/{one['id']}")
    sara.get(f"{BOOKINGS}?day=2026-11-24")
    submit(sara, f"{BOOKINGS}/{one['id']}/cancel")
    read = text_of(log_in(home.client(), "max").get("/office/access?lang=en").text)
    for line in ("sara opened AA01", "sara looked at the agenda of Tuesday 24 November 2026", "sara cancelled AA01"):
        assert line in read
    assert "program desk booked AA01" in read
    assert "Anna" not in read, "it says whose record, not what stands in it"


def test_programs_and_log_ins_of_the_office_leave_lines_too(home: House, sara: FlaskClient) -> None:
    one = book(home)
    sara.get(f"{API}/appointments/{one['code']}")
    client = home.client()
    path = f"{API}/appointments/{one['code']}"
    assert client.patch(path, json={"start": slot(2)}, headers=OFFICE).status_code == 200
    assert client.delete(path, headers=OFFICE).status_code == 204
    assert client.get(f"{API}/appointments/NOCODE12", headers=OFFICE).json["code"] == "not_found"
    ticket = one["id"]
    assert log(home) == [
        ("token:desk", "booked", ticket),
        ("user:sara", "seen", ticket),
        ("token:desk", "moved", ticket),
        ("token:desk", "cancelled", ticket),
    ]


def test_the_time_is_held_while_the_secretary_talks_and_booked_once(home: House, sara: FlaskClient) -> None:
    held = hold(sara, slot(), name="Rita Levi")
    assert held.status_code == 200
    assert 'value="Rita Levi"' in held.text, "what was typed is kept"
    day = {"from": "2026-11-24", "to": "2026-11-24"}

    def free() -> int:
        found = home.client().get(f"{API}/services/passport/slots", query_string=day).json
        return {one["start"]: one["free"] for one in found}.get(slot(), 0)

    assert free() == 1
    first = confirm(sara, held.text)
    assert first.status_code == 303, text_of(first.text)
    again = confirm(sara, held.text)
    assert again.headers["Location"] == first.headers["Location"], "sent twice, booked once"
    assert free() == 1
    page = sara.get(first.headers["Location"] + "?lang=en").text
    assert "Heard by sara." in text_of(page)
    assert "AA01" in text_of(page)


def test_nothing_typed_is_lost_when_something_is_wrong(home: House, sara: FlaskClient) -> None:
    held = hold(sara, slot())
    wrong = confirm(sara, held.text, email="rita@pec.it", consent="", notes="brings a dog")
    assert wrong.status_code == 422
    told = text_of(wrong.text)
    assert "PEC" in told or "certificata" in told
    for kept in ('value="Rita Levi"', 'value="rita@pec.it"', "brings a dog", 'aria-invalid="true"'):
        assert kept in wrong.text
    book(home, name="Rita Levi", email="rita@example.org", start=slot(3))
    refused = confirm(sara, held.text)
    assert refused.status_code == 409
    assert f"{BOOKINGS}/" in refused.text
    assert 'value="Rita Levi"' in refused.text


def test_the_last_place_that_is_gone_meanwhile_is_said_and_another_time_is_offered(home: House) -> None:
    one, two = log_in(home.client()), log_in(home.client(), "max")
    for name in ("Anna", "Bea"):
        book(home, name=f"{name} Verdi", email=f"{name}@example.org", start=slot(1, 9))
    lost = hold(one, slot(1, 9), name="Rita Levi")
    assert lost.status_code == 409
    assert 'value="Rita Levi"' in lost.text
    held = hold(one, slot(1, 11))
    for name in ("Cora", "Dora"):
        other = hold(two, slot(1, 11))
        if name == "Cora":
            assert confirm(two, other.text, name="Cora Neri", email="cora@example.org").status_code == 303
    assert other.status_code == 409, "two places: one held by the other form, one booked"
    assert confirm(one, held.text).status_code == 303


def test_another_one_for_the_same_person_keeps_the_data(home: House, sara: FlaskClient) -> None:
    ticket = book(home)["id"]
    page = sara.get(f"{BOOKINGS}/new?like={ticket}").text
    assert 'value="Anna Bianchi"' in page
    assert not [line for line in page.splitlines() if "href=" in line and "Anna" in line], "nothing personal in URLs"
    values = {name: hidden(page, name) for name in ("csrf_token", "form", "name", "phone", "email", "language")}
    held = sara.post(f"{BOOKINGS}/new", data={**values, "slot": f"residence|{slot()}"})
    done = sara.post(
        f"{BOOKINGS}/new",
        data={
            **{name: hidden(held.text, name) for name in ("csrf_token", "form", "request_id", "service", "start")},
            **{name: values[name] for name in ("name", "phone", "email", "language")},
            "consent": "yes",
            "notes": "",
            "action": "book",
        },
    )
    assert done.status_code == 303
    assert "BB01" in sara.get(done.headers["Location"]).text


def test_moved_cancelled_corrected_and_mailed_again(home: House, sara: FlaskClient) -> None:
    ticket = book(home)["id"]
    path = f"{BOOKINGS}/{ticket}"
    assert submit(sara, f"{path}/move", start=slot(2, 11)).status_code == 303
    assert "25" in text_of(sara.get(path).text)
    assert submit(sara, f"{path}/move", start="nonsense").headers["Location"].endswith("/move")
    values = {"name": "Anna Bianchini", "phone": "011 5617001", "email": "bianchini@example.org", "notes": "deaf"}
    assert submit(sara, f"{path}/correct", **values).status_code == 303
    page = sara.get(path).text
    assert "Anna Bianchini" in page
    assert "+39 011 561 7001" in page
    wrong = submit(sara, f"{path}/correct", **values | {"email": "x@pec.it"})
    assert wrong.status_code == 422
    assert 'value="x@pec.it"' in wrong.text
    assert submit(sara, f"{path}/mail").status_code == 303
    assert submit(sara, f"{path}/cancel").status_code == 303
    assert submit(sara, f"{path}/cancel").status_code == 303
    assert "cancelled" in sara.get(path + "?lang=en").text
    assert sara.get(f"{path}/move").status_code == 303, "nothing to move any more"
    assert sara.get(f"{BOOKINGS}/nobody").status_code == 404
    assert submit(sara, f"{BOOKINGS}/nobody/cancel").status_code == 404


def test_strange_addresses_and_forms_are_answered_in_order(home: House, sara: FlaskClient) -> None:
    for query in ("?day=x&view=y&service=z", "?day=9999-99-99", "?day=1600-01-01", "?view=week&day=2027-03-28"):
        assert sara.get(BOOKINGS + query).status_code == 200, query
    for values in ({"slot": "x"}, {"slot": "passport|x"}, {"slot": f"nothing|{slot()}"}, {"form": "é" * 99}):
        assert submit(sara, f"{BOOKINGS}/new", **values).status_code in (200, 409), values
    assert submit(sara, f"{BOOKINGS}/new", action="book").status_code == 422
    assert submit(sara, f"{BOOKINGS}/find", text="\x00" * 200).status_code == 200
    assert sara.get(f"{BOOKINGS}/new?like=nobody").status_code == 404


def test_an_operator_sees_the_person_at_the_counter_and_that_is_written_down(home: House) -> None:
    anna, sara = log_in(home.client(), "anna"), log_in(home.client())
    one = book(home, start=slot(0, 9, 15), service="advice")
    post = home.client().post
    assert post(f"{API}/counters/3/open", headers=COUNTER).status_code == 200
    assert post(f"{API}/counters/3/call", json={"id": one["id"]}, headers=COUNTER).status_code == 200
    before = len(log(home))
    for _ in range(2):
        page = anna.get("/counter/3?lang=en").text
        assert "https://meet.example.org/" in page
        assert "Held on line." in text_of(page)
        assert "Agreed: Video call." in text_of(page)
        assert f"{BOOKINGS}/{one['id']}" not in page, "an operator may not open the appointment"
    assert f"{BOOKINGS}/{one['id']}" in sara.get("/counter/3").text
    assert log(home, before) == [("user:anna", "counter", one["id"]), ("user:sara", "counter", one["id"])]


def test_the_platform_is_chosen_over_the_api_and_shown_only_to_its_holder(home: House, sara: FlaskClient) -> None:
    one = book(home, start=slot(), service="advice", platform="telephone")
    two = book(home, start=slot(), service="advice", name="Bea Neri", email="bea@example.org")
    bad = home.client().post(f"{API}/appointments", json=booking(platform="video"), headers=OFFICE)
    assert (bad.status_code, bad.json["field"]) == (422, "platform")
    phone = sara.get(f"{BOOKINGS}/{one['id']}?lang=en").text
    assert "Telephone" in phone
    assert "meet.example.org" not in phone
    video = sara.get(f"{BOOKINGS}/{two['id']}").text
    link = "https://meet.example.org/" + video.split("https://meet.example.org/")[1].split('"')[0]
    public = home.client().get(two["status_url"].removeprefix("http://localhost")).text
    assert "meet.example.org" not in public
    assert "e-mail" in text_of(public)
    assert link in sara.get(f"{BOOKINGS}/{two['id']}/print").text
