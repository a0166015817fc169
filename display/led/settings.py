"""A display's settings: `device/{device}/config`, and what its port says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from dispatcher.wire import codec
from dispatcher.wire.messages import Identifier, Message
from display.led.frames import AsciiLine, Face, dm36, led485

_LINE = "serial:///dev/ttyUSB0?baud=9600"
_MAPS = {"dm36": dm36, "led485": led485}
_KEYS = {"led_modbus": {"baud", "unit", "map"}, "led_ascii": {"baud", "unit", "digits"}}


class LedConfig(Message):
    """The fields of the settings that a display needs."""

    kind: Literal["led_modbus", "led_ascii"]
    counter: Identifier
    port: str


@dataclass(frozen=True)
class Settings:
    """What is to be shown, where, and how."""

    counter: str
    path: str
    baud: int
    face: Face


def read(payload: bytes) -> Settings:
    """Raises ValueError with a sentence for the user."""
    config = codec.decode(LedConfig, payload)
    parts = urlsplit(config.port)
    if parts.scheme != "serial" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"'{config.port}' is no port of an LED display: write {_LINE}")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(asked.keys() - _KEYS[config.kind])
    if unknown:
        raise ValueError(
            f"'{unknown[0]}' says nothing to {config.kind}: it knows {', '.join(sorted(_KEYS[config.kind]))}"
        )
    baud = _number(asked, "baud", 9600, 300, 115_200)
    return Settings(config.counter, parts.path, baud, _face(config.kind, asked))


def _face(kind: str, asked: dict[str, str]) -> Face:
    if kind == "led_ascii":
        return AsciiLine(_number(asked, "unit", 1, 0, 99), _number(asked, "digits", 4, 1, 6))
    name = asked.get("map", "dm36")
    if name not in _MAPS:
        raise ValueError(f"there is no map '{name}': write {' or '.join(_MAPS)}")
    return _MAPS[name](_number(asked, "unit", 1, 1, 247))


def _number(asked: dict[str, str], key: str, default: int, least: int, most: int) -> int:
    text = asked.get(key, str(default))
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"'{key}={text}': write a number from {least} to {most}")
    return int(text)
