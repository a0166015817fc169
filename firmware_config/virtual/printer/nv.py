"""What a printer keeps without power: switches, custom values, line, the user's memory, logos, and its wear."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from firmware_config.virtual.printer.errors import PrinterError

FILE = "nv.json"
USER_UNIT, GRAPHICS_UNIT = 1024, 65536
BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_DENSITY = (*range(9), *range(65530, 65536))


class NvUnreadable(PrinterError):
    """The file of the memory holds something else."""


@dataclass(frozen=True)
class LineSettings:
    """A serial interface as GS ( E functions 11 and 12 know it; `flow` is 0 for DTR/DSR, 1 for XON/XOFF."""

    baud: int = 19200
    parity: int = 0
    flow: int = 0
    bits: int = 8


@dataclass(frozen=True)
class Factory:
    """How a model leaves the works. Switches from b8 to b1; the values that each custom value may take."""

    switches: Mapping[int, str] = field(default_factory=lambda: {1: "00000101", 2: "00000000", 8: "00000000"})
    notice: str = "1"
    customs: Mapping[int, int] = field(default_factory=lambda: {1: 1, 2: 1, 3: 6, 5: 0, 6: 7})
    allowed: Mapping[int, tuple[int, ...]] = field(
        default_factory=lambda: {1: (1, 2, 3, 4), 2: (1, 2, 3, 4, 5, 6), 3: (2, 6), 5: _DENSITY, 6: tuple(range(1, 14))}
    )
    answers_outside: bool = True
    """Functions 4, 6 and 12 are answered outside the user setting mode too."""


_EPSON = Factory()
FACTORY: dict[str, Factory] = {
    "TM-T90": replace(_EPSON, allowed={**_EPSON.allowed, 6: tuple(range(1, 10))}),
    # this maker's notice is sent on 0, and it answers in its setting mode alone
    "CT-S300": replace(_EPSON, switches={**_EPSON.switches, 1: "00000100"}, notice="0", answers_outside=False),
}


@dataclass(frozen=True)
class Logo:
    """A stored picture: `width` and `height` in dots, rows of whole bytes."""

    width: int
    height: int
    data: bytes


class Memory:
    """The memory of one printer. `writes` counts the commands that wrote to it since it left the works."""

    def __init__(self, model: str, file: Path | None = None, line: LineSettings | None = None) -> None:
        """Goes on from `file` if it is there; raises OSError or NvUnreadable."""
        self.factory = FACTORY.get(model, _EPSON)
        self.switches = dict(self.factory.switches)
        self.customs = dict(self.factory.customs)
        self.line = line or LineSettings()
        self.records: dict[bytes, bytes] = {}
        self.logos: dict[bytes, Logo] = {}
        self.writes = 0
        self._file = file
        if file is not None and file.exists():
            self._load(file)

    @property
    def notice(self) -> bool:
        """Whether power-on is told: switch 1-1, by the maker's polarity."""
        return self.switches[1][7] == self.factory.notice

    @property
    def receive_buffer(self) -> int:
        """Switch 1-2: 4 KB, or 45 bytes."""
        return 45 if self.switches[1][6] == "1" else 4096

    @property
    def busy_off_line(self) -> bool:
        """Switch 1-3: on, the printer is busy only when its buffer is full; off, also when it is off line."""
        return self.switches[1][5] == "0"

    @property
    def user_free(self) -> int:
        """Bytes left for GS ( C."""
        return self.customs[1] * USER_UNIT - sum(len(data) + 2 for data in self.records.values())

    @property
    def graphics_free(self) -> int:
        """Bytes left for GS ( L."""
        return self.customs[2] * GRAPHICS_UNIT - sum(len(logo.data) for logo in self.logos.values())

    def write(self, change: Callable[[], object]) -> None:
        """One write: it wears, and it is on disk before anything is answered."""
        change()
        self.writes += 1
        if self._file is not None:
            fresh = self._file.with_name(f"{self._file.name}.new")
            fresh.write_text(json.dumps(self.public(whole=True)), encoding="utf-8")
            fresh.replace(self._file)

    def wipe(self) -> None:
        """The areas have got other sizes: what was in them is gone."""
        self.records.clear()
        self.logos.clear()

    def public(self, *, whole: bool = False) -> dict[str, Any]:
        """As the control interface shows it; with `whole` the pictures' dots too."""
        return {
            "writes": self.writes,
            "switches": {str(a): bits for a, bits in self.switches.items()},
            "customs": {str(a): n for a, n in self.customs.items()},
            "line": asdict(self.line),
            "records": {key.hex(): data.hex() for key, data in self.records.items()},
            "logos": {
                key.hex(): {"width": one.width, "height": one.height, **({"data": one.data.hex()} if whole else {})}
                for key, one in self.logos.items()
            },
        }

    def _load(self, file: Path) -> None:
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            self.writes = int(kept["writes"])
            self.switches = {int(a): str(bits) for a, bits in kept["switches"].items()}
            self.customs = {int(a): int(n) for a, n in kept["customs"].items()}
            self.line = LineSettings(**kept["line"])
            self.records = {bytes.fromhex(key): bytes.fromhex(data) for key, data in kept["records"].items()}
            self.logos = {
                bytes.fromhex(key): Logo(one["width"], one["height"], bytes.fromhex(one["data"]))
                for key, one in kept["logos"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NvUnreadable(f"{file} is no printer's memory: move it away ({error})") from error
