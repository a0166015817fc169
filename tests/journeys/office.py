"""A whole office as its users meet it: one onebox process, its pages, its broker, its room."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from PIL import Image

from dispatcher.wire import topics
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink, Refused, Unreachable, will_of
from tests.journeys import pictures
from tests.journeys.observer import Observer
from tests.journeys.waiting import wait_until
from tests.journeys.web import Answered, ask

READY_S = 60.0
STOP_S = 12.0
PRESS_S = 20.0


@dataclass
class Office:
    """A running office. `ready` is the ready file's content as it was last read."""

    site: str
    folder: Path
    process: subprocess.Popen[bytes]
    ready: dict[str, Any]
    secrets: Mapping[str, str]
    observer: Observer
    _devices: dict[str, tuple[Client, DeviceLink]] = field(default_factory=dict)

    # -- over HTTP

    @property
    def http(self) -> str:
        return str(self.ready["http"])

    def api(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answered:
        """A request to the API below the site, as the office's program (role office)."""
        token = self.secrets["NUMERETTO_TOKEN_OFFICE"]
        return ask(f"{self.http}/api/v1/sites/{self.site}{path}", method, body, token=token, key=key)

    def get(self, path: str) -> Any:
        answer = self.api("GET", path)
        assert answer.status == 200, answer
        return answer.body

    def act(self, counter: str, action: str, /, **body: Any) -> Answered:
        """An operator's action. Ids of its own: a repeat by the caller counts twice."""
        sent = {name.rstrip("_"): value for name, value in body.items()}
        return self.api("POST", f"/counters/{counter}/{action}", sent, key=uuid.uuid4().hex)

    def acted(self, counter: str, action: str, /, **body: Any) -> dict[str, Any]:
        """The same, which must succeed; the answer."""
        answer = self.act(counter, action, **body)
        assert answer.status == 200, (counter, action, answer)
        assert isinstance(answer.body, dict)
        return answer.body

    def issue(self, service: str, **body: Any) -> dict[str, Any]:
        """A walk-in without paper, waiting at once."""
        answer = self.api("POST", "/tickets", {"service": service, **body}, key=uuid.uuid4().hex)
        assert answer.status == 201, answer
        return dict(answer.body)

    def book(self, service: str, start: str, **body: Any) -> dict[str, Any]:
        """An appointment, booked at the desk."""
        person = {"name": f"Maria {uuid.uuid4().hex[:8]}", "phone": "+39 011 8122345", "consent": True}
        sent = {"service": service, "start": start, **person, **body}
        answer = self.api("POST", "/appointments", sent, key=uuid.uuid4().hex)
        assert answer.status == 201, answer
        return dict(answer.body)

    def ticket(self, ticket_id: str) -> dict[str, Any]:
        return dict(self.get(f"/tickets/{ticket_id}"))

    def in_state(self, ticket_id: str, *states: str, timeout_s: float = 15.0) -> dict[str, Any]:
        """The ticket once it is in one of the states."""

        def found() -> dict[str, Any] | None:
            one = self.ticket(ticket_id)
            return one if one["state"] in states else None

        return wait_until(found, timeout_s, lambda: (states, self.ticket(ticket_id)))

    def at_counter(self, counter: str, label: str, timeout_s: float = 15.0) -> dict[str, Any]:
        """The counter once it holds that label."""

        def found() -> dict[str, Any] | None:
            one = self.get(f"/counters/{counter}")
            return one if one["ticket"] and one["ticket"]["label"] == label else None

        return wait_until(found, timeout_s, lambda: (label, self.get(f"/counters/{counter}")))

    # -- in the room

    def room(self, path: str, method: str = "GET", body: Any = None) -> Answered:
        return ask(f"{self.ready['room']}{path}", method, body)

    def now(self) -> datetime:
        """Office time."""
        return datetime.fromisoformat(self.room("/clock").body["at"].replace("Z", "+00:00"))

    def press(self, kiosk: str, service: str, **body: Any) -> Answered:
        """A finger on the dispenser."""
        return self.room(f"/kiosk/{kiosk}/press", "POST", {"service": service, **body})

    def papers(self, kiosk: str) -> list[dict[str, Any]]:
        """What came out of the kiosk's virtual printer."""
        answer = self.room(f"/kiosk/{kiosk}/tickets")
        assert answer.status == 200, answer
        return list(answer.body)

    def fault(self, kiosk: str, fault: str) -> None:
        answer = self.room(f"/kiosk/{kiosk}/printer", "POST", {"fault": fault})
        assert answer.status == 200, answer

    def frame(self, kind: str, device: str) -> Image.Image:
        """The surface of a kiosk or display as it is now."""
        answer = self.room(f"/{kind}/{device}.png")
        assert answer.status == 200, answer
        return pictures.picture(answer.body)

    def screen_shows(self, display: str, label: str | None, timeout_s: float = 20.0) -> Image.Image:
        """The display's picture once its huge call reads as that label; None: as nobody's."""
        read: dict[bytes, str | None] = {}

        def found() -> Image.Image | None:
            frame = self.frame("display", display)
            frame.save(self.folder / f"{display}.png", compress_level=1)
            line = pictures.huge_call(frame)
            if line.tobytes() not in read:
                read[line.tobytes()] = pictures.read_label(line)
            return frame if read[line.tobytes()] == label else None

        return wait_until(found, timeout_s, lambda: f"{label} on {display}, read {[*read.values()]}")

    # -- over MQTT

    def broker(self) -> Broker:
        return Broker.parse(str(self.ready["mqtt"]))

    def device(self, device: str) -> DeviceLink:
        """A device of the office file that no process of the onebox plays; connected with its own account."""
        if device not in self._devices:
            password = self.secrets["NUMERETTO_DEVICE_" + device.upper().replace("-", "_")]
            client = Client(
                self.broker(), username=device, password=password, will=will_of(self.site, device), client_id=device
            )
            self._devices[device] = client, DeviceLink(client, self.site, device)
            client.start()
            assert client.wait_connected(10), device
        return self._devices[device][1]

    def button(self, device: str, counter: str, action: str, /, **body: Any) -> tuple[str | None, dict[str, Any]]:
        """A press on a counter's button: the error's code or None, and the answer.

        One press, one request id: while no answer comes it is repeated with that id, as long as PRESS_S.
        """
        link, command = self.device(device), {"request_id": uuid.uuid4().hex, "action": action, **body}
        deadline = monotonic() + PRESS_S
        while True:
            try:
                return None, link.command(f"counter/{counter}", command)
            except Refused as refusal:
                return refusal.code, refusal.content
            except Unreachable:
                if monotonic() >= deadline:
                    raise

    def retained(self, wanted: Sequence[str], timeout_s: float = 10.0) -> dict[str, dict[str, Any]]:
        """What a newcomer gets: the retained messages on these topics, from the broker alone."""
        fresh = Observer(self.broker(), self.site, self.secrets["NUMERETTO_DEVICE_OBSERVER"])
        try:
            return {topic: fresh.wait(topic, lambda _body: True, timeout_s) for topic in wanted}
        finally:
            fresh.stop()

    # -- its processes

    def pid(self, name: str) -> int:
        return int(self.ready["pids"][name])

    def kill(self, name: str) -> int:
        """kill -9 of one part; the process that was."""
        self.reread()
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def reread(self) -> None:
        self.ready = json.loads((self.folder / "ready.json").read_text("utf-8"))

    def back(self, name: str, old: int, timeout_s: float = 45.0) -> None:
        """Wait until the part runs anew and the onebox says that all is ready."""

        def again() -> bool:
            self.reread()
            return self.pid(name) != old

        wait_until(again, timeout_s, lambda: f"{name} is not back: {self.log('onebox')}")

    def log(self, name: str, lines: int = 25) -> str:
        """The end of a part's log, for a failed test."""
        path = self.folder / "data" / "log" / f"{name}.log"
        return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:]) if path.exists() else "no log"

    def end_devices(self) -> None:
        for client, _link in self._devices.values():
            client.stop()
        self._devices.clear()

    def topic(self, part: str) -> str:
        return f"{topics.root(self.site)}/{part}"


@contextlib.contextmanager
def running(
    folder: Path,
    site_text: str,
    *,
    clock: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Office]:
    """Open an office from the text of its file; everything of it has ended when the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(site_text, "utf-8")
    command = [sys.executable, "-m", "deploy.cli", "onebox", "--site", str(folder / "site.toml")]
    command += ["--data", str(folder / "data"), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--headless"]
    command += ["--ready-file", str(folder / "ready.json")]
    if clock:
        command += ["--clock", clock]
    with (folder / "onebox.txt").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **(environ or {})}, stdout=log, stderr=log, start_new_session=True
        )
    office = None
    try:
        office = _opened(folder, process)
        yield office
    finally:
        if office:
            office.end_devices()
            office.observer.stop()
        _end(process)


def _opened(folder: Path, process: subprocess.Popen[bytes]) -> Office:
    said = folder / "onebox.txt"

    def is_ready() -> bool:
        assert process.poll() is None, said.read_text("utf-8", "replace")
        return (folder / "ready.json").exists()

    wait_until(is_ready, READY_S, lambda: said.read_text("utf-8", "replace"))
    ready = json.loads((folder / "ready.json").read_text("utf-8"))
    secrets = json.loads((folder / "data" / "secrets.json").read_text("utf-8"))
    site = _site_id((folder / "site.toml").read_text("utf-8"))
    observer = Observer(Broker.parse(ready["mqtt"]), site, secrets["NUMERETTO_DEVICE_OBSERVER"])
    assert observer.client.wait_connected(10)
    observer.wait("board", lambda _body: True)
    return Office(site, folder, process, ready, secrets, observer)


def _site_id(text: str) -> str:
    import tomllib

    return str(tomllib.loads(text)["site"]["id"])


def _end(process: subprocess.Popen[bytes]) -> None:
    """As the contract says: the end of the onebox is the end of all its parts; if not, of its process group."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_S)
        raise AssertionError(f"the onebox did not stop within {STOP_S:g} s") from None
