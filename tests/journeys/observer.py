"""Everything that is said in an office over MQTT, noted by an account that may only read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from dispatcher.wire import topics
from dispatcher.wire.client import Broker, Client, Incoming


@dataclass(frozen=True)
class Heard:
    """A message; `topic` is below the site's root, `at` in wall seconds (monotonic)."""

    topic: str
    body: dict[str, Any]
    retain: bool
    at: float


class Observer:
    """Connected once constructed; `heard` grows, oldest first."""

    def __init__(self, broker: Broker, site: str, password: str) -> None:
        self._root = topics.root(site)
        self._changed = threading.Condition()
        self.heard: list[Heard] = []
        self.client = Client(broker, username="observer", password=password)
        self.client.subscribe(f"{self._root}/#", self._note)
        self.client.start()

    def stop(self) -> None:
        self.client.stop()

    def _note(self, message: Incoming) -> None:
        topic = message.topic.removeprefix(f"{self._root}/")
        if topic.endswith("/frame"):
            return
        body = json.loads(message.payload)
        with self._changed:
            self.heard.append(Heard(topic, body, message.retain, monotonic()))
            self._changed.notify_all()

    def last(self, topic: str) -> dict[str, Any] | None:
        """The latest message on a topic."""
        with self._changed:
            return next((one.body for one in reversed(self.heard) if one.topic == topic), None)

    def all(self, topic: str) -> list[dict[str, Any]]:
        with self._changed:
            return [one.body for one in self.heard if one.topic == topic]

    def wait(self, topic: str, holds: Callable[[dict[str, Any]], Any], timeout_s: float = 15.0) -> dict[str, Any]:
        """The first message on `topic`, from the beginning, for which `holds`."""

        def found() -> dict[str, Any] | None:
            return next((one.body for one in self.heard if one.topic == topic and holds(one.body)), None)

        with self._changed:
            got = self._changed.wait_for(found, timeout_s)
        assert got is not None, f"nothing such on {topic} within {timeout_s:g} s; last: {self.last(topic)}"
        return got

    def call_of(self, label: str, timeout_s: float = 15.0) -> dict[str, Any]:
        """The first call message of a label."""
        return self.wait("call", lambda body: body.get("label") == label, timeout_s)

    def calls_of(self, label: str) -> list[dict[str, Any]]:
        """All call messages of a label, each call once (a message may be repeated after a crash)."""
        found = {body["call_id"]: body for body in self.all("call") if body.get("label") == label}
        return list(found.values())
