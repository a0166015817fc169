"""A QR scanner that is pulled out and plugged in again, over a real broker: B6, F2."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.kiosk.conftest import Virtual
from tests.kiosk.peer import Peer, config
from tests.kiosk.test_app import Start, _ready

WHAT_TO_DO = {
    "it": "controlla il cavo, staccalo e riattaccalo",
    "en": "check its cable, unplug it and plug it in again",
    "de": "Kabel prüfen, abziehen und wieder einstecken",
    "fr": "vérifier le câble, le débrancher et le rebrancher",
}


class Scanner:
    """A scanner of software on a serial line of its own name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, ...] = ()

    def plug(self) -> None:
        self._ends = os.openpty()
        self.path.symlink_to(os.ttyname(self._ends[1]))

    def pull(self) -> None:
        self.path.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = ()

    def reads(self, text: str) -> None:
        os.write(self._ends[0], text.encode() + b"\r\n")


@pytest.mark.parametrize("language", ["it", *(pytest.param(one, marks=pytest.mark.full) for one in ("en", "de", "fr"))])
def test_a_scanner_that_is_gone_is_told_with_since_when_and_what_to_do(
    peer: Peer, kiosk: Start, virtual: Callable[..., Virtual], tmp_path: Path, language: str
) -> None:
    """In the office's language; over as soon as it reads again."""
    scanner = Scanner(tmp_path / "scanner")
    scanner.plug()
    settings = config(virtual().url, scanner=f"serial://{scanner.path}?baud=9600")
    others = tuple(one for one in settings.languages if one != language)
    peer.say(settings.model_copy(update={"languages": (language, *others)}))
    _ready(tmp_path / "ready", kiosk("--ready-file", str(tmp_path / "ready")))
    try:
        peer.wait(lambda p: p.statuses and "scanner_gone" not in p.problems())
        before = peer.statuses[-1]["at"]
        scanner.pull()
        peer.wait(lambda p: "scanner_gone" in p.problems())
        [told] = [one for one in peer.statuses[-1]["problems"] if one["code"] == "scanner_gone"]
        assert WHAT_TO_DO[language] in told["text"]
        assert str(scanner.path) in told["text"]
        assert datetime.fromisoformat(told["since"]) >= datetime.fromisoformat(before)
        scanner.plug()
        peer.wait(lambda p: "scanner_gone" not in p.problems())
        peer.answers["check_in"] = {"ok": True, "result": "unknown"}
        scanner.reads("7K4M9P2Q")
        peer.wait(lambda p: any(verb == "check_in" for verb, _body in p.commands))
    finally:
        scanner.pull()
