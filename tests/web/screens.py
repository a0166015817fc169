"""Waiting-room screens that answer over a broker in memory, for the page that shows them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.clock import Clock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import DeviceDo, DeviceStatus, Problem
from dispatcher.wire.screens import Screens
from display.pictures import png

SITE = "torino"
SIZE = (1280, 720)


class Walls:
    """The screens `ids`, all on line; each answers with a picture of one colour while it is in `answering`."""

    def __init__(self, clock: Clock, *ids: str) -> None:
        self.broker = memory.Broker()
        link = memory.Client(self.broker)
        self.screens = Screens(link, SITE, ids, clock)
        link.start()
        self.answering = set(ids)
        self.orders: list[DeviceDo] = []
        self.colour = (12, 25, 35)
        self.links: dict[str, memory.Client] = {}
        for screen in ids:
            self._hang(screen)
            self.says(screen)

    def says(self, screen: str, *problems: str, **fields: Any) -> None:
        """A status of a screen, as the dispatcher hears it."""
        at = datetime(2026, 11, 23, 8, tzinfo=UTC)
        told = [Problem(code=code, text=f"Something is wrong: {code}.", since=at) for code in problems]
        values = {"online": True, "resolution": "1280x720", "audio": "alsa", "problems": told, **fields}
        self.screens.note(screen, DeviceStatus.model_validate(values))

    def _hang(self, screen: str) -> None:
        link = self.links[screen] = memory.Client(self.broker, will=will_of(SITE, screen))
        device = DeviceLink(link, SITE, screen)

        def do(payload: bytes) -> None:
            order = codec.decode(DeviceDo, payload)
            self.orders.append(order)
            if screen in self.answering:
                pixels = Image.new("RGB", SIZE, self.colour).tobytes()
                device.frame(png(pixels, SIZE, order.width), order.request_id)

        device.on_do(do)
        link.start()

    def publish(self, screen: str, payload: bytes, correlation: bytes | None) -> None:
        """Something else on a screen's topic of pictures."""
        self.links[screen].publish(topics.device(SITE, screen, "frame"), payload, correlation=correlation)


def size_of(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size
