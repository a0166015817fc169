"""API v1, route by route: what is good, and each refusal (A8, A9, A10, D1, D6, E1, E3, E6, E12)."""

from __future__ import annotations

import altcha
import pytest
from flask.testing import FlaskClient

from dispatcher.usecases.holder import holder_key
from tests.web.office import API, COUNTER, KIOSK, OFFICE, ONE, House, booking, slot


def issue(client: FlaskClient, service: str = "passport", **more: object) -> dict:
    answer = client.post(f"{API}/tickets", json={"service": service, **more}, headers=OFFICE)
    assert answer.status_code == 201, answer.json
    return answer.json


def act(client: FlaskClient, name: str, body: dict | None = None, counter: str = "1", headers: dict | None = None):
    return client.post(f"{API}/counters/{counter}/{name}", json=body or {}, headers=headers or COUNTER)


def codes(answer) -> tuple[int, str, str | None]:
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"], answer.json.get("field")


def test_issue_answers_the_ticket_with_its_link_and_waits_at_once(client: FlaskClient) -> None:
    ticket = issue(client, language="de", assisted=True)
    assert {name: ticket[name] for name in ("label", "service", "kind", "assisted", "state", "paper", "counter")} == {
        "label": "A001",
        "service": "passport",
        "kind": "walk_in",
        "assisted": True,
        "state": "waiting",
        "paper": "none",
        "counter": None,
    }
    assert ticket["status_url"].startswith("http://localhost/t/")
    assert ticket["queued_at"].endswith("Z")


def test_ticket_shows_its_history_and_an_etag(client: FlaskClient) -> None:
    ticket = issue(client)
    answer = client.get(f"{API}/tickets/{ticket['id']}", headers=KIOSK)
    assert answer.status_code == 200
    assert [line["event"] for line in answer.json["history"]] == ["issued"]
    again = client.get(f"{API}/tickets/{ticket['id']}", headers={**KIOSK, "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_ticket_leaves_and_leaving_twice_is_the_same(client: FlaskClient) -> None:
    ticket = issue(client)
    for _ in range(2):
        answer = client.delete(f"{API}/tickets/{ticket['id']}", headers=OFFICE)
        assert (answer.status_code, answer.data) == (204, b"")
    assert client.get(f"{API}/tickets/{ticket['id']}", headers=OFFICE).json["state"] == "left"


def test_called_ticket_cannot_leave_and_the_refusal_shows_it(client: FlaskClient) -> None:
    ticket = issue(client)
    act(client, "open")
    act(client, "next")
    answer = client.delete(f"{API}/tickets/{ticket['id']}", headers=OFFICE)
    assert codes(answer) == (409, "not_callable", None)
    assert answer.json["ticket"]["state"] == "called"


def test_next_says_who_why_and_how_the_counter_is(client: FlaskClient) -> None:
    issue(client)
    act(client, "open")
    answer = act(client, "next", {"holding": None})
    assert answer.status_code == 200
    assert answer.json["ticket"]["label"] == "A001"
    assert answer.json["why"]["code"] == "first_come"
    assert answer.json["counter"]["ticket"]["label"] == "A001"
    counter = client.get(f"{API}/counters/1", headers=KIOSK).json
    assert (counter["state"], counter["ticket"]["state"], counter["waiting"]) == ("open", "called", 0)


def test_next_on_an_empty_queue_answers_no_ticket(client: FlaskClient) -> None:
    act(client, "open")
    answer = act(client, "next")
    assert (answer.status_code, answer.json["ticket"], answer.json["why"]) == (200, None, None)


def test_next_with_an_old_holding_is_stale_and_changes_nothing(client: FlaskClient) -> None:
    issue(client)
    issue(client)
    act(client, "open")
    act(client, "next")
    answer = act(client, "next", {"holding": None})
    assert codes(answer) == (409, "stale", None)
    assert answer.json["counter"]["ticket"]["label"] == "A001"
    assert client.get(f"{API}/counters/1", headers=OFFICE).json["ticket"]["label"] == "A001"


def test_closed_counter_refuses_next(client: FlaskClient) -> None:
    answer = act(client, "next")
    assert codes(answer) == (409, "counter_closed", None)
    assert answer.json["counter"]["state"] == "closed"


def test_every_action_in_turn(client: FlaskClient) -> None:
    for _ in range(4):
        issue(client)
    assert act(client, "open").json["counter"]["state"] == "open"
    assert act(client, "next").json["ticket"]["label"] == "A001"
    assert act(client, "recall").status_code == 200
    assert act(client, "serve").json["ticket"]["state"] == "serving"
    assert act(client, "finish", {"outcome": "served"}).json["ticket"] is None
    assert act(client, "next").json["ticket"]["label"] == "A002"
    assert act(client, "park", {"for": "10m"}).json["ticket"] is None
    assert act(client, "call", {"label": "A002"}).json["ticket"]["label"] == "A002"
    assert act(client, "transfer", {"service": "residence", "priority": True}).json["ticket"] is None
    assert act(client, "next").json["ticket"]["label"] == "A002"
    assert act(client, "absent").json["ticket"] is None
    assert act(client, "undo").json["ticket"]["label"] == "A002"
    assert act(client, "pause", {"reason": "lunch"}).json["counter"]["state"] == "paused"
    assert act(client, "close").json["counter"]["state"] == "closed"
    labels = {line["label"] for line in client.get(f"{API}/board", headers=OFFICE).json["calls"]}
    assert {"A001"} <= labels


def test_appointment_asks_whether_somebody_came(client: FlaskClient, home: House) -> None:
    booked = client.post(f"{API}/appointments", json=booking(), headers=OFFICE).json
    act(client, "open")
    assert act(client, "call", {"id": booked["id"]}).json["ticket"]["label"] == booked["label"]
    answer = act(client, "next", {"holding": booked["id"]})
    assert codes(answer) == (409, "present_or_absent", None)
    assert answer.json["counter"]["ticket"]["label"] == booked["label"]


def test_queues_and_services(client: FlaskClient) -> None:
    issue(client)
    lines = {line["service"]: line for line in client.get(f"{API}/queues", headers=ONE).json}
    assert (lines["passport"]["waiting"], lines["passport"]["next_label"]) == (1, "A001")
    assert (lines["desk"]["waiting"], lines["desk"]["next_label"]) == (0, None)
    services = client.get(f"{API}/services").json
    assert [(one["id"], one["letter"], one["appointments"]) for one in services] == [
        ("passport", "A", True),
        ("residence", "B", True),
        ("desk", "C", False),
    ]


def test_slots_are_local_and_both_days_count(client: FlaskClient) -> None:
    answer = client.get(f"{API}/services/residence/slots?from=2026-11-24&to=2026-11-25")
    starts = [line["start"] for line in answer.json]
    assert starts[0] == "2026-11-24T08:30:00+01:00"
    assert starts[-1] == "2026-11-25T15:45:00+01:00"
    assert {line["free"] for line in answer.json} == {2}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2026-13-01", "to"),
        ("from=2026-11-25&to=2026-11-24", "to"),
        ("from=9999-12-31", "from"),
        ("from=2026-01-01&to=2028-01-01", "to"),
        ("from=2026-11-24&from=2026-11-25", "from"),
    ],
)
def test_slots_refuse_impossible_days(client: FlaskClient, query: str, field: str) -> None:
    assert codes(client.get(f"{API}/services/residence/slots?{query}")) == (422, "invalid", field)


def solve(client: FlaskClient) -> str:
    given = client.get(f"{API}/challenge")
    assert given.headers["Cache-Control"] == "no-store"
    challenge = altcha.Challenge.from_dict(given.json)
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_public_books_with_a_solved_challenge_once(client: FlaskClient) -> None:
    solved = solve(client)
    answer = client.post(f"{API}/appointments", json=booking(altcha=solved))
    assert answer.status_code == 201, answer.json
    assert answer.json["start"] == slot()
    assert answer.json["label"] == "AA01"
    replay = client.post(f"{API}/appointments", json=booking(altcha=solved, name="Another One"))
    assert codes(replay) == (422, "invalid", "altcha")


@pytest.mark.parametrize("payload", [None, "", "bm9uc2Vuc2U=", "ä", "e30="])
def test_public_without_a_solved_challenge_is_refused(client: FlaskClient, payload: str | None) -> None:
    body = booking() if payload is None else booking(altcha=payload)
    assert codes(client.post(f"{API}/appointments", json=body)) == (422, "invalid", "altcha")


def test_altered_challenge_is_refused(client: FlaskClient) -> None:
    given = client.get(f"{API}/challenge").json
    given["parameters"]["cost"] = 1
    challenge = altcha.Challenge.from_dict(given)
    solution = altcha.solve_challenge(challenge)
    payload = altcha.Payload(challenge, solution).to_base64()
    assert codes(client.post(f"{API}/appointments", json=booking(altcha=payload))) == (422, "invalid", "altcha")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "anna@pec.example.it"}, "email"),
        ({"email": "anna@legalmail.it"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me maybe"}, "phone"),
        ({"name": "   "}, "name"),
        ({"consent": False}, "consent"),
        ({"service": "fishing"}, "service"),
        ({"service": "desk"}, "service"),
        ({"language": "tlh"}, "language"),
        ({"start": "2026-11-24T10:07:00+01:00"}, "start"),
        ({"start": "2026-11-24T10:00:00"}, "start"),
        ({"start": "0001-01-01T00:00:00Z"}, "start"),
        ({"notes": "x" * 1001}, "notes"),
    ],
)
def test_office_booking_refuses_and_names_the_field(client: FlaskClient, change: dict, field: str) -> None:
    answer = client.post(f"{API}/appointments", json=booking(**change), headers=OFFICE)
    assert codes(answer) == (422, "invalid", field)


def test_office_books_without_an_email(client: FlaskClient) -> None:
    body = booking()
    del body["email"]
    assert client.post(f"{API}/appointments", json=body, headers=OFFICE).status_code == 201


def test_same_person_is_already_booked_and_a_full_slot_is_gone(client: FlaskClient) -> None:
    assert client.post(f"{API}/appointments", json=booking(), headers=OFFICE).status_code == 201
    again = client.post(f"{API}/appointments", json=booking(start=slot(hour=11)), headers=OFFICE)
    assert codes(again) == (409, "already_booked", None)
    second = booking(name="Bruno Verdi", email="b@example.org")
    assert client.post(f"{API}/appointments", json=second, headers=OFFICE).status_code == 201
    third = booking(name="Carla Neri", email="c@example.org")
    assert codes(client.post(f"{API}/appointments", json=third, headers=OFFICE)) == (409, "slot_gone", None)


def test_appointment_is_read_moved_and_cancelled_by_the_office(client: FlaskClient) -> None:
    booked = client.post(f"{API}/appointments", json=booking(), headers=OFFICE).json
    where = f"{API}/appointments/{booked['code']}"
    assert client.get(where, headers=OFFICE).json["name"] == "Anna Bianchi"
    moved = client.patch(where, json={"start": slot(hour=11)}, headers=OFFICE)
    assert (moved.status_code, moved.json["start"], moved.json["label"]) == (200, slot(hour=11), "AA01")
    for _ in range(2):
        assert client.delete(where, headers=OFFICE).status_code == 204
    assert client.get(f"{API}/tickets/{booked['id']}", headers=OFFICE).json["state"] == "cancelled"


def test_holder_uses_the_signed_link_and_nobody_else(client: FlaskClient, home: House) -> None:
    booked = client.post(f"{API}/appointments", json=booking(), headers=OFFICE).json
    where = f"{API}/appointments/{booked['code']}"
    key = holder_key(home.app.extensions["numeretto"].signing_key, booked["code"])
    assert codes(client.get(where)) == (401, "unauthenticated", None)
    assert codes(client.get(f"{where}?key={'0' * 32}")) == (403, "forbidden", None)
    assert client.get(f"{where}?key={key}").json["start"] == slot()
    assert client.patch(f"{where}?key={key}", json={"start": slot(hour=9)}).status_code == 200
    assert client.delete(f"{where}?key={key}").status_code == 204


def test_check_in_rejoin_and_printed(client: FlaskClient) -> None:
    booked = client.post(f"{API}/appointments", json=booking(start=slot(0, 9, 30)), headers=OFFICE).json
    answer = client.post(f"{API}/tickets/{booked['id']}/check_in", headers=KIOSK)
    assert (answer.status_code, answer.json["result"], answer.json["label"]) == (200, "early", "AA01")
    ticket = issue(client)
    assert codes(client.post(f"{API}/tickets/{ticket['id']}/rejoin", headers=KIOSK))[:2] == (409, "not_callable")
    printed = client.post(f"{API}/tickets/{ticket['id']}/printed", json={"result": "confirmed"}, headers=KIOSK)
    assert printed.status_code == 200


@pytest.mark.parametrize(
    "path", ["/tickets/nope", "/counters/9", "/appointments/NOPE", "/tickets/%00", "/tickets/%ff%fe"]
)
def test_unknown_things_are_not_found(client: FlaskClient, path: str) -> None:
    assert codes(client.get(API + path, headers=OFFICE)) == (404, "not_found", None)


def test_unknown_site_route_and_method(client: FlaskClient) -> None:
    assert codes(client.get("/api/v1/sites/roma/board", headers=OFFICE)) == (404, "not_found", None)
    assert codes(client.get(f"{API}/nonsense", headers=OFFICE)) == (404, "not_found", None)
    assert codes(act(client, "explode")) == (404, "not_found", None)
    wrong = client.put(f"{API}/board", headers=OFFICE)
    assert codes(wrong) == (405, "method_not_allowed", None)
    assert "GET" in wrong.headers["Allow"]
