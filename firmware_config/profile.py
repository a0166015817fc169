"""What each exactly known printer calls its settings on the wire, from `profiles/*.toml`.

Nothing is ever written to a printer that does not name itself as one of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from firmware_config.model import Identity, Value

LINE = {"line.baud": 1, "line.parity": 2, "line.flow": 3, "line.bits": 4}
"""Numbers in GS ( E functions 11 and 12."""
_LINE_CODES: dict[str, dict[Value, str]] = {
    "line.parity": {"none": "0", "odd": "1", "even": "2"},
    "line.flow": {"dtr": "0", "xon": "1"},
    "line.bits": {7: "7", 8: "8"},
}


@dataclass(frozen=True)
class Switch:
    """One bit (1 to 8) of a memory switch; `on` is the bit that stands for true: makers differ."""

    number: int
    bit: int
    on: int


@dataclass(frozen=True)
class Custom:
    """A custom value. On the wire it is looked up in `codes`, or is (value - base) / step, modulo 65536."""

    number: int
    codes: Mapping[int, int] = field(default_factory=dict)
    least: int = 0
    most: int = 0
    base: int = 0
    step: int = 1
    wipes: bool = False

    def encode(self, value: int) -> int | None:
        """The number on the wire; None if this printer cannot take `value`."""
        if self.codes:
            return self.codes.get(value)
        if not self.least <= value <= self.most or (value - self.base) % self.step:
            return None
        return (value - self.base) // self.step % 65536

    def decode(self, number: int) -> int | None:
        """The value for people; None for a number that stands for none."""
        if self.codes:
            return next((value for value, code in self.codes.items() if code == number), None)
        signed = number - 65536 if number > 32767 else number
        value = self.base + signed * self.step
        return value if self.least <= value <= self.most else None

    @property
    def choices(self) -> str:
        """For an error's text."""
        if self.codes:
            return ", ".join(map(str, self.codes))
        steps = f" in steps of {self.step}" if self.step > 1 else ""
        return f"{self.least} to {self.most}{steps}"


@dataclass(frozen=True)
class Profile:
    """One printer: who it says it is, its head's dots, its settings by name, how often a day it may be written."""

    maker: str
    model: str
    dots: int
    writes_a_day: int
    bauds: tuple[int, ...]
    switches: Mapping[str, Switch]
    customs: Mapping[str, Custom]
    logos: bool = True
    settle_s: float = 0.25
    reset_s: float = 1.0

    def fits(self, identity: Identity) -> bool:
        """Whether the device is exactly this one."""
        return (identity.maker, identity.model) == (self.maker, self.model)

    def refusal(self, setting: str, value: Value) -> str | None:
        """Why `setting` cannot be `value` here; None if it can."""
        if setting in self.switches:
            return None if isinstance(value, bool) else "is true or false"
        if setting == "line.baud":
            return None if value in self.bauds else f"is one of {', '.join(map(str, self.bauds))}"
        if setting in _LINE_CODES:
            codes = _LINE_CODES[setting]
            return None if value in codes else f"is one of {', '.join(map(str, codes))}"
        if setting not in self.customs:
            return f"is no setting of a {self.model}"
        custom = self.customs[setting]
        if isinstance(value, bool) or not isinstance(value, int) or custom.encode(value) is None:
            return f"is {custom.choices}"
        return None


def line_code(setting: str, value: Value) -> str:
    """What function 11 sends for it."""
    return str(value) if setting == "line.baud" else _LINE_CODES[setting][value]


def line_value(setting: str, code: str) -> Value | None:
    """What function 12 says, for people; None for what stands in no table."""
    if setting == "line.baud":
        return int(code) if code.isdecimal() else None
    return next((value for value, known in _LINE_CODES[setting].items() if known == code), None)


@cache
def profiles() -> Mapping[str, Profile]:
    """All of them, by the name of their file."""
    folder = resources.files("firmware_config") / "profiles"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): _profile(tomllib.loads(one.read_text("utf-8"))) for one in files}


def of(identity: Identity) -> Profile | None:
    """The profile of exactly this device."""
    return next((one for one in profiles().values() if one.fits(identity)), None)


def _profile(table: dict[str, Any]) -> Profile:
    return Profile(
        maker=table["maker"],
        model=table["model"],
        dots=table["dots"],
        writes_a_day=table["writes_a_day"],
        bauds=tuple(table["bauds"]),
        switches={f"switch.{name}": Switch(**one) for name, one in table.get("switch", {}).items()},
        customs={name: _custom(one) for name, one in table.get("custom", {}).items()},
        logos=table["logos"],
    )


def _custom(table: dict[str, Any]) -> Custom:
    codes = {int(value): code for value, code in table.get("codes", {}).items()}
    return Custom(**{**table, "codes": codes})
