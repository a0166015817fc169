"""What stands in an office and is connected: dispensers, screens with what they show and how they sound, counters'
devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Text = Mapping[str, str]
Volume = int | Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """`spare`: a second printer, for while the first is in trouble; its profile is the first one's unless it has its
    own. `logo`: the two characters under which the printers keep the office's logo."""

    id: str
    printer: str = "virtual"
    profile: str = "TM-T20II"
    offline: int = 50
    """How many numbers of each letter it holds to issue off line; 0: it issues none."""
    voice: bool = False
    keys: str | None = None
    board: str | None = None
    buttons: Mapping[str, str] = field(default_factory=dict)
    spare: str | None = None
    spare_profile: str | None = None
    logo: str | None = None
    secret_env: str = ""
    screen: float = 21.5
    """Its diagonal in inches."""
    contrast: bool = False
    interval: timedelta = timedelta(seconds=2)
    per_minute: int | None = None
    """None: the dispenser's own limit for touches, and none for its commands."""
    scanner: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How screens look: colours (`#rrggbb`) that differ from the usual ones by name; `logo` is a PNG."""

    colours: Mapping[str, str] = field(default_factory=dict)
    logo: bytes | None = None
    font: Literal["hyperlegible", "noto"] = "hyperlegible"
    density: Literal["airy", "normal", "dense"] = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A picture (PNG or JPEG) or a page of Markdown, shown for `show` at a time on `displays` (None: on all)."""

    id: str
    picture: bytes | None = None
    text: Text = field(default_factory=dict)
    show: timedelta = timedelta(seconds=10)
    since: datetime | None = None
    until: datetime | None = None
    displays: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A screen. `diagonal` in millimetres, `distance` (of its last reader) too; None: not known."""

    id: str
    layout: str = "list"
    counters: tuple[str, ...] | None = None
    voice: bool = True
    volume: Volume | None = None
    room: str | None = None
    secret_env: str = ""
    arrow: Literal["left", "right", "up", "down"] | None = None
    diagonal: float | None = None
    distance: float | None = None
    motion: Literal["full", "reduced"] = "full"
    look: Look = Look()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    id: str
    kind: str
    counter: str | None = None
    port: str | None = None
    secret_env: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """To whom a mail goes about a device's problem that has lasted `after`; None: to nobody."""

    email: str | None = None
    after: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How the office's screens sound unless one says otherwise."""

    volume: Volume = 80
