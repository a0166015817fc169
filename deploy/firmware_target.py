"""Which device of the office `numeretto firmware` is asked for: its port, its file of wishes, or why it has none."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from deploy import site
from deploy.onebox.app import DEMO
from dispatcher.engine.model import Office
from firmware_config import port
from firmware_config.errors import FirmwareError, LineGone
from firmware_config.port import Place

__all__ = ["DEMO", "NoSuchDevice", "Printer", "Silent", "find"]

_NOTHING = {
    "evdev": "a keypad keeps no settings: what its keys mean stands in kiosk/counter. Nothing to read or write.",
    "serial_box": "the button box keeps no settings: it says what is pressed. Nothing to read or write.",
    "zigbee2mqtt": "its settings are Zigbee2MQTT's own. Nothing to read or write from here.",
    "shelly": "its settings are made on its own web page. Nothing to read or write from here.",
    "led_modbus": "no register for its address or speed is published: set them at the display. Nothing to write.",
    "led_ascii": "it answers nothing: address and speed are set at the display. Nothing to read or write.",
}
_FILES = {
    "esphome": ("esphome", "counter-button.yaml", "esphome run FILE"),
    "tasmota": ("tasmota", "counter-button.txt", "paste its line into the button's console"),
}


class NoSuchDevice(Exception):
    """The command line names something that is not there."""


@dataclass(frozen=True)
class Printer:
    """A printer: where it is, and the file of wishes for it."""

    id: str
    place: Place
    file: Path


@dataclass(frozen=True)
class Silent:
    """A device of which nothing is set over its wire, and why."""

    id: str
    kind: str
    words: str


def find(options: argparse.Namespace) -> Printer | Silent:
    """Raises NoSuchDevice, or FirmwareError if the office file is no good."""
    reading = site.read(options.site)
    office = reading.office
    if office is None:
        raise FirmwareError(str(reading.errors[0]))
    file = options.file or _file(options.site, options.device)
    kiosk = office.kiosks.get(options.device)
    if kiosk is None and options.port is None:
        return _silent(office, options.device)
    url = options.port or (kiosk.printer if kiosk else "")
    if url == "virtual":
        url = _virtual(options.data, options.device)
    return Printer(options.device, _place(url), file)


def _file(office_file: Path, device: str) -> Path:
    beside = office_file.parent / "devices" / f"{device}.toml"
    if office_file != DEMO:
        return beside
    return Path(str(resources.files("firmware_config"))) / "devices" / f"{device}.toml"


def _silent(office: Office, name: str) -> Silent:
    device = office.devices.get(name)
    if device is None:
        there = ", ".join((*office.kiosks, *office.devices)) or "none"
        raise NoSuchDevice(f"the office has no device '{name}'; there are {there}, or name one with --port")
    if device.kind in _FILES:
        folder, file, how = _FILES[device.kind]
        path = resources.files("firmware_config") / folder / file
        return Silent(name, device.kind, f"its settings are the file {path}: {how.replace('FILE', file)}.")
    return Silent(name, device.kind, _NOTHING[device.kind])


def _virtual(data: Path, kiosk: str) -> str:
    ready = data / "run" / f"printer-{kiosk}.json"
    try:
        return str(json.loads(ready.read_text("utf-8"))["printer"])
    except (OSError, ValueError, KeyError) as error:
        raise FirmwareError(
            f"{kiosk}'s printer is a virtual one, and no onebox runs on {data}: start it, or name a printer with --port"
        ) from error


def _place(url: str) -> Place:
    if url.startswith("usb://"):
        return Place(url, None, lambda _line: _Usb(url))
    if url.startswith("file://"):
        raise FirmwareError(f"{url} is a file: it cannot be asked for its settings")
    try:
        return port.place(url)
    except ValueError as error:
        raise NoSuchDevice(str(error)) from error


class _Usb:
    """The kiosk's USB line."""

    def __init__(self, url: str) -> None:
        from kiosk.devices import transport

        self._gone = transport.PrinterGone
        try:
            self._port = transport.parse(url)()
        except ValueError as error:
            raise NoSuchDevice(str(error)) from error
        except self._gone as error:
            raise LineGone(str(error)) from error

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except self._gone as error:
            raise LineGone(str(error)) from error

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._port.read(timeout_s)
        except self._gone as error:
            raise LineGone(str(error)) from error

    def line_s(self, count: int) -> float:
        return self._port.line_s(count)

    def close(self) -> None:
        self._port.close()
