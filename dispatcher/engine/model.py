"""Tickets, and the settings of an office, as frozen values. All instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from dispatcher.engine.devices import Device as Device
from dispatcher.engine.devices import Display as Display
from dispatcher.engine.devices import Kiosk as Kiosk
from dispatcher.engine.devices import Look as Look
from dispatcher.engine.devices import Problems as Problems
from dispatcher.engine.devices import Slide as Slide
from dispatcher.engine.devices import Voice as Voice
from dispatcher.engine.devices import Volume as Volume


class State(StrEnum):
    printing = "printing"
    void = "void"
    booked = "booked"
    waiting = "waiting"
    called = "called"
    serving = "serving"
    parked = "parked"
    served = "served"
    missed = "missed"
    unserved = "unserved"
    left = "left"
    cancelled = "cancelled"


class Kind(StrEnum):
    walk_in = "walk_in"
    appointment = "appointment"


class Paper(StrEnum):
    none = "none"
    printing = "printing"
    confirmed = "confirmed"
    unconfirmed = "unconfirmed"
    failed = "failed"


class Lane(StrEnum):
    """Group 1's two lanes: P has priority by right, L by its long wait."""

    priority = "P"
    long_wait = "L"


LIVING = frozenset({State.printing, State.waiting, State.called, State.serving, State.parked})
AT_COUNTER = frozenset({State.called, State.serving})


def label_of(series: str, number: int) -> str:
    """`A045`, `A1000`, `AA07`, `AA100`: at least three digits, two after a doubled letter (A1)."""
    return f"{series}{number:0{2 if len(series) == 2 else 3}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One number on its way through the office.

    `series` is the letter, doubled for appointments. In lane L `priority_from` is `queued_at + longest_wait`. `counter`
    is where it is, or was last, called; `target` the only counter that it waits for. `absences` counts how often it was
    found absent.
    """

    id: str
    site: str
    service: str
    series: str
    number: int
    day: date
    kind: Kind
    state: State
    queued_at: datetime
    assisted: bool = False
    paper: Paper = Paper.none
    language: str = ""
    callable_from: datetime | None = None
    lane: Lane | None = None
    priority_from: datetime | None = None
    scheduled_at: datetime | None = None
    checked_in_at: datetime | None = None
    called_at: datetime | None = None
    missed_at: datetime | None = None
    calls_made: int = 0
    absences: int = 0
    early_called: bool = False
    extended: bool = False
    rejoined: int = 0
    counter: str | None = None
    target: str | None = None
    version: int = 0

    @property
    def label(self) -> str:
        """What stands on the paper and the screens."""
        return label_of(self.series, self.number)

    @property
    def called_early(self) -> bool:
        """Called before its appointment's time: such a call does not count if nobody comes."""
        return (
            self.kind is Kind.appointment
            and self.called_at is not None
            and self.scheduled_at is not None
            and self.called_at < self.scheduled_at
        )

    def is_callable(self, now: datetime) -> bool:
        """Whether the order of calls holds it at `now`."""
        return (
            self.state in (State.waiting, State.booked, State.parked)
            and self.callable_from is not None
            and self.callable_from <= now
        )

    def has_priority(self, now: datetime) -> bool:
        """Whether it stands in group 1 at `now`, once callable."""
        return self.lane is not None and self.priority_from is not None and self.priority_from <= now

    def state_at(self, now: datetime) -> State:
        """The state as people read it: booked and parked are waiting from `callable_from`."""
        return State.waiting if self.is_callable(now) else self.state


Text = Mapping[str, str]
"""A loudness from 0 to 100, or such by spans of local time, `08:00-18:00`."""
Span = tuple[time, time]
Rejoin = Literal["end", "priority", "never"]
Mode = Literal["manual", "appointments", "auto"]
NextMeans = Literal["served", "absent", "ask"]


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly opening: spans by weekday (Monday is 0), local times; or always."""

    always: bool = False
    spans: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service's settings, as in the office file.

    `holidays` are the public ones that it keeps; `openings` the hours of single days, which stand in place of the
    weekly ones and go before closures and holidays.
    """

    id: str
    letter: str
    name: Text
    hours: Hours
    group: str | None = None
    walk_in: bool = True
    appointments: bool = True
    online: bool = False
    closures: tuple[tuple[date, date], ...] = ()
    holidays: Container[date] = frozenset()
    openings: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    slot: timedelta = timedelta(minutes=15)
    places: int = 2
    lead: timedelta = timedelta(hours=1)
    horizon: timedelta = timedelta(days=60)
    daily_appointments: int | None = None
    daily_limit: int | None = None
    last_ticket: Literal["auto", "never"] | timedelta = "auto"
    check_in: Literal["none", "required"] = "none"
    recall_attempts: int = 3
    recall_interval: timedelta = timedelta(minutes=10)
    recall_hold: timedelta | None = None
    absent_after: timedelta | None = None
    walk_in_recalls: int = 1
    longest_wait: timedelta | None = None
    rejoin: Rejoin = "end"
    rejoin_within: timedelta = timedelta(hours=2)
    rejoin_times: int = 1
    open_bookings: int = 1
    platforms: tuple[str, ...] = ()
    bring: Text = field(default_factory=dict)
    contact: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where an appointment is held on line.

    `link`: the address to meet at, in which `{room}` becomes a name that only this appointment has; None: the office
    calls the person.
    """

    id: str
    name: Text
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Staff that services share: at most `places` of their appointments at the same time."""

    id: str
    services: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A counter's settings. `services` in the order of rank."""

    id: str
    name: str
    services: tuple[str, ...]
    ranked: bool = False
    mode: Mode = "appointments"
    next_walk_in: NextMeans = "served"
    next_appointment: NextMeans = "ask"
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    name: str
    role: Literal["operator", "secretary", "manager", "administrator"]
    email: str | None = None
    password_env: str | None = None
    password_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's account. `counters` and `kiosks` None: all of them."""

    name: str
    role: Literal["kiosk", "counter", "office"]
    secret_env: str
    counters: tuple[str, ...] | None = None
    kiosks: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message line: shown from `since` until `until`."""

    id: str
    text: Text
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The mail server that takes the office's mail, and how it is written.

    `security`: `tls` from the first byte, `starttls` before anything else is said, or `none`. `reminder`: how long
    before an appointment its reminder is sent; None: never.
    """

    host: str
    port: int
    sender: str
    security: Literal["none", "starttls", "tls"] = "none"
    reply_to: str | None = None
    user: str | None = None
    password_env: str | None = None
    reminder: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Where citizens log in who have no password here: an OpenID Connect provider.

    `passwords` False: there are no others, and nobody's password is kept.
    """

    name: Text
    issuer: str
    client_id: str
    secret_env: str = ""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    passwords: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """How long personal data are kept, and what people agree to.

    `bookings`: after the appointment; `accounts`: after the last log-in; `access`: the log of who looked at what.
    `notice`: the office's own text; empty: the one of the product.
    """

    bookings: timedelta = timedelta(days=30)
    accounts: timedelta = timedelta(days=730)
    access: timedelta = timedelta(days=365)
    notice: Text = field(default_factory=dict)
    contact: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One site, whole. The mappings keep the order of the file."""

    id: str
    name: str
    zone: ZoneInfo
    services: Mapping[str, Service]
    counters: Mapping[str, Counter]
    kiosks: Mapping[str, Kiosk] = field(default_factory=dict)
    displays: Mapping[str, Display] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    tokens: Mapping[str, Token] = field(default_factory=dict)
    groups: Mapping[str, Text] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    slides: tuple[Slide, ...] = ()
    mail: Mail | None = None
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    identity: Identity | None = None
    privacy: Privacy = Privacy()
    problems: Problems = field(default_factory=Problems)
    voice: Voice = field(default_factory=Voice)
    place: Text = field(default_factory=dict)
    contact: Text = field(default_factory=dict)
    capacities: tuple[Capacity, ...] = ()
    certified_domains: tuple[str, ...] = ()
    ordinary_domains: tuple[str, ...] = ()
    url: str | None = None
    country: str = "IT"
    languages: tuple[str, ...] = ("it", "en", "de", "fr")
    day_starts: time = time(4, 0)
    accounts: Literal["none", "optional", "required"] = "none"

    @property
    def passwords(self) -> bool:
        """Whether citizens may have accounts with a password of their own."""
        return self.accounts != "none" and (self.identity is None or self.identity.passwords)

    @property
    def language(self) -> str:
        """The language of those who chose none."""
        return self.languages[0]

    def counters_serving(self, service: str) -> tuple[Counter, ...]:
        """All counters that serve a service."""
        return tuple(counter for counter in self.counters.values() if service in counter.services)
