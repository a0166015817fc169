"""The office that is measured: a private broker, the dispatcher's own process, and beside them the bare programs."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.onebox import broker, ports
from deploy.onebox.parts import accepts
from dispatcher import config
from dispatcher.engine.model import Office
from dispatcher.wire.client import Broker
from dispatcher.wire.program import password_variable
from tests.bench.bare import BareDisk, BareHop, BareScreen, BareWeb, bare_disk
from tests.bench.paper import Printer
from tests.bench.processes import Child, module, until
from tests.bench.waiting import fill, open_desk

DEMO = Path(config.__file__).parents[2] / "deploy" / "demo" / "site.toml"
DISPLAY, KIOSK, BUTTON, COUNTER = "hall", "entrance", "button", "1"
WAITING = 4000


def free_address() -> ports.Address:
    return ports.settle(ports.Address("127.0.0.1", 0), may_give_way=True)


def site_text(printer_port: int) -> str:
    """The demo office with a button at a counter, and a printer that the bench owns."""
    text = DEMO.read_text(encoding="utf-8")
    # a bench's finger is no play: it touches as fast as it can
    pace = 'interval = "0s"\nper_minute = 600'
    text = text.replace('printer = "virtual"', f'printer = "tcp://127.0.0.1:{printer_port}"\n{pace}')
    return f'{text}\n[[device]]\nid = "{BUTTON}"\nkind = "tasmota"\ncounter = "{COUNTER}"\n'


@dataclass
class Rig:
    """`with Rig(folder) as rig`: everything is up. `folder` is on the disk that is measured."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)
    passwords: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stack.close()

    def _start(self) -> None:
        self.printer = Printer()
        self.stack.callback(self.printer.close)
        self.site_file = self.folder / "site.toml"
        self.site_file.write_text(site_text(self.printer.port), encoding="utf-8")
        self.office: Office = config.load(self.site_file)
        self._start_broker()
        self._start_dispatcher()
        self.disk: BareDisk = self.stack.enter_context(bare_disk(self.folder))
        self.hop = BareHop(Broker.parse(self.url("dispatcher")), "numeretto/v1/bench/hop")
        self.stack.callback(self.hop.close)
        self.screen = BareScreen()
        self.stack.callback(self.screen.close)
        self.bare = free_address()
        bare_web = Child(module("tests.bench.bare_parts:web", str(self.bare)), self.folder / "bare-web.txt")
        self.bare_web = self.stack.enter_context(bare_web)
        until(lambda: accepts(self.bare.host, self.bare.port), "the bare application")
        self.web = BareWeb(self.bare.host, self.bare.port)
        self.stack.callback(self.web.close)

    def url(self, user: str) -> str:
        """The broker as `user`."""
        return f"mqtt://{user}:{self.passwords[user]}@{self._mqtt}"

    def _start_broker(self) -> None:
        self.passwords = {name: secrets.token_hex(8) for name in ("dispatcher", "observer", "room", *self._devices())}
        accounts = broker.Accounts(
            dispatcher=self.passwords["dispatcher"],
            observer=self.passwords["observer"],
            room=self.passwords["room"],
            devices={name: self.passwords[name] for name in self._devices()},
        )
        self._mqtt = free_address()
        program = broker.find_mosquitto(os.environ)
        part = broker.part(self.office, accounts, self._mqtt, self.folder / "broker", program, os.environ)
        self.stack.enter_context(Child(part.command, self.folder / "broker.txt"))
        until(part.ready, "the broker")

    def _devices(self) -> list[str]:
        return broker.device_ids(self.office)

    def _start_dispatcher(self) -> None:
        data = self.folder / "data"
        data.mkdir()
        desk = open_desk(self.office, data / "numeretto.db")
        fill(desk, data / "numeretto.db", WAITING)
        desk.store.close()
        self.http = free_address()
        self._token = secrets.token_hex(16)
        environ = {"NUMERETTO_TOKEN_OFFICE": self._token, "NUMERETTO_BROKER_PASSWORD": self.passwords["dispatcher"]}
        environ |= {password_variable(name): self.passwords[name] for name in self._devices()}
        where = ["--site", str(self.site_file), "--data", str(data), "--http", str(self.http)]
        command = module("dispatcher.__main__:main", *where, "--broker", f"mqtt://{self._mqtt}")
        self.dispatcher = self.stack.enter_context(Child(command, self.folder / "dispatcher.txt", environ))
        until(lambda: accepts(self.http.host, self.http.port), "the dispatcher")
        client = self.client()
        until(lambda: client.get("/readyz").get("broker", True), "the dispatcher at the broker")
        client.close()

    def client(self) -> Api:
        """A client of the API with the office's token and a connection of its own."""
        return Api(self.http, self._token, self.office.id)

    def kiosk(self) -> Child:
        """The dispenser, with a finger."""
        ready = self.folder / "kiosk.json"
        arguments = (self.office.id, KIOSK, self.url(KIOSK), str(self.folder / "kiosk"), str(ready))
        child = Child(module("tests.bench.finger:main", *arguments), self.folder / "kiosk.txt")
        until(ready.exists, "the dispenser")
        return child


class Api:
    """JSON over one connection that stays open."""

    def __init__(self, address: ports.Address, token: str, site: str) -> None:
        self._connection = http.client.HTTPConnection(address.host, address.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._root = f"/api/v1/sites/{site}"

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a POST with a key of its own. Raises RuntimeError when it is refused."""
        return self._ask("POST", self._root + path, json.dumps(body).encode(), {"Idempotency-Key": uuid.uuid4().hex})

    def delete(self, path: str) -> None:
        self._ask("DELETE", self._root + path)

    def get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, refused=False)

    def close(self) -> None:
        self._connection.close()

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        more: dict[str, str] | None = None,
        *,
        refused: bool = True,
    ) -> dict[str, Any]:
        self._connection.request(method, path, body, {**self._headers, **(more or {})})
        answer = self._connection.getresponse()
        content = answer.read()
        if refused and answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content.decode(errors='replace')}")
        found = json.loads(content) if content[:1] == b"{" else {}
        return found if isinstance(found, dict) else {}


class Watch:
    """A told screen (`tests.bench.screen`) and what it has shown."""

    def __init__(self, rig: Rig, site: str, device: str, user: str) -> None:
        arguments = (site, device, rig.url(user))
        self._child = Child(module("tests.bench.screen:main", *arguments), rig.folder / f"screen-{site}.txt")

    def seen(self) -> int:
        """How many pictures so far."""
        return len(self._child.lines)

    def shows(self, label: str, after: int, within_s: float = 10.0) -> float:
        """When (perf_counter seconds) the first changed picture behind `after` others that has `label` was there."""

        def found() -> int:
            lines = [json.loads(line) for line in self._child.lines[after:]]
            return next((line["at"] for line in lines if label in line["labels"] and line["changed"]), 0)

        return float(self._child.wait(found, f"{label} on the screen", within_s)) / 1e9

    def drawing_s(self, label: str, after: int) -> float:
        """How long that picture, which was shown, took to draw."""
        lines = [json.loads(line) for line in self._child.lines[after:]]
        return float(next(line["drawing"] for line in lines if label in line["labels"] and line["changed"])) / 1e9

    def without(self, label: str, after: int, within_s: float = 10.0) -> None:
        """Wait for a picture behind `after` others without `label`."""
        self._child.wait(
            lambda: any(label not in json.loads(line)["labels"] for line in self._child.lines[after:]),
            f"a screen without {label}",
            within_s,
        )

    def end(self) -> None:
        self._child.end()
