"""Every error in the right dress: problem details for programs, a page in the reader's language for people."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dispatcher.usecases.desk import Unavailable
from dispatcher.web import problems
from dispatcher.web.problems import Refusal

log = logging.getLogger(__name__)
DRAIN_BYTES = 8 * 1024 * 1024
WORDED = (400, 403, 404, 405, 413, 429, 500, 503)


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _internal)


def _for_program() -> bool:
    return request.path.startswith("/api/")


def page(status: int) -> Response:
    """The error page of a status."""
    worded = status if status in WORDED else (500 if status >= 500 else 400)
    return make_response(render_template("error.html", status=status, worded=worded), status)


def _refused(error: Refusal) -> Response:
    if _for_program():
        return problems.problem(error.code, error.message, field=error.field)
    return page(error.status)


def _unavailable(error: Unavailable) -> Response:
    log.error("event=unavailable request=%s reason=%s", g.get("request_id"), error)
    if _for_program():
        return problems.problem("unavailable", "the database cannot be written now", retry_after_s=2)
    response = page(503)
    response.headers["Retry-After"] = "2"
    return response


def _forged(_: CSRFError) -> Response:
    if _for_program():
        return problems.problem("forbidden", "a log-in must send its CSRF token: header X-CSRFToken")
    return page(400)


def _too_many(error: RateLimitExceeded) -> Response:
    wait_s = int(error.limit.limit.get_expiry()) if error.limit else 60
    if _for_program():
        return problems.problem("too_many", "too many requests: wait a little", retry_after_s=wait_s)
    response = page(429)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _http(error: HTTPException) -> Response:
    if error.code == 413:
        _drain()
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    if _for_program():
        return problems.of_exception(error)
    response = page(error.code or 500)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _internal(error: Exception) -> Response:
    log.error("event=http_failed request=%s", g.get("request_id"), exc_info=error)
    if _for_program():
        return problems.problem("internal", HTTPStatus.INTERNAL_SERVER_ERROR.phrase)
    return page(500)


def _drain() -> None:
    """Read on what a sender still sends, so that it can hear the answer instead of a broken connection."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or 0, DRAIN_BYTES)
    while left > 0:
        piece = stream.read(min(left, 65536))
        if not piece:
            return
        left -= len(piece)
