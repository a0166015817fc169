"""The desk: every command comes through here, once, in one transaction, with its answer kept."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Office
from dispatcher.store import devices, messages, places
from dispatcher.store.messages import StoredAnswer
from dispatcher.store.session import Store, Tx, Unavailable
from dispatcher.usecases import calling, publishing, views
from dispatcher.usecases.counters import Asked
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import SYSTEM, Actor, Work
from dispatcher.wire.clock import Clock

__all__ = ["SYSTEM", "Actor", "Answer", "Changes", "Contact", "Desk", "Unavailable"]

log = logging.getLogger(__name__)
T = TypeVar("T")

STATUS = {
    "invalid": 422,
    "key_reused": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "too_large": 413,
    "too_many": 429,
    "unavailable": 503,
}
"""The status of an error; all others are conflicts (409)."""
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` of an error: code, message, perhaps field, counter or ticket."""

    status: int
    body: dict[str, Any] | None

    @property
    def ok(self) -> bool:
        return self.status < 400


@dataclass(frozen=True, slots=True)
class Contact:
    """A command that came from a device, with its place in the device's sequence."""

    device: str
    seq: int | None = None


class Changes:
    """Wakes those that show live what the office does."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.number = 0

    def announce(self) -> None:
        with self._condition:
            self.number += 1
            self._condition.notify_all()

    def wait(self, seen: int, timeout_s: float) -> int:
        """Block until something has changed since `seen`, or the time is over; the newest number."""
        with self._condition:
            self._condition.wait_for(lambda: self.number != seen, timeout_s)
            return self.number


class Desk:
    """One office's commands and views over a store."""

    def __init__(self, store: Store, office: Office, clock: Clock, *, base_url: str) -> None:
        self.store = store
        self.office = office
        self.clock = clock
        self.base_url = base_url.rstrip("/")
        self.changes = Changes()

    def prepare(self) -> None:
        """Rows for all that the office names, and the first board. Raises Unavailable."""
        with self.store.command(self.office.id, self.clock.now(), self.clock.wall()) as tx:
            places.ensure(tx, list(self.office.counters), list(self.office.services))
            work = Work(tx, self.office, self.base_url)
            work.promote()
            publishing.publish(work)
            publishing.publish_menu(work)
            for counter in self.office.counters:
                publishing.publish_counter(work, counter)

    def execute(
        self,
        actor: Actor,
        use_case: Callable[..., dict[str, Any] | None],
        *,
        request_id: str | None = None,
        body: object = None,
        contact: Contact | None = None,
        **arguments: Any,
    ) -> Answer:
        """Carry out one use case in one transaction and keep its answer for repeats of `request_id`.

        `body` is what a repeat must equal (key_reused otherwise). A refusal changes nothing. Raises Unavailable.
        """
        digest = hashlib.sha256(
            json.dumps([use_case.__module__, use_case.__name__, body], sort_keys=True, default=str).encode()
        ).hexdigest()
        with self.store.command(self.office.id, self.clock.now(), self.clock.wall()) as tx:
            if request_id is not None:
                known = messages.answer_of(tx, actor.account, request_id)
                if known is not None:
                    return _repeated(known, digest)
            answer, changed = self._carry_out(tx, actor, use_case, contact, arguments)
            if request_id is not None and answer.status not in (401, 429) and answer.status < 500:
                stored = StoredAnswer(digest, answer.status, answer.body)
                messages.store_answer(tx, actor.account, request_id, stored)
        if changed:
            self.changes.announce()
        return answer

    def read(self, view: Callable[..., T], **arguments: Any) -> T:
        """What a view tells. Raises Unavailable."""
        with self.store.reading(self.office.id, self.clock.now(), self.clock.wall()) as tx:
            return view(Reading(tx, self.office, self.base_url), **arguments)

    def _carry_out(
        self,
        tx: Tx,
        actor: Actor,
        use_case: Callable[..., dict[str, Any] | None],
        contact: Contact | None,
        arguments: dict[str, Any],
    ) -> tuple[Answer, bool]:
        """The answer, and whether anything has changed that is told to others."""
        work = Work(tx, self.office, self.base_url, actor)
        promoted = work.promote()
        part = tx.conn.begin_nested()
        try:
            if contact is not None:
                work.contact_before = _touch(tx, contact)
            result = use_case(work, **arguments)
            part.commit()
        except RuleError as error:
            part.rollback()
            work = Work(tx, self.office, self.base_url, actor)
            if contact is not None and error.code != "out_of_order":
                _touch(tx, contact)  # refused, but heard
            if isinstance(error, Asked):
                error.remember(work)
            if promoted:
                calling.call_for_free_counters(work)
                publishing.publish(work)
            work.flush()
            return self._refusal(work, error, arguments), promoted or work.changed
        if promoted:  # what this command found due is called now, whatever the command was
            calling.call_for_free_counters(work)
        if work.changed:
            publishing.publish(work)
        work.flush()
        if result is not None and work.acted is not None:
            # The counter as its own GET gives it: with the revision that this very command has made.
            result["counter"] = publishing.counter_as_stored(work, work.acted)
        return Answer(204 if result is None else 200, result), work.changed

    @staticmethod
    def _refusal(work: Work, error: RuleError, arguments: dict[str, Any]) -> Answer:
        body: dict[str, Any] = {"code": error.code, "message": error.message}
        if error.field is not None:
            body["field"] = error.field
        status = STATUS.get(error.code, 409)
        if status == 409:
            body |= _context(work, arguments, error.ticket_id)
        return Answer(status, body)


def _context(work: Work, arguments: dict[str, Any], ticket_id: str | None) -> dict[str, Any]:
    """The counter or the ticket as its own GET gives it: a conflict shows what is there now."""
    if "action" in arguments:
        return {"counter": views.counter(work, counter=arguments["counter"])}
    ticket_id = arguments.get("ticket_id") or ticket_id
    if ticket_id is not None:
        return {"ticket": views.ticket_by_id(work, ticket_id=ticket_id)}
    return {}


def _repeated(known: StoredAnswer, digest: str) -> Answer:
    if known.digest != digest:
        message = "This key was used with another request: take a new one."
        return Answer(422, {"code": "key_reused", "message": message})
    return Answer(known.status, known.body)


def _touch(tx: Tx, contact: Contact) -> datetime | None:
    """Note that a device was heard; when it was heard before. Raises RuleError out_of_order."""
    known = devices.get(tx, contact.device)
    last = known.last_seq if known is not None else None
    if contact.seq is not None and last is not None and contact.seq <= last:
        raise RuleError("out_of_order", "A later command of this device was taken already.")
    devices.touch(tx, contact.device, tx.now, contact.seq if contact.seq is not None else last)
    return known.contact if known is not None else None
