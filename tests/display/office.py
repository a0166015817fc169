"""A private mosquitto, a scripted dispatcher and a display process, for tests over the real wire."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.messages import Board, BoardCall, Heartbeat
from tests.display import pictures
from tests.display.samples import SITE, board, config, event

MOSQUITTO = "/usr/sbin/mosquitto"
DISPLAY = "hall"
CLOCK = SystemClock()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def until(condition: Any, timeout_s: float = 15.0, every_s: float = 0.05) -> bool:
    """Whether `condition()` became true in time."""
    pause = threading.Event()
    end = CLOCK.monotonic() + timeout_s
    while CLOCK.monotonic() < end:
        if condition():
            return True
        pause.wait(every_s)
    return bool(condition())


class PrivateBroker:
    """A mosquitto of one's own that keeps nothing when it is killed."""

    def __init__(self, folder: Path, *also: str) -> None:
        """`also` are further addresses of this machine on which it listens."""
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        # As root mosquitto would become another user, who may not read the folder of a test.
        user = "user root\n" if os.geteuid() == 0 else ""
        listeners = "".join(f"listener {self.port} {address}\n" for address in ("127.0.0.1", *also))
        self._config.write_text(f"{user}{listeners}allow_anonymous true\n", encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stderr=subprocess.DEVNULL)
        assert until(self._listens)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@dataclass
class Script:
    """The dispatcher's side: says boards and calls, and a heartbeat every second while `beats`."""

    url: str
    revision: int = 0
    device: str = DISPLAY
    beats: bool = True
    statuses: list[dict[str, Any]] = field(default_factory=list)
    _shown: Board | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _frame: bytes = b""
    _framed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.link = Client(Broker.parse(self.url))
        self.link.subscribe(topics.device(SITE, self.device, "status"), self._status)
        self.link.subscribe(topics.device(SITE, self.device, "frame"), self._take_frame)
        self.link.start()
        assert self.link.wait_connected(10)
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(5)
        self.link.stop()

    def settings(self, **changed: Any) -> None:
        self._say(topics.device(SITE, self.device, "config"), codec.encode(config(**changed)), retain=True)

    def board(self, *calls: BoardCall, revision: int | None = None, epoch: str = "e1") -> None:
        """A new board, retained; with `revision` an old one that comes late."""
        self.revision += revision is None
        made = board(revision or self.revision, *calls, at=datetime.now(UTC), epoch=epoch)
        self._shown = made if revision is None else self._shown
        self._say(topics.board(SITE), codec.encode(made), retain=True)

    def calls(self, *calls: BoardCall) -> None:
        for each in calls:
            self._say(topics.call(SITE), codec.encode(event(each, self.revision)))

    def frame(self) -> Image.Image:
        """The screen as it is now."""
        self._framed.clear()
        self._say(topics.device(SITE, self.device, "do"), b'{"request_id":"frame","action":"frame"}')
        assert self._framed.wait(5), "no frame within 5 s"
        return pictures.of_png(self._frame)

    def shown(self) -> int | None:
        """The revision that the display says it shows."""
        return self.statuses[-1].get("shown_revision") if self.statuses else None

    def problems(self) -> list[str]:
        return [each["code"] for each in self.statuses[-1].get("problems", [])] if self.statuses else []

    def heartbeat(self) -> None:
        if self._shown is not None and self.link.connected:
            beat = Heartbeat(epoch=self._shown.epoch, revision=self._shown.revision, at=datetime.now(UTC))
            self._say(topics.heartbeat(SITE), codec.encode(beat))

    def _beat(self) -> None:
        while not self._ended.wait(1.0):
            if self.beats:
                self.heartbeat()

    def _say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.link.publish(topic, payload, retain=retain, wait_s=5)

    def _status(self, message: Any) -> None:
        self.statuses.append(codec.decode_object(message.payload))

    def _take_frame(self, message: Any) -> None:
        self._frame = message.payload
        self._framed.set()


class DisplayProcess:
    """`numeretto display`, headless; what it plays goes into a file."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *more: str,
        within: tuple[str, ...] = (),
        display: str | None = None,
        wayland: Path | None = None,
    ) -> None:
        """`within` is a command that runs it, as `ip netns exec NAME` does.

        `display` is an X server that shows it, `wayland` the socket of a compositor that does.
        """
        self.ready = folder / "ready.json"
        self.audio = folder / "played.raw"
        self._log = (folder / "display.log").open("wb")
        arguments = ["--site", SITE, "--id", DISPLAY, "--broker", url, "--headless", "--ready-file", str(self.ready)]
        arguments = [each for each in arguments if not (display or wayland) or each != "--headless"]
        environment = {**os.environ, "SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(self.audio)}
        if display is not None:
            environment |= {"DISPLAY": display, "SDL_VIDEODRIVER": ""}
        if wayland is not None:
            environment.pop("DISPLAY", None)
            own = {"WAYLAND_DISPLAY": wayland.name, "XDG_RUNTIME_DIR": str(wayland.parent), "SDL_VIDEODRIVER": ""}
            environment |= own
        # What this process was told for its own screens is not what a screen finds on its machine.
        environment.pop("SDL_FRAMEBUFFER_ACCELERATION", None)
        self._process = subprocess.Popen(
            [*within, sys.executable, "-m", "display.app", *arguments, *more], env=environment, stderr=self._log
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self, timeout_s: float) -> tuple[int, float]:
        """SIGTERM: the exit code and the seconds that it took."""
        began = CLOCK.monotonic()
        self._process.terminate()
        code = self._process.wait(timeout_s)
        return code, CLOCK.monotonic() - began

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._log.close()


def cpu_percent(pid: int, seconds: float) -> float:
    """The share of one core that a process takes over `seconds`; for the bench."""
    began, before = CLOCK.monotonic(), _cpu_seconds(pid)
    threading.Event().wait(seconds)
    return 100 * (_cpu_seconds(pid) - before) / (CLOCK.monotonic() - began)


def resident_mb(pid: int) -> float:
    """The memory of a process that is in RAM; for the bench."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
