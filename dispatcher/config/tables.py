"""The tables of the office file as they are read: keys, types, ranges, defaults."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from dispatcher.config import ports, values, volumes
from dispatcher.engine.model import Hours, Mode, NextMeans, Rejoin, Span

ID_ADVICE = "an id has 1 to 64 letters, digits, - and _, and begins with a letter or digit"
Id = Annotated[str, PlainValidator(values.matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", ID_ADVICE))]
Name = Annotated[str, PlainValidator(values.matching(r"[^\x00-\x1f]{1,200}", "write 1 to 200 characters in quotes"))]
Letter = Annotated[str, PlainValidator(values.matching(r"[A-Z]", "write one capital letter, A to Z"))]
Variable = Annotated[
    str,
    PlainValidator(
        values.matching(
            r"[A-Za-z_][A-Za-z0-9_]{0,127}", "write the name of an environment variable, not the secret itself"
        )
    ),
]
Email = Annotated[
    str, PlainValidator(values.matching(r"[^@\s]+@[^@\s]+\.[^@\s.]+", "write an address like anna@example.org"))
]
Subdivision = Annotated[
    str, PlainValidator(values.matching(r"[A-Za-z0-9-]{1,20}", 'write the code of a province or state, like "TO"'))
]
Country = Annotated[str, PlainValidator(values.matching(r"[A-Z]{2}", 'write two capital letters, like "IT"'))]
Duration = Annotated[timedelta, PlainValidator(values.duration)]
Texts = Annotated[dict[str, str], PlainValidator(values.texts)]
Ids = Annotated[tuple[str, ...], PlainValidator(values.identifiers)]
Instant = Annotated[datetime, PlainValidator(values.instant)]
Volume = Annotated[int | dict[str, int], PlainValidator(volumes.volume)]
Diagonal = Annotated[float, PlainValidator(values.length_mm(100, 10_000, '"43in" or "110cm"'))]
Distance = Annotated[float, PlainValidator(values.length_mm(300, 60_000, '"8m"'))]
Colour = Annotated[str, PlainValidator(values.colour)]
Times = Annotated[int, Field(ge=0, le=99)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SiteTable(Table):
    id: Id
    name: Name
    zone: Annotated[ZoneInfo, PlainValidator(values.zone)]
    url: Annotated[str, PlainValidator(values.base_url)] | None = None
    country: Country = "IT"
    subdivision: Subdivision | None = None
    holidays: bool = True
    languages: Annotated[tuple[str, ...], PlainValidator(values.languages)] = ("it", "en", "de", "fr")
    day_starts: Annotated[time, PlainValidator(values.clock_time)] = time(4, 0)
    accounts: Literal["none", "optional", "required"] = "none"
    place: Texts = {}
    contact: Texts = {}
    certified_domains: Annotated[tuple[str, ...], PlainValidator(values.domains)] = ()
    ordinary_domains: Annotated[tuple[str, ...], PlainValidator(values.domains)] = ()


class GroupTable(Table):
    id: Id
    name: Texts


class ServiceTable(Table):
    id: Id
    letter: Letter
    group: Id | None = None
    name: Texts
    walk_in: bool = True
    appointments: bool = True
    online: bool = False
    hours: Annotated[Hours, PlainValidator(values.hours)]
    closures: Annotated[tuple[tuple[date, date], ...], PlainValidator(values.closures)] = ()
    holidays: bool | None = None
    openings: Annotated[dict[date, tuple[Span, ...]], PlainValidator(values.openings)] = {}
    slot: Annotated[timedelta, PlainValidator(values.slot)] = timedelta(minutes=15)
    places: Annotated[int, Field(ge=1, le=1000)] = 2
    lead: Duration = timedelta(hours=1)
    horizon: Duration = timedelta(days=60)
    daily_appointments: Annotated[int, Field(ge=1, le=100_000)] | None = None
    daily_limit: Annotated[int, Field(ge=1, le=100_000)] | None = None
    last_ticket: Annotated[timedelta | Literal["auto", "never"], PlainValidator(values.last_ticket)] = "auto"
    check_in: Literal["none", "required"] = "none"
    recall_attempts: Times = 3
    recall_interval: Duration = timedelta(minutes=10)
    recall_hold: Duration | None = None
    absent_after: Duration | None = None
    walk_in_recalls: Times = 1
    longest_wait: Duration | None = None
    rejoin: Rejoin = "end"
    rejoin_within: Duration = timedelta(hours=2)
    rejoin_times: Times = 1
    open_bookings: Annotated[int, Field(ge=1, le=99)] = 1
    platforms: Ids = ()
    bring: Texts = {}
    contact: Texts = {}


class PlatformTable(Table):
    id: Id
    name: Texts
    link: Annotated[str, PlainValidator(values.meeting_link)] | None = None


class CapacityTable(Table):
    id: Id
    services: Ids
    places: Annotated[int, Field(ge=1, le=1000)]


class NextMeansTable(Table):
    walk_in: NextMeans = "served"
    appointment: NextMeans = "ask"


class CounterTable(Table):
    id: Id
    name: Name
    services: Ids
    ranked: bool = False
    mode: Mode = "appointments"
    next_means: NextMeansTable = NextMeansTable()
    zone: Name | None = None


class KioskTable(Table):
    id: Id
    printer: Annotated[str, PlainValidator(values.printer)] = "virtual"
    profile: Name = "TM-T20II"
    offline: Annotated[int, Field(ge=0, le=1000)] = 50
    voice: bool = False
    keys: Annotated[str, PlainValidator(ports.keys)] | None = None
    board: Annotated[str, PlainValidator(ports.board)] | None = None
    buttons: Annotated[dict[str, str], PlainValidator(ports.buttons)] = {}
    spare: Annotated[str, PlainValidator(values.printer)] | None = None
    spare_profile: Name | None = None
    logo: Annotated[str, PlainValidator(values.matching(r"[!-~]{2}", 'write two characters, like "L1"'))] | None = None
    secret_env: Variable | None = None
    screen: Annotated[float, PlainValidator(values.diagonal)] = 21.5
    contrast: bool = False
    interval: Annotated[timedelta, PlainValidator(values.interval)] = timedelta(seconds=2)
    per_minute: Annotated[int, Field(ge=1, le=600)] | None = None
    scanner: Annotated[str, PlainValidator(values.scanner)] = "none"


class DisplayTable(Table):
    id: Id
    layout: Id = "list"
    counters: Ids | None = None
    voice: bool = True
    volume: Volume | None = None
    room: Id | None = None
    secret_env: Variable | None = None
    arrow: Literal["left", "right", "up", "down"] | None = None
    diagonal: Diagonal | None = None
    distance: Distance | None = None
    motion: Literal["full", "reduced"] = "full"
    theme: Name | None = None


class ThemeTable(Table):
    """The look of the screens: a table of the office file, or a file of its own."""

    colours: dict[str, Colour] = {}
    logo: Name | None = None
    font: Literal["hyperlegible", "noto"] = "hyperlegible"
    density: Literal["airy", "normal", "dense"] = "normal"


class SlideTable(Table):
    id: Id
    picture: Name | None = None
    text: Annotated[dict[str, str], PlainValidator(values.page_texts)] = {}
    show: Duration = timedelta(seconds=10)
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None
    displays: Ids | None = None


class DeviceTable(Table):
    id: Id
    kind: Literal["evdev", "tasmota", "esphome", "zigbee2mqtt", "shelly", "serial_box", "led_modbus", "led_ascii"] = (
        "evdev"
    )
    counter: Id | None = None
    port: Name | None = None
    secret_env: Variable | None = None


class UserTable(Table):
    name: Name
    email: Email | None = None
    role: Literal["operator", "secretary", "manager", "administrator"]
    password_env: Variable | None = None
    password_hash: Name | None = None


class TokenTable(Table):
    name: Name
    role: Literal["kiosk", "counter", "office"]
    secret_env: Variable | None = None
    counters: Ids | None = None
    kiosks: Ids | None = None


class NoticeTable(Table):
    id: Id
    text: Texts
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None


class MessageTable(NoticeTable):
    """The same, with no need of an id."""

    id: Id | None = None  # type: ignore[assignment]


class MailTable(Table):
    smtp: Annotated[values.MailServer, PlainValidator(values.mail_server)]
    sender: Email = Field(alias="from")
    reply_to: Email | None = None
    starttls: bool = False
    user: Name | None = None
    password_env: Variable | None = None
    reminder: Duration | None = None


class IdentityTable(Table):
    name: Texts
    issuer: Annotated[str, PlainValidator(values.base_url)]
    client_id: Name
    secret_env: Variable | None = None
    scopes: Ids = ("openid", "profile", "email")
    passwords: bool = True


class PrivacyTable(Table):
    bookings: Duration = timedelta(days=30)
    accounts: Duration = timedelta(days=730)
    access: Duration = timedelta(days=365)
    notice: Annotated[dict[str, str], PlainValidator(values.long_texts)] = {}
    contact: Texts = {}


class ProblemsTable(Table):
    email: Email | None = None
    after: Duration = timedelta(minutes=5)


class VoiceTable(Table):
    volume: Volume = 80


class OfficeTable(Table):
    """The whole file."""

    site: SiteTable
    group: list[GroupTable] = []
    service: list[ServiceTable] = []
    capacity: list[CapacityTable] = []
    counter: list[CounterTable] = []
    kiosk: list[KioskTable] = []
    display: list[DisplayTable] = []
    device: list[DeviceTable] = []
    user: list[UserTable] = []
    token: list[TokenTable] = []
    notice: list[NoticeTable] = []
    message: list[MessageTable] = []
    slide: list[SlideTable] = []
    theme: ThemeTable = ThemeTable()
    mail: MailTable | None = None
    platform: list[PlatformTable] = []
    identity: IdentityTable | None = None
    privacy: PrivacyTable = PrivacyTable()
    problems: ProblemsTable = ProblemsTable()
    voice: VoiceTable = VoiceTable()
