"""Where the keys and buttons of a dispenser are: text in, checked text out; ValueError says what to write."""

from __future__ import annotations

import re
import termios
from urllib.parse import parse_qsl, urlsplit

from dispatcher.config.values import Wrong

BOARD = "serial:///dev/ttyUSB0?baud=115200"
BUTTON = re.compile(r"[A-Za-z0-9_-]{1,16}")


def keys(value: object) -> str:
    """`keyboard`, or the path of an input device."""
    if isinstance(value, str) and re.fullmatch(r"keyboard|/[^\s\x00-\x1f]{1,199}", value):
        return value
    raise ValueError('write "keyboard", or a device like "/dev/input/by-path/…-event-kbd"')


def board(value: object) -> str:
    """The serial port of a button board: a path and a speed."""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts and isinstance(value, str) and parts.scheme == "serial" and not parts.netloc and parts.path[:1] == "/":
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if set(asked) == {"baud"} and isinstance(getattr(termios, f"B{asked['baud']}", None), int):
            return value
    raise ValueError(f'write a serial port with its speed, like "{BOARD}"')


def buttons(value: object) -> dict[str, str]:
    """The service of each button, by the word that the board says for it."""
    if not isinstance(value, dict) or not value:
        raise Wrong('write the service of each button: { "1" = "passport", "2" = "residence" }')
    for button, service in value.items():
        if not BUTTON.fullmatch(button):
            raise Wrong("a button has a name of 1 to 16 letters, digits, - and _", button)
        if not isinstance(service, str):
            raise Wrong("write the id of a service in quotes", button)
    return dict(value)
