"""`numeretto onebox` over its real parts: start, room, restart of a child, stop (contract: Commands; The room)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.onebox.parts import python_path, read_ready
from tests.deploy.brokers import DEMO
from tests.deploy.helpers import alive, until

NAMES = {"onebox", "broker", "dispatcher", "printer-entrance", "kiosk-entrance", "display-hall"}


@dataclass
class Box:
    """A running onebox."""

    process: subprocess.Popen[str]
    folder: Path
    errors: Path

    def ready(self) -> dict[str, Any]:
        found = read_ready(self.folder / "ready.json")
        assert found is not None
        return found

    def ask(self, path: str, body: object = None) -> tuple[int, bytes]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready()["room"] + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def tickets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.ask("/kiosk/entrance/tickets")[1])
        return found


@contextlib.contextmanager
def onebox(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Box]:
    """A onebox of the demo office that is ready, with all ports free ones."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("NUMERETTO_", "DISPLAY"))}
    environ |= {**python_path(os.environ), **(env or {})}
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    where = ["--site", str(DEMO), "--data", str(folder / "data"), "--ready-file", str(ready)]
    command = [sys.executable, "-m", "deploy.cli", "onebox", *where, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]
    errors = folder / "stderr.txt"
    with errors.open("w") as out:
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=out, text=True, env=environ, start_new_session=True
        )
    with process:
        try:
            until(lambda: ready.exists() or process.poll() is not None, "the onebox", within_s=60)
            assert process.poll() is None, errors.read_text()
            yield Box(process, folder, errors)
        finally:
            process.terminate()
            try:
                process.wait(10)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


# in the short run the embedded broker has a journey of its own
@pytest.mark.parametrize("broker", ["mosquitto", pytest.param("embedded", marks=pytest.mark.full)])
def test_a_whole_office_opens_prints_survives_a_killed_child_and_ends(tmp_path: Path, broker: str) -> None:
    env = {"NUMERETTO_MOSQUITTO": "none"} if broker == "embedded" else {}
    with onebox(tmp_path, env=env) as box:
        first = box.ready()
        assert set(first) == {"http", "mqtt", "room", "pids"}
        assert set(first["pids"]) == NAMES
        assert (first["mqtt"].split(":")[0], first["room"].endswith("/room")) == ("mqtt", True)
        assert urllib.request.urlopen(f"{first['http']}/readyz", timeout=5).status == 200
        with urllib.request.urlopen(f"{first['http']}/api/v1/asyncapi.json", timeout=5) as answer:
            assert json.load(answer)["asyncapi"] == "3.0.0"
        _prints(box)
        os.kill(first["pids"]["display-hall"], signal.SIGKILL)
        until(lambda: box.ready()["pids"]["display-hall"] != first["pids"]["display-hall"], "the new screen")
        assert box.ask("/display/hall.png")[1].startswith(b"\x89PNG")
        pids = box.ready()["pids"].values()
        box.process.send_signal(signal.SIGINT)
        assert box.process.wait(5) == 0
        assert not any(alive(pid) for pid in pids)
        said = box.errors.read_text()
    assert "display-hall ended (killed by SIGKILL) and is started again" in said
    assert ("the embedded broker serves" in said) is (broker == "embedded")
    secrets = json.loads((tmp_path / "data" / "secrets.json").read_text())
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
    assert [name for name, value in secrets.items() if f"{name}={value}" not in said] == [], "shown once"


def _prints(box: Box) -> None:
    """A press becomes a ticket; without paper it is refused; the room is also reached by the dispatcher's address."""
    assert box.ask("/kiosk/entrance.png")[1].startswith(b"\x89PNG")
    assert box.ask("/kiosk/entrance/press", {"service": "register"})[0] == 200
    until(box.tickets, "the ticket")
    ticket = box.tickets()[0]
    assert set(ticket) == {"n", "text", "png", "cut", "at"}
    assert (ticket["n"], ticket["cut"], "A001" in ticket["text"]) == (1, True, True)
    assert urllib.request.urlopen(ticket["png"], timeout=5).read().startswith(b"\x89PNG")
    redirected = urllib.request.urlopen(f"{box.ready()['http']}/room/kiosk/entrance/tickets", timeout=5)
    assert json.loads(redirected.read())[0]["text"] == ticket["text"]
    assert box.ask("/kiosk/entrance/printer", {"fault": "paper_out"})[0] == 200
    until(lambda: box.ask("/kiosk/entrance/press", {"service": "register"})[0] == 409, "no paper")
    assert box.ask("/kiosk/entrance/printer", {"fault": "none"})[0] == 200
    assert box.ask("/kiosk/entrance/printer", {"fault": "fire"})[0] == 422
    assert box.ask("/kiosk/entrance/tickets/99.png")[0] == 404


def test_no_part_outlives_a_onebox_that_is_killed_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """As long as it lives a second one in the same folder is refused."""
    with onebox(tmp_path) as box:
        _refuses_another(tmp_path)
        assert box.ask("/kiosk/entrance/press", {"service": "register"})[0] == 200
        until(box.tickets, "the ticket")
        pids = box.ready()["pids"].values()
        box.process.kill()
        until(lambda: not any(alive(pid) for pid in pids), "the end of all parts", within_s=5)
    with onebox(tmp_path) as box:
        assert "new secrets" not in box.errors.read_text(), "shown only once"
        assert "A001" in box.tickets()[0]["text"], "the roll survives"


def _refuses_another(folder: Path) -> None:
    command = [sys.executable, "-m", "deploy.cli", "onebox", "--data", str(folder / "data")]
    environ = {**os.environ, **python_path(os.environ)}
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environ, check=False)
    assert (second.returncode, second.stderr.count("\n")) == (1, 1)
    assert "another onebox runs in" in second.stderr


def test_office_time_is_simulated_for_all_parts(tmp_path: Path) -> None:
    with onebox(tmp_path, "--clock", "2027-03-01T09:00:00+01:00,x10") as box:
        assert "simulated clock" in box.errors.read_text()
        clock = json.loads(box.ask("/clock")[1])
        assert (clock["simulated"], clock["pace"], clock["local"][:13]) == (True, 10, "2027-03-01T09")
        assert box.ask("/kiosk/entrance/press", {"service": "mediation"})[0] == 200, "open on that Monday"
        until(box.tickets, "the ticket")
        assert "01/03/2027" in box.tickets()[0]["text"]
        assert box.tickets()[0]["at"].startswith("2027-03-01T08:")
