"""Who may do what: every route of the table with every kind of caller (D3)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from dispatcher.web.api.call import Operation
from dispatcher.web.api.table import OPERATIONS
from tests.web.office import API, COUNTER, KIOSK, OFFICE, ONE, SECRETS, House, booking

CALLERS = {"kiosk": KIOSK, "counter": COUNTER, "office": OFFICE, "nobody": {}, "unknown": {"Authorization": "Bearer x"}}
GOOD_BODIES = {
    "issueTicket": {"service": "passport"},
    "printedTicket": {"result": "confirmed"},
    "transferAtCounter": {"service": "residence"},
    "callAtCounter": {"label": "A001"},
    "bookAppointment": booking(),
    "moveAppointment": {"start": "2026-11-24T10:00:00+01:00"},
}


def path_of(operation: Operation) -> str:
    return API + operation.path.format(id="nobody", counter="1", service="passport", code="NOCODE")


def expected(operation: Operation, caller: str) -> int | None:
    """401, 403, or None for: let in."""
    if caller == "unknown":
        return 401
    if operation.access == "public":
        return None
    if caller == "nobody":
        return 401
    return None if operation.access == "all" or caller in operation.access else 403


@pytest.mark.parametrize("caller", CALLERS)
def test_each_route_lets_in_whom_the_contract_names(client: FlaskClient, caller: str) -> None:
    wrong = []
    for operation in OPERATIONS:
        body = GOOD_BODIES.get(operation.id, {}) if operation.method in ("POST", "PATCH") else None
        answer = client.open(path_of(operation), method=operation.method, json=body, headers=CALLERS[caller])
        found = answer.status_code if answer.status_code in (401, 403) else None
        if found != expected(operation, caller):
            wrong.append((operation.id, answer.status_code, expected(operation, caller)))
    assert wrong == []


def test_token_of_one_counter_is_refused_at_another(client: FlaskClient) -> None:
    assert client.post(f"{API}/counters/1/open", headers=ONE).status_code == 200
    answer = client.post(f"{API}/counters/2/open", headers=ONE)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert client.get(f"{API}/counters/2", headers=ONE).json["state"] == "closed"
    assert client.post(f"{API}/counters/9/open", headers=ONE).status_code == 404


@pytest.mark.parametrize(
    "header", ["Basic b2Y6ZmljZQ==", "Bearer", "Bearer ", "office-secret", "Bearer office-secret2"]
)
def test_wrong_credentials_are_unauthenticated(client: FlaskClient, header: str) -> None:
    answer = client.get(f"{API}/board", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def log_in(client: FlaskClient, name: str = "anna", password: str = SECRETS["NUMERETTO_PASSWORD_ANNA"]):
    page = client.get("/login").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/login", data={"csrf_token": token, "name": name, "password": password})
    return answer, token


def test_logged_in_operator_needs_the_csrf_token_to_change_something(client: FlaskClient) -> None:
    answer, _ = log_in(client)
    assert answer.status_code == 303
    assert client.get(f"{API}/board").status_code == 200
    bare = client.post(f"{API}/counters/1/open")
    assert (bare.status_code, bare.json["code"]) == (403, "forbidden")
    page = client.get("/counter/1").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(f"{API}/counters/1/open", headers={"X-CSRFToken": token}).status_code == 200


def test_operator_may_not_read_appointments_and_the_secretary_may(home: House) -> None:
    operator, secretary = home.client(), home.client()
    log_in(operator)
    log_in(secretary, "sara", "battery staple")
    code = home.client().post(f"{API}/appointments", json=booking(), headers=OFFICE).json["code"]
    assert operator.get(f"{API}/appointments/{code}").status_code == 403
    assert secretary.get(f"{API}/appointments/{code}").json["name"] == "Anna Bianchi"


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "wrong"), ("nobody", "correct horse"), ("", ""), ("a" * 999, "x")]
)
def test_wrong_log_in_says_the_same_for_name_and_password(client: FlaskClient, name: str, password: str) -> None:
    answer, _ = log_in(client, name, password)
    assert answer.status_code == 422
    assert "User name or password is wrong." in answer.text or "Nome utente o password errati." in answer.text
    assert client.get(f"{API}/board").status_code == 401


def test_log_in_begins_a_new_session(client: FlaskClient) -> None:
    _, old = log_in(client)
    page = client.get("/counter/1").text
    assert page.split('name="csrf_token" value="')[1].split('"')[0] != old
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_log_in_sends_nobody_elsewhere(client: FlaskClient, target: str) -> None:
    page = client.get("/login", query_string={"next": target}).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "name": "anna", "password": "correct horse", "next": target}
    assert client.post("/login", data=data).headers["Location"] == "/office/"
