"""Bad input to every route: the contract's error, nothing changed, never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from dispatcher.usecases import views
from dispatcher.web.api.call import Operation
from dispatcher.web.api.table import OPERATIONS
from tests.web.office import API, OFFICE, House, booking, served
from tests.web.test_roles import GOOD_BODIES, path_of

WITH_BODY = [one for one in OPERATIONS if one.method in ("POST", "PATCH")]
RAW = {
    "no JSON": b"hello",
    "half an object": b'{"service": ',
    "broken UTF-8": b'{"service": "\xff\xfe"}',
    "UTF-16": '{"service": "passport"}'.encode("utf-16"),
    "a list": b"[]",
    "a string": b'"passport"',
    "null": b"null",
    "NaN": b"NaN",
    "a bomb": b"[" * 100_000,
    "a lone surrogate": b'{"service": "\\ud800", "label": "\\ud800", "start": "\\ud800", "result": "\\ud800"}',
}
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "one": 1,
    "one as text": "1",
    "float": 1.5,
    "huge": 10**400,
    "list": [],
    "object": {},
    "empty": "",
    "NUL": "a\0b",
    "long": "x" * 5000,
    "emoji": "🎫" * 500,
    "control": "\x1b[2J",
    "sql": "'; DROP TABLE ticket; --",
    "date": "2026-11-24",
    "naive": "2026-11-24T10:00:00",
    "year 0": "0000-01-01T00:00:00Z",
    "far": "9999-12-31T23:59:59+14:00",
    "offset": "2026-11-24T10:00:00+99:99",
    "duration": "99999999d",
    "negative": "-10m",
}


def snapshot(home: House) -> Any:
    """All that a bad request must not change."""
    return home.desk.read(views.figures), [
        home.desk.read(views.counter, counter=one) for one in home.desk.office.counters
    ]


def refused(answer: Any, at: str) -> None:
    assert answer.status_code == 422, (at, answer.status_code, answer.text[:300])
    assert answer.content_type == "application/problem+json", at
    assert answer.json["code"] == "invalid", (at, answer.json)


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_body_that_is_no_object_in_json_is_invalid_everywhere(client: FlaskClient, home: House, raw: bytes) -> None:
    before = snapshot(home)
    for operation in WITH_BODY:
        for content_type in ("application/json", "application/x-www-form-urlencoded"):
            answer = client.open(
                path_of(operation), method=operation.method, data=raw, headers=OFFICE, content_type=content_type
            )
            if raw.startswith(b'{"service": "\\ud800"') or not raw.startswith(b'{"'):
                refused(answer, operation.id)
            else:
                assert answer.status_code < 500
    assert snapshot(home) == before


def fields_of(operation: Operation) -> list[str]:
    assert operation.body is not None
    return [field.alias or name for name, field in operation.body.model_fields.items()]


@pytest.mark.parametrize(
    "operation", [one for one in WITH_BODY if one.body and one.body.model_fields], ids=lambda one: one.id
)
def test_each_field_with_each_bad_value_is_never_a_crash(client: FlaskClient, operation: Operation) -> None:
    good = GOOD_BODIES.get(operation.id, {})
    for field in fields_of(operation):
        for kind, value in VALUES.items():
            body = {**good, field: value}
            answer = client.open(path_of(operation), method=operation.method, json=body, headers=OFFICE)
            assert answer.status_code < 500, (field, kind, answer.text)
            if kind in ("float", "huge", "list", "object", "NUL", "control") or (kind in ("one",)):
                assert answer.status_code == 422, (field, kind, answer.status_code, answer.text)
                assert answer.json["field"] == field, (field, kind, answer.json)


def test_boolean_is_a_boolean_and_text_is_text(client: FlaskClient) -> None:
    for body, field in (
        ({"service": "passport", "assisted": 1}, "assisted"),
        ({"service": "passport", "assisted": "true"}, "assisted"),
        ({"service": 7}, "service"),
        ({}, "service"),
        ({"service": "fishing"}, "service"),
    ):
        answer = client.post(f"{API}/tickets", json=body, headers=OFFICE)
        refused(answer, str(body))
        assert answer.json["field"] == field


def test_unknown_fields_are_ignored(client: FlaskClient) -> None:
    answer = client.post(f"{API}/tickets", json={"service": "passport", "colour": "red"}, headers=OFFICE)
    assert answer.status_code == 201


def test_empty_body_stands_for_no_fields(client: FlaskClient) -> None:
    assert client.post(f"{API}/counters/1/open", headers=OFFICE).status_code == 200


@pytest.mark.parametrize("size", [300_000, 1_000_000, 5_000_000])
def test_large_payload_is_too_large_everywhere(client: FlaskClient, home: House, size: int) -> None:
    before = snapshot(home)
    raw = json.dumps({"service": "passport", "notes": "x" * size}).encode()
    for operation in WITH_BODY:
        answer = client.open(path_of(operation), method=operation.method, data=raw, headers=OFFICE)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large"), operation.id
    assert snapshot(home) == before


def test_large_stream_of_unknown_length_is_too_large(home: House) -> None:
    with served(home.app) as url:
        pieces = (b"x" * 65536 for _ in range(20))
        answer = requests.post(f"{url}{API}/tickets", data=pieces, headers=OFFICE, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_compressed_body_is_unsupported(client: FlaskClient) -> None:
    answer = client.post(f"{API}/tickets", data=b"\x1f\x8b", headers={**OFFICE, "Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported")


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel", "a\tb"])
def test_unusable_idempotency_key_is_invalid(client: FlaskClient, key: str) -> None:
    headers = {**OFFICE, "Idempotency-Key": key.encode("latin-1").decode("latin-1")}
    answer = client.post(f"{API}/tickets", json={"service": "passport"}, headers=headers)
    refused(answer, key)
    assert answer.json["field"] == "Idempotency-Key"


def test_pages_survive_bad_input(client: FlaskClient) -> None:
    for path in (
        "/?service=%00&start=%ff",
        "/?service=passport&start=9999-12-31T23:59:59%2B14:00",
        "/?service=passport&day=0001-01-01",
        "/?service=passport&day=2199-12-31&month=2026-99",
        "/?service=passport&month=2026-13&day=x",
        "/?q=%00%ff" + "x" * 500,
        "/details?service=passport&start=2199-12-31T23:59:59%2B14:00",
        "/details?service=desk&start=%00",
        "/hold?service=%00&_external=1",
        "/?lang=xx",
        "/?lang=%F0%9F%8E%AB",
        "/t/%00",
        "/t/" + "x" * 500,
        "/t/%F0%9F%8E%AB",
        "/counter/%00",
        "/counter/nope",
        "/fonts/..%2f..%2fetc.ttf",
        "/static/../app.py",
        "/nonsense",
        "/login?next=%00",
    ):
        assert client.get(path).status_code in (200, 303, 404, 409), path
    for path in ("/hold", "/details", "/confirm"):
        assert client.post(path, data={"service": "passport"}).status_code == 400, path
    assert client.post("/login", data=b"\xff" * 100, content_type="multipart/form-data; boundary=x").status_code == 400
    assert client.post("/details", data=b"x" * 2_000_000).status_code in (400, 413)


def test_good_bodies_of_the_sweep_are_good(client: FlaskClient) -> None:
    assert client.post(f"{API}/appointments", json=booking(), headers=OFFICE).status_code == 201
