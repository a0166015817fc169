"""`numeretto site`: work on an office file without opening the office."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dispatcher import config
from dispatcher.config.locate import Locator
from dispatcher.config.tables import KioskTable
from dispatcher.engine.model import Office
from dispatcher.wire.arguments import Parser
from dispatcher.wire.messages import BUTTONS


def main(argv: list[str]) -> int:
    """0 the file is good (warnings are said) · 1 it is not, one line for each fault · 2 wrong usage."""
    parser = Parser(prog="numeretto site", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check")
    check = actions.add_parser("check", help="read the file and say all that is wrong with it")
    check.add_argument("file", type=Path, metavar="FILE")
    return _check(parser.parse_args(argv).file)


def read(file: Path) -> config.Reading:
    """The office, with what only the parts themselves know: the profiles of printers, the ports of buttons."""
    reading = config.read(file)
    if reading.office is None:
        return reading
    unknown = [*_profiles(file, reading.office), *_buttons(file, reading.office)]
    return config.Reading(None, tuple(unknown), reading.warnings) if unknown else reading


def _profiles(file: Path, office: Office) -> Iterator[config.ConfigError]:
    for at, kiosk in enumerate(office.kiosks.values()):
        for key, name in (("profile", kiosk.profile), ("spare_profile", kiosk.spare_profile)):
            if name is None or name == KioskTable.model_fields["profile"].default:
                continue
            from kiosk.devices.escpos_bytes import profile
            from kiosk.devices.profiles import UnknownProfile

            try:
                profile(name)
            except UnknownProfile as error:
                line = Locator(file.read_text("utf-8")).line(("kiosk", at, key))
                yield config.ConfigError(str(file), line, f"kiosk[{kiosk.id}].{key}", str(error))


def _buttons(file: Path, office: Office) -> Iterator[config.ConfigError]:
    for at, device in enumerate(office.devices.values()):
        if device.kind not in BUTTONS or device.port is None:
            continue
        from kiosk.counter.program import check_port

        try:
            check_port(device.kind, device.port)
        except ValueError as error:
            line = Locator(file.read_text("utf-8")).line(("device", at, "port"))
            yield config.ConfigError(str(file), line, f"device[{device.id}].port", str(error))


def _check(file: Path) -> int:
    reading = read(file)
    for warning in reading.warnings:
        sys.stderr.write(f"note: {warning}\n")
    for error in reading.errors:
        sys.stderr.write(f"{error}\n")
    office = reading.office
    if office is None:
        return 1
    counts = f"{len(office.services)} services, {len(office.counters)} counters"
    devices = len(office.kiosks) + len(office.displays) + len(office.devices)
    sys.stdout.write(f"{file}: good. {office.name} ({office.id}): {counts}, {devices} devices\n")
    return 0
