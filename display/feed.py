"""What a program that shows the board hears from the broker. Unreadable messages are logged and change nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Handler, Incoming, Link
from dispatcher.wire.messages import Board, CallEvent, Heartbeat, Withdrawn
from display import board

M = TypeVar("M", bound=BaseModel)
Put = Callable[[board.LinkUp | board.LinkDown | board.LinkTrouble | Board | Heartbeat | CallEvent | Withdrawn], None]

log = logging.getLogger(__name__)


def follow(link: Link, site: str, put: Put) -> None:
    """Hand all that is said of the board of `site` to `put`, and when the broker is reached and lost."""
    link.on_connect(lambda: put(board.LinkUp()))
    link.on_disconnect(lambda: put(board.LinkDown()))
    link.on_trouble(lambda trouble: put(board.LinkTrouble(trouble)))
    link.subscribe(topics.board(site), _into(put, Board))
    link.subscribe(topics.heartbeat(site), _into(put, Heartbeat))
    link.subscribe(topics.call(site), lambda message: _call(put, message))


def decoded(kind: type[M], payload: bytes) -> M | None:
    """The message, or None when it cannot be read."""
    try:
        return codec.decode(kind, payload)
    except codec.WireError as error:
        log.warning("event=message_unreadable kind=%s error=%r", kind.__name__, str(error))
        return None


def _into(put: Put, kind: type[Board | Heartbeat | CallEvent | Withdrawn]) -> Handler:
    def handle(message: Incoming) -> None:
        found = decoded(kind, message.payload)
        if found is not None:
            put(found)

    return handle


def _call(put: Put, message: Incoming) -> None:
    _into(put, Withdrawn if _is_withdrawal(message.payload) else CallEvent)(message)


def _is_withdrawal(payload: bytes) -> bool:
    """Both kinds come on one topic, and every call would pass for a withdrawn one."""
    try:
        return codec.decode_object(payload).get("withdrawn") is True
    except codec.WireError:
        return False
