"""`numeretto firmware` on real lines: a pseudo terminal with a speed, and a network. [F3]"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import serial
from PIL import Image

from deploy.firmware import main
from firmware_config.virtual.printer.link import Port
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.nv import FILE, LineSettings, Memory
from firmware_config.virtual.printer.printer import Printer
from tests.firmware_config.helpers import NOTICE, golden

Start = Callable[..., tuple[Printer, Port]]
Run = Callable[..., tuple[int, str, str]]

OFFICE = """
[site]
id = "office"
name = "Office"
zone = "Europe/Rome"
languages = ["en"]

[[service]]
id = "s"
letter = "A"
name = { en = "Service" }
hours = "always"

[[counter]]
id = "1"
name = "1"
services = ["s"]

[[kiosk]]
id = "hall"
printer = "PRINTER"

[[device]]
id = "keys"
kind = "evdev"
counter = "1"
port = "/dev/input/event0"

[[device]]
id = "button"
kind = "esphome"
counter = "1"
port = "button"
"""
WISH = """
printer = "TM-T20II"
[line]
baud = 57600
[print]
density = 85
[switches]
cr_is_lf = true
[[logo]]
key = "L1"
file = "logo.png"
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """run(action, printer's URL, *options) → exit code, stdout and stderr, in an office with a wish for its printer."""
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "hall.toml").write_text(WISH, encoding="utf-8")
    Image.linear_gradient("L").resize((64, 16)).save(tmp_path / "devices" / "logo.png")

    def begin(action: str, url: str, *options: str, device: str = "hall") -> tuple[int, str, str]:
        site = tmp_path / "site.toml"
        site.write_text(OFFICE.replace("PRINTER", url), encoding="utf-8")
        code = main([action, device, "--site", str(site), "--data", str(tmp_path / "data"), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return begin


def test_from_read_to_verify_on_a_serial_line(start: Start, run: Run, tmp_path: Path) -> None:
    memory = Memory("TM-T20II", tmp_path / FILE, LineSettings(38400))
    printer, port = start("pty", baud=38400, serial_line=True, memory=memory)
    old, new = f"{port.url}?baud=38400", f"{port.url}?baud=57600"
    code, out, err = run("read", old)
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        "maker                           EPSON",
        "model                           TM-T20II",
        "firmware                        1.00 VIRTUAL",
        "serial number                   VP00000001",
    ]
    assert "print.density                   100" in out
    code, out, err = run("plan", old, "--exit-code")
    assert (code, err, memory.writes) == (3, "", 0)
    assert out.splitlines()[-1] == "4 differences, 5 writes to the printer's memory"
    code, out, err = run("apply", old)
    assert code == 0, err
    assert out.count("written and read back") == 4
    assert err == f'note: from now on it is reached at "{new}": write that into the office file\n'
    assert (printer.rate.baud, memory.writes) == (57600, 5)
    assert run("apply", new) == (0, "nothing differs\n", "")
    state = printer.state()
    assert (memory.writes, state["sent_while_busy"], state["unknown_count"]) == (5, 0, 0)
    assert state["memory"]["logos"][b"L1".hex()] == {"width": 64, "height": 16}
    again = Memory("TM-T20II", tmp_path / FILE)
    assert again.public(whole=True) == memory.public(whole=True), "kept without power"
    code, out, err = run("verify", old)
    assert (code, out) == (0, "nothing differs\n")
    assert err == f"note: the printer is reached at {new}, not at {old}\n"


def test_power_that_fails_during_apply_over_a_network_is_told_and_mended(start: Start, run: Run) -> None:
    printer, port = start("tcp")
    bytes_before = printer.state()["bytes_received"]
    assert run("verify", port.url)[0] == 1
    reading = printer.state()["bytes_received"] - bytes_before
    printer.fault("power_cycle", after_bytes=reading + 100)  # in the midst of the logo
    code, out, err = run("apply", port.url)
    assert code == 1
    assert out.splitlines()[-1] == "logo.L1: UNKNOWN, it was being written"
    assert err.endswith("look with: numeretto firmware plan hall\n")
    assert err.count("\n") == 1
    code, out, err = run("plan", port.url)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].startswith("logo.L1  none  64×16 ")
    assert out.splitlines()[2] == "1 difference, 2 writes to the printer's memory"
    code, out, err = run("apply", port.url, "--json")
    assert (code, json.loads(out)["well"], json.loads(out)["confirmed"]) == (0, True, ["logo.L1"])
    found = json.loads(run("read", port.url, "--json")[1])
    assert (found["identity"]["model"], found["settings"]["print.density"]) == ("TM-T20II", 85)
    assert printer.state()["sent_while_busy"] == 0


def test_failures_are_one_line_that_says_what_to_do(start: Start, run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    code, out, err = run("read", closed)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"firmware: {closed} does not open")
    code, out, err = run("plan", "virtual")
    assert (code, out) == (1, "")
    assert "no onebox runs on" in err
    there = "there are hall, keys, button, or name one with --port"
    assert run("plan", closed, device="nobody") == (2, "", f"firmware: the office has no device 'nobody'; {there}\n")
    wish = tmp_path / "devices" / "hall.toml"
    wish.write_text(WISH.replace("85", "87"), encoding="utf-8")
    code, out, err = run("apply", closed)
    assert (code, err) == (1, f"firmware: {wish}:6: print.density: is 70 to 140 in steps of 5\n")
    wish.unlink()
    code, out, err = run("plan", closed)
    assert (code, err) == (1, f"firmware: {wish}: there is no such file: write the wishes for this device there\n")


def test_printer_that_a_kiosk_holds_does_not_answer(start: Start, run: Run) -> None:
    _, port = start("tcp")
    host, _, number = port.url.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(number))) as kiosk:
        assert kiosk.recv(3) == NOTICE
        code, out, err = run("read", port.url)
    assert (code, out) == (1, "")
    assert "no other program (a kiosk) using it?" in err


def test_devices_that_keep_nothing_say_so(run: Run) -> None:
    code, out, err = run("plan", "virtual", device="keys")
    assert (code, err) == (0, "")
    assert out.startswith("keys (evdev): a keypad keeps no settings")
    assert "counter-button.yaml" in run("read", "virtual", device="button")[1]


def test_unknown_printer_is_read_only(start: Start, run: Run) -> None:
    _, port = start("tcp", model=MODELS["TM-L90"])
    code, out, err = run("read", port.url)
    assert (code, err) == (0, "")
    assert "nothing is ever written" in out
    code, out, err = run("apply", port.url)
    assert (code, out) == (1, "")
    assert "this is a EPSON TM-L90, of which no profile is known" in err


def test_other_speed_is_noise_for_the_printer_and_the_host(start: Start) -> None:
    printer, port = start("pty", baud=9600, serial_line=True, memory=Memory("TM-T20II", None, LineSettings(9600)))
    path = port.url.removeprefix("serial://")
    with serial.Serial(path, 38400, timeout=0.3) as host:
        host.write(golden("eot_1"))
        assert host.read(1) == b""
        printer.fault("power_cycle")
        assert host.read(3) not in (NOTICE, b"")
    with serial.Serial(path, 9600, timeout=5) as host:
        host.write(golden("eot_1"))
        assert host.read(1) == golden("eot_1_fine")
    assert printer.state()["noise"] == 3


def test_full_buffer_is_told_by_xoff_and_room_by_xon(start: Start) -> None:
    memory = Memory("TM-T20II", None, LineSettings(19200, flow=1))
    memory.switches[1] = "00000111"  # 45 bytes
    printer, port = start("pty", baud=19200, serial_line=True, memory=memory)
    with serial.Serial(port.url.removeprefix("serial://"), 19200, timeout=5) as host:
        printer.fault("paper_out")
        host.write(b"x" * 40)
        assert host.read(1) == b"\x13"
        printer.fault("none")
        assert host.read(1) == b"\x11"
