"""The room over HTTP: everything of an office in one browser window, and the same parts for programs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from deploy.onebox.room.link import NoAnswer, RoomLink
from deploy.onebox.room.panel import FAULTS, Panel, PanelError
from dispatcher.engine.model import Office
from dispatcher.wire.clock import Clock

MAX_BODY_BYTES = 64 * 1024
_MAX_PIXEL = 20_000


class Problem(Exception):
    """An answer that is an error, with one of the contract's codes."""

    def __init__(self, status: int, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.field = status, code, detail, field


@dataclass(frozen=True)
class Room:
    """What the room shows and reaches. `http` is the dispatcher's address; `panels` are by kiosk."""

    office: Office
    link: RoomLink
    panels: Mapping[str, Panel]
    clock: Clock
    http: str
    hint: str

    def panel(self, kiosk: str) -> Panel:
        self.known_kiosk(kiosk)
        if kiosk not in self.panels:
            raise Problem(404, "not_found", f"the printer of {kiosk} is a real one: go and look")
        return self.panels[kiosk]

    def known_kiosk(self, kiosk: str) -> None:
        if kiosk not in self.office.kiosks:
            raise Problem(404, "not_found", f"there is no kiosk {kiosk}")


def create_app(room: Room) -> Flask:
    """The room's pages and routes."""
    app = Flask(__name__, template_folder=".", static_folder="static", static_url_path="/room/static")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(PanelError, _panel_problem)
    app.register_error_handler(NoAnswer, _no_answer)
    app.register_error_handler(HTTPException, _http_problem)
    app.before_request(_refuse_strangers)
    app.after_request(lambda answer: _headers(answer, room.http))
    _add_pages(app, room)
    _add_pictures(app, room)
    _add_printer(app, room)
    _add_orders(app, room)
    return app


def _add_pages(app: Flask, room: Room) -> None:
    @app.get("/")
    def root() -> AnyResponse:
        return redirect("/room")

    @app.get("/room")
    @app.get("/room/", endpoint="page_slash")
    def page() -> str:
        return render_template("page.html", room=room, office=room.office, faults=FAULTS)

    @app.get("/room/clock")
    def clock() -> Response:
        now = room.clock.now()
        local = now.astimezone(room.office.zone)
        return jsonify(
            at=now.isoformat().replace("+00:00", "Z"),
            local=local.isoformat(timespec="milliseconds"),
            zone=room.office.zone.key,
            simulated=room.clock.simulated,
            pace=room.clock.pace,
        )


def _add_pictures(app: Flask, room: Room) -> None:
    @app.get("/room/kiosk/<kiosk>.png")
    def kiosk_picture(kiosk: str) -> Response:
        room.known_kiosk(kiosk)
        return _picture(room.link.frame(kiosk))

    @app.get("/room/display/<display>.png")
    def display_picture(display: str) -> Response:
        if display not in room.office.displays:
            raise Problem(404, "not_found", f"there is no display {display}")
        return _picture(room.link.frame(display))


def _add_printer(app: Flask, room: Room) -> None:
    @app.get("/room/kiosk/<kiosk>/tickets")
    def tickets(kiosk: str) -> Response:
        found = room.panel(kiosk).tickets()
        base = f"{request.host_url}room/kiosk/{kiosk}/tickets"
        keys = ("n", "text", "cut", "at")
        return jsonify([{**{key: item.get(key) for key in keys}, "png": f"{base}/{item['n']}.png"} for item in found])

    @app.get("/room/kiosk/<kiosk>/tickets/<int:number>.png")
    def ticket_picture(kiosk: str, number: int) -> Response:
        return _picture(room.panel(kiosk).picture(number))

    @app.post("/room/kiosk/<kiosk>/printer")
    def printer(kiosk: str) -> Response:
        panel, fault = room.panel(kiosk), _body().get("fault")
        if fault not in FAULTS:
            raise Problem(422, "invalid", f"fault is one of {', '.join(FAULTS)}", "fault")
        panel.fault(fault)
        return jsonify(fault=fault)


def _add_orders(app: Flask, room: Room) -> None:
    @app.post("/room/kiosk/<kiosk>/touch")
    def touch(kiosk: str) -> Response:
        room.known_kiosk(kiosk)
        body = _body()
        place = {key: _pixel(body, key) for key in ("x", "y")}
        return _ordered(room, kiosk, "touch", **place)

    @app.post("/room/kiosk/<kiosk>/press")
    def press(kiosk: str) -> Response:
        room.known_kiosk(kiosk)
        body = _body()
        service, language, assisted = body.get("service"), body.get("language"), body.get("assisted", False)
        if not isinstance(service, str) or service not in room.office.services:
            raise Problem(422, "invalid", f"service is one of {', '.join(room.office.services)}", "service")
        if language is not None and language not in room.office.languages:
            raise Problem(422, "invalid", f"language is one of {', '.join(room.office.languages)}", "language")
        if not isinstance(assisted, bool):
            raise Problem(422, "invalid", "assisted is true or false", "assisted")
        return _ordered(room, kiosk, "press", service=service, language=language, assisted=assisted)


def _ordered(room: Room, kiosk: str, action: str, **fields: Any) -> Response:
    outcome = room.link.do(kiosk, action, **fields)
    if outcome.ok:
        return jsonify(kiosk=kiosk, action=action)
    code = outcome.code or "out_of_service"
    raise Problem(422 if code == "invalid" else 409, code, f"{kiosk} did not take it: {code}")


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Problem(422, "invalid", "the body is no JSON object")
    return body


def _pixel(body: dict[str, Any], key: str) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_PIXEL:
        raise Problem(422, "invalid", f"{key} is a number of pixels from the left or top", key)
    return int(value)


def _picture(png: bytes) -> Response:
    answer = Response(png, mimetype="image/png")
    answer.set_etag(hashlib.sha256(png).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def _refuse_strangers() -> None:
    """A page of another place, open in the same browser, may not press buttons here."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin and urlsplit(origin).hostname != urlsplit(request.host_url).hostname:
        raise Problem(403, "forbidden", f"not for pages of {origin}")


def _headers(answer: Response, http: str) -> Response:
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' blob:; frame-src {http}; frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _problem(error: Problem) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": error.code, "status": error.status}
    body |= {"code": error.code, "detail": error.detail}
    if error.field:
        body["field"] = error.field
    answer = jsonify(body)
    answer.status_code, answer.mimetype = error.status, "application/problem+json"
    return answer


def _panel_problem(error: PanelError) -> Response:
    if error.missing:
        return _problem(Problem(404, "not_found", "there is no such ticket"))
    return _problem(Problem(503, "unavailable", str(error)))


def _no_answer(error: NoAnswer) -> Response:
    return _problem(Problem(503, "unavailable", f"{error} does not answer: it is off, starting, or cut off"))


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    code = {404: "not_found", 405: "invalid", 413: "too_large"}.get(
        status, "invalid" if status < 500 else "unavailable"
    )
    return _problem(Problem(status, code, error.description or error.name))
