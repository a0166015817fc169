"""The settings of an LED display. [C7]"""

from __future__ import annotations

import pytest

from dispatcher.wire import codec
from display.led.frames import AsciiLine, dm36, led485
from display.led.settings import Settings, read


def settings(kind: str, port: str) -> Settings:
    return read(codec.encode_plain({"kind": kind, "counter": "3", "port": port, "simulated_clock": False}))


@pytest.mark.parametrize(
    ("kind", "port", "expected"),
    [
        ("led_modbus", "serial:///dev/ttyUSB0", Settings("3", "/dev/ttyUSB0", 9600, dm36())),
        (
            "led_modbus",
            "serial:///dev/ttyUSB0?baud=19200&map=led485&unit=7",
            Settings("3", "/dev/ttyUSB0", 19200, led485(7)),
        ),
        ("led_ascii", "serial:///dev/ttyS0?unit=2&digits=3", Settings("3", "/dev/ttyS0", 9600, AsciiLine(2, 3))),
    ],
)
def test_port_says_which_display(kind: str, port: str, expected: Settings) -> None:
    assert settings(kind, port) == expected


@pytest.mark.parametrize(
    ("kind", "port", "word"),
    [
        ("led_modbus", "/dev/ttyUSB0", "write serial:///"),
        ("led_modbus", "tcp://1.2.3.4:502", "write serial:///"),
        ("led_modbus", "serial://host/dev", "write serial:///"),
        ("led_modbus", "serial:///dev/x?map=led9", "dm36 or led485"),
        ("led_modbus", "serial:///dev/x?unit=0", "1 to 247"),
        ("led_modbus", "serial:///dev/x?baud=fast", "baud=fast"),
        ("led_modbus", "serial:///dev/x?digits=3", "digits"),
        ("led_ascii", "serial:///dev/x?map=dm36", "map"),
        ("evdev", "serial:///dev/x", "kind"),
    ],
)
def test_wrong_settings_say_what_to_write(kind: str, port: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        settings(kind, port)


def test_settings_without_a_port_or_counter_are_refused() -> None:
    with pytest.raises(ValueError, match="counter"):
        read(codec.encode_plain({"kind": "led_modbus", "counter": None, "port": "serial:///dev/x"}))
