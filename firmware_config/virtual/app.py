"""`numeretto virtual-printer`: the printer made of software as a program of its own."""

import argparse
import json
import logging
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from firmware_config.virtual.printer.control import Control, NotLoopback
from firmware_config.virtual.printer.link import Link, Port, PtyPort, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.nv import BAUDS, FILE, LineSettings, Memory, NvUnreadable
from firmware_config.virtual.printer.printer import Printer
from firmware_config.virtual.printer.roll import Roll, RollUnreadable

_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^:/]+):(?P<port>[0-9]{1,5})")


def main(argv: list[str] | None = None, now: Callable[[], datetime] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. 0 ended as told · 1 cannot serve, or unknown bytes with --strict · 2 wrong usage.

    `now` gives the instants stamped on tickets; without it, the machine's clock or that of --clock.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=options.log_level.upper(), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    _stop_on_signals(stop)
    try:
        roll = Roll(MODELS[options.model], options.data, now or options.clock or _wall)
        line = LineSettings(options.baud) if options.baud in BAUDS else LineSettings()
        memory = Memory(options.model, options.data / FILE if options.data else None, line)
        machine = Machine(
            MODELS[options.model],
            cuts=roll.cuts,
            roll_mm=options.roll_mm,
            serial=options.serial,
            memory=memory,
            receive_buffer=options.buffer,
        )
        own_line = options.listen.serial and options.baud in BAUDS
        printer = Printer(machine, roll, baud=options.baud, serial_line=own_line)
        control = Control(printer, *options.control) if options.control else None
        port = options.listen.open()
    except (OSError, OverflowError, NotLoopback, RollUnreadable, NvUnreadable) as error:
        sys.stderr.write(f"virtual-printer: {error}\n")
        return 1
    if options.strict:
        printer.on_unknown = stop.set
    link = Link(printer, port, time.monotonic)
    link.start()
    if control:
        control.start()
    addresses = {"printer": port.url, "control": control.url if control else None}
    if options.ready_file:
        _write_whole(options.ready_file, json.dumps(addresses))
    sys.stdout.write(f"virtual printer {options.model} at {port.url}, control {addresses['control'] or 'off'}\n")
    sys.stdout.flush()
    stop.wait()
    link.stop()
    return 1 if options.strict and printer.unknown_count else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="numeretto virtual-printer", description=__doc__)
    parser.add_argument(
        "--listen", type=_listen, default="tcp://127.0.0.1:0", metavar="tcp://HOST:PORT|pty[:/LINK]", help="the port"
    )
    parser.add_argument("--control", type=_address, metavar="HOST:PORT", help="front panel over HTTP, loopback only")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep tickets and counters here")
    parser.add_argument("--baud", type=_at_least(10), help="as a serial line of this rate")
    parser.add_argument("--buffer", type=_at_least(45), help="bytes it takes while off line; absent: by its memory")
    parser.add_argument("--model", choices=sorted(MODELS), default="TM-T20II")
    parser.add_argument("--serial", default="VP00000001", help="serial number that it reports")
    parser.add_argument("--roll-mm", type=_at_least(1), help="length of a roll; absent: it never ends")
    parser.add_argument("--ready-file", type=Path, metavar="F", help="written when all is listening: JSON of addresses")
    parser.add_argument("--clock", type=_clock, metavar="ISO[,xN]", help="office time to stamp tickets with")
    parser.add_argument("--strict", action="store_true", help="end with exit code 1 at the first unknown bytes")
    parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    return parser


def _stop_on_signals(stop: threading.Event) -> None:
    def handler(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)
        signal.signal(signal.SIGINT, handler)


def _wall() -> datetime:
    return datetime.now(UTC)


def _clock(text: str) -> Callable[[], datetime]:
    iso, _, pace = text.partition(",x")
    try:
        start, speed = datetime.fromisoformat(iso), float(pace or 1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no instant like 2026-03-02T08:30:00+01:00,x60") from error
    if start.tzinfo is None or not speed > 0:
        raise argparse.ArgumentTypeError(f"{text} needs an offset or Z, and a pace above 0")
    origin_s = time.monotonic()
    return lambda: start + timedelta(seconds=(time.monotonic() - origin_s) * speed)


def _address(text: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(text)
    if not match or int(match["port"]) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no HOST:PORT")
    return match["host"].strip("[]"), int(match["port"])


@dataclass(frozen=True)
class _Listen:
    serial: bool
    open: Callable[[], Port]


def _listen(text: str) -> _Listen:
    scheme, _, rest = text.partition(":")
    if scheme == "tcp" and rest.startswith("//"):
        host, port = _address(rest[2:])
        return _Listen(serial=False, open=lambda: TcpPort(host, port))
    if scheme == "pty":
        return _Listen(serial=True, open=lambda: PtyPort(Path(rest) if rest else None))
    raise argparse.ArgumentTypeError(f"{text} is neither tcp://HOST:PORT nor pty[:/LINK]")


def _at_least(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text} is no number from {least} on")
        return int(text)

    return parse


def _write_whole(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
