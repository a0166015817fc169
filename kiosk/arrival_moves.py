"""The vocabulary of somebody who has a number already: what is shown, what may happen, what is asked of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Proof:
    """What somebody shows: a booking `code`, the `label` of a ticket, or the `token` of a ticket's QR."""

    code: str | None = None
    label: str | None = None
    token: str | None = None


@dataclass(frozen=True)
class Enter:
    """A keypad. `purpose` is `check_in` (a booking code) or `rejoin` (the number of a ticket)."""

    purpose: str
    text: str = ""


@dataclass(frozen=True)
class Asking:
    """The office is being asked, under this key."""

    key: str
    purpose: str


@dataclass(frozen=True)
class Arrived:
    """What the office says to somebody who is here. `result` is a key below `visit.arrived.`.

    `at` is the appointment's time (early, wrong_day, due), `counter` the name of the counter that waits, `ahead` how
    many stand before, `again` what "back into the queue" may be asked with.
    """

    result: str
    label: str | None = None
    at: datetime | None = None
    counter: str | None = None
    ahead: int | None = None
    again: Proof | None = None


@dataclass(frozen=True)
class OpenEntry:
    """The keypad for `purpose`."""

    purpose: str


@dataclass(frozen=True)
class Key:
    """A key of the keypad: a letter, a digit, or `back` for the one before."""

    value: str


@dataclass(frozen=True)
class Submit:
    """What was entered is complete. `key` is the request id under which it is asked."""

    key: str = ""


@dataclass(frozen=True)
class Rejoin:
    """ "Back into the queue", with what was shown before."""

    key: str = ""


@dataclass(frozen=True)
class Scanned:
    """A scanner has read this, on whatever screen."""

    key: str
    proof: Proof | None


@dataclass(frozen=True)
class ScannerIs:
    """The scanner of the settings cannot be reached, or can again."""

    there: bool


@dataclass(frozen=True)
class Told:
    """The office's answer to what was asked under `key`."""

    key: str
    arrived: Arrived


@dataclass(frozen=True)
class Ask:
    """Ask the office: `purpose` is `check_in`, `rejoin`, or `scan` for either, as fits what was shown."""

    key: str
    purpose: str
    proof: Proof
