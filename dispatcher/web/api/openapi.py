"""The OpenAPI 3.1 document, made of the table of routes, the models and the ids of this office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from dispatcher.engine.model import Office
from dispatcher.web.api import answers, bodies
from dispatcher.web.api.call import Operation
from dispatcher.web.parsing import KEY_HEADER, MAX_KEY
from dispatcher.wire.version import VERSION

Schema = dict[str, Any]
ROLES = {"kiosk", "counter", "office"}
PATH_IDS = {"counter": "counters", "service": "services"}


def document(office: Office, operations: Iterable[Operation]) -> Schema:
    """The whole document for one office."""
    rows = tuple(operations)
    paths: dict[str, Schema] = {}
    for operation in rows:
        path = "/sites/{site}" + operation.path
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, office)
    whole: Schema = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Numeretto",
            "version": VERSION,
            "description": "Tickets, counters and appointments of one office. Errors are RFC 9457 problem details "
            "with a stable `code`. Every POST takes an `Idempotency-Key`: a repeat gets the same answer.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(rows),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
        },
    }
    filled: Schema = _with_ids(whole, office)
    return filled


def _schemas(operations: Iterable[Operation]) -> Schema:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(answers.ProblemAnswer, "serialization"): None}
    for operation in operations:
        if operation.answer:
            wanted[operation.answer, "serialization"] = None
        if operation.body and operation.body is not bodies.Nothing:
            wanted[operation.body, "validation"] = None
    _, schema = models_json_schema(list(wanted), ref_template="#/components/schemas/{model}")
    definitions: Schema = schema["$defs"]
    return definitions


def _ref(model: type[BaseModel]) -> Schema:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _operation(operation: Operation, office: Office) -> Schema:
    described: Schema = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.path.split("/")[1]],
        "parameters": list(_parameters(operation, office)),
        "responses": _responses(operation),
        "security": _security(operation),
    }
    if isinstance(operation.access, frozenset):
        described["description"] = "Roles: " + ", ".join(sorted(operation.access)) + "."
    if operation.body and operation.body is not bodies.Nothing:
        content: Schema = {"schema": _ref(operation.body)}
        example = _example(operation, office)
        if example:
            content["examples"] = {"usual": {"value": example}}
        required = any(field.is_required() for field in operation.body.model_fields.values())
        described["requestBody"] = {"required": required, "content": {"application/json": content}}
    return described


def _parameters(operation: Operation, office: Office) -> Iterable[Schema]:
    yield {"name": "site", "in": "path", "required": True, "schema": {"type": "string", "enum": [office.id]}}
    for part in operation.path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}")
            schema: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
            if name in PATH_IDS:
                schema = {"type": "string", "x-ids": PATH_IDS[name]}
            yield {"name": name, "in": "path", "required": True, "schema": schema}
    if operation.query:
        properties = operation.query.model_json_schema()["properties"]
        for name, schema in properties.items():
            kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
            yield {"name": name, "in": "query", "required": False, "schema": kinds[0]}
    if operation.method != "GET":
        schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"}
        yield {"name": KEY_HEADER, "in": "header", "required": False, "schema": schema}


def _responses(operation: Operation) -> Schema:
    good: Schema = {"description": "Done" if operation.answer is None else operation.summary}
    if operation.answer:
        schema: Schema = _ref(operation.answer)
        if operation.many:
            schema = {"type": "array", "items": schema}
        good["content"] = {"application/json": {"schema": schema}}
    if operation.links:
        good["links"] = {name: dict(link) for name, link in operation.links.items()}
    responses: Schema = {str(operation.status): good}
    if operation.cached:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
        responses["304"] = {"description": "Not changed since the ETag that was sent"}
    responses["404"] = _problem("not_found")
    if operation.access != "public":
        responses["401"] = _problem("unauthenticated")
        responses["403"] = _problem("forbidden")
    else:
        responses["401"] = _problem("unauthenticated: a token that is not known")
        responses["403"] = _problem("forbidden: a log-in without its CSRF token")
    if operation.method != "GET" or operation.query:
        responses["422"] = _problem("invalid, key_reused")
    if operation.method != "GET":
        responses["413"] = _problem("too_large")
        responses["415"] = _problem("unsupported: a content encoding")
        responses["503"] = _problem("unavailable: the database cannot be written")
    if operation.conflicts:
        responses["409"] = _problem(", ".join(operation.conflicts))
    responses["429"] = _problem("too_many" if operation.limit else "too_many: with tokens that are not known")
    return dict(sorted(responses.items()))


def _problem(text: str) -> Schema:
    return {"description": text, "content": {"application/problem+json": {"schema": _ref(answers.ProblemAnswer)}}}


def _security(operation: Operation) -> list[Schema]:
    known: list[Schema] = [{"token": []}, {"session": []}]
    return [{}, *known] if operation.access == "public" or operation.holder else known


def _example(operation: Operation, office: Office) -> Schema | None:
    walk_in = next((service.id for service in office.services.values() if service.walk_in), None)
    booked = next((service.id for service in office.services.values() if service.appointments), None)
    examples: Mapping[str, Schema | None] = {
        "issueTicket": {"service": walk_in, "language": office.language} if walk_in else None,
        "printedTicket": {"result": "confirmed"},
        "parkAtCounter": {"for": "10m"},
        "transferAtCounter": {"service": walk_in, "priority": True} if walk_in else None,
        "bookAppointment": {
            "service": booked,
            "start": "2026-11-23T10:00:00+01:00",
            "name": "Anna Bianchi",
            "email": "anna@example.org",
            "phone": "+39 011 8122345",
            "consent": True,
        }
        if booked
        else None,
    }
    return examples.get(operation.id)


def _with_ids(value: Any, office: Office) -> Any:
    """The value with every `x-ids` replaced by the ids that this office has."""
    if isinstance(value, list):
        return [_with_ids(item, office) for item in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _with_ids(item, office) for key, item in value.items() if key != "x-ids"}
    if "x-ids" in value:
        known = list(getattr(office, value["x-ids"]))
        filled |= {"enum": known} if known else {}
    return filled
