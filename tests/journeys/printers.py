"""Virtual printers as the stories use them: their front panel, and one at the end of a pty."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import servers
from tests.journeys.waiting import wait_until
from tests.journeys.web import ask

BAUD = 19200


@dataclass(frozen=True)
class Panel:
    """The front panel at `control`, an http URL."""

    control: str

    def tickets(self) -> list[dict[str, Any]]:
        """`[{n, text, codes, cut, kind, at, …}]`, all that ever came out."""
        return list(ask(f"{self.control}/tickets").body)

    def png(self, n: int) -> bytes:
        answer = ask(f"{self.control}/tickets/{n}.png")
        assert answer.status == 200, answer
        return bytes(answer.body)

    def state(self) -> dict[str, Any]:
        return dict(ask(f"{self.control}/state").body)

    def fault(self, fault: str, **fields: Any) -> None:
        answer = ask(f"{self.control}/fault", "POST", {"fault": fault, **fields})
        assert answer.status == 204, answer


def of_kiosk(data: Path, kiosk: str) -> Panel:
    """The panel of a printer that a onebox runs."""
    ready = json.loads((data / "run" / f"printer-{kiosk}.json").read_text("utf-8"))
    return Panel(str(ready["control"]))


class TestPrinter:
    """A virtual printer of the test's own, listening on `listen`; it can be unplugged and plugged in again."""

    __test__ = False

    def __init__(self, folder: Path, listen: str, url: str, baud: int | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._listen, self._baud = folder, listen, baud
        self._process: subprocess.Popen[bytes] | None = None
        self.panel = Panel("")
        self.url = url
        """For the office file."""

    def plug(self) -> None:
        ready = self._folder / "ready.json"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "deploy.cli", "virtual-printer", "--listen", self._listen]
        command += ["--control", "127.0.0.1:0", "--data", str(self._folder / "roll"), "--ready-file", str(ready)]
        command += ["--log-level", "info", *(["--baud", str(self._baud)] if self._baud else [])]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(ready.exists, 20, "the virtual printer's ready file")
        self.panel = Panel(json.loads(ready.read_text("utf-8"))["control"])

    def unplug(self) -> None:
        """The process is gone in an instant, as a printer whose plug is pulled."""
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait(10)


@contextlib.contextmanager
def serial_printer(folder: Path, baud: int = BAUD) -> Iterator[TestPrinter]:
    """A plugged-in one on a serial line of `baud`, at `folder/port`; gone afterwards."""
    port = folder / "port"
    with _plugged(TestPrinter(folder, f"pty:{port}", f"serial://{port}?baud={baud}", baud)) as printer:
        yield printer


@contextlib.contextmanager
def network_printer(folder: Path) -> Iterator[TestPrinter]:
    """A plugged-in one on a TCP port of its own; gone afterwards."""
    address = f"tcp://127.0.0.1:{servers.free_port()}"
    with _plugged(TestPrinter(folder, address, address, None)) as printer:
        yield printer


@contextlib.contextmanager
def _plugged(printer: TestPrinter) -> Iterator[TestPrinter]:
    try:
        printer.plug()
        yield printer
    finally:
        printer.unplug()
