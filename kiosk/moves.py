"""What a customer may see, what may happen, and what is then to be done: the vocabulary of `kiosk.flow`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatcher.wire.messages import Issued, Menu
from kiosk.arrival_moves import Arrived as Arrived
from kiosk.arrival_moves import Ask as Ask
from kiosk.arrival_moves import Asking as Asking
from kiosk.arrival_moves import Enter as Enter
from kiosk.arrival_moves import Key as Key
from kiosk.arrival_moves import OpenEntry as OpenEntry
from kiosk.arrival_moves import Proof as Proof
from kiosk.arrival_moves import Rejoin as Rejoin
from kiosk.arrival_moves import Scanned as Scanned
from kiosk.arrival_moves import ScannerIs as ScannerIs
from kiosk.arrival_moves import Submit as Submit
from kiosk.arrival_moves import Told as Told

# -- screens


@dataclass(frozen=True)
class Choose:
    """The services, or with `group` None and several named groups the groups."""

    group: str | None = None
    page: int = 0
    assisted: bool = False


@dataclass(frozen=True)
class Issuing:
    """Touched: the printer is asked, then the number."""

    press: Press


@dataclass(frozen=True)
class Ticket:
    """The number. `paper` is `printing`, `take`, or `unsure` when nobody can know whether it came out."""

    issued: Issued
    paper: str


@dataclass(frozen=True)
class Sorry:
    """No ticket, and why: a key below `sorry.`. `service` is the one that was wanted."""

    code: str
    service: str | None = None


@dataclass(frozen=True)
class Stopped:
    """The printer has stopped with this number in it, while others get theirs from another one."""

    label: str


@dataclass(frozen=True)
class OutOfService:
    """No ticket can be had. `reason` is a key below `out.`; `label` is the number that still waits for its paper."""

    reason: str
    label: str | None = None


@dataclass(frozen=True)
class Attract:
    """Nobody is there: any touch begins."""


@dataclass(frozen=True)
class Languages:
    """All languages to choose from, where they do not fit on the first screen, to which they lead back."""

    page: int = 0
    before: Choose = Choose()


@dataclass(frozen=True)
class Have:
    """ "I have a number already": an appointment, or a call that was missed."""


@dataclass(frozen=True)
class StillThere:
    """Nobody has touched for long: back to `before` with one touch, else to the start in `left_s` seconds."""

    before: Choose | Languages | Have | Enter | Arrived | Sorry | Ticket
    left_s: int


@dataclass(frozen=True)
class Wait:
    """Too many tickets in a short time: the next in `left_s` seconds."""

    left_s: int
    before: Choose


Screen = (
    Choose | Issuing | Ticket | Sorry | Stopped | OutOfService | Attract | Languages | Have | Enter | Asking | Arrived
    | StillThere | Wait
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """The dispenser's own settings: its look, how fast tickets may be begun by hand (one each `interval_s`, at most
    `per_minute` a minute), the letters of the office's tickets, whether there is a scanner that
    reads."""

    contrast: bool = False
    interval_s: float = 2.0
    per_minute: int = 20
    letters: tuple[str, ...] = ()
    scanner: bool = False


HOUSE = House()


@dataclass(frozen=True)
class Press:
    """A wish for a ticket. `key` is the request id under which the number is asked for; `order` that of the
    order it came with, which if `paced` keeps to the limits of a touch."""

    key: str
    service: str
    touched_at: datetime
    language: str
    assisted: bool = False
    order: str | None = None
    paced: bool = False


# -- events


@dataclass(frozen=True)
class Tick:
    now: float


@dataclass(frozen=True)
class Configured:
    languages: tuple[str, ...]
    house: House = HOUSE


@dataclass(frozen=True)
class Misconfigured:
    """The settings cannot be used."""


@dataclass(frozen=True)
class MenuCame:
    menu: Menu


@dataclass(frozen=True)
class LinkIs:
    """Whether the dispatcher is there."""

    up: bool


@dataclass(frozen=True)
class Alone:
    """Why no ticket can be had without the dispatcher (a key below `out.`); None: it can."""

    reason: str | None


@dataclass(frozen=True)
class PrinterIs:
    """What hinders the printer now; None when nothing does."""

    trouble: str | None


@dataclass(frozen=True)
class ChooseLanguage:
    language: str


@dataclass(frozen=True)
class OpenGroup:
    """None: back to the groups."""

    group: str | None


@dataclass(frozen=True)
class TurnPage:
    page: int


@dataclass(frozen=True)
class ToggleAssisted:
    pass


@dataclass(frozen=True)
class Dismiss:
    """The customer has read it."""


@dataclass(frozen=True)
class Begin:
    """The resting screen was touched."""


@dataclass(frozen=True)
class MoreTime:
    """ "Yes, I am still here." """


@dataclass(frozen=True)
class ToggleEasy:
    """High contrast and more time, or back to how it was."""


@dataclass(frozen=True)
class OpenLanguages:
    pass


@dataclass(frozen=True)
class OpenHave:
    pass


@dataclass(frozen=True)
class Wish:
    """A service was touched (`order` None), or ordered: from the room, or, `paced` as a touch is, by a push-button."""

    key: str
    service: str
    touched_at: datetime
    order: str | None = None
    language: str | None = None
    assisted: bool | None = None
    paced: bool = False


@dataclass(frozen=True)
class Taken:
    """The printer is well and the number is being asked for."""

    key: str


@dataclass(frozen=True)
class NotTaken:
    """The printer is not well: no number was asked for."""

    key: str
    code: str


@dataclass(frozen=True)
class NoTicket:
    """The dispatcher gave no number, or no answer (`no_answer`)."""

    key: str
    code: str


@dataclass(frozen=True)
class Numbered:
    key: str
    issued: Issued


@dataclass(frozen=True)
class Held:
    """The printer stopped with this ticket in it; `spare` says which one, None that no printer has any of it."""

    key: str
    label: str
    spare: bool | None = False


@dataclass(frozen=True)
class Paper:
    """The end of a ticket: `confirmed`, `unconfirmed` or `failed`."""

    key: str
    issued: Issued
    result: str


Touch = (
    ChooseLanguage | OpenGroup | TurnPage | ToggleAssisted | Dismiss | Begin | MoreTime | ToggleEasy | OpenLanguages
    | OpenHave | OpenEntry | Key | Submit | Rejoin
)  # fmt: skip
Progress = Taken | NotTaken | NoTicket | Numbered | Held | Paper
Arrival = Scanned | ScannerIs | Told
Event = Tick | Configured | Misconfigured | MenuCame | LinkIs | Alone | PrinterIs | Touch | Wish | Progress | Arrival


# -- effects


@dataclass(frozen=True)
class Issue:
    """Begin the issuing transaction."""

    press: Press
    service_name: dict[str, str]
    alone: bool = False
    """Without the dispatcher, from this dispenser's own numbers."""


@dataclass(frozen=True)
class Answer:
    """Tell the room what became of its order; `code` None: taken."""

    order: str
    code: str | None = None


Effect = Issue | Answer | Ask
