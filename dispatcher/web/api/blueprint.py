"""The views of the API, made from the table: who asks, how often, what, then the handler."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from dispatcher.engine.errors import RuleError
from dispatcher.usecases.desk import Actor
from dispatcher.usecases.holder import is_holder
from dispatcher.usecases.work import Work
from dispatcher.web import parsing
from dispatcher.web.api import openapi
from dispatcher.web.api.bodies import HolderQuery
from dispatcher.web.api.call import Call, Operation, as_json, with_etag
from dispatcher.web.api.table import OPERATIONS
from dispatcher.web.auth import Caller, authorize
from dispatcher.web.context import context
from dispatcher.web.pages.forms import count
from dispatcher.web.problems import Refusal
from dispatcher.web.values import clean_line

PREFIX = "/api/v1"
LONGEST_ID = 64


def make_blueprint() -> Blueprint:
    """All routes of API v1 and their document."""
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in OPERATIONS:
        rule = "/sites/<site>" + operation.path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(rule, operation.id, _view(operation), methods=[operation.method])
    blueprint.add_url_rule("/openapi.json", "document", _document)
    return blueprint


def _document() -> Response:
    return with_etag(as_json(openapi.document(context().office, OPERATIONS)))


def _view(operation: Operation) -> Any:
    def view(site: str, **path: str) -> Response:
        ctx = context()
        if site != ctx.office.id:
            raise Refusal("not_found", "there is no such site")
        _check_path(path)
        caller = _caller(operation, path)
        if operation.limit and caller.by != "token":
            count(operation.limit)
        response = operation.handler(_parse(operation, caller, path))
        return with_etag(response) if operation.cached and response.status_code == 200 else response

    return view


def _check_path(path: dict[str, str]) -> None:
    for name, value in path.items():
        try:
            clean_line(value)
        except ValueError:
            raise Refusal("not_found", f"there is no such {name}") from None
        if len(value) > LONGEST_ID:
            raise Refusal("not_found", f"there is no such {name}")


def _caller(operation: Operation, path: dict[str, str]) -> Caller:
    if operation.holder:
        key = request.args.get("key")
        if is_holder(context().signing_key, path["code"], key):
            return Caller(Actor(account=f"holder:{path['code']}", role="holder"), "nobody")
        if key is not None and "Authorization" not in request.headers:
            raise Refusal("forbidden", "this link is not valid")
    return authorize(operation.access)


def _parse(operation: Operation, caller: Caller, path: dict[str, str]) -> Call:
    query = parsing.query_as(operation.query) if operation.query and operation.query is not HolderQuery else None
    key = parsing.idempotency_key() if operation.method != "GET" else None
    raw: Any = {}
    body = None
    try:
        if operation.method in ("POST", "PATCH"):
            raw = parsing.raw_body()
        body = parsing.body_as(operation.body, raw) if operation.body else None
    except Refusal as refusal:
        if key is not None and refusal.code == "invalid":
            _keep_refusal(refusal, caller, key)
        raise
    return Call(
        desk=context().desk,
        caller=caller,
        path=path,
        body=body,
        query=query,
        key=key,
        digest={"operation": operation.id, "path": dict(path), "body": raw},
    )


def _keep_refusal(refusal: Refusal, caller: Caller, key: str) -> None:
    """A key that came with a bad body is used up: with another body it is refused as key_reused."""
    digest = {"bytes": request.get_data(cache=True).hex()}
    answer = context().desk.execute(caller.actor, refuse, request_id=key, body=digest, refusal=refusal)
    body = answer.body or {}
    if body.get("code") == "key_reused":
        raise Refusal("key_reused", str(body.get("message")))


def refuse(_work: Work, *, refusal: Refusal) -> None:
    """Change nothing and say why. Raises RuleError."""
    raise RuleError(refusal.code, refusal.message, field=refusal.field)
