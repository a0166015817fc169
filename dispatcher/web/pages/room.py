"""The room of a onebox is served by another port: whoever asks here is sent there."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from dispatcher.web.context import context

METHODS = ("GET", "POST")


def make_blueprint() -> Blueprint:
    """`/room` and all below it, when there is a room."""
    blueprint = Blueprint("room", __name__)
    blueprint.add_url_rule("/room", "room", room, methods=METHODS)
    blueprint.add_url_rule("/room/", "room", room, methods=METHODS)
    blueprint.add_url_rule("/room/<path:part>", "room", room, methods=METHODS)
    return blueprint


def room(part: str = "") -> Response:  # noqa: ARG001  the path says it all
    """307: the method and the body go with it."""
    base = context().room_url
    if base is None:
        abort(404)
    query = request.query_string.decode("latin-1")
    return redirect(base + quote(request.path) + (f"?{query}" if query else ""), 307)
