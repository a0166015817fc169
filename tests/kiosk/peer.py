"""A dispatcher for the kiosk's tests, as far as a dispenser sees one: settings, menu, heartbeat, numbers, and what
was printed.

It answers a repeated request alike, as the contract wants; `mute` lets it take commands and say nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.messages import KioskConfig, Menu, MenuGroup, MenuService

SITE, KIOSK = "torino", "entrance"
NOW = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)


def service(service_id: str, name: str, **fields: Any) -> MenuService:
    """A service of the menu, open unless told otherwise."""
    return MenuService(id=service_id, name={"it": name, "en": f"{name} (en)"}, **{"open": True, **fields})


MENU = Menu(
    revision=1,
    groups=(
        MenuGroup(
            id="",
            services=(
                service("passport", "Passaporti", waiting=3, wait_low_s=600, wait_high_s=1200, letter="A"),
                service("certificate", "Visure e certificati", letter="B"),
                service("register", "Registro delle imprese", open=False, reason="hours", letter="C"),
            ),
        ),
    ),
)


def config(printer: str, **fields: Any) -> KioskConfig:
    """The settings of the kiosk under test."""
    settings: dict[str, Any] = {
        "site_name": "Camera di commercio",
        "zone": "Europe/Rome",
        "languages": ("it", "en", "de", "fr"),
    }
    return KioskConfig(**{**settings, "printer": printer, "room": True, **fields})


class Peer:
    """Attached to a link that another starts. All it has been told stands in `issued`, `printed` and `statuses`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._changed = threading.Condition()
        self.mute = False
        self.busy = False
        """No hand-over can be taken just now."""
        self.silent = False
        self.on_issue: Callable[[], None] = lambda: None
        self.refuse: str | None = None
        self.answers: dict[str, dict[str, Any]] = {}
        """What it says to check_in and rejoin."""
        self.issued: dict[str, dict[str, Any]] = {}
        self.printed: dict[str, list[str]] = {}
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self.at = NOW
        """What its clock shows."""
        self.epoch = "e"
        self.leased: dict[str, dict[str, Any]] = {}
        self.handed: list[dict[str, Any]] = []
        self.not_leased: set[str] = set()
        self.why = "not_leased"
        link.subscribe(topics.command(SITE, KIOSK, "+"), self._command)
        link.subscribe(topics.device(SITE, KIOSK, "status"), self._status)
        link.subscribe(topics.device(SITE, KIOSK, "frame"), self._frame)

    def say(self, settings: KioskConfig, menu: Menu = MENU) -> None:
        """Publish what is retained, and one heartbeat."""
        self._link.publish(topics.device(SITE, KIOSK, "config"), codec.encode(settings), retain=True)
        self._link.publish(topics.menu(SITE), codec.encode(menu), retain=True)
        self.beat()

    def beat(self) -> None:
        """A heartbeat, unless the dispatcher is to seem gone (`silent`)."""
        if self.silent:
            return
        body = {"epoch": self.epoch, "revision": 1, "at": self.at.isoformat()}
        self._link.publish(topics.heartbeat(SITE), codec.encode_plain(body))

    def order(self, action: str, request_id: str, **fields: Any) -> None:
        body = {"request_id": request_id, "action": action, **fields}
        self._link.publish(topics.device(SITE, KIOSK, "do"), codec.encode_plain(body))

    def wait(self, holds: Callable[[Peer], Any], timeout_s: float = 20) -> Any:
        """The value of `holds` as soon as it is true."""
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), timeout_s), f"{self.commands} {self.statuses[-1:]}"
            return holds(self)

    def outcome(self, request_id: str, timeout_s: float = 6) -> dict[str, Any]:
        """What became of an order."""
        return self.wait(
            lambda peer: next(
                (s["last_do"] for s in peer.statuses if s.get("last_do", {}).get("request_id") == request_id), None
            ),
            timeout_s,
        )

    def problems(self) -> set[str]:
        """The codes of the last status."""
        return {problem["code"] for problem in self.statuses[-1].get("problems", ())} if self.statuses else set()

    def result(self, label: str) -> str | None:
        """The last result told for a ticket."""
        told = next(
            (self.printed.get(issued["id"]) for issued in self.issued.values() if issued["label"] == label), None
        )
        return told[-1] if told else None

    def _command(self, message: Incoming) -> None:
        body = json.loads(message.payload)
        verb = message.topic.rsplit("/", 1)[1]
        with self._changed:
            self.commands.append((verb, body))
            self._changed.notify_all()
            if self.mute:
                return
            answer = self._answer(verb, body)
        if message.response_topic:
            self._link.publish(message.response_topic, codec.encode_plain(answer), correlation=message.correlation)
        with self._changed:
            self._changed.notify_all()

    def _answer(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        if verb == "issue":
            self.on_issue()
            if self.refuse:
                return {"ok": False, "error": {"code": self.refuse, "message": "no"}}
            number = len(self.issued) + 1
            fresh = {
                "id": f"ticket-{number}",
                "label": f"A{number:03}",
                "ahead": number - 1,
                "wait_low_s": 600,
                "wait_high_s": 1200,
                "status_url": "http://127.0.0.1:8000/t/Zq3vYb1kXw9TtPq0aL2m_w",
                "queued_at": body["touched_at"],
            }
            return {"ok": True, **self.issued.setdefault(body["request_id"], fresh)}
        if verb == "lease":
            return self._lease(body)
        if verb == "offline_issued" and self.busy:
            return {"ok": False, "error": {"code": "unavailable", "message": "later"}}
        if verb == "offline_issued":
            known = {one["label"] for one in self.handed} | self.not_leased
            self.handed += [one for one in body["tickets"] if one["label"] not in known]
            labels = [one["label"] for one in body["tickets"]]
            refused = [{"label": one, "reason": self.why} for one in labels if one in self.not_leased]
            return {"ok": True, "accepted": [one for one in labels if one not in self.not_leased], "refused": refused}
        if verb in self.answers:
            return self.answers[verb]
        told = self.printed.setdefault(body["id"], [])
        if body["result"] not in told:
            told.append(body["result"])
        return {"ok": True}

    def _lease(self, body: dict[str, Any]) -> dict[str, Any]:
        first = max((one["to"] for one in self.leased.values()), default=500) + 1
        fresh = {
            "from": first,
            "to": first + body["count"] - 1,
            "day": self.at.date().isoformat(),
            "expires": (self.at + timedelta(hours=12)).isoformat(),
        }
        return {"ok": True, **self.leased.setdefault(body["request_id"], fresh)}

    def _status(self, message: Incoming) -> None:
        with self._changed:
            self.statuses.append(json.loads(message.payload))
            self._changed.notify_all()

    def _frame(self, message: Incoming) -> None:
        with self._changed:
            self.frames.append(message.payload)
            self._changed.notify_all()
