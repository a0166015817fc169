"""The line to one printer: opened again when it broke, listened to, asked. Its owner is one thread; `interrupt` is
for others.

What the printer says changes `condition`; `doubt` grows whenever something may have been missed or lost (a new
connection, a power-on notice, a silence), so that nobody concludes from an answer that did not come.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from dispatcher.wire.clock import Clock
from kiosk.devices import bytes as wire
from kiosk.devices import status
from kiosk.devices.status import Condition, Reply
from kiosk.devices.transport import Opener, Port, PrinterGone

log = logging.getLogger(__name__)

STATUS_S = 0.6
"""How long an answer to a real-time question may take before the printer counts as silent."""
QUIET_S = 0.05
_LASTING = (status.Printed, status.Paper, status.PoweredOn)
"""Confirmations count whenever they are read, also while something else is being asked."""
SILENCES = 3
"""After so many silences in a row the line is opened anew."""


class Line:
    """`opener` makes the port, `changed` hears of each new condition, `automatic_status` asks for GS a after each
    opening."""

    def __init__(
        self, opener: Opener, clock: Clock, *, automatic_status: bool, changed: Callable[[Condition], None]
    ) -> None:
        self._opener = opener
        self._clock = clock
        self._automatic_status = automatic_status
        self._changed = changed
        self._port: Port | None = None
        # those that tell their status by themselves are no clones: theirs are the published bits
        self._parser = status.Parser(strict=automatic_status)
        self._wake = threading.Event()
        self._silences = 0
        self._refusal_said = ""
        self._asked_at = -1e9
        self._kept: deque[Reply] = deque(maxlen=32)
        self._said = False
        self.condition = status.UNREACHABLE
        self.doubt = 0
        self.openings = 0
        """How often it was opened: between two openings nobody hears what the printer says."""

    def interrupt(self) -> None:
        """Let `idle` return now."""
        self._wake.set()
        port = self._port
        if port is not None:
            port.interrupt()

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None

    @property
    def write_only(self) -> bool:
        return self._port is not None and self._port.write_only

    @property
    def is_cable(self) -> bool:
        """Whether what is on its way outlives the printer's power; see `transport.Port`."""
        return self._port is not None and self._port.is_cable

    @property
    def age_s(self) -> float:
        """Seconds since the condition was last asked for."""
        return self._clock.monotonic() - self._asked_at

    def line_s(self, count: int) -> float:
        return self._port.line_s(count) if self._port is not None else 0.0

    def refresh(self) -> Condition:
        """Ask the printer how it is, opening the line where needed. Never raises: silence and absence are
        conditions."""
        was_open = self._port is not None
        condition = self._try_condition()
        if was_open and not condition.reachable:
            # a connection that broke while nobody looked is made anew at once: the printer may be well
            condition = self._try_condition()
        self._asked_at = self._clock.monotonic()
        self._set(condition)
        return condition

    def idle(self, timeout_s: float) -> None:
        """Hear what the printer says by itself, for `timeout_s` or until interrupted."""
        if self._port is None or self._port.write_only:
            self._wake.wait(timeout_s)
            self._wake.clear()
            return
        try:
            self._kept.extend(r for r in self._hear(self._port.read(timeout_s)) if isinstance(r, _LASTING))
        except PrinterGone as error:
            self._lost(error)
            self._set(status.UNREACHABLE)

    def write(self, data: bytes) -> None:
        """Raises PrinterGone, with an unknown part of `data` sent."""
        port = self._port
        if port is None:
            raise PrinterGone("the line is not open")
        try:
            port.write(data)
        except PrinterGone as error:
            self._lost(error)
            self._set(status.UNREACHABLE)
            raise

    def listen(self, wanted: Callable[[Reply], bool], timeout_s: float) -> Reply | None:
        """The first reply that is wanted within `timeout_s`; None when none came. Raises PrinterGone."""
        for reply in self._kept:
            if wanted(reply):
                self._kept.remove(reply)
                return reply
        deadline = self._clock.monotonic() + timeout_s
        while (left := deadline - self._clock.monotonic()) > 0:
            port = self._port
            if port is None:
                raise PrinterGone("the line is not open")
            try:
                replies = self._hear(port.read(left))
            except PrinterGone as error:
                self._lost(error)
                self._set(status.UNREACHABLE)
                raise
            found = next((reply for reply in replies if wanted(reply)), None)
            self._kept.extend(reply for reply in replies if reply is not found and isinstance(reply, _LASTING))
            if found is not None:
                return found
        return None

    def heard(self, wanted: Callable[[Reply], bool]) -> bool:
        """Whether such a confirmation or power-on notice has come since `forget_confirmations` and was not asked for
        yet."""
        return any(wanted(reply) for reply in self._kept)

    def forget_confirmations(self) -> None:
        """Before a ticket is sent: no earlier ticket's confirmation may be taken for its own."""
        self._kept.clear()

    def ask(self, query: status.Query, question: bytes, timeout_s: float) -> Reply | None:
        """The answer to a question that only kiosk printers know; None when none came. Raises PrinterGone."""
        self._parser.expect(query)
        self.write(question)
        wanted = status.Full if query == status.FULL else status.Ejector
        reply = self.listen(lambda reply: isinstance(reply, wanted), timeout_s)
        if reply is None:
            self._parser.forget()
        return reply

    def expect_paper(self) -> None:
        """A GS r has been written: its answer is on the way."""
        self._parser.expect(status.PAPER)

    def renew_automatic_status(self) -> None:
        """After each init: some printers take `1B 40` as the end of automatic status. Raises PrinterGone."""
        if self._automatic_status:
            self.write(wire.ASB_ON)

    def _open(self) -> None:
        if self._port is not None:
            return
        self._port = self._opener()
        self._parser.forget()
        self._silences = 0
        self.doubt += 1
        self.openings += 1
        self._refusal_said = ""
        log.info("event=printer_connected")
        if not self._port.write_only:
            self.renew_automatic_status()

    def _try_condition(self) -> Condition:
        try:
            self._open()
            return self._ask_condition()
        except PrinterGone as error:
            self._lost(error)
            return status.UNREACHABLE

    def _ask_condition(self) -> Condition:
        port = self._port
        if port is None:
            raise PrinterGone("the line is not open")
        if port.write_only:
            return status.WRITE_ONLY
        if self._silences:
            self._drain(port)
        before = self.condition
        answers = self._ask_all(port)
        if answers is not None and self.condition != before:
            # A change that is reported between two of the answers makes them disagree: ask again, once.
            answers = self._ask_all(port)
        if answers is None:
            return self._silent()
        self._silences = 0
        return status.from_real_time(*answers)

    def _ask_all(self, port: Port) -> list[int] | None:
        """The answers to DLE EOT 1–4, asked at once: on a slow line each wait for one costs a ticket its time. None
        when one stays out."""
        for kind in wire.STATUS_KINDS:
            self._parser.expect(kind)
        port.write(b"".join(wire.status_query(kind) for kind in wire.STATUS_KINDS))
        answers: dict[int, int] = {}

        def complete(reply: Reply) -> bool:
            if isinstance(reply, status.RealTime) and reply.kind in wire.STATUS_KINDS:
                answers[reply.kind] = reply.value
            return len(answers) == len(wire.STATUS_KINDS)

        while len(answers) < len(wire.STATUS_KINDS):
            known = len(answers)
            self.listen(complete, STATUS_S)
            if len(answers) == known:
                return None
        return [answers[kind] for kind in wire.STATUS_KINDS]

    def _silent(self) -> Condition:
        self._silences += 1
        self.doubt += 1
        self._parser.forget()
        if self._silences >= SILENCES and self._port is not None:
            log.warning("event=printer_silent reopening=true")
            self._port.close()
            self._port = None
        return status.SILENT

    def _drain(self, port: Port) -> None:
        """Answers that come too late must not be taken for those to the next questions; what was confirmed meanwhile,
        and that the power has come back, counts."""
        while data := port.read(QUIET_S):
            self._kept.extend(reply for reply in self._hear(data) if isinstance(reply, _LASTING))
        self._parser.forget()

    def _hear(self, data: bytes) -> list[Reply]:
        replies = self._parser.feed(data)
        for reply in replies:
            match reply:
                case status.Automatic():
                    self._set(status.from_automatic(reply.values))
                case status.WentOffline():
                    self._set(status.after_offline(self.condition))
                case status.PoweredOn():
                    log.warning("event=printer_powered_on")
                    self.doubt += 1
                    self.renew_automatic_status()
                case status.Stray():
                    log.info("event=printer_stray bytes=%s", reply.data.hex())
                case _:
                    pass
        return replies

    def _set(self, condition: Condition) -> None:
        if condition != self.condition or not self._said:
            self._said = True
            self.condition = condition
            self._changed(condition)

    def _lost(self, error: PrinterGone) -> None:
        self.doubt += 1
        if self._port is not None:
            self._port.close()
            self._port = None
        if str(error) != self._refusal_said:
            self._refusal_said = str(error)
            log.warning("event=printer_gone reason=%r", str(error))
