"""Carries presses to the dispatcher: one at a time, each counted once however often it is sent."""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Callable
from typing import Any

from dispatcher.wire.device import DeviceLink, Refused, Unreachable
from kiosk.counter.actions import Press, labels

log = logging.getLogger(__name__)


class Caller:
    """A thread of its own. `settled(press, answered)` is called on it after each press.

    `counter`, `letters` and `next_label` may be set at any time.
    """

    def __init__(self, device: DeviceLink, settled: Callable[[Press, bool], None]) -> None:
        self.counter = ""
        self.letters: tuple[str, ...] = ()
        self.next_label: str | None = None
        self._device = device
        self._settled = settled
        self._free = threading.Semaphore(1)
        self._presses: queue.SimpleQueue[Press | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="caller", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._presses.put(None)
        self._thread.join(timeout_s)

    def press(self, press: Press) -> bool:
        """Send it. False: the one before it has no answer yet, so this one is dropped and nobody is called twice."""
        if not self._free.acquire(blocking=False):
            log.info("event=press_dropped action=%s", press.action)
            return False
        self._presses.put(press)
        return True

    def _run(self) -> None:
        while (press := self._presses.get()) is not None:
            answered = False
            try:
                answered = self._carry_out(press)
            except Exception:
                log.exception("event=press_failed action=%s", press.action)
            self._free.release()
            self._settled(press, answered)

    def _carry_out(self, press: Press) -> bool:
        """Whether the dispatcher answered."""
        if press.action != "call":
            return self._send(press.action) is not None
        for label in labels(press.digits, self.next_label, self.letters):
            code = self._send("call", label=label)
            if code != "not_found":  # only a number that is nobody's may mean one of another series
                return code is not None
        return True

    def _send(self, action: str, **more: Any) -> str | None:
        """The answer's code, `ok` when it is good; None when none came."""
        request_id = uuid.uuid4().hex
        body = {"request_id": request_id, "action": action, **more}
        code: str | None
        try:
            self._device.command(f"counter/{self.counter}", body)
            code = "ok"
        except Refused as refusal:
            code = refusal.code
        except Unreachable:
            code = None
        log.info("event=press action=%s request_id=%s code=%s", action, request_id, code or "unanswered")
        return code
