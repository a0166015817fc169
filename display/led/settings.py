"""A display's settings: `device/{device}/config`, and what its port says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher.wire import codec
from dispatcher.wire.ledport import LedPort, led_port
from dispatcher.wire.messages import Identifier, Message
from display.led.frames import AsciiLine, Face, dm36, led485

_MAPS = {"dm36": dm36, "led485": led485}


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
    port = led_port(config.kind, config.port)
    return Settings(config.counter, port.path, port.baud, _face(port))


def _face(port: LedPort) -> Face:
    return _MAPS[port.map](port.unit) if port.map else AsciiLine(port.unit, port.digits or 4)
