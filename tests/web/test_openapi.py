"""The OpenAPI document: valid, complete, and true to what is answered."""

from __future__ import annotations

from typing import Any

import jsonschema
from flask.testing import FlaskClient

from dispatcher.web.api.table import OPERATIONS
from dispatcher.web.problems import STATUS
from tests.web.office import API, COUNTER, OFFICE, booking

CONTRACT_CODES = {
    "invalid": 422, "key_reused": 422, "unauthenticated": 401, "forbidden": 403, "not_found": 404, "stale": 409,
    "present_or_absent": 409, "not_callable": 409, "undo_too_late": 409, "counter_closed": 409, "service_closed": 409,
    "limit_reached": 409, "slot_gone": 409, "already_booked": 409, "out_of_order": 409, "out_of_service": 409,
    "too_large": 413, "too_many": 429, "unavailable": 503,
}  # fmt: skip


def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_statuses_are_the_contracts() -> None:
    assert {code: STATUS[code] for code in CONTRACT_CODES} == CONTRACT_CODES


def test_document_has_every_route_once_and_no_loose_reference(client: FlaskClient) -> None:
    made = document(client)
    assert made["openapi"] == "3.1.0"
    ids = [operation["operationId"] for methods in made["paths"].values() for operation in methods.values()]
    assert sorted(ids) == sorted(one.id for one in OPERATIONS)
    text = client.get("/api/v1/openapi.json").text
    assert "x-ids" not in text
    for name in {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}:
        assert name in made["components"]["schemas"]


def test_every_schema_is_a_valid_schema(client: FlaskClient) -> None:
    for schema in document(client)["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_document_names_the_offices_own_ids(client: FlaskClient) -> None:
    made = document(client)
    parameters = made["paths"]["/sites/{site}/counters/{counter}/next"]["post"]["parameters"]
    assert {one["name"]: one["schema"].get("enum") for one in parameters} == {
        "site": ["torino"],
        "counter": ["1", "2", "3"],
        "Idempotency-Key": None,
    }


def test_answers_are_as_the_document_says(client: FlaskClient) -> None:
    made = document(client)

    def check(answer: Any, path: str, method: str) -> Any:
        described = made["paths"]["/sites/{site}" + path][method]["responses"][str(answer.status_code)]
        content = described.get("content")
        if content is None:
            assert answer.data == b""
            return None
        assert list(content) == [answer.content_type]
        schema = {**content[answer.content_type]["schema"], "components": made["components"]}
        jsonschema.validate(answer.json, schema)
        return answer.json

    issued = check(client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE), "/tickets", "post")
    check(client.get(f"{API}/tickets/{issued['id']}", headers=OFFICE), "/tickets/{id}", "get")
    check(client.post(f"{API}/counters/1/open", headers=COUNTER), "/counters/{counter}/open", "post")
    check(client.post(f"{API}/counters/1/next", headers=COUNTER), "/counters/{counter}/next", "post")
    stale = client.post(f"{API}/counters/1/next", json={"holding": "x"}, headers=COUNTER)
    assert check(stale, "/counters/{counter}/next", "post")["code"] == "stale"
    for path in ("/board", "/queues", "/services", "/challenge"):
        check(client.get(API + path, headers=OFFICE), path, "get")
    check(client.get(f"{API}/counters/1", headers=OFFICE), "/counters/{counter}", "get")
    check(client.get(f"{API}/services/passport/slots", headers=OFFICE), "/services/{service}/slots", "get")
    booked = check(client.post(f"{API}/appointments", json=booking(), headers=OFFICE), "/appointments", "post")
    where = f"{API}/appointments/{booked['code']}"
    check(client.get(where, headers=OFFICE), "/appointments/{code}", "get")
    check(client.delete(where, headers=OFFICE), "/appointments/{code}", "delete")
    check(client.delete(f"{API}/tickets/{issued['id']}", headers=OFFICE), "/tickets/{id}", "delete")
