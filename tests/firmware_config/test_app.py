"""`virtual-printer` as a process of its own: addresses, data folder, clock, end."""

import http.client
import json
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from firmware_config.virtual.app import main
from tests.firmware_config.helpers import NOTICE, TICKET_TEXT, golden, process_reply, ticket

Run = Callable[..., tuple[subprocess.Popen[bytes], dict[str, str]]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """run(*options) → the process and its addresses, once it has said that it is ready."""
    children: list[subprocess.Popen[bytes]] = []

    def begin(*options: str) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
        ready = tmp_path / "ready.json"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "firmware_config.virtual", "--ready-file", str(ready), *options]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        children.append(child)
        assert child.stdout is not None
        assert select.select([child.stdout], [], [], 60)[0]
        assert b"virtual printer TM-T20II at" in child.stdout.readline()
        return child, json.loads(ready.read_text())

    yield begin
    for child in children:
        child.kill()
        child.communicate()


def _tickets(addresses: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    connection = http.client.HTTPConnection(addresses["control"].removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", f"/tickets{query}")
        tickets: list[dict[str, Any]] = json.load(connection.getresponse())
        return tickets
    finally:
        connection.close()


def _print(addresses: dict[str, str], label: str) -> None:
    host, _, port = addresses["printer"].removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(ticket(label))
        expected = NOTICE + process_reply(label)
        data = b""
        while len(data) < len(expected):
            data += line.recv(64)
        assert data == expected


def test_numbers_go_on_after_a_kill(run: Run, tmp_path: Path) -> None:
    options = ("--control", "127.0.0.1:0", "--data", str(tmp_path / "data"), "--clock", "2026-03-02T08:30:00+01:00,x60")
    child, addresses = run(*options)
    _print(addresses, "A045")
    child.kill()
    child.wait()
    child, addresses = run(*options)
    _print(addresses, "A046")
    tickets = _tickets(addresses)
    assert [(t["n"], t["text"].splitlines()[1]) for t in tickets] == [(1, "A045"), (2, "A046")]
    assert all(t["at"].startswith("2026-03-02T07:3") or t["at"].startswith("2026-03-02T07:4") for t in tickets)
    child.send_signal(signal.SIGTERM)
    assert child.wait(5) == 0


def test_serial_line_with_a_link(run: Run, tmp_path: Path) -> None:
    link = tmp_path / "tty"
    child, addresses = run("--listen", f"pty:{link}", "--control", "127.0.0.1:0")
    assert addresses["printer"] == f"serial://{link}"
    with serial.serial_for_url(str(link), timeout=10, write_timeout=2) as line:
        line.write(golden("eot_1"))
        assert line.read(1) == golden("eot_1_fine")
        line.write(ticket())
        assert line.read(7) == process_reply("A045")
    assert _tickets(addresses, "?wait=5")[0]["text"] == TICKET_TEXT
    child.send_signal(signal.SIGTERM)
    assert child.wait(5) == 0
    assert not link.is_symlink()


def test_strict_printer_ends_at_unknown_bytes(run: Run) -> None:
    child, addresses = run("--strict")
    assert addresses["control"] is None
    host, _, port = addresses["printer"].removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(b"\x1b\x99")
        assert child.wait(10) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ["--listen", "udp://x"],
        ["--listen", "tcp://127.0.0.1:99999"],
        ["--baud", "5"],
        ["--model", "EU-T300"],
        ["--clock", "yesterday"],
        ["--clock", "2026-03-02T08:30:00"],
        ["--control", "8000"],
    ],
)
def test_wrong_usage_is_exit_code_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(wrong)
    assert end.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_address_in_use_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--listen", f"tcp://127.0.0.1:{taken.getsockname()[1]}"]) == 1
    assert main(["--control", "0.0.0.0:0"]) == 1
    assert "loopback" in capsys.readouterr().err
