"""A dispatcher's bus over a broker in memory: `room(...)`, on each of both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from dispatcher.bus.inbound import Inbound
from dispatcher.bus.publisher import Publisher
from dispatcher.engine.model import Kiosk
from dispatcher.store.session import Store
from dispatcher.usecases.desk import Desk
from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming
from dispatcher.wire.clock import ManualClock
from dispatcher.wire.memory import Broker, Client
from tests.engine.make import at
from tests.usecases.house import SITE, House, office


@dataclass
class Bus:
    """`house` behind a broker; each device has a client of its own."""

    house: House
    broker: Broker
    link: Client
    inbound: Inbound
    publisher: Publisher
    replies: list[Incoming] = field(default_factory=list)
    _sent: int = 0

    def send(
        self,
        verb: str,
        body: dict[str, Any] | bytes,
        *,
        device: str = "entrance",
        reply_to: str | None = "own",
        **more: Any,
    ) -> dict[str, Any] | None:
        """A command as a device sends it; the answer, or None when there is none."""
        self._sent += 1
        if isinstance(body, dict):
            body = codec.encode_plain({"request_id": f"r{self._sent}"} | body)
        own = topics.device(SITE, device, "reply")
        before = len(self.replies)
        message = Incoming(
            topics.command(SITE, device, verb),
            body,
            response_topic=own if reply_to == "own" else reply_to,
            correlation=b"c%d" % self._sent,
            **more,
        )
        self.inbound.handle(message)
        if len(self.replies) == before:
            return None
        [reply] = self.replies[before:]
        assert (reply.topic, reply.correlation) == (own, message.correlation)
        return codec.decode_object(reply.payload)

    def press(self, action: str, **parameters: Any) -> dict[str, Any] | None:
        return self.send("counter/1", {"action": action} | parameters, device="button")

    def status(self, device: str = "entrance", **body: Any) -> None:
        payload = codec.encode_plain({"online": True} | body)
        self.inbound.handle(Incoming(topics.device(SITE, device, "status"), payload, retain=True))

    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        """What reached the broker below the site, without replies, in order."""
        root = f"{topics.root(SITE)}/"
        return [
            (one.topic.removeprefix(root), codec.decode_object(one.payload))
            for one in self.broker.log
            if not one.topic.endswith("/reply")
        ]


@pytest.fixture
def room(store: Store) -> Iterator[Callable[..., Bus]]:
    """room(*services and counters, connected=True, per_minute=None): counters are open; nothing runs by itself.

    `per_minute` is the dispenser's limit of tickets."""
    made: list[Bus] = []

    def begin(*parts: Any, connected: bool = True, per_minute: int | None = None) -> Bus:
        clock = ManualClock(at("09:00"))
        kiosks = {"entrance": Kiosk(id="entrance", per_minute=per_minute)}
        desk = Desk(store, replace(office(*parts), kiosks=kiosks), clock, base_url="http://127.0.0.1:8000")
        desk.prepare()
        house = House(store, desk, clock)
        house.open()
        broker = Broker()
        link = Client(broker)
        publisher = Publisher(desk, link, {"entrance": b'{"site_name":"x"}'})
        bus = Bus(house, broker, link, Inbound(desk, link), publisher)
        listener = Client(broker)
        listener.subscribe(f"{topics.root(SITE)}/device/+/reply", bus.replies.append)
        listener.start()
        if connected:
            link.start()
        made.append(bus)
        return bus

    yield begin
    for bus in made:
        bus.inbound.stop()
        bus.publisher.stop()
