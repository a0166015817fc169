"""Keys, voice and buttons of a dispenser, and the ports of LED displays, in the office file (B8, B10, C7, F1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import site
from dispatcher import config
from dispatcher.bus.settings import device_settings
from dispatcher.wire import codec
from dispatcher.wire.messages import KioskConfig
from kiosk.devices import transport
from tests.test_config import DEMO, SMALL, fault, write

KIOSK = 'id = "entrance"'
BOARD = 'board = "serial:///dev/ttyUSB0?baud=115200"'
LED = '[[device]]\nid = "{id}"\nkind = "led_modbus"\ncounter = "1"\nport = "serial:///dev/ttyS0{port}"\n'


def test_a_dispenser_that_speaks_and_has_buttons_is_told_so(tmp_path: Path) -> None:
    more = f'\nvoice = true\nkeys = "/dev/input/by-path/x"\n{BOARD}\nbuttons = {{ "1" = "passport" }}'
    office = config.load(write(tmp_path, SMALL.replace(KIOSK, KIOSK + more)))
    told = codec.decode(
        KioskConfig, device_settings(office, printers={}, room=False, simulated_clock=False)["entrance"]
    )
    assert (told.voice, told.keys, told.board, told.buttons) == (
        True, "/dev/input/by-path/x", "serial:///dev/ttyUSB0?baud=115200", {"1": "passport"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "line", "key", "sentence"),
    [
        ('voice = "yes"', 19, "voice", "true or false"),
        ('voice = true\nkeys = "event3"', 20, "keys", '"keyboard"'),
        (f'{BOARD}\nbuttons = {{ "1" = "visa" }}', 20, "buttons.1", 'unknown service "visa"'),
        (f'{BOARD}\nbuttons = {{ "one two" = "passport" }}', 20, "buttons.one two", "1 to 16"),
        (f'{BOARD}\nbuttons = {{ "1" = 1 }}', 20, "buttons.1", "in quotes"),
        (f'{BOARD}\nbuttons = ["passport"]', 20, "buttons", "of each button"),
        (BOARD, 19, "board", "buttons ="),
        ('buttons = { "1" = "passport" }', 19, "buttons", "board ="),
        ('board = "/dev/ttyUSB0"\nbuttons = { "1" = "passport" }', 19, "board", "serial:///"),
        ('board = "serial:///dev/x"\nbuttons = { "1" = "passport" }', 19, "board", "speed"),
        ('board = "serial:///dev/x?baud=115201"\nbuttons = { "1" = "passport" }', 19, "board", "speed"),
    ],
)
def test_a_fault_of_a_dispensers_keys_is_named_with_its_line(tmp_path, lines, line, key, sentence) -> None:
    error = fault(tmp_path, SMALL.replace(KIOSK, f"{KIOSK}\n{lines}"))
    assert (error.line, error.key) == (line, f"kiosk[entrance].{key}")
    assert sentence in error.message


def test_keys_without_a_voice_are_doubtful(tmp_path: Path) -> None:
    _office, warnings = config.load_with_warnings(write(tmp_path, SMALL.replace(KIOSK, f'{KIOSK}\nkeys = "keyboard"')))
    assert [(one.key, "voice = true" in one.message) for one in warnings] == [("kiosk[entrance].keys", True)]


def test_the_office_with_many_devices_is_without_fault_or_doubt() -> None:
    """B3 B8 B10 C7 D2: the example, checked as `numeretto site check` does; every printer's address can be opened."""
    reading = site.read(DEMO.with_name("dispensers.toml"))
    assert (reading.errors, reading.warnings) == ((), ())
    office = reading.office
    assert office is not None
    kiosks = office.kiosks
    assert [(one.id, one.voice, bool(one.board), bool(one.spare)) for one in kiosks.values()] == [
        ("entrance", True, False, False),
        ("hall", False, False, True),
        ("porter", False, True, False),
    ]
    for address in filter(None, (one for kiosk in kiosks.values() for one in (kiosk.printer, kiosk.spare))):
        assert address == "virtual" or transport.parse(address)
    assert [one.kind for one in office.devices.values()] == [
        "evdev", "esphome", "serial_box", "led_modbus", "led_modbus",
    ]  # fmt: skip
    for made in device_settings(office, printers={"entrance": "file:///x"}, room=False, simulated_clock=False).values():
        assert made


@pytest.mark.parametrize("kind", ["evdev", "serial_box", "tasmota", "led_ascii"])
def test_a_device_that_can_do_nothing_is_doubtful(tmp_path: Path, kind: str) -> None:
    """D2 C7: without its counter, or its port, nobody is called and nothing is shown."""
    text = SMALL + f'\n[[device]]\nid = "keypad-1"\nkind = "{kind}"\n'
    _office, warnings = config.load_with_warnings(write(tmp_path, text))
    assert [(one.key, one.message) for one in warnings] == [
        ("device[keypad-1]", "without a counter it does nothing; add counter"),
        ("device[keypad-1]", "without a port it does nothing; add port"),
    ]


@pytest.mark.parametrize(
    ("ports", "word"),
    [
        (["?map=dm63"], "dm36 or led485"),
        (["?unit=300"], "1 to 247"),
        (["?digits=4"], "says nothing to led_modbus"),
        (["?unit=1", "?unit=1"], '"led-0" on the same line is unit 1 too'),
        (["?unit=1", "?unit=2&baud=19200"], "9600 baud"),
    ],
)
def test_ports_of_led_displays_are_checked(tmp_path: Path, ports: list[str], word: str) -> None:
    """C7: the map, and on one line one speed and a unit for each."""
    text = SMALL + "\n" + "\n".join(LED.format(id=f"led-{at}", port=port) for at, port in enumerate(ports))
    error = fault(tmp_path, text)
    assert error.key == f"device[led-{len(ports) - 1}].port"
    assert word in error.message


def test_several_displays_on_one_line_are_well(tmp_path: Path) -> None:
    text = SMALL + "\n" + "\n".join(LED.format(id=f"led-{n}", port=f"?unit={n}&map=led485") for n in (1, 2, 3))
    assert set(config.load(write(tmp_path, text)).devices) == {"led-1", "led-2", "led-3"}
