"""Printers of software, a desk without a screen, a private broker: real parts, gone after the test."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"

from dispatcher.wire import memory, topics
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.device import DeviceLink, will_of
from firmware_config.virtual.printer.link import Link, Port, PtyPort, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer as VirtualPrinter
from firmware_config.virtual.printer.roll import Roll
from kiosk import flow
from kiosk.desk import Desk, Office, Setup
from kiosk.devices import escpos_bytes, transport
from kiosk.devices.line import Line
from kiosk.devices.printer import Printer
from kiosk.devices.status import Condition
from kiosk.lease import Leases
from kiosk.offline import OffLine
from kiosk.refusals import Refusals
from kiosk.reporter import Reporter
from kiosk.spool import Spool
from tests import servers
from tests.bench.processes import module
from tests.kiosk.alone import Alone, Opened
from tests.kiosk.peer import KIOSK, MENU, NOW, SITE, Peer, config


@dataclass
class Virtual:
    """A printer of software with its line."""

    printer: VirtualPrinter
    port: Port

    @property
    def url(self) -> str:
        return self.port.url

    @property
    def labels(self) -> list[str]:
        """The number on each ticket that was cut off; what a power cycle tore is no ticket."""
        whole = [ticket for ticket in self.printer.roll.after(0) if ticket.piece.cut != "torn"]
        return [label for ticket in whole for label in _labels(ticket.piece.text)]

    @property
    def texts(self) -> list[str]:
        return [ticket.piece.text for ticket in self.printer.roll.after(0)]


def _labels(text: str) -> list[str]:
    return [word for word in text.split() if len(word) == 4 and word[0] == "A" and word[1:].isdigit()]


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[Callable[..., Virtual]]:
    """virtual(kind="tcp"|"pty", baud=None, serial_line=False, **machine)."""
    links: list[Link] = []

    def begin(kind: str = "tcp", baud: int | None = None, serial_line: bool = False, **rest: Any) -> Virtual:
        roll = Roll(MODELS["TM-T20II"], None, lambda: NOW)
        machine = Machine(MODELS["TM-T20II"], cuts=roll.cuts, **rest)
        printer = VirtualPrinter(machine, roll, baud=baud, serial_line=serial_line)
        port: Port = TcpPort("127.0.0.1", 0) if kind == "tcp" else PtyPort(tmp_path / "printer")
        links.append(Link(printer, port, monotonic))
        links[-1].start()
        return Virtual(printer, port)

    yield begin
    for link in links:
        link.stop()


@dataclass
class Rig:
    """A desk at work on a printer, with a dispatcher in memory; `events` is what a screen would be told."""

    peer: Peer
    desk: Desk
    reporter: Reporter
    spool: Spool
    printer: Printer
    offline: OffLine
    events: list[object] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def press(self, key: str, *, alone: bool = False) -> None:
        press = flow.Press(key, "passport", NOW, "it")
        self.desk.issue(flow.Issue(press, {"it": "Passaporti"}, alone=alone))

    def wait(self, holds: Callable[[list[object]], Any], timeout_s: float = 20) -> Any:
        with self.changed:
            assert self.changed.wait_for(lambda: holds(self.events), timeout_s), self.events
            return holds(self.events)

    def saw(self, kind: type, timeout_s: float = 20) -> Any:
        """The first event of a kind."""
        return self.wait(lambda events: next((event for event in events if isinstance(event, kind)), None), timeout_s)

    def settled(self) -> None:
        """Wait until the printer is well, and what it answers is found out."""
        self.condition(lambda condition: condition.ready)
        until = monotonic() + 10
        pause = threading.Event()
        while self.printer.answers_process_ids is None:
            assert monotonic() < until, "not probed"
            pause.wait(0.01)

    def condition(self, holds: Callable[[Condition], bool], timeout_s: float = 10) -> None:
        """Wait until the desk's knowledge of the printer is such."""
        self.wait(
            lambda events: any(isinstance(e, Condition) for e in events) and holds(self.printer.condition), timeout_s
        )


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """rig(url, profile="TM-T20II") begins a desk; a second call with the same spool is the program after a restart."""
    rigs: list[Rig] = []

    def begin(
        url: str, *, profile: str = "TM-T20II", spool: str = "spool", start: bool = True, held: int | None = None
    ) -> Rig:
        broker = memory.Broker()
        back = memory.Client(broker)
        peer = Peer(back)
        back.start()
        client = memory.Client(broker, will=will_of(SITE, KIOSK))
        device = DeviceLink(client, SITE, KIOSK)
        client.start()
        made: list[Rig] = []

        def hear(event: object) -> None:
            with made[0].changed:
                made[0].events.append(event)
                made[0].changed.notify_all()

        clock = SystemClock()
        store = Spool(tmp_path / spool)
        offline = _offline(tmp_path / f"{spool}.lease", clock, held) if held is not None else OffLine(clock)
        reporter = Reporter(device, store, offline)
        desk = Desk(
            device,
            store,
            clock,
            notify=hear,
            reported=reporter.wake,
            failed=lambda: hear("failed"),
            offline=offline,
        )
        printer = escpos_bytes.profile(profile)
        line = Line(transport.parse(url), clock, automatic_status=printer.automatic_status, changed=hear)
        made.append(Rig(peer, desk, reporter, store, Printer(line, printer), offline))
        if held:
            peer.at = clock.now()
            client.subscribe(topics.heartbeat(SITE), lambda message: offline.heard(message.payload))
            peer.beat()
        rigs.append(made[0])
        office = Office("Camera di commercio", "Europe/Rome", ("it", "en", "de", "fr"))
        desk.use(Setup(office, made[0].printer))
        if start:
            desk.start()
            reporter.start()
        return made[0]

    yield begin
    for one in rigs:
        stop(one)


def _offline(path: Path, clock: SystemClock, held: int) -> OffLine:
    """What a kiosk holds to go on alone, its clock right."""
    made = OffLine(clock, Leases(path), refusals=Refusals(path.with_suffix(".refused.json"), clock))
    made.configured(config("file:///dev/null", offline=held))
    made.offers(MENU)
    return made


def stop(one: Rig) -> None:
    """End a desk as a program's end would; a second time does nothing."""
    if one.desk.started:
        one.desk.stop(5)
        one.reporter.stop(12)
    one.spool.close()
    one.offline.close()


@pytest.fixture
def opened() -> Iterator[Opened]:
    """opened(Alone(…)): its file is closed with the test."""
    made: list[Alone] = []

    def begin(one: Alone) -> Alone:
        made.append(one)
        return one

    yield begin
    for one in made:
        one.leases.close()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[int]:
    """A private broker; its port."""
    broker = servers.Mosquitto(tmp_path, "allow_anonymous true\npersistence false\nset_tcp_nodelay true\n")
    broker.start()  # it listens now: a client that came too early would try again only after seconds
    yield broker.port
    broker.kill()


@pytest.fixture
def peer(mosquitto: int) -> Iterator[Peer]:
    """A dispatcher on the private broker."""
    client = Client(Broker("127.0.0.1", mosquitto))
    made = Peer(client)
    client.start()
    assert client.wait_connected(10)
    beating = threading.Event()

    def beat() -> None:
        while not beating.wait(2):
            made.beat()

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield made
    finally:
        beating.set()
        thread.join()
        client.stop()


@pytest.fixture
def kiosk(mosquitto: int, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """kiosk(*options) starts the program; ended with the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(*options: str) -> subprocess.Popen[bytes]:
        command = module("kiosk.app:main", "--site", SITE, "--id", KIOSK, "--headless")
        command += ["--broker", f"mqtt://127.0.0.1:{mosquitto}", "--data", str(tmp_path / "data"), *options]
        with (tmp_path / f"kiosk-{len(processes)}.log").open("wb") as log:
            processes.append(subprocess.Popen(command, stderr=log))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait(5)
