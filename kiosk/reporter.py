"""Tells the dispatcher what became of each ticket, and asks again for numbers whose answer never came, until it has
answered.

Such a number is void when it comes: its customer was told that there is no ticket, and may have another by now.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from pydantic import ValidationError

from dispatcher.wire.device import DeviceLink, Refused, Unreachable
from dispatcher.wire.messages import Issued, PrintedRequest
from kiosk.handover import PASSING, Handover
from kiosk.offline import OffLine
from kiosk.spool import RESULTS, Row, Spool, Stage

log = logging.getLogger(__name__)

AGAIN_S = 2.0


class Reporter:
    """A thread that sleeps until `wake`, or while something is undelivered for AGAIN_S."""

    def __init__(self, device: DeviceLink, spool: Spool, offline: OffLine | None = None) -> None:
        self._device = device
        self._spool = spool
        self._handover = Handover(device, spool, offline) if offline else None
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something new is to be told, or the link is there again."""
        self._wake.set()

    def stop(self, timeout_s: float) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            # before what was issued on line since: the dispatcher takes each as it comes
            pending = self._aside(lambda handover: handover.hand_over())
            for row in self._spool.rows():
                if self._stopping:
                    return
                if row.off_line:
                    continue
                try:
                    pending = not self._deliver(row) or pending
                except Exception:
                    log.exception("event=report_failed request_id=%s", row.key)
                    pending = True
            pending = self._aside(lambda handover: handover.refill()) or pending
            self._wake.wait(AGAIN_S if pending else None)

    def _aside(self, part: Callable[[Handover], bool]) -> bool:
        """Carry out a part of the hand-over; whether it is to be tried again."""
        try:
            return self._handover is not None and not part(self._handover)
        except Exception:
            log.exception("event=handover_failed")
            return True

    def _deliver(self, row: Row) -> bool:
        """Whether nothing more is to be told of this row for now."""
        if row.stage is Stage.REQUESTED and row.abandoned:
            return self._device.connected and self._ask_again(row)
        if row.stage in RESULTS:
            return self._device.connected and self._report(row)
        return True

    def _ask_again(self, row: Row) -> bool:
        try:
            issued = Issued.model_validate(self._device.command("issue", row.request))
        except (Unreachable, ValidationError):
            return False
        except Refused as refusal:
            if refusal.code in PASSING:
                return False
            self._spool.refused(row.key)
            return True
        log.info("event=late_number_void id=%s label=%s request_id=%s", issued.id, issued.label, row.key)
        self._spool.allocated(row.key, issued)
        return self._report(self._spool.result(row.key, Stage.FAILED))

    def _report(self, row: Row) -> bool:
        body = {"request_id": row.result_id, "id": row.ticket.id, "result": str(row.stage)}
        try:
            self._device.command("printed", PrintedRequest.model_validate(body))
        except Unreachable:
            return False
        except Refused as refusal:
            if refusal.code in PASSING:
                return False
            log.warning("event=printed_refused id=%s code=%s", row.ticket.id, refusal.code)
        self._spool.delivered(row.key)
        return True
