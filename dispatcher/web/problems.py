"""Errors as RFC 9457 problem details, and the one table of their statuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"

STATUS: Mapping[str, int] = {
    "invalid": 422,
    "key_reused": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "stale": 409,
    "present_or_absent": 409,
    "not_callable": 409,
    "undo_too_late": 409,
    "counter_closed": 409,
    "service_closed": 409,
    "limit_reached": 409,
    "slot_gone": 409,
    "already_booked": 409,
    "out_of_order": 409,
    "out_of_service": 409,
    "too_large": 413,
    "unsupported": 415,
    "too_many": 429,
    "internal": 500,
    "unavailable": 503,
}
CODE_OF_STATUS: Mapping[int, str] = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported",
    422: "invalid",
    429: "too_many",
    503: "unavailable",
}
CONFLICTS = tuple(code for code, status in STATUS.items() if status == 409)


class Refusal(Exception):
    """A request that is refused before any use case runs. `code` stands in the table above."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    @property
    def status(self) -> int:
        return STATUS[self.code]


def problem(
    code: str,
    message: str,
    *,
    status: int | None = None,
    field: str | None = None,
    more: Mapping[str, Any] | None = None,
    retry_after_s: int | None = None,
) -> Response:
    """A problem details answer; `more` holds `counter` or `ticket` of a conflict."""
    number = status or STATUS[code]
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(number).phrase,
        "status": number,
        "detail": message,
        "code": code,
    }
    if field is not None:
        body["field"] = field
    body.update(more or {})
    response = Response(json.dumps(body, ensure_ascii=False), number, content_type=CONTENT_TYPE)
    if number == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="numeretto"'
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def of_answer(status: int, body: Mapping[str, Any]) -> Response:
    """The problem of a use case's refusal: `{code, message, field?, counter|ticket?}`."""
    code = str(body.get("code", "internal"))
    more = {key: value for key, value in body.items() if key not in ("code", "message", "field")}
    return problem(
        code,
        str(body.get("message", code)),
        status=STATUS.get(code, status),
        field=body.get("field"),
        more=more,
        retry_after_s=2 if code == "unavailable" else None,
    )


def of_exception(error: HTTPException) -> Response:
    """The problem of an error raised by the framework."""
    status = error.code or 500
    code = CODE_OF_STATUS.get(status, "internal" if status >= 500 else "invalid")
    response = problem(code, error.description or HTTPStatus(status).phrase, status=status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
