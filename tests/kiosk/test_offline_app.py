"""The program after a power cut of the whole office: it is up before everything else (B5)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from dispatcher.wire.clock import SystemClock
from tests.kiosk.conftest import Virtual
from tests.kiosk.peer import Peer, config

Start = Callable[..., "subprocess.Popen[bytes]"]


def _numbers(peer: Peer) -> dict[str, int]:
    return dict(peer.statuses[-1].get("numbers", {})) if peer.statuses else {}


def test_it_starts_alone_from_what_it_remembers(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    """Settings, menu and numbers are on its disk; the clock agreed since this boot; later it hands over."""
    printer = virtual()
    peer.at = SystemClock().now()
    peer.say(config(printer.url, offline=4))
    first = kiosk()
    peer.wait(lambda p: _numbers(p) == {"A": 4, "B": 4, "C": 4})
    first.kill()
    first.wait()
    peer.wait(lambda p: p.statuses[-1].get("online") is False)
    peer.silent = True
    peer.mute = True
    peer.forget()
    kiosk()
    peer.wait(lambda p: p.statuses[-1].get("printer", {}).get("ready") and _numbers(p), 30)
    for number, order in enumerate(("order-1", "order-2"), 1):
        peer.order("press", order, service="passport")
        assert peer.outcome(order) == {"request_id": order, "ok": True}
        peer.wait(lambda p, number=number: _numbers(p)["A"] == 4 - number)
    peer.order("frame", "f")
    picture = Image.open(BytesIO(peer.wait(lambda p: p.frames)[-1]))
    picture.save(tmp_path / "alone.png")
    assert peer.handed == []
    peer.silent = peer.mute = False
    peer.wait(lambda p: len(p.handed) == 2, 15)
    peer.wait(lambda p: p.result("A001") == "failed")  # the number that was asked for in vain
    assert printer.labels == [ticket["label"] for ticket in peer.handed] == ["A501", "A502"]
