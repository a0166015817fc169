"""Numbers fetched in advance, and the tickets that were issued from them handed over until the dispatcher has them.

Handed over is what is on paper, or may be (`unconfirmed`); what failed has no customer. A repeat is harmless: the
dispatcher takes each label of a day once.
"""

from __future__ import annotations

import hashlib
import logging
import uuid

from pydantic import ValidationError

from dispatcher.wire.device import DeviceLink, Refused, Unreachable
from dispatcher.wire.messages import Leased, LeaseRequest, OfflineAnswer, OfflineRequest, OfflineTicket
from kiosk.offline import OffLine
from kiosk.spool import RESULTS, Row, Spool, Stage

log = logging.getLogger(__name__)

BATCH = 100
NOT_AGAIN_S = 60.0
"""After the dispatcher said that there are no numbers."""
PASSING = frozenset({"unavailable", "too_many", "unauthenticated"})
"""Refusals that are not for good."""


class Handover:
    """Works on the reporter's thread."""

    def __init__(self, device: DeviceLink, spool: Spool, offline: OffLine) -> None:
        self._device = device
        self._spool = spool
        self._offline = offline
        self._asked: dict[str, tuple[str, int]] = {}
        self._not_before: dict[str, float] = {}
        for row in spool.rows():
            if row.off_line and offline.leases:
                offline.leases.used(row.ticket.label)

    def hand_over(self) -> bool:
        """Whether nothing more is to be handed over for now."""
        ended = [row for row in self._spool.rows() if row.off_line and row.stage in RESULTS]
        for row in ended:
            if row.stage is Stage.FAILED:
                self._spool.delivered(row.key)
        rows = [row for row in ended if row.stage is not Stage.FAILED]
        while rows:
            if not self._device.connected or not self._send(rows[:BATCH]):
                return False
            rows = rows[BATCH:]
        self._offer_again()
        return True

    def _offer_again(self) -> None:
        """What was refused and may be taken by now."""
        refusals = self._offline.refusals
        kept = refusals.to_try(self._offline.epoch) if self._device.connected else ()
        if kept:
            refusals.tried()
        for one in kept:
            # another request: the answer to the first one is stored
            body = OfflineRequest(request_id=uuid.uuid4().hex, tickets=(one.ticket,))
            try:
                answer = OfflineAnswer.model_validate(self._device.command("offline_issued", body))
            except Unreachable:
                return
            except (Refused, ValidationError) as error:
                log.warning("event=handover_refused_again label=%s reason=%r", one.ticket.label, str(error)[:200])
                continue
            if one.ticket.label in answer.accepted:
                log.info("event=handed_over_late label=%s", one.ticket.label)
                refusals.settled(one.ticket)

    def _send(self, rows: list[Row]) -> bool:
        """Hand over these; whether they are done with."""
        tickets = tuple(_told(row) for row in rows)
        body = OfflineRequest(request_id="-", tickets=tickets)
        digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()[:32]
        try:
            reply = self._device.command("offline_issued", body.model_copy(update={"request_id": digest}))
            answer = OfflineAnswer.model_validate(reply)
        except (Unreachable, ValidationError) as error:
            log.warning("event=handover_unanswered tickets=%d reason=%r", len(rows), str(error)[:200])
            return False
        except Refused as refusal:
            if refusal.code in PASSING:
                return False
            if len(rows) > 1:
                # one that it cannot read must not keep the others back
                done = [self._send([row]) for row in rows]
                return all(done)
            self._lost(rows[0], refusal.code)
            return True
        reasons = {one.label: one.reason for one in answer.refused}
        for row in rows:
            label = row.ticket.label
            if label in answer.accepted:
                log.info("event=handed_over label=%s clamped=%s", label, label in answer.clamped)
                self._spool.delivered(row.key)
            elif label in reasons:
                self._lost(row, reasons[label])
        return all(row.ticket.label in answer.accepted or row.ticket.label in reasons for row in rows)

    def _lost(self, row: Row, reason: str) -> None:
        """Its customer waits in vain, and the office must know."""
        log.error("event=handover_refused label=%s reason=%s", row.ticket.label, reason)
        self._offline.refused(_told(row), row.service_name, reason)
        self._spool.delivered(row.key)

    def refill(self) -> bool:
        """Whether as many numbers are there as are to be."""
        done = True
        for letter, count in self._offline.wanted().items():
            if self._offline.clock.monotonic() < self._not_before.get(letter, 0.0):
                continue
            if not self._device.connected or not self._lease(letter, count):
                done = False
        return done

    def _lease(self, letter: str, count: int) -> bool:
        offline = self._offline
        epoch = offline.epoch
        if offline.leases is None or epoch is None:
            return True
        # the same request until it is answered: an answer that was lost costs no numbers
        key, count = self._asked.setdefault(letter, (uuid.uuid4().hex, count))
        try:
            answer = self._device.command("lease", LeaseRequest(request_id=key, series=letter, count=count))
            leased = Leased.model_validate(answer)
        except Unreachable:
            return False
        except (Refused, ValidationError) as error:
            log.warning("event=lease_refused series=%s reason=%r", letter, str(error)[:200])
            self._not_before[letter] = offline.clock.monotonic() + NOT_AGAIN_S
            del self._asked[letter]
            return True
        del self._asked[letter]
        log.info("event=leased series=%s first=%d last=%d day=%s", letter, leased.first, leased.last, leased.day)
        offline.leases.grant(letter, leased, now=offline.clock.now(), epoch=epoch)
        return True


def _told(row: Row) -> OfflineTicket:
    return OfflineTicket(
        label=row.ticket.label,
        service=row.request.service,
        touched_at=row.request.touched_at,
        language=row.request.language,
        assisted=row.request.assisted,
        paper="unconfirmed" if row.stage is Stage.UNCONFIRMED else "confirmed",
    )
