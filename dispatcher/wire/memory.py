"""A broker in memory with the same promises (retained messages, wills, shared subscriptions, response topics).

For tests and simulations. Messages are handed on by the publisher's thread, in order, after `publish` has taken them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from dispatcher.wire import topics
from dispatcher.wire.client import Handler, Incoming, Trouble, Will


class Broker:
    """Hand one to several clients."""

    def __init__(self) -> None:
        self.retained: dict[str, bytes] = {}
        self.log: list[Incoming] = []
        self._clients: list[Client] = []
        self._queue: deque[Incoming] = deque()
        self._lock = threading.RLock()
        self._delivering = False

    def attach(self, client: Client) -> None:
        with self._lock:
            self._clients.append(client)

    def detach(self, client: Client, *, say_will: bool) -> None:
        with self._lock:
            if client in self._clients:
                self._clients.remove(client)
        if say_will and client.will:
            self.take(Incoming(client.will.topic, client.will.payload, retain=True))

    def take(self, message: Incoming) -> None:
        """Store what is retained and deliver to all that match."""
        with self._lock:
            self.log.append(message)
            if message.retain:
                if message.payload:
                    self.retained[message.topic] = message.payload
                else:
                    self.retained.pop(message.topic, None)
            self._queue.append(message)
            if self._delivering:
                return
            self._delivering = True
        try:
            while True:
                with self._lock:
                    if not self._queue:
                        self._delivering = False
                        return
                    current = self._queue.popleft()
                    clients = list(self._clients)
                self._deliver(current, clients)
        except BaseException:
            self._delivering = False
            raise

    @staticmethod
    def _deliver(message: Incoming, clients: list[Client]) -> None:
        shared_done: set[str] = set()
        for client in clients:
            for pattern, handler in list(client.handlers):
                if not topics.matches(pattern, message.topic):
                    continue
                if pattern.startswith("$share/"):
                    if pattern in shared_done:
                        continue
                    shared_done.add(pattern)
                handler(replace(message, retain=False))


class Client:
    """A `Link` to a `Broker` in memory."""

    def __init__(self, broker: Broker, *, will: Will | None = None) -> None:
        self.will = will
        self.handlers: list[tuple[str, Handler]] = []
        self._broker = broker
        self._up = False
        self._connect_handlers: list[Callable[[], None]] = []
        self._disconnect_handlers: list[Callable[[], None]] = []
        self._trouble_handlers: list[Callable[[Trouble], None]] = []

    @property
    def connected(self) -> bool:
        return self._up

    def on_connect(self, handler: Callable[[], None]) -> None:
        self._connect_handlers.append(handler)

    def on_disconnect(self, handler: Callable[[], None]) -> None:
        self._disconnect_handlers.append(handler)

    def on_trouble(self, handler: Callable[[Trouble], None]) -> None:
        self._trouble_handlers.append(handler)

    def subscribe(self, pattern: str, handler: Handler, *, as_published: bool = True) -> None:
        del as_published  # here only what was kept says `retain`
        self.handlers.append((pattern, handler))
        if self._up:
            self._replay(pattern, handler)

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
        del wait_s
        if not self._up:
            return False
        self._broker.take(Incoming(topic, payload, retain, response_topic, correlation))
        return True

    def start(self) -> None:
        self._up = True
        self._broker.attach(self)
        for pattern, handler in self.handlers:
            self._replay(pattern, handler)
        for connected in self._connect_handlers:
            connected()

    def stop(self) -> None:
        self._up = False
        self._broker.detach(self, say_will=False)

    def lose(self) -> None:
        """The link breaks: the broker says the last will, the client learns that it is cut off."""
        self._up = False
        self._broker.detach(self, say_will=True)
        for disconnected in self._disconnect_handlers:
            disconnected()

    def fail(self, trouble: Trouble) -> None:
        """An attempt to connect fails."""
        for handler in self._trouble_handlers:
            handler(trouble)

    def _replay(self, pattern: str, handler: Handler) -> None:
        if pattern.startswith("$share/"):
            return
        for topic, payload in list(self._broker.retained.items()):
            if topics.matches(pattern, topic):
                handler(Incoming(topic, payload, retain=True))
