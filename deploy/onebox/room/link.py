"""The room's way to the devices: pictures of their surfaces, and touches, over the broker like everybody's."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.messages import DeviceDo, DeviceStatus

FRAME_TIMEOUT_S = 4.0
DO_TIMEOUT_S = 4.5


class NoAnswer(Exception):
    """The device did not answer in time: it is off, starting, or cut off."""


@dataclass(frozen=True)
class Outcome:
    """What a device made of an order; `code` says why not."""

    ok: bool
    code: str | None = None


@dataclass
class _Device:
    """What is awaited of one device. `asking` lets one picture be asked for at a time: a picture carries no request."""

    asking: threading.Lock = field(default_factory=threading.Lock)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    asked: str = ""
    frames: int = 0
    frame: bytes = b""
    status: DeviceStatus | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)


class RoomLink:
    """Orders to the devices `ids` over `link`, which the caller starts and stops."""

    def __init__(self, link: Link, site: str, ids: list[str]) -> None:
        self._link = link
        self._site = site
        self._devices = {name: _Device() for name in ids}
        link.subscribe(topics.device(site, "+", "frame"), self._frame)
        link.subscribe(topics.device(site, "+", "status"), self._status)

    def status(self, device: str) -> DeviceStatus | None:
        """What the device last said of itself."""
        return self._devices[device].status

    def frame(self, device: str) -> bytes:
        """A PNG of its surface, drawn after the call; raises NoAnswer."""
        state = self._devices[device]
        with state.asking, state.arrived:
            before, state.asked = state.frames, uuid.uuid4().hex
            self._send(device, state.asked, "frame")
            if not state.arrived.wait_for(lambda: state.frames > before, FRAME_TIMEOUT_S):
                raise NoAnswer(device)
            return state.frame

    def do(self, device: str, action: str, **fields: Any) -> Outcome:
        """Let it touch or press; returns when the device says what came of it, else raises NoAnswer."""
        state, request = self._devices[device], uuid.uuid4().hex
        with state.arrived:
            state.wanted.add(request)
            try:
                self._send(device, request, action, **fields)
                if not state.arrived.wait_for(lambda: request in state.outcomes, DO_TIMEOUT_S):
                    raise NoAnswer(device)
                return state.outcomes[request]
            finally:
                state.wanted.discard(request)
                state.outcomes.pop(request, None)

    def _send(self, device: str, request: str, action: str, **fields: Any) -> None:
        order = DeviceDo.model_validate({"request_id": request, "action": action, **fields})
        payload = order.model_dump_json(exclude_none=True).encode()
        if not self._link.publish(topics.device(self._site, device, "do"), payload):
            raise NoAnswer(device)

    def _frame(self, message: Incoming) -> None:
        state = self._of(message)
        if state:
            with state.arrived:
                # A screen says whom it answers: somebody else may have asked for a smaller picture.
                if message.correlation not in (None, state.asked.encode()):
                    return
                state.frame, state.frames = message.payload, state.frames + 1
                state.arrived.notify_all()

    def _status(self, message: Incoming) -> None:
        state = self._of(message)
        if not state:
            return
        status = codec.decode(DeviceStatus, message.payload)
        last = (status.model_extra or {}).get("last_do")
        with state.arrived:
            state.status = status
            if isinstance(last, dict) and last.get("request_id") in state.wanted:
                code = last.get("code")
                state.outcomes[last["request_id"]] = Outcome(last.get("ok") is True, str(code) if code else None)
            state.arrived.notify_all()

    def _of(self, message: Incoming) -> _Device | None:
        parts = topics.parse_device(message.topic)
        return self._devices.get(parts[1]) if parts else None
