"""An office to draw: settings, calls and boards for the tests of the screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dispatcher.wire.messages import (
    Board,
    BoardCall,
    CallEvent,
    DisplayConfig,
    Heartbeat,
    MissedTicket,
    Notice,
    QueueLength,
)
from display import board as model

SITE = "torino"
EPOCH = "e1"
NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

SERVICES = {
    "passport": {"it": "Passaporti", "en": "Passports", "de": "Pässe", "fr": "Passeports"},
    "residence": {
        "it": "Cambio di residenza",
        "en": "Change of address",
        "de": "Ummeldung",
        "fr": "Changement d'adresse",
    },
    "register": {"it": "Registro delle imprese", "en": "Company register", "de": "Handelsregister", "fr": "Registre"},
    "permits": {"ar": "تصاريح الإقامة", "it": "", "hi": "निवास परमिट"},
}


def config(**changed: Any) -> DisplayConfig:
    values: dict[str, Any] = {
        "site_name": "Camera di commercio di Torino",
        "zone": "Europe/Rome",
        "languages": ("it", "en", "de", "fr"),
        "layout": "list",
        "services": SERVICES,
    }
    return DisplayConfig(**{**values, **changed})


def call(label: str, counter: str = "3", *, at: datetime = NINE, **changed: Any) -> BoardCall:
    values: dict[str, Any] = {
        "call_id": f"call-{label}",
        "label": label,
        "service": "passport",
        "counter": counter,
        "counter_name": counter,
        "called_at": at,
    }
    return BoardCall(**{**values, **changed})


def event(line: BoardCall, revision: int = 1, *, language: str = "it", epoch: str = EPOCH) -> CallEvent:
    """The call event of a line of the board."""
    return CallEvent(epoch=epoch, revision=revision, language=language, **line.model_dump())


def board(revision: int, *calls: BoardCall, epoch: str = EPOCH, at: datetime = NINE, **changed: Any) -> Board:
    return Board(**{"epoch": epoch, "revision": revision, "at": at, "calls": calls, **changed})


def heartbeat(revision: int, *, epoch: str = EPOCH, at: datetime = NINE) -> Heartbeat:
    return Heartbeat(epoch=epoch, revision=revision, at=at)


def missed(*labels: str) -> tuple[MissedTicket, ...]:
    return tuple(
        MissedTicket(label=label, service="passport", missed_at=NINE - timedelta(minutes=place))
        for place, label in enumerate(labels)
    )


QUEUES = (
    QueueLength(service="passport", waiting=7, wait_low_s=600, wait_high_s=1080),
    QueueLength(service="residence", waiting=1, wait_low_s=30, wait_high_s=200),
    QueueLength(service="register", waiting=0, wait_low_s=0, wait_high_s=0),
    QueueLength(service="permits", waiting=12, wait_low_s=None, wait_high_s=None),
)
NOTICE = Notice(
    id="n1",
    text={"it": "Lo sportello 2 chiude alle 12:00. Gli appuntamenti sono chiamati al loro orario."},
)
TEN = tuple(
    call(label, counter, at=NINE - timedelta(seconds=40 * place))
    for place, (label, counter) in enumerate(
        [
            ("A045", "3"),
            ("AA07", "1"),
            ("B112", "12"),
            ("A044", "2"),
            ("A1000", "3"),
            ("AA100", "4"),
            ("C003", "Accettazione"),
            ("A043", "1"),
            ("B111", "2"),
            ("A042", "3"),
        ]
    )
)


def known(*messages: model.Message, at_s: float = 0.0) -> model.State:
    """The state of a linked screen that received `messages`, all at `at_s`."""
    state = model.State(started=at_s, linked=True)
    for message in messages:
        state = model.receive(state, message, model.Moment(at_s, NINE))
    return state
