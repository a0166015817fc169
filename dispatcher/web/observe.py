"""One log line and one count for each request: its route's pattern, never its address, since paths carry tokens."""

from __future__ import annotations

import logging
import uuid

from flask import Flask, Response, g, request

from dispatcher.web.context import context

log = logging.getLogger(__name__)
HEADER = "X-Request-Id"


def install(app: Flask) -> None:
    """Give every request an id, and tell of it when it is answered."""

    @app.before_request
    def begin() -> None:
        g.request_id = uuid.uuid4().hex
        g.began = context().desk.clock.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.url_rule.rule if request.url_rule else "(unknown)"
        began = g.get("began")
        taken_ms = (context().desk.clock.monotonic() - began) * 1000 if began is not None else 0.0
        request_id = g.get("request_id", "")
        response.headers[HEADER] = request_id
        context().counts.add(_method(), endpoint, response.status_code)
        log.info(
            "event=http_request method=%s route=%s status=%d ms=%.1f request=%s",
            _method(),
            endpoint,
            response.status_code,
            taken_ms,
            request_id,
        )
        return response


def _method() -> str:
    """The method, unless somebody made it up: labels of metrics must be few."""
    known = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT")
    return request.method if request.method in known else "other"
