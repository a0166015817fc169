"""One request to the API, parsed; and the row that a route has in the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from dispatcher.usecases.desk import Answer, Desk
from dispatcher.web import problems
from dispatcher.web.auth import Access, Caller
from dispatcher.web.problems import Refusal


@dataclass(frozen=True, kw_only=True)
class Call:
    """A parsed request. `given` names the fields that the body really had; `digest` is what its key stands for."""

    desk: Desk
    caller: Caller
    path: Mapping[str, str]
    body: Any
    query: Any
    key: str | None
    digest: object

    @property
    def given(self) -> set[str]:
        return set(self.body.model_fields_set)

    def execute(self, use_case: Callable[..., dict[str, Any] | None], **arguments: Any) -> Answer:
        """Run one use case in the caller's name."""
        return self.desk.execute(self.caller.actor, use_case, request_id=self.key, body=self.digest, **arguments)


Handler = Callable[[Call], Response]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A row of the contract's table of routes. `path` is below `/sites/{site}`; `conflicts` are its 409 codes."""

    id: str
    method: str
    path: str
    access: Access
    handler: Handler
    summary: str
    answer: type[BaseModel] | None
    many: bool = False
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    conflicts: tuple[str, ...] = ()
    limit: str | None = None
    """The name of the limit (a field of Limits) for callers without a token."""
    cached: bool = False
    """Whether the answer carries an ETag."""
    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    holder: bool = False
    """Whether a holder's signed link opens it too."""


def reply(answer: Answer, status: int = 200) -> Response:
    """A use case's answer over HTTP: its body with `status`, nothing with 204, or a problem."""
    if answer.status >= 400:
        return problems.of_answer(answer.status, answer.body or {})
    if answer.body is None:
        return Response(status=204)
    return as_json(answer.body, status)


def as_json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, content_type="application/json")


def with_etag(response: Response) -> Response:
    """The response with its ETag; 304 without a body when the client has it already."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request.environ)
    return response


def found(value: Any, what: str) -> Response:
    """A view's value, or a Refusal `not_found`."""
    if value is None:
        raise Refusal("not_found", f"there is no such {what}")
    return as_json(value)
