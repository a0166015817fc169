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

OK = "ok"
BUSY = "busy"
"""Why a press came to nothing while the one before it had no answer yet."""


class Caller:
    """A thread of its own. `settled(press, code)` is called on it after each press: OK, the code with which the
    dispatcher refused it, or None when no answer came.

    `counter`, `letters` and `next_label` may be set at any time.
    """

    def __init__(self, device: DeviceLink, settled: Callable[[Press, str | None], None]) -> None:
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
            code = None
            try:
                code = self._carry_out(press)
            except Exception:
                log.exception("event=press_failed action=%s", press.action)
            self._free.release()
            self._settled(press, code)

    def _carry_out(self, press: Press) -> str | None:
        """The answer's code, OK when it is good; None when none came."""
        if press.action == "transfer":
            return self._send("transfer", counter=press.digits)
        if press.action != "call":
            return self._send(press.action)
        code: str | None = "not_found"
        for label in labels(press.digits, self.next_label, self.letters):
            code = self._send("call", label=label)
            if code != "not_found":  # only a number that is nobody's may mean one of another series
                break
        return code

    def _send(self, action: str, **more: Any) -> str | None:
        request_id = uuid.uuid4().hex
        body = {"request_id": request_id, "action": action, **more}
        code: str | None
        try:
            self._device.command(f"counter/{self.counter}", body)
            code = OK
        except Refused as refusal:
            code = refusal.code
        except Unreachable:
            code = None
        log.info("event=press action=%s request_id=%s code=%s", action, request_id, code or "unanswered")
        return code
