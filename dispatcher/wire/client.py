"""MQTT 5 for all programs: paho in this file and nowhere else.

The client connects by itself, for ever; subscriptions are renewed at each connect. Handlers run on the client's own
thread: they must be short and may raise (the error is logged, the thread lives).
"""

from __future__ import annotations

import logging
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from dispatcher.wire import topics

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A message as it came."""

    topic: str
    payload: bytes
    retain: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None


Handler = Callable[[Incoming], None]


@dataclass(frozen=True)
class Will:
    """What the broker says for us when we vanish (retained, QoS 1)."""

    topic: str
    payload: bytes


class Trouble(StrEnum):
    """Why a broker is not reached: what has to be done differs."""

    refused = "refused"
    """It is there and does not take our name and password."""
    nobody = "nobody"
    """The machine is there, and no broker listens at that port."""
    name = "name"
    """The machine's name is not known, as without any network."""
    certificate = "certificate"
    """It does not show a certificate that we trust."""
    network = "network"
    """Nothing answers."""


class Link(Protocol):
    """What programs need of a broker; `Client` over the network, `memory.Client` in tests."""

    @property
    def connected(self) -> bool: ...

    def on_connect(self, handler: Callable[[], None]) -> None:
        """Call `handler` at each connect, after the subscriptions were sent."""
        ...

    def on_disconnect(self, handler: Callable[[], None]) -> None: ...

    def on_trouble(self, handler: Callable[[Trouble], None]) -> None:
        """Call `handler` with the reason at each attempt to connect that fails."""
        ...

    def subscribe(self, pattern: str, handler: Handler, *, as_published: bool = True) -> None:
        """Hand all messages that match `pattern` to `handler`; kept over reconnects.

        With `as_published` False `retain` tells only what the broker had kept: a message that is sent now has it
        False, even if the broker is to keep it (MQTT 5, 3.3.1.3).
        """
        ...

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
        wait_s: float | None = None,
    ) -> bool:
        """Send with QoS 1. True when taken; with `wait_s` only when the broker has acknowledged within that time.

        Nothing is kept while the link is down: False then, and the caller decides.
        """
        ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True)
class Broker:
    """Where the broker is: `mqtt://[user:password@]host[:port]`, or `mqtts://` for TLS."""

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    password: str | None = None

    @classmethod
    def parse(cls, url: str) -> Broker:
        """Raises ValueError with a sentence for the user."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or port == -1:
            raise ValueError(f"'{url}' is no broker: write mqtt://host:port or mqtts://host:port")
        tls = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            port or (8883 if tls else 1883),
            tls,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
        )


class Client:
    """A `Link` over paho. `client_id` must be unique at the broker; it may be empty."""

    def __init__(
        self,
        broker: Broker,
        *,
        client_id: str = "",
        username: str | None = None,
        password: str | None = None,
        will: Will | None = None,
        keepalive_s: int = 10,
    ) -> None:
        self._broker = broker
        self._keepalive_s = keepalive_s
        self._handlers: list[tuple[str, Handler]] = []
        self._options: dict[str, SubscribeOptions] = {}
        self._connect_handlers: list[Callable[[], None]] = []
        self._disconnect_handlers: list[Callable[[], None]] = []
        self._trouble_handlers: list[Callable[[Trouble], None]] = []
        self._up = threading.Event()
        self._refusal_said = ""
        self._paho = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=True,
        )
        self._paho.reconnect_delay_set(min_delay=1, max_delay=2)
        self._paho.max_inflight_messages_set(200)
        if broker.tls:
            self._paho.tls_set_context(ssl.create_default_context())
        name = username or broker.username
        if name:
            self._paho.username_pw_set(name, password or broker.password)
        if will:
            self._paho.will_set(will.topic, will.payload, qos=1, retain=True)
        self._paho.on_connect = self._connected
        self._paho.on_connect_fail = self._failed
        self._paho.on_disconnect = self._disconnected
        self._paho.on_message = self._message
        self._paho.on_socket_open = _at_once

    @property
    def connected(self) -> bool:
        return self._up.is_set()

    def wait_connected(self, timeout_s: float) -> bool:
        """Whether the link is up within `timeout_s`."""
        return self._up.wait(timeout_s)

    def on_connect(self, handler: Callable[[], None]) -> None:
        self._connect_handlers.append(handler)

    def on_disconnect(self, handler: Callable[[], None]) -> None:
        self._disconnect_handlers.append(handler)

    def on_trouble(self, handler: Callable[[Trouble], None]) -> None:
        self._trouble_handlers.append(handler)

    def subscribe(self, pattern: str, handler: Handler, *, as_published: bool = True) -> None:
        self._options[pattern] = SubscribeOptions(qos=1, retainAsPublished=as_published)
        self._handlers.append((pattern, handler))
        if self.connected:
            self._paho.subscribe(pattern, options=self._options[pattern])

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
        wait_s: float | None = None,
    ) -> bool:
        if not self.connected:
            return False
        properties = None
        if response_topic is not None or correlation is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
            if response_topic is not None:
                properties.ResponseTopic = response_topic
            if correlation is not None:
                properties.CorrelationData = correlation
        info = self._paho.publish(topic, payload, qos=1, retain=retain, properties=properties)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        if wait_s is None:
            return True
        try:
            info.wait_for_publish(wait_s)
        except (RuntimeError, ValueError):
            return False
        return info.is_published()

    def start(self) -> None:
        """Begin to connect; returns at once, also while no broker is there."""
        self._paho.connect_async(self._broker.host, self._broker.port, keepalive=self._keepalive_s, clean_start=True)
        self._paho.loop_start()

    def stop(self) -> None:
        """Leave in good order. The last will is not sent: publish what should be known before."""
        self._paho.disconnect()
        self._paho.loop_stop()
        self._up.clear()

    # paho's callbacks: an exception here would end its thread silently, so nothing may escape.

    def _connected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            if str(reason) != self._refusal_said:
                self._refusal_said = str(reason)
                log.error(
                    "event=broker_refused reason=%r host=%s port=%d", str(reason), self._broker.host, self._broker.port
                )
            self._tell(Trouble.refused)
            return
        self._refusal_said = ""
        for pattern, _handler in self._handlers:
            self._paho.subscribe(pattern, options=self._options[pattern])
        self._up.set()
        log.info("event=broker_connected host=%s port=%d", self._broker.host, self._broker.port)
        for handler in self._connect_handlers:
            _guarded(handler)

    def _failed(self, _client: Any, _data: Any) -> None:
        # paho calls this while it handles the error, and does not hand it over.
        self._tell(trouble_of(sys.exc_info()[1]))

    def _tell(self, trouble: Trouble) -> None:
        for handler in self._trouble_handlers:
            _guarded(handler, trouble)

    def _disconnected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        was_up = self._up.is_set()
        self._up.clear()
        if was_up:
            log.warning("event=broker_lost reason=%r", str(reason))
            for handler in self._disconnect_handlers:
                _guarded(handler)
        elif not self._refusal_said:
            self._tell(Trouble.network)

    def _message(self, _client: Any, _data: Any, message: Any) -> None:
        properties = message.properties
        incoming = Incoming(
            message.topic,
            message.payload,
            message.retain,
            getattr(properties, "ResponseTopic", None),
            getattr(properties, "CorrelationData", None),
        )
        for pattern, handler in self._handlers:
            if topics.matches(pattern, incoming.topic):
                _guarded(handler, incoming)


def trouble_of(error: BaseException | None) -> Trouble:
    """What an error of connecting means to whoever has to mend it."""
    if isinstance(error, ssl.SSLError):
        return Trouble.certificate
    if isinstance(error, socket.gaierror):
        return Trouble.name
    return Trouble.nobody if isinstance(error, ConnectionRefusedError) else Trouble.network


def _at_once(_client: Any, _data: Any, connection: Any) -> None:
    # Else a message right behind an acknowledgement waits for the broker's delayed one: 40 ms on Linux.
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _guarded(handler: Callable[..., None], *arguments: object) -> None:
    try:
        handler(*arguments)
    except Exception:
        log.exception("event=handler_failed")
