"""An office that writes mails, a mail server of one's own, and short ways to what arrived."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dispatcher.engine.model import Hours, Mail, Office, Service
from dispatcher.mail.letter import Sender
from dispatcher.usecases.mails import Draft
from tests.servers import free_port

ROME = ZoneInfo("Europe/Rome")
KEY = b"a key for tests, 32 bytes long.."
SENDER = "numeretto@example.org"


def passport(**changes: Any) -> Service:
    return replace(
        Service(
            id="passport",
            letter="A",
            name={"it": "Passaporti", "en": "Passports", "de": "Pässe", "fr": "Passeports"},
            hours=Hours(always=True),
            bring={"it": "Documento d'identità", "en": "Identity card\nA photograph"},
        ),
        **changes,
    )


def office(service: Service | None = None, **changes: Any) -> Office:
    made = service or passport()
    values: dict[str, Any] = {
        "place": {"it": "Via Carlo Alberto 16, Torino"},
        "contact": {"it": "011 571 6111"},
        "zone": ROME,
    }
    return Office(id="torino", name="Camera di commercio", services={made.id: made}, counters={}, **(values | changes))


def sender(**changes: Any) -> Sender:
    values: dict[str, Any] = {
        "office": office(),
        "base_url": "https://code.example.org",
        "signing_key": KEY,
        "address": SENDER,
    }
    return Sender(**(values | changes))


def draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "id": "0192f0c1-0000-7000-8000-000000000001",
        "kind": "booked",
        "language": "it",
        "sequence": 0,
        "ticket": "0192f0c1-0000-7000-8000-00000000000a",
        "service": "passport",
        "label": "AA07",
        "start": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "before": None,
        "written_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "token": "tokentokentokentoken12",
        "code": "ABCD1234",
        "name": "Anna Bianchi",
        "email": "anna@example.org",
    }
    return Draft(**(values | changes))


@dataclass
class Inbox:
    """A mail server on loopback that can be stopped, told to refuse, and started again on the same port."""

    port: int = field(default_factory=free_port)
    answers: dict[str, str] = field(default_factory=dict)
    """What it says to a recipient in place of accepting."""
    data_answer: str | None = None
    got: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    _controller: Controller | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def settings(self) -> Mail:
        return Mail(host="127.0.0.1", port=self.port, sender=SENDER, reply_to="desk@example.org")

    def start(self, **options: Any) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.data_answer is not None:
            return self.data_answer
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.got.append((list(envelope.rcpt_tos), message))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _to, message in self.got]

    @property
    def recipients(self) -> list[str]:
        return [to[0] for to, _message in self.got]

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for _to, message in self.got]


@contextmanager
def inbox(**options: Any) -> Iterator[Inbox]:
    """A running one."""
    made = Inbox()
    made.start(**options)
    try:
        yield made
    finally:
        made.stop()
