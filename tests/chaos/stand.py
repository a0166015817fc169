"""One dispenser as a program of its own, with a broker, a dispatcher's other end and a printer of software: all that a
fault of the printer touches, and nothing else, so that a cell of the matrix takes seconds."""

from __future__ import annotations

import contextlib
import io
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytesseract
from PIL import Image, ImageOps

from dispatcher.wire.client import Broker, Client
from firmware_config.virtual.printer.link import Link, Port, PtyPort, TcpPort
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.printer import Printer
from firmware_config.virtual.printer.roll import Roll
from tests import servers
from tests.bench.processes import module
from tests.chaos import truth
from tests.chaos.bench import DONE
from tests.journeys.waiting import wait_until
from tests.kiosk.peer import KIOSK, NOW, SITE, Peer, config

NOTICED_S = 15.0
RECOVERED_S = 40.0
BAUD = 19200
SERVICE = "passport"


@dataclass
class Stand:
    """`say` publishes the dispenser's settings; the printer is reached over `port`."""

    folder: Path
    broker: servers.Mosquitto
    peer: Peer
    printer: Printer
    port: Port
    orders: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.port.url + (f"?baud={BAUD}" if self.port.url.startswith("serial") else "")

    def say(self, **changes: Any) -> None:
        """New settings, which the dispenser takes over at once."""
        self.settings |= changes
        self.peer.say(config(self.url, **self.settings))

    def switch_on(self) -> None:
        self.printer.fault("plug")
        # Left behind by a test that was killed, it would go on opening its path, and one day that of another's printer.
        command = module("kiosk.app:main", "--site", SITE, "--id", KIOSK, "--headless")
        command += ["--broker", self.broker.url, "--data", str(self.folder / "data")]
        with (self.folder / "kiosk.log").open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log)

    def switch_off(self) -> None:
        """As by a power cut: what the machine had not sent yet is gone with its memory."""
        if self.process is not None:
            self.printer.fault("unplug")
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def log(self) -> str:
        return (self.folder / "kiosk.log").read_text("utf-8")[-3000:]

    def why(self) -> object:
        return self.peer.statuses[-1:], self.printer.state(), self.log()

    def press(self) -> dict[str, Any]:
        """An order to press the service's button; what the dispenser says to it."""
        self.orders += 1
        order = f"order-{self.orders}"
        self.peer.order("press", order, service=SERVICE)
        return self.peer.outcome(order, 10)

    def issued(self) -> list[str]:
        """The numbers given, in their order."""
        return [one["label"] for one in list(self.peer.issued.values())]

    def result(self, label: str) -> str:
        """What the dispenser says of its paper, when it has said so."""
        return wait_until(lambda: self.peer.result(label), RECOVERED_S, self.why)

    def take(self) -> str:
        """A ticket that comes out as it should; its label."""
        known = len(self.issued())
        wait_until(lambda: self.press()["ok"], RECOVERED_S, self.why)
        wait_until(lambda: len(self.issued()) > known, NOTICED_S, self.why)
        label = self.issued()[known]
        assert self.result(label) == "confirmed", self.why()
        self.peer.order("touch", f"done-{label}", **DONE)
        return label

    def problems(self) -> set[str]:
        return self.peer.problems()

    def online(self) -> bool:
        return bool(self.peer.statuses and self.peer.statuses[-1]["online"])

    def well(self) -> None:
        """Wait until the dispenser has recovered, without a hand on it."""
        wait_until(lambda: self.online() and not self.problems(), RECOVERED_S, self.why)

    def papers(self) -> list[dict[str, Any]]:
        return [ticket.public() for ticket in self.printer.roll.after(0)]

    def stored(self) -> list[truth.Stored]:
        """The tickets as a dispatcher would have them."""
        return [
            truth.Stored(label, label, "waiting" if result else "printing", result or "printing", KIOSK)
            for label in self.issued()
            for result in [self.peer.result(label)]
        ]

    def shows(self, pattern: str, timeout_s: float = NOTICED_S) -> None:
        """Wait until that can be read on the dispenser's screen."""
        wait_until(lambda: re.search(pattern, self._text()), timeout_s, lambda: (self._text(), self.why()))

    def _text(self) -> str:
        known = len(self.peer.frames)
        self.orders += 1
        self.peer.order("frame", f"frame-{self.orders}")
        self.peer.wait(lambda peer: len(peer.frames) > known)
        frame = ImageOps.grayscale(Image.open(io.BytesIO(self.peer.frames[-1])))
        upper = frame.crop((0, round(frame.height * 0.36), frame.width, round(frame.height * 0.64)))
        return " ".join(pytesseract.image_to_string(upper, config="--psm 6").split())


@contextlib.contextmanager
def standing(folder: Path, transport: str) -> Iterator[Stand]:
    """A dispenser that is up, with its printer on `tcp` or `pty`; all gone afterwards."""
    broker = servers.Mosquitto(folder, "allow_anonymous true\npersistence false\nset_tcp_nodelay true\n")
    broker.start()
    roll = Roll(MODELS["TM-T20II"], None, lambda: NOW)
    printer = Printer(Machine(MODELS["TM-T20II"]), roll, baud=BAUD if transport == "pty" else None)
    port: Port = TcpPort("127.0.0.1", 0) if transport == "tcp" else PtyPort(folder / "port")
    link = Link(printer, port, monotonic)
    link.start()
    client = Client(Broker.parse(broker.url))
    peer = Peer(client)
    stand = Stand(folder, broker, peer, printer, port)
    over = threading.Event()
    beats = threading.Thread(target=_beat, args=(peer, over))
    try:
        client.start()
        assert client.wait_connected(10)
        beats.start()
        stand.say()
        stand.switch_on()
        wait_until(lambda: peer.statuses, RECOVERED_S, stand.log)
        stand.well()
        yield stand
    finally:
        stand.switch_off()
        over.set()
        if beats.ident:
            beats.join()
        client.stop()
        link.stop()
        broker.kill()


def _beat(peer: Peer, over: threading.Event) -> None:
    while not over.wait(1):
        peer.beat()
