"""What the port of an LED display says: `serial:///dev/ttyUSB0?baud=9600&unit=1&map=dm36`. One reading for the office
file's check and for the program that drives the display."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

MAPS = ("dm36", "led485")
"""The register maps of Modbus displays; the first is the default."""
_LINE = "serial:///dev/ttyUSB0?baud=9600"
_KEYS = {"led_modbus": ("baud", "map", "unit"), "led_ascii": ("baud", "digits", "unit")}
_UNITS = {"led_modbus": (1, 247), "led_ascii": (0, 99)}


@dataclass(frozen=True)
class LedPort:
    """A line and a display on it: `unit` is its address there; `map` is None on an ASCII line, `digits` on Modbus."""

    path: str
    baud: int
    unit: int
    map: str | None = None
    digits: int | None = None


def led_port(kind: str, text: str) -> LedPort:
    """Raises ValueError with a sentence for the user. `kind` is one of messages.LEDS."""
    parts = urlsplit(text)
    if parts.scheme != "serial" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"'{text}' is no port of an LED display: write {_LINE}")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(asked.keys() - set(_KEYS[kind]))
    if unknown:
        raise ValueError(f"'{unknown[0]}' says nothing to {kind}: it knows {', '.join(_KEYS[kind])}")
    baud, unit = _number(asked, "baud", 9600, 300, 115_200), _number(asked, "unit", 1, *_UNITS[kind])
    if kind == "led_ascii":
        return LedPort(parts.path, baud, unit, digits=_number(asked, "digits", 4, 1, 6))
    name = asked.get("map", MAPS[0])
    if name not in MAPS:
        raise ValueError(f"there is no map '{name}': write {' or '.join(MAPS)}")
    return LedPort(parts.path, baud, unit, map=name)


def _number(asked: dict[str, str], key: str, default: int, least: int, most: int) -> int:
    text = asked.get(key, str(default))
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"'{key}={text}': write a number from {least} to {most}")
    return int(text)
