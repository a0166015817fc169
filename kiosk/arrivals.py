"""Asking the office about somebody who is here, on a thread of its own: the screen goes on meanwhile."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatcher.wire.device import REPEAT_AFTER_S, DeviceLink, Refused, Unreachable
from kiosk.moves import Arrived, Ask, Proof, Told

log = logging.getLogger(__name__)

RESULTS = frozenset({"early", "due", "late", "wrong_day", "called", "unknown"})
NO_WAY_BACK = {"within": "too_late", "times": "too_often", "closed": "closed", "never": "not_missed"}
"""Why a missed appointment cannot come back into the queue, as the answer to a check-in says it and as the screen."""
REPEATS = 1
"""A customer stands before the screen: two tries of 2 s, then the staff is nearer."""
_STOP = None


class Arrivals:
    """`notify` hears the answer to each question as `Told`."""

    def __init__(
        self, device: DeviceLink, notify: Callable[[Told], None], *, repeat_after_s: float = REPEAT_AFTER_S
    ) -> None:
        self._device = device
        self._repeat_after_s = repeat_after_s
        self._notify = notify
        self._asked: queue.SimpleQueue[Ask | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._asked.put(_STOP)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def ask(self, question: Ask) -> None:
        self._asked.put(question)

    def _run(self) -> None:
        while (question := self._asked.get()) is not _STOP:
            try:
                arrived = self._find_out(question)
            except Exception:
                # whatever came back, the customer is told to ask the staff, and the next one is answered again
                log.exception("event=arrival_failed request_id=%s", question.key)
                arrived = Arrived("away")
            log.info("event=arrival request_id=%s purpose=%s result=%s", question.key, question.purpose, arrived.result)
            self._notify(Told(question.key, arrived))

    def _command(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._device.command(verb, body, repeat_after_s=self._repeat_after_s, repeats=REPEATS)

    def _find_out(self, question: Ask) -> Arrived:
        """A scan is tried as a check-in first: what is no appointment's can only want to come back."""
        proof = question.proof
        try:
            if question.purpose == "rejoin" or proof.label is not None:
                return self._rejoin(question.key, proof)
            arrived = self._check_in(question.key, proof)
            if arrived.result == "unknown" and question.purpose == "scan" and proof.token is not None:
                return self._rejoin(f"{question.key}-rejoin", proof)
        except Unreachable:
            return Arrived("away")
        return arrived

    def _check_in(self, key: str, proof: Proof) -> Arrived:
        code = proof.code or proof.token or ""
        answer = self._command("check_in", {"request_id": key, "code": code})
        result = str(answer.get("result"))
        if result == "late":
            result = NO_WAY_BACK.get(str(answer.get("rejoin")), "late")
        return Arrived(
            result if result in {*RESULTS, *NO_WAY_BACK.values()} else "unknown",
            label=answer.get("label"),
            at=_instant(answer.get("priority_from")),
            counter=answer.get("counter_name") or answer.get("counter"),
            again=proof if result == "late" else None,
        )

    def _rejoin(self, key: str, proof: Proof) -> Arrived:
        shown = {"label": proof.label} if proof.label is not None else {"code": proof.code or proof.token}
        try:
            answer = self._command("rejoin", {"request_id": key, **shown})
        except Refused as refusal:
            return _refused(refusal, proof)
        return Arrived("back", label=answer.get("label"), ahead=answer.get("ahead"))


def _refused(refusal: Refused, proof: Proof) -> Arrived:
    """Why somebody cannot come back into the queue, as the screen says it."""
    ticket: dict[str, Any] = refusal.content.get("ticket") or {}
    label = ticket.get("label") or proof.label
    match refusal.code, ticket.get("state"):
        case "not_found" | "invalid", _:
            return Arrived("unknown")
        case "service_closed", _:
            return Arrived("closed", label=label)
        case "limit_reached", _:
            return Arrived("too_late" if refusal.field == "rejoin_within" else "too_often", label=label)
        case "not_callable", "called" | "serving":
            return Arrived("called", label=label, counter=ticket.get("counter_name") or ticket.get("counter"))
        case "not_callable", "waiting" | "booked":
            return Arrived("in_queue", label=label, ahead=ticket.get("ahead"))
        case "not_callable", _:
            return Arrived("not_missed", label=label)
        case _:
            return Arrived("away")


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
