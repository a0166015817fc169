"""What the office orders a kiosk to do (`device/{device}/do`), and how it tells what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from dispatcher.wire import codec
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import DeviceDo
from kiosk.presence import Presence

log = logging.getLogger(__name__)


class Wish(Protocol):
    """Ask for a ticket as a finger would."""

    def __call__(self, service: str, order: str | None, *, language: str | None, assisted: bool) -> None: ...


class Orders:
    """`picture` gives the PNG of the frame, `touch` puts a finger on its pixels; `wish` and `touch` say themselves, by
    `done`, what became of them."""

    def __init__(
        self,
        device: DeviceLink,
        presence: Presence,
        *,
        picture: Callable[[], bytes],
        reload: Callable[[], None],
        identify: Callable[[], None],
        touch: Callable[[str, int, int], None],
        wish: Wish,
    ) -> None:
        self._device = device
        self._presence = presence
        self._picture = picture
        self._reload = reload
        self._identify = identify
        self._touch = touch
        self._wish = wish

    def take(self, payload: bytes, *, room: bool) -> None:
        """Carry an order out; fingers and presses only in a room."""
        try:
            order = codec.decode(DeviceDo, payload)
        except codec.WireError as error:
            log.warning("event=order_unreadable reason=%r", str(error))
            return
        match order.action:
            case "frame":
                self._device.frame(self._picture())
            case "reload":
                self._reload()
                self.done(order.request_id)
            case "identify":
                self._identify()
                self.done(order.request_id)
            case _ if not room:
                self.done(order.request_id, "forbidden")
            case "press" if order.service:
                self._wish(order.service, order.request_id, language=order.language, assisted=order.assisted)
            case "touch" if order.x is not None and order.y is not None:
                self._touch(order.request_id, order.x, order.y)
            case _:
                self.done(order.request_id, "invalid")

    def done(self, order: str, code: str | None = None) -> None:
        """The outcome of an order, told by the status; `code` None: carried out."""
        refusal = {} if code is None else {"code": code}
        self._presence.last_do = {"request_id": order, "ok": code is None, **refusal}
        self._presence.tell()
