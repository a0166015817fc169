"""What a printer model can do: python-escpos' profiles with our own additions (`profiles.toml`)."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT_DOTS = 512
DEFAULT_COLUMNS = 42
DEFAULT_DPI = 203
DEFAULT_ROLL_M = 80.0


class UnknownProfile(ValueError):
    """No printer of this name is known; the message lists the nearest names."""


@dataclass(frozen=True)
class Profile:
    """`code_page` is the number of CP858 in ESC t n, None where the printer has no such table. `qr_defaults`: ESC @
    sets QR codes to model 2 and level L, so they need not be said. `qr_size`: it tells whether it still has
    the data of a code. `cut`: `feed` (GS V, which feeds to the knife by itself) or `legacy` (ESC i, which does not).
    `presenter`: `custom`, `pyramid` or `star`. `black_mark`:
    `custom` or `epson`, for rolls whose tickets are cut at a mark."""

    name: str
    base: str
    dots: int
    columns: int
    code_page: int | None
    native_qr: bool
    raster: bool
    cutter: bool
    process_id: bool
    cutter_counter: bool
    automatic_status: bool
    qr_defaults: bool = False
    qr_size: bool = False
    cut: str = "feed"
    presenter: str | None = None
    black_mark: str | None = None
    dots_per_mm: float = 8.0
    roll_m: float = 80.0


def load(name: str, known: Mapping[str, Mapping[str, Any]]) -> Profile:
    """The profile `name`, from python-escpos' data in `known`. Raises UnknownProfile."""
    own = _additions()
    extra = own.get(name, {})
    base = extra.get("base", name)
    if base not in known:
        near = difflib.get_close_matches(name, sorted({*known, *own}), n=4, cutoff=0.4)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UnknownProfile(f"no printer profile is called '{name}'{hint}")
    data = known[base]
    features = data.get("features", {})
    return Profile(
        name=name,
        base=base,
        dots=extra.get("dots", _number(data.get("media", {}).get("width", {}).get("pixels"), DEFAULT_DOTS)),
        columns=extra.get("columns", _number(data.get("fonts", {}).get("0", {}).get("columns"), DEFAULT_COLUMNS)),
        code_page=extra.get("code_page", _code_page(data)),
        native_qr=extra.get("native_qr", bool(features.get("qrCode"))),
        raster=bool(features.get("bitImageRaster")),
        cutter=extra.get("cutter", bool(features.get("paperPartCut") or features.get("paperFullCut"))),
        process_id=extra.get("process_id", False),
        cutter_counter=extra.get("cutter_counter", False),
        automatic_status=extra.get("automatic_status", False),
        qr_defaults=extra.get("qr_defaults", False),
        qr_size=extra.get("qr_size", False),
        cut=extra.get("cut", "feed"),
        presenter=extra.get("presenter"),
        black_mark=extra.get("black_mark"),
        dots_per_mm=extra.get("dpi", _number(data.get("media", {}).get("dpi"), DEFAULT_DPI)) / 25.4,
        roll_m=extra.get("roll_m", DEFAULT_ROLL_M),
    )


@cache
def _additions() -> dict[str, dict[str, Any]]:
    text = files("kiosk.devices").joinpath("profiles.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["profile"])


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _code_page(data: Mapping[str, Any]) -> int | None:
    numbers = sorted(int(number) for number, table in data.get("codePages", {}).items() if table == "CP858")
    return numbers[0] if numbers else None
