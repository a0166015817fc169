"""Running printers for the tests of the virtual printer: real ports, one thread each, gone after the test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from firmware_config.virtual.printer.link import Link, Port, PtyPort, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer
from firmware_config.virtual.printer.roll import Roll

NOW = datetime(2026, 3, 2, 7, 30, 0, 250000, tzinfo=UTC)


def _now() -> datetime:
    return NOW


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Printer, Port]]]:
    """start(kind="tcp"|"pty", data=None, link=None, baud=None, serial_line=False, **machine) → printer and its port."""
    links: list[Link] = []

    def begin(
        kind: str = "tcp",
        data: Path | None = None,
        link: Path | None = None,
        baud: int | None = None,
        serial_line: bool = False,
        **rest: Any,
    ) -> tuple[Printer, Port]:
        model = rest.pop("model", MODELS["TM-T20II"])
        roll = Roll(model, data, _now)
        printer = Printer(Machine(model, cuts=roll.cuts, **rest), roll, baud=baud, serial_line=serial_line)
        port: Port = TcpPort("127.0.0.1", 0) if kind == "tcp" else PtyPort(link)
        links.append(Link(printer, port, monotonic))
        links[-1].start()
        return printer, port

    yield begin
    for link in links:
        link.stop()
