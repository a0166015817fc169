"""What changes on the operator's page: rendered parts, what may be done, and the stream that carries both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, stream_with_context

from dispatcher.engine.model import Counter
from dispatcher.usecases import secretary, views
from dispatcher.usecases.desk import Unavailable
from dispatcher.web.auth import logged_in, of_user
from dispatcher.web.context import context
from dispatcher.web.shell import texts

HEARTBEAT_S = 3.0
"""A closed page is noticed at the next write, and frees its thread then."""
PARTS = ("now", "next", "queues", "lists")


@dataclass(frozen=True)
class Live:
    """The living part of a page. `number` orders states; `etag` knows neither it nor the running seconds of undo."""

    parts: dict[str, str]
    may: list[str]
    holding: str | None
    label: str | None
    open: bool
    undo: dict[str, Any] | None
    number: int
    etag: str


def read(settings: Counter) -> Live:
    """The state of a counter's page as it is now."""
    ctx, words = context(), texts()
    number = ctx.desk.changes.number
    view = ctx.desk.read(views.counter_page, counter=settings.id, language=words.language)
    if view is None:
        abort(404)
    ticket, undo = view["ticket"], view["undo"]
    if ticket and ticket["booking"]:
        _note(ticket["id"])
    shown = {"view": view, "since": _time(ticket["since"]) if ticket else None, "clock": _time, "t": words}
    parts = {name: render_template(f"counter_{name}.html", **shown, service_name=service_name) for name in PARTS}
    may = [*view["may"], *(["undo"] if undo else [])]
    holding = ticket["id"] if ticket else None
    stable = json.dumps([parts, may, holding, undo["action"] if undo else None], sort_keys=True)
    return Live(
        parts=parts,
        may=may,
        holding=holding,
        label=ticket["label"] if ticket else None,
        open=view["counter"]["state"] == "open",
        undo=undo,
        number=number,
        etag=hashlib.sha256(stable.encode()).hexdigest()[:32],
    )


def _note(ticket_id: str) -> None:
    """The page shows a person's data: that goes into the access log before it goes out (F6)."""
    ctx, user = context(), logged_in()
    if user is not None and ctx.shown.is_new(user.name, ticket_id):
        ctx.desk.execute(of_user(user).actor, secretary.at_counter, ticket_id=ticket_id)


def packed(state: Live) -> dict[str, Any]:
    """As JSON for the page's script."""
    return {
        "parts": state.parts,
        "may": state.may,
        "holding": state.holding,
        "label": state.label,
        "number": state.number,
        "undo_s": state.undo["seconds_left"] if state.undo else None,
    }


def service_name(service_id: str) -> str:
    """A service's name in the language of the page; its id once the office has it no more."""
    service = context().office.services.get(service_id)
    return texts().name(service.name) if service else service_id


def _time(at: str | None) -> str | None:
    return texts().time(datetime.fromisoformat(at), context().office.zone) if at else None


def stream(settings: Counter) -> Response:
    """Server-sent events: the state whenever it changed, a comment every few seconds. The place is taken already."""

    def produce() -> Iterator[str]:
        ctx = context()
        etag = ""
        yield "retry: 2000\n\n"
        while True:
            try:
                state = read(settings)
            except Unavailable:
                return  # the page says that it is cut off, and asks again by itself
            if state.etag != etag:
                etag = state.etag
                yield f"data: {json.dumps(packed(state), ensure_ascii=False)}\n\n"
            else:
                yield ": alive\n\n"
            ctx.desk.changes.wait(state.number, HEARTBEAT_S)

    response = Response(stream_with_context(produce()), content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(context().streams.leave)
    return response
