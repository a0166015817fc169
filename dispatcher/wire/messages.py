"""The messages of the contract as frozen, typed values. Valid once they exist; unknown fields are ignored.

Instants are aware UTC datetimes and leave as ISO 8601 ending in `Z`; texts for people are `{language: text}`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

LAYOUTS = ("call", "list", "split", "zone", "counter", "totem")
"""The layouts of a waiting-room screen."""
BUTTONS = ("evdev", "tasmota", "esphome", "zigbee2mqtt", "shelly", "serial_box")
"""The kinds of a counter's devices that have buttons."""
LEDS = ("led_modbus", "led_ascii")
"""The kinds that show the counter's number."""
Text = dict[str, str]
Label = Annotated[str, StringConstraints(min_length=1, max_length=6)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Language = Annotated[str, StringConstraints(min_length=2, max_length=12)]


def instant_text(value: datetime) -> str:
    """An instant as the contract writes it: UTC, milliseconds, `Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[AwareDatetime, PlainSerializer(instant_text, return_type=str, when_used="json")]


class Message(BaseModel):
    """Base of all messages: frozen, and deaf to fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class BoardCall(Message):
    """One line of the board."""

    call_id: Identifier
    label: Label
    service: Identifier
    counter: Identifier
    counter_name: str
    zone: str | None = None
    attempt: int = 1
    called_at: Instant


class MissedTicket(Message):
    label: Label
    service: Identifier
    missed_at: Instant


class QueueLength(Message):
    """How many wait for a service, and the span of the wait in seconds (None: unknown)."""

    service: Identifier
    waiting: int
    wait_low_s: int | None = None
    wait_high_s: int | None = None


class Notice(Message):
    """A line of text for the waiting room, shown from `from` until `until` (None: unbounded)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    id: Identifier
    text: Text
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None


class Board(Message):
    """All that a waiting-room screen shows; calls newest first, 20 at the most."""

    epoch: str
    revision: int
    at: Instant
    calls: tuple[BoardCall, ...] = ()
    missed: tuple[MissedTicket, ...] = ()
    queues: tuple[QueueLength, ...] = ()
    notices: tuple[Notice, ...] = ()


class CallEvent(Message):
    """A call to be seen and heard now."""

    epoch: str
    revision: int
    call_id: Identifier
    label: Label
    service: Identifier
    counter: Identifier
    counter_name: str
    zone: str | None = None
    attempt: int = 1
    language: Language
    called_at: Instant


class Withdrawn(Message):
    """A call that was taken back: whatever is being said of it stops."""

    call_id: Identifier
    withdrawn: Literal[True]


class Heartbeat(Message):
    epoch: str
    revision: int
    at: Instant


class MenuService(Message):
    """A button of the dispenser. `reason` (None when open): hours, closure, limit, last_ticket."""

    id: Identifier
    name: Text
    open: bool
    reason: str | None = None
    opens_at: Instant | None = None
    waiting: int = 0
    wait_low_s: int | None = None
    wait_high_s: int | None = None
    assisted: bool = True
    letter: str | None = None
    closes_at: Instant | None = None
    """For a dispenser off line: the letter of its tickets, and when it closes (None: not today)."""


class MenuGroup(Message):
    id: str
    name: Text = Field(default_factory=dict)
    services: tuple[MenuService, ...] = ()


class Menu(Message):
    revision: int
    groups: tuple[MenuGroup, ...] = ()


class CounterTicket(Message):
    label: Label
    service: Identifier
    state: str
    kind: str


class CounterState(Message):
    revision: int
    state: Literal["open", "paused", "closed"]
    mode: Literal["manual", "appointments", "auto"]
    ticket: CounterTicket | None = None
    waiting: int = 0
    next_label: str | None = None


class Problem(Message):
    """Something wrong with a device: a stable code, a sentence, since when."""

    code: Identifier
    text: str
    since: Instant


class DeviceStatus(Message):
    """What a device says of itself; its last will is `{"online": false}`."""

    model_config = ConfigDict(frozen=True, extra="allow")
    online: bool
    version: str | None = None
    at: Instant | None = None
    problems: tuple[Problem, ...] = ()
    shown_revision: int | None = None


class DeviceDo(Message):
    """An order to a device. `touch` carries x, y (pixels of its surface), `press` a service.

    `frame` may carry `width`: a picture made so many pixels wide will do.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    request_id: Identifier
    action: Literal["frame", "reload", "identify", "touch", "press"]
    x: int | None = None
    y: int | None = None
    width: int | None = None
    service: str | None = None
    language: str | None = None
    assisted: bool = False


class KioskConfig(Message):
    """The settings of a dispenser, retained for it by the dispatcher."""

    site_name: str
    zone: str
    languages: tuple[str, ...]
    printer: str
    profile: str = "TM-T20II"
    spare: str | None = None
    spare_profile: str | None = None
    logo: str | None = None
    simulated_clock: bool = False
    room: bool = False
    """True only in a onebox: `touch` and `press` are then obeyed."""
    offline: int = 0
    """How many numbers of each letter it holds to issue while the dispatcher cannot be reached."""
    voice: bool = False
    """Whether the kiosk can be used by ear, with four tactile keys."""
    keys: str | None = None
    """Where the four keys are: `keyboard` (also when absent), or the path of an input device."""
    board: str | None = None
    """The port of a board with buttons and lamps."""
    buttons: dict[str, str] = Field(default_factory=dict)
    """The service that each of the board's buttons stands for."""
    screen: float = 21.5
    """The diagonal in inches."""
    contrast: bool = False
    per_minute: int = 20
    interval: float = 2.0
    """At most so many tickets a minute, and one each so many seconds, are begun by touch."""
    scanner: str = "none"
    letters: tuple[str, ...] = ()
    """Of the tickets that may be entered."""


class Look(Message):
    """The office's own look: colours (`#rrggbb` by name), a logo (a PNG in base64), a face, a density."""

    colours: dict[str, str] = Field(default_factory=dict)
    logo: str | None = None
    font: Literal["hyperlegible", "noto"] = "hyperlegible"
    density: Literal["airy", "normal", "dense"] = "normal"


class Slide(Message):
    """Something to look at between calls: a picture (PNG or JPEG in base64) or a page of Markdown by language."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    id: Identifier
    picture: str | None = None
    text: Text = Field(default_factory=dict)
    seconds: float = Field(default=10.0, gt=0)
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None


class DisplayConfig(Message):
    """The settings of a waiting-room screen. `services` maps an id to its names."""

    site_name: str
    zone: str
    languages: tuple[str, ...]
    layout: str = "list"
    counters: tuple[str, ...] | None = None
    services: dict[str, Text] = Field(default_factory=dict)
    simulated_clock: bool = False
    room: bool = False
    voice: bool = True
    """Whether calls are spoken behind their chime."""
    volume: int | dict[str, int] = 80
    """The loudness, 0 to 100: one, or by spans of local time, `08:00-18:00`."""
    speakers: tuple[str, ...] = ()
    """The screens within earshot, this one among them: the first that is on line and can speaks for all."""
    room_counters: tuple[str, ...] | None = None
    """The counters whose calls any of `speakers` shows; None: all."""
    counter_names: dict[str, str] = Field(default_factory=dict)
    """The names of the counters that it shows, by id, in the order of the office file."""
    arrow: Literal["left", "right", "up", "down"] | None = None
    """Where those counters are, seen by who reads the screen."""
    diagonal_mm: float | None = None
    distance_m: float | None = None
    """How far away the last reader stands."""
    motion: Literal["full", "reduced"] = "full"
    theme: Look = Look()
    slides: tuple[Slide, ...] = ()


class DeviceConfig(Message):
    """The settings of a counter's device. `letters` are those of the services that its counter calls."""

    kind: str
    counter: str | None = None
    port: str | None = None
    languages: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


class IssueRequest(Message):
    request_id: Identifier
    service: Identifier
    touched_at: Instant
    language: Language | None = None
    assisted: bool = False


class Issued(Message):
    """The answer to `issue`."""

    id: Identifier
    label: Label
    ahead: int
    wait_low_s: int | None = None
    wait_high_s: int | None = None
    status_url: str
    queued_at: Instant


class PrintedRequest(Message):
    request_id: Identifier
    id: Identifier
    result: Literal["confirmed", "unconfirmed", "failed"]


class LeaseRequest(Message):
    request_id: Identifier
    series: str
    count: int


class Leased(Message):
    """The answer to `lease`: the numbers `from` to `to`, for the business day that ends at `expires`."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    first: int = Field(alias="from", ge=1)
    last: int = Field(alias="to", le=99_999)
    day: date
    expires: Instant


class OfflineTicket(Message):
    """A ticket that was issued from a lease; `paper` is confirmed or unconfirmed."""

    label: Label
    service: Identifier
    touched_at: Instant
    language: Language | None = None
    assisted: bool = False
    paper: Literal["confirmed", "unconfirmed"] = "confirmed"


class OfflineRequest(Message):
    request_id: Identifier
    tickets: tuple[OfflineTicket, ...]


class RefusedTicket(Message):
    label: str
    reason: str


class OfflineAnswer(Message):
    """The answer to `offline_issued`, by labels; `clamped` are among the accepted."""

    accepted: tuple[str, ...]
    clamped: tuple[str, ...] = ()
    refused: tuple[RefusedTicket, ...] = ()


class ErrorBody(Message):
    code: str
    message: str
    field: str | None = None


class Reply(Message):
    """An answer: `{ok: true, …}` or `{ok: false, error: {code, message, field?}}`."""

    model_config = ConfigDict(frozen=True, extra="allow")
    ok: bool
    error: ErrorBody | None = None

    @property
    def content(self) -> dict[str, Any]:
        """All fields of a good answer."""
        return dict(self.model_extra or {})
