"""`numeretto onebox`: an office on one machine, from its file, with nothing else to set up."""

from __future__ import annotations

import argparse
import fcntl
import http.client
import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from deploy import site
from deploy.onebox import broker, plan, ports, vault
from deploy.onebox.leash import adopt_orphans
from deploy.onebox.rooms import RoomThread
from deploy.onebox.supervisor import StartFailed, Supervisor
from dispatcher import config
from dispatcher.engine.model import Office
from dispatcher.wire import clock
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker
from dispatcher.wire.program import write_ready

log = logging.getLogger(__name__)

DEMO = Path(__file__).parents[1] / "demo" / "site.toml"
DEFAULT_HTTP = ports.Address("127.0.0.1", 8000)
DEFAULT_MQTT = ports.Address("127.0.0.1", 1883)
DEFAULT_ROOM = ports.Address("127.0.0.1", 0)
BROKER_VARIABLE = "NUMERETTO_BROKER"


class CannotStart(Exception):
    """The onebox cannot run; the text is for the user."""


@dataclass(frozen=True)
class Options:
    """The command line, read."""

    site: Path = DEMO
    data: Path = Path("data")
    http: ports.Address | None = None
    mqtt: ports.Address | None = None
    broker: str | None = None
    room: ports.Address | None = None
    headless: bool = False
    clock: clock.SimulatedClock | None = None
    ready_file: Path | None = None


def main(argv: list[str]) -> int:
    """Run until SIGTERM or SIGINT. 0 ended as told · 1 cannot run · 2 wrong usage."""
    options = _options(argv, os.environ)
    try:
        return _run(options, os.environ)
    except (CannotStart, config.ConfigError, ports.AddressTaken, vault.VaultError, StartFailed) as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error.filename or 'system'}: {error.strerror or error}; mend it and start again")
        return 1


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stderr.write(f"numeretto: {text}\n")
    sys.stderr.flush()


def _options(argv: list[str], environ: Mapping[str, str]) -> Options:
    parser = Parser(prog="numeretto onebox", description=__doc__)
    parser.add_argument("--site", type=Path, default=DEMO, metavar="FILE", help="the office file (the demo office)")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the data folder (data)")
    parser.add_argument("--http", type=_address, metavar="HOST:PORT", help=f"pages and API ({DEFAULT_HTTP})")
    brokers = parser.add_mutually_exclusive_group()
    brokers.add_argument("--mqtt", type=_address, metavar="HOST:PORT", help=f"the own broker ({DEFAULT_MQTT})")
    brokers.add_argument("--broker", type=_broker, metavar="URL", help="a broker that is there (NUMERETTO_BROKER)")
    parser.add_argument("--room", type=_address, metavar="HOST:PORT", help="the room (127.0.0.1, a free port)")
    parser.add_argument("--headless", action="store_true", help="draw without windows")
    parser.add_argument("--clock", type=_clock, metavar="ISO[,xN]", help="simulated office time, N times as fast")
    parser.add_argument("--ready-file", type=Path, metavar="F", help="written when all is ready: JSON of addresses")
    values = parser.parse_args(argv)
    if not values.mqtt and not values.broker and environ.get(BROKER_VARIABLE):
        try:
            values.broker = _broker(environ[BROKER_VARIABLE])
        except argparse.ArgumentTypeError as error:
            parser.error(f"{BROKER_VARIABLE}: {error}")
    return Options(**vars(values))


def _address(text: str) -> ports.Address:
    try:
        return ports.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _broker(text: str) -> str:
    try:
        Broker.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _clock(text: str) -> clock.SimulatedClock:
    try:
        return clock.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _run(options: Options, environ: Mapping[str, str]) -> int:
    reading = site.read(options.site)
    for warning in reading.warnings:
        say(f"note: {warning}")
    office = reading.office
    if office is None:
        raise reading.errors[0]
    _prepare_folder(options.data)
    with (options.data / "lock").open("a+", encoding="ascii") as lock:
        _take(lock.fileno(), options.data)
        door = ports.listen(ports.settle(options.room or DEFAULT_ROOM, may_give_way=False))
        try:
            made = _plan(options, office, environ, door)
            _serve(made, options, door)
        finally:
            door.close()
    return 0


def _prepare_folder(data: Path) -> None:
    for folder in (data, data / "run", data / "log"):
        folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(data / "log" / "onebox.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )


def _take(descriptor: int, data: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart(f"another onebox runs in {data}; end it, or give another folder with --data") from None


def _plan(options: Options, office: Office, environ: Mapping[str, str], door: socket.socket) -> plan.Plan:
    http = ports.settle(options.http or DEFAULT_HTTP, may_give_way=options.http is None)
    if options.http is None and http != DEFAULT_HTTP:
        say(f"{DEFAULT_HTTP} is taken by another program; taking {http} for the pages")
    mqtt = DEFAULT_MQTT
    if options.broker is None:
        mqtt = ports.settle(options.mqtt or DEFAULT_MQTT, may_give_way=options.mqtt is None)
        if options.mqtt is None and mqtt != DEFAULT_MQTT:
            say(f"{DEFAULT_MQTT} is taken by another program; taking {mqtt} for the broker")
    host, port = door.getsockname()[:2]
    printers, panels = plan.virtual_printers(office)
    return plan.Plan(
        office=office,
        site_file=options.site.resolve(),
        data=options.data.resolve(),
        http=http,
        mqtt=mqtt,
        room_url=f"http://{ports.Address(host, port).reachable}/room",
        secrets=vault.fill(options.data, vault.variables(office), environ),
        environ=environ,
        outside_broker=options.broker,
        mosquitto=broker.find_mosquitto(environ),
        headless=options.headless or not _has_screen(environ),
        clock_text=options.clock.export() if options.clock else None,
        panels=panels,
        printers=printers,
    )


def _has_screen(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _serve(made: plan.Plan, options: Options, door: socket.socket) -> None:
    _tell_before(made, options)
    adopt_orphans()
    room = RoomThread(made, options.clock or clock.SystemClock(), door)
    supervisor = Supervisor(
        plan.parts(made),
        made.data / "log",
        all_ready=lambda: room.is_up and _answers(made.http),
        on_ready=lambda pids: _announce(made, options, pids),
        say=say,
        on_end=room.begin_stop,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.request_stop()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    room.start()
    try:
        supervisor.run()
    finally:
        room.end()
    say("all parts have ended")


def _tell_before(made: plan.Plan, options: Options) -> None:
    if made.secrets.fresh:
        say(f"new secrets, shown this once and kept in {made.data / vault.FILE}:")
        for name, value in made.secrets.fresh.items():
            sys.stderr.write(f"    {name}={value}\n")
    if made.headless and not options.headless:
        say("no screen here (DISPLAY is not set): dispenser and screens are drawn in memory; see them in the room")
    if made.outside_broker is None and made.mosquitto is None:
        say("no mosquitto here: the embedded broker serves; it checks passwords, but not who writes which topic")
    if options.clock:
        say(f"simulated clock: {options.clock.start.isoformat()}, {options.clock.pace:g} times as fast")


def _answers(address: ports.Address) -> bool:
    """Whether the dispatcher says that broker, kiosks and displays are up (`/readyz`)."""
    connection = http.client.HTTPConnection(address.reachable_host, address.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(made: plan.Plan, options: Options, pids: Mapping[str, int]) -> None:
    parts = urlsplit(made.broker_url)
    port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    content = {
        "http": made.http_url,
        "mqtt": f"{parts.scheme}://{ports.Address(parts.hostname or '', port)}",
        "room": made.room_url,
        "pids": {"onebox": os.getpid(), **pids},
    }
    write_ready(options.ready_file, content)
    log.info("event=onebox_ready http=%s room=%s", made.http_url, made.room_url)
    sys.stdout.write(f"{made.office.name} is open: {made.http_url}/  (everything in one window: {made.room_url})\n")
    sys.stdout.flush()
