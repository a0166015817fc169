"""A device's side of the contract: presence, settings, commands with answers.

A command is repeated with the same `request_id` after 2 s, three times; the dispatcher answers a repeat alike, so a
command counts once however often it was sent.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link, Will
from dispatcher.wire.messages import DeviceStatus, Reply

log = logging.getLogger(__name__)

REPEAT_AFTER_S = 2.0
REPEATS = 3


class Unreachable(Exception):
    """No answer came: the command may have been carried out or not. Send it again with the same request_id."""


class Refused(Exception):
    """The dispatcher said no, for good. `code` is one of the contract's; `field` is at fault, if one is."""

    def __init__(self, code: str, message: str, content: dict[str, Any], field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.content = content
        self.field = field


def will_of(site: str, device: str) -> Will:
    """The last will of a device."""
    return Will(topics.device(site, device, "status"), b'{"online":false}')


class DeviceLink:
    """Commands and presence of one device over a `Link` that was made with `will_of`."""

    def __init__(self, link: Link, site: str, device: str) -> None:
        self._link = link
        self._site = site
        self._device = device
        self._reply_topic = topics.device(site, device, "reply")
        self._waiting: dict[bytes, tuple[threading.Event, list[Reply]]] = {}
        self._lock = threading.Lock()
        link.subscribe(self._reply_topic, self._reply)

    @property
    def connected(self) -> bool:
        return self._link.connected

    def on_config(self, handler: Callable[[bytes], None]) -> None:
        """Hand each version of the settings to `handler`, the retained one first."""
        self._link.subscribe(
            topics.device(self._site, self._device, "config"), lambda message: handler(message.payload)
        )

    def on_do(self, handler: Callable[[bytes], None]) -> None:
        self._link.subscribe(topics.device(self._site, self._device, "do"), lambda message: handler(message.payload))

    def status(self, status: DeviceStatus, *, wait_s: float | None = None) -> bool:
        """Publish the retained status."""
        return self._publish("status", codec.encode(status), retain=True, wait_s=wait_s)

    def frame(self, png: bytes, request_id: str | None = None) -> bool:
        """Publish a picture of the surface as it is now; `request_id` goes along as correlation data."""
        topic = topics.device(self._site, self._device, "frame")
        return self._link.publish(topic, png, correlation=request_id.encode() if request_id else None)

    def command(
        self,
        verb: str,
        payload: BaseModel | dict[str, Any],
        *,
        repeat_after_s: float = REPEAT_AFTER_S,
        repeats: int = REPEATS,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> dict[str, Any]:
        """Send a command and wait for its answer's content; `meanwhile` is called once, when it has been sent.

        `payload` must carry `request_id`. Raises Unreachable after `(repeats + 1) * repeat_after_s` seconds without an
        answer, Refused when the answer is an error.
        """
        body = codec.encode(payload) if isinstance(payload, BaseModel) else codec.encode_plain(payload)
        request_id = payload.request_id if isinstance(payload, BaseModel) else payload["request_id"]  # type: ignore[attr-defined]
        correlation = f"{request_id}".encode()
        arrived, answers = threading.Event(), list[Reply]()
        with self._lock:
            self._waiting[correlation] = (arrived, answers)
        try:
            for attempt in range(repeats + 1):
                self._link.publish(
                    topics.command(self._site, self._device, verb),
                    body,
                    response_topic=self._reply_topic,
                    correlation=correlation,
                )
                if attempt == 0:
                    meanwhile()
                if arrived.wait(repeat_after_s):
                    return _content(answers[0])
        finally:
            with self._lock:
                self._waiting.pop(correlation, None)
        raise Unreachable(f"no answer to {verb} within {(repeats + 1) * repeat_after_s:g} s")

    def _publish(self, part: str, payload: bytes, *, retain: bool, wait_s: float | None) -> bool:
        return self._link.publish(topics.device(self._site, self._device, part), payload, retain=retain, wait_s=wait_s)

    def _reply(self, message: Incoming) -> None:
        try:
            reply = codec.decode(Reply, message.payload)
        except codec.WireError as error:
            log.warning("event=reply_unreadable device=%s error=%r", self._device, str(error))
            return
        with self._lock:
            waiting = self._waiting.get(message.correlation or b"")
        if waiting:
            waiting[1].append(reply)
            waiting[0].set()


def _content(reply: Reply) -> dict[str, Any]:
    if reply.ok:
        return reply.content
    error = reply.error
    raise Refused(error.code if error else "invalid", error.message if error else "refused", reply.content,
                  error.field if error else None)  # fmt: skip
