"""`numeretto site`: work on an office file without opening the office."""

from __future__ import annotations

import sys
from pathlib import Path

from dispatcher import config
from dispatcher.config.locate import Locator
from dispatcher.config.tables import KioskTable
from dispatcher.wire.arguments import Parser


def main(argv: list[str]) -> int:
    """0 the file is good (warnings are said) · 1 it is not, one line for each fault · 2 wrong usage."""
    parser = Parser(prog="numeretto site", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check")
    check = actions.add_parser("check", help="read the file and say all that is wrong with it")
    check.add_argument("file", type=Path, metavar="FILE")
    return _check(parser.parse_args(argv).file)


def read(file: Path) -> config.Reading:
    """The office, with what only the parts themselves know: the profiles of printers."""
    reading = config.read(file)
    unknown: list[config.ConfigError] = []
    for at, kiosk in enumerate(reading.office.kiosks.values() if reading.office else ()):
        for key, name in (("profile", kiosk.profile), ("spare_profile", kiosk.spare_profile)):
            if name is None or name == KioskTable.model_fields["profile"].default:
                continue
            from kiosk.devices.escpos_bytes import profile
            from kiosk.devices.profiles import UnknownProfile

            try:
                profile(name)
            except UnknownProfile as error:
                line = Locator(file.read_text("utf-8")).line(("kiosk", at, key))
                unknown.append(config.ConfigError(str(file), line, f"kiosk[{kiosk.id}].{key}", str(error)))
    return config.Reading(None, tuple(unknown), reading.warnings) if unknown else reading


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
