"""The program as a whole over a real broker: B1, B2, B3, B4."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event
from time import monotonic

from PIL import Image

from tests.kiosk.conftest import Virtual
from tests.kiosk.peer import Peer, config

Start = Callable[..., "subprocess.Popen[bytes]"]


def _ready(path: Path, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 20
    while not path.exists():
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            assert monotonic() < until, "not ready"
        else:
            raise AssertionError(f"ended with {process.returncode}")
    assert json.loads(path.read_text()) == {"ready": True}


def test_a_press_becomes_a_confirmed_ticket(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    printer = virtual()
    peer.say(config(printer.url))
    process = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", process)
    peer.order("press", "order-1", service="certificate", language="en")
    assert peer.outcome("order-1") == {"request_id": "order-1", "ok": True}
    peer.wait(lambda p: p.result("A001") == "confirmed")
    assert printer.labels == ["A001"]
    assert "Visure e certificati\n(en)" in printer.texts[0]
    assert printer.printer.unknown_count == 0
    verb, body = next(command for command in peer.commands if command[0] == "issue")
    assert (verb, body["service"], body["language"], body["assisted"]) == ("issue", "certificate", "en", False)


def test_stops_within_a_second_and_says_so(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    peer.say(config(virtual().url))
    process = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", process)
    begun = monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert monotonic() - begun < 1.0
    peer.wait(lambda p: p.statuses and p.statuses[-1]["online"] is False)


def test_frame_touch_and_problems(peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path) -> None:
    printer = virtual()
    peer.say(config(printer.url))
    process = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", process)
    peer.order("frame", "f1")
    peer.wait(lambda p: p.frames)
    assert Image.open(BytesIO(peer.frames[0])).size == (1080, 1920)
    peer.order("touch", "t1", x=540, y=920)
    assert peer.outcome("t1")["ok"] is True
    peer.wait(lambda p: p.result("A001") == "confirmed")
    printer.printer.fault("paper_out")
    peer.wait(lambda p: "paper_out" in p.problems())
    peer.order("press", "p2", service="passport")
    assert peer.outcome("p2") == {"request_id": "p2", "ok": False, "code": "out_of_service"}
    printer.printer.fault("none")
    peer.wait(lambda p: p.statuses[-1].get("printer", {}).get("ready"))
    peer.order("press", "p3", service="passport")
    assert peer.outcome("p3")["ok"] is True
    peer.wait(lambda p: p.result("A002") == "confirmed")
    assert printer.labels == ["A001", "A002"]


def test_killed_with_a_ticket_in_the_printer_settles_it_before_any_other(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    printer = virtual("pty")
    peer.say(config(printer.url))
    first = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", first)
    # 6 bytes ask for the cutter's counter, then comes the ticket
    peer.on_issue = lambda: printer.printer.fault("paper_out", after_bytes=6 + 100)
    peer.order("press", "order-1", service="passport")
    peer.wait(lambda p: "held" in p.problems())
    peer.on_issue = lambda: None
    first.kill()
    first.wait(5)
    peer.wait(lambda p: p.statuses[-1] == {"online": False})
    printer.printer.fault("none")
    second = kiosk("--ready-file", str(tmp_path / "ready-2"))
    _ready(tmp_path / "ready-2", second)
    peer.wait(lambda p: p.result("A001") == "confirmed")
    peer.wait(lambda p: p.statuses[-1].get("printer", {}).get("ready") and "held" not in p.problems())
    peer.order("press", "order-2", service="passport")
    peer.wait(lambda p: p.result("A002") == "confirmed")
    assert printer.labels == ["A001", "A002"]


def test_says_when_the_dispatcher_is_gone(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    peer.silent = True
    peer.say(config(virtual().url))
    process = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", process)
    # the heartbeat's absence counts from the connection on
    peer.order("press", "early", service="passport")
    assert peer.outcome("early")["ok"] is True
    peer.wait(lambda p: p.result("A001") == "confirmed")

    def refused(at: int) -> bool:
        peer.order("press", f"late-{at}", service="passport")
        return peer.outcome(f"late-{at}") == {"request_id": f"late-{at}", "ok": False, "code": "out_of_service"}

    assert any(refused(at) for at in range(12) if not Event().wait(0.5))
    peer.silent = False
    peer.beat()
    assert any(not refused(at) for at in range(20, 32) if not Event().wait(0.2))


def test_is_at_rest_when_nothing_happens(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    peer.say(config(virtual().url))
    process = kiosk("--ready-file", str(tmp_path / "ready"))
    _ready(tmp_path / "ready", process)
    Event().wait(1)
    before = _cpu_s(process.pid)
    Event().wait(5)
    assert _cpu_s(process.pid) - before < 0.15


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_wrong_usage_is_said_in_a_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kiosk.app", "--site", "s", "--id", "k", "--data", str(tmp_path)]
    wrong = subprocess.run([*command, "--broker", "http://x"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "mqtt://host:port" in wrong.stderr
    missing = [*command, "--broker", "mqtt://x", "--password-env", "NOT_THERE"]
    told = subprocess.run(missing, capture_output=True, text=True, check=False)
    assert (told.returncode, "NOT_THERE" in told.stderr) == (2, True)
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
    no_screen = subprocess.run(
        [*command, "--broker", "mqtt://x"], capture_output=True, text=True, check=False, env=environment
    )
    assert (no_screen.returncode, "--headless" in no_screen.stderr) == (1, True)


def test_an_unknown_profile_is_reported_with_those_near_it(peer: Peer, kiosk: Start, tmp_path: Path) -> None:
    peer.say(config("tcp://127.0.0.1:9", profile="TM-T20"))
    _ready(tmp_path / "ready", kiosk("--ready-file", str(tmp_path / "ready")))
    peer.wait(lambda p: "misconfigured" in p.problems())
    assert "TM-T20II" in peer.statuses[-1]["problems"][0]["text"]


def test_a_small_screen_in_landscape_and_contrast_and_one_that_is_too_small(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    """B1, B10: the size of the glass is a setting; what cannot be read is refused with the reason."""
    url = virtual().url
    peer.say(config(url, screen=10.1, contrast=True))
    _ready(tmp_path / "ready", kiosk("--size", "1280x800", "--ready-file", str(tmp_path / "ready")))
    peer.order("frame", "f1")
    peer.wait(lambda p: p.frames)
    frame = Image.open(BytesIO(peer.frames[0])).convert("RGB")
    assert (frame.size, frame.getpixel((5, 795))) == ((1280, 800), (0, 0, 0))
    peer.say(config(url, screen=7))
    peer.wait(lambda p: "misconfigured" in p.problems())
    assert "7 inches" in peer.statuses[-1]["problems"][0]["text"]


def test_orders_outside_a_room_are_refused(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    peer.say(config(virtual().url, room=False))
    _ready(tmp_path / "ready", kiosk("--ready-file", str(tmp_path / "ready")))
    peer.order("press", "p1", service="passport")
    assert peer.outcome("p1") == {"request_id": "p1", "ok": False, "code": "forbidden"}
    peer.order("identify", "i1")
    assert peer.outcome("i1")["ok"] is True
