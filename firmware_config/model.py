"""What a printer is, what it holds, what it should hold, and the difference. Pure.

Settings have one name everywhere: `line.baud`, `print.density`, `memory.graphics`, `switch.power_on_notice`, `logo.L1`.
Their values are those of people: percent, true, "xon"; `profile` knows what they are on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = bool | int | str


@dataclass(frozen=True)
class LineSettings:
    """A serial line: `parity` none, odd or even; `flow` dtr or xon; `bits` 7 or 8."""

    baud: int = 19200
    parity: str = "none"
    flow: str = "dtr"
    bits: int = 8


@dataclass(frozen=True)
class Identity:
    """As GS I tells it; empty where it says nothing."""

    maker: str
    model: str
    firmware: str = ""
    serial: str = ""
    has_cutter: bool | None = None

    @property
    def key(self) -> str:
        """This very device."""
        return f"{self.maker} {self.model} {self.serial}".strip()


@dataclass(frozen=True)
class Picture:
    """A logo: `width` (a multiple of 8) and `height` in dots, rows of bytes, a set bit is black."""

    width: int
    height: int
    data: bytes
    digest: str

    def __str__(self) -> str:
        return f"{self.width}×{self.height} {self.digest[:8]}"


@dataclass(frozen=True)
class StoredLogo:
    """A logo that is in the printer; `note` is what was kept beside it when it was written, None if nothing was."""

    note: str | None


@dataclass(frozen=True)
class Found:
    """What was read. `values` is empty for a printer without a profile; `settings_read` says whether it was asked."""

    identity: Identity
    values: Mapping[str, Value] = field(default_factory=dict)
    logos: Mapping[str, StoredLogo] = field(default_factory=dict)
    free_bytes: int | None = None
    settings_read: bool = False


@dataclass(frozen=True)
class Desired:
    """The office's wish; only what is named is compared."""

    printer: str
    values: Mapping[str, Value] = field(default_factory=dict)
    logos: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One difference; `command` names what will be sent."""

    setting: str
    now: str
    wanted: str
    command: str
    wipes: bool = False


@dataclass(frozen=True)
class Plan:
    """All differences. `writes` counts the commands that write to the printer's memory."""

    changes: tuple[Change, ...] = ()
    writes: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes)


def said(value: Value | None) -> str:
    """A value for people."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
