"""The short way for a page that asks again and again: as long as nothing was committed, the answer is 304, unread.

Thousands of telephones ask every few seconds; almost always nothing has happened. What is kept here is which ETag was
given to whom at which state of the office. The same state means the same answer, whatever that was: the office's data,
its clock's minute, and all of the request that a page may depend on. Whatever does not fit goes the long way.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, request

from dispatcher.usecases.desk import Desk, Unavailable
from dispatcher.web.metrics import RequestCounts

KEPT = 20_000
"""So many pages are remembered; about 400 bytes each."""
OTHERS_SEEN_S = 1.0
"""What another dispatcher has committed is looked for at most so often, in wall time."""
STATE = "numeretto.state"
RULE = "/t/<token>/live"

State = tuple[int, object, int]
Start = Callable[..., Any]


class Unchanged:
    """Stands before the application. `counts` hears of what it answers; such requests are not logged one by one."""

    def __init__(self, desk: Desk, counts: RequestCounts) -> None:
        self._desk = desk
        self._counts = counts
        self._given: OrderedDict[bytes, tuple[str, State]] = OrderedDict()
        self._lock = threading.Lock()
        self._looked: float | None = None
        self._committed: object = None

    def install(self, app: Flask) -> None:
        """Take the application's requests first."""
        inner = app.wsgi_app

        def first(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
            if not _polls(environ):
                return inner(environ, start)
            state = self._state()
            asked = environ.get("HTTP_IF_NONE_MATCH", "").removeprefix("W/").strip('"')
            if asked and state is not None and self._given.get(_key(environ)) == (asked, state):
                self._counts.add("GET", RULE, 304)
                start("304 NOT MODIFIED", [("ETag", f'"{asked}"'), ("Cache-Control", "no-cache")])
                return ()
            environ[STATE] = state  # as it was before the page is read: what comes meanwhile is another state
            return inner(environ, start)

        app.wsgi_app = first  # type: ignore[method-assign, assignment]
        app.after_request(self._remember)

    def _remember(self, response: Response) -> Response:
        state = request.environ.get(STATE)
        etag, _weak = response.get_etag()
        if state is not None and etag and response.status_code in (200, 304):
            key = _key(request.environ)
            with self._lock:
                self._given[key] = (etag, state)
                self._given.move_to_end(key)
                if len(self._given) > KEPT:
                    self._given.popitem(last=False)
        return response

    def _state(self) -> State | None:
        """Equal as long as no page can have changed; None when nobody can say."""
        desk = self._desk
        number = desk.changes.number
        now = desk.clock.monotonic()
        if self._looked is None or now - self._looked >= OTHERS_SEEN_S:
            self._looked = now
            try:
                self._committed = desk.store.committed(desk.office.id)
            except Unavailable:
                self._looked = None
                return None
        return number, self._committed, int(desk.clock.now().timestamp()) // 60


def _polls(environ: dict[str, Any]) -> bool:
    path: str = environ["PATH_INFO"]
    return path.endswith("/live") and "/t/" in path and environ["REQUEST_METHOD"] == "GET"


def _key(environ: dict[str, Any]) -> bytes:
    """All of a request that its page may depend on."""
    names = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE")
    parts = repr([environ.get(name) for name in names])
    return blake2b(parts.encode("utf-8", "replace"), digest_size=16).digest()
