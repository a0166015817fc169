"""The room's routes: pictures, touches and presses of the real devices, and what is refused (contract: The room)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from deploy.onebox.room.app import Room, create_app
from deploy.onebox.room.link import RoomLink
from dispatcher import config
from dispatcher.wire import topics
from dispatcher.wire.client import Incoming
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.memory import Broker, Client
from tests.deploy.brokers import DEMO


class Device:
    """A device that does what it is told as far as its settings let it."""

    def __init__(self, broker: Broker, name: str) -> None:
        self.name = name
        self.orders: list[dict[str, Any]] = []
        self.outcome: dict[str, Any] = {"ok": True}
        self.picture = b"\x89PNG one"
        self._link = Client(broker)
        self._link.subscribe(topics.device("torino", name, "do"), self._do)
        self._link.start()

    def _do(self, message: Incoming) -> None:
        order = json.loads(message.payload)
        self.orders.append(order)
        threading.Thread(target=self._answer, args=(order,)).start()

    def _answer(self, order: dict[str, Any]) -> None:
        if order["action"] == "frame":
            self._link.publish(topics.device("torino", self.name, "frame"), self.picture)
            return
        status = {"online": True, "last_do": {"request_id": order["request_id"], **self.outcome}}
        self._link.publish(topics.device("torino", self.name, "status"), json.dumps(status).encode(), retain=True)


class Office:
    """A room over a broker in memory, with a dispenser and a screen."""

    def __init__(self) -> None:
        broker = Broker()
        self.link = Client(broker)
        room = RoomLink(self.link, "torino", ["entrance", "hall"])
        self.link.start()
        self.kiosk, self.hall = Device(broker, "entrance"), Device(broker, "hall")
        office = config.load(DEMO)
        made = Room(office, room, {}, SystemClock(), "http://127.0.0.1:8000", "Log in as anna.")
        self.http: FlaskClient = create_app(made).test_client()

    def press(self, **body: Any) -> tuple[int, Any]:
        answer = self.http.post("/room/kiosk/entrance/press", json=body)
        return answer.status_code, answer.json


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.link.stop()


def test_the_pictures_are_those_of_the_devices_and_unchanged_ones_do_not_travel(office: Office) -> None:
    first = office.http.get("/room/kiosk/entrance.png")
    assert (first.status_code, first.mimetype, first.data) == (200, "image/png", b"\x89PNG one")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert office.http.get("/room/kiosk/entrance.png", headers=tag).status_code == 304
    office.kiosk.picture = b"\x89PNG two"
    assert office.http.get("/room/kiosk/entrance.png", headers=tag).data == b"\x89PNG two"
    assert office.http.get("/room/display/hall.png").status_code == 200


def test_a_press_is_answered_when_the_kiosk_took_it(office: Office) -> None:
    assert office.press(service="register", language="de", assisted=True)[0] == 200
    order = office.kiosk.orders[-1]
    order.pop("request_id")
    assert order == {"action": "press", "service": "register", "language": "de", "assisted": True}


@pytest.mark.parametrize("code", ["out_of_service", "service_closed"])
def test_a_press_that_cannot_print_is_409(office: Office, code: str) -> None:
    office.kiosk.outcome = {"ok": False, "code": code}
    status, body = office.press(service="register")
    assert (status, body["code"], body["status"]) == (409, code, 409)


def test_a_touch_carries_its_pixels(office: Office) -> None:
    answer = office.http.post("/room/kiosk/entrance/touch", json={"x": 10.6, "y": 20})
    assert answer.status_code == 200
    assert [(order["x"], order["y"]) for order in office.kiosk.orders] == [(10, 20)]


BAD = [
    ("POST", "/room/kiosk/entrance/press", b"{", 422, "invalid", None),
    ("POST", "/room/kiosk/entrance/press", b"\xff", 422, "invalid", None),
    ("POST", "/room/kiosk/entrance/press", b"[]", 422, "invalid", None),
    ("POST", "/room/kiosk/entrance/press", b"{}", 422, "invalid", "service"),
    ("POST", "/room/kiosk/entrance/press", b'{"service":["a"]}', 422, "invalid", "service"),
    ("POST", "/room/kiosk/entrance/press", b'{"service":"register","language":"xx"}', 422, "invalid", "language"),
    ("POST", "/room/kiosk/entrance/press", b'{"service":"register","assisted":1}', 422, "invalid", "assisted"),
    ("POST", "/room/kiosk/entrance/press", b'"' + b"x" * 70_000 + b'"', 413, "too_large", None),
    ("POST", "/room/kiosk/entrance/touch", b'{"x":1}', 422, "invalid", "y"),
    ("POST", "/room/kiosk/entrance/touch", b'{"x":-1,"y":0}', 422, "invalid", "x"),
    ("POST", "/room/kiosk/entrance/touch", b'{"x":true,"y":0}', 422, "invalid", "x"),
    ("POST", "/room/kiosk/entrance/touch", b'{"x":NaN,"y":0}', 422, "invalid", "x"),
    ("POST", "/room/kiosk/gone/touch", b'{"x":1,"y":1}', 404, "not_found", None),
    ("POST", "/room/kiosk/entrance/printer", b'{"fault":"none"}', 404, "not_found", None),
    ("GET", "/room/kiosk/gone.png", b"", 404, "not_found", None),
    ("GET", "/room/display/gone.png", b"", 404, "not_found", None),
    ("GET", "/room/kiosk/hall.png", b"", 404, "not_found", None),
    ("GET", "/room/nothing", b"", 404, "not_found", None),
    ("GET", "/room/kiosk/entrance/press", b"", 405, "invalid", None),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code", "field"), BAD)
def test_bad_requests_get_a_problem_and_reach_no_device(
    office: Office, method: str, path: str, body: bytes, status: int, code: str, field: str | None
) -> None:
    answer = office.http.open(path, method=method, data=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json
    assert (answer.json["code"], answer.json.get("field")) == (code, field)
    assert office.kiosk.orders == []


def test_pages_of_other_places_may_not_press_buttons(office: Office) -> None:
    for origin, status in (("http://evil.example", 403), ("null", 403), ("http://localhost", 200)):
        body = {"x": 1, "y": 1}
        answer = office.http.post("/room/kiosk/entrance/touch", json=body, headers={"Origin": origin})
        assert answer.status_code == status


def test_a_device_that_is_cut_off_is_503_at_once(office: Office) -> None:
    office.link.stop()
    for answer in (
        office.http.get("/room/kiosk/entrance.png"),
        office.http.post("/room/kiosk/entrance/press", json={"service": "register"}),
    ):
        assert answer.status_code == 503
        assert answer.json
        assert answer.json["code"] == "unavailable"
    office.link.start()


def test_the_page_shows_every_device_and_counter(office: Office) -> None:
    page = office.http.get("/room").text
    parts = (
        "/room/kiosk/entrance.png",
        "/room/display/hall.png",
        "/counter/3",
        "Camera di commercio",
        "Log in as anna.",
    )
    assert [part for part in parts if part not in page] == []
    assert "frame-src http://127.0.0.1:8000" in office.http.get("/room").headers["Content-Security-Policy"]
    assert office.http.get("/room/clock").json["simulated"] is False  # type: ignore[index]
