"""Gets what is written to those it is written for: each mail once, however long the mail server is away."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from dispatcher.mail.carriers import Carrier, NotNow, Refused, Unreachable
from dispatcher.mail.compose import compose
from dispatcher.mail.letter import Sender
from dispatcher.usecases import mails, problems
from dispatcher.usecases.desk import SYSTEM, Desk, Unavailable
from dispatcher.usecases.mails import Outgoing

log = logging.getLogger(__name__)
QUIET = timedelta(minutes=1)
"""Office time in which a server that did not answer is left alone."""
FORGET_EVERY = timedelta(hours=6)
"""Office time between two looks for files of mails that are kept no longer."""
KEPT_AT_LEAST = timedelta(days=1)
"""An office without a mail server reads its mails from the files: it needs the time to."""
REMIND_EVERY = timedelta(seconds=30)
"""Office time between two looks for reminders and for problems that have lasted."""


class Postman:
    """Goes round when it is told to; `round` and `stop` may come from different threads."""

    def __init__(self, desk: Desk, carrier: Carrier, sender: Sender) -> None:
        self._desk = desk
        self._carrier = carrier
        self._sender = sender
        self._stopping = threading.Event()
        self._rounds = threading.Lock()
        self._quiet_until: datetime | None = None
        self._look_again: datetime | None = None
        self._forget_again: datetime | None = None

    def stop(self) -> None:
        """End the round that is going on, after the mail in hand."""
        self._stopping.set()
        if not self._rounds.acquire(timeout=1.0):
            self._carrier.abort()
        else:
            self._rounds.release()

    def round(self) -> None:
        """Write the reminders and the mails about problems that are due, and send all that waits. Never raises; what
        fails is tried again."""
        if not self._rounds.acquire(blocking=False):
            return
        try:
            self._remind()
            self._send_all()
            self._forget()
        except Unavailable:
            log.warning("event=mail_waits reason=database")
        finally:
            self._carrier.rest()
            self._rounds.release()

    def _remind(self) -> None:
        now = self._desk.clock.now()
        if self._look_again is not None and now < self._look_again:
            return
        self._look_again = now + REMIND_EVERY
        if self._desk.read(mails.to_remind):
            self._do(mails.remind)
        if self._desk.read(problems.to_tell):
            self._do(problems.tell)

    def _forget(self) -> None:
        now = self._desk.clock.now()
        if self._forget_again is not None and now < self._forget_again:
            return
        self._forget_again = now + FORGET_EVERY
        try:
            forgotten = self._carrier.forget(now - max(self._desk.office.privacy.bookings, KEPT_AT_LEAST))
        except OSError as error:
            log.warning("event=mails_not_forgotten reason=%s", error.strerror)
            return
        if forgotten:
            log.info("event=mails_forgotten files=%d", forgotten)

    def _send_all(self) -> None:
        quiet = self._quiet_until
        if quiet is not None and self._desk.clock.now() < quiet:
            return
        self._quiet_until = None
        if not self._desk.read(mails.is_due):
            return
        while not self._stopping.is_set() and (draft := self._do(mails.claim).get("draft")) is not None:
            if not self._send(draft):
                return

    def _send(self, draft: Outgoing) -> bool:
        """Whether the server can take another one."""
        try:
            self._carrier.carry(compose(draft, self._sender))
        except Refused as error:
            log.warning("event=mail_refused mail=%s %s reason=%s", draft.id, draft.about, error.code)
            self._do(mails.refused, mail_id=draft.id, reason=error.code)
        except Unreachable as error:
            log.warning("event=mail_server_away reason=%s", error)
            self._quiet_until = self._desk.clock.now() + QUIET
            self._do(mails.deferred, mail_id=draft.id)
            return False
        except NotNow as error:
            log.info("event=mail_deferred mail=%s %s code=%s", draft.id, draft.about, error)
            self._do(mails.deferred, mail_id=draft.id)
        except Exception as error:  # noqa: BLE001  # one mail that cannot be written must not hold up all others
            # Without the trace: it may show whom the mail is for.
            log.error("event=mail_failed mail=%s kind=%s error=%s", draft.id, draft.kind, type(error).__name__)  # noqa: TRY400
            self._do(mails.refused, mail_id=draft.id, reason="unwritable")
        else:
            self._do(mails.sent, mail_id=draft.id)
            log.info("event=mail_sent mail=%s %s kind=%s", draft.id, draft.about, draft.kind)
        return True

    def _do(self, use_case: Any, **arguments: Any) -> dict[str, Any]:
        return self._desk.execute(SYSTEM, use_case, **arguments).body or {}
