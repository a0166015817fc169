"""The LED display as a program over a real broker. [C7]"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Broker, Client, Incoming
from dispatcher.wire.messages import Heartbeat
from display.led.app import main
from firmware_config.virtual.led import slaves
from firmware_config.virtual.led.line import Line
from tests.display.led.samples import counter
from tests.display.office import MOSQUITTO, PrivateBroker, until
from tests.display.samples import SITE, board, call

DEVICE = "led-3"


@pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed")
def test_program_shows_the_number_and_says_goodbye(tmp_path: Path) -> None:
    broker, line = PrivateBroker(tmp_path), Line(slaves.led485(), tmp_path / "led")
    broker.start()
    office, statuses = Client(Broker.parse(broker.url)), list[dict[str, Any]]()

    def status(message: Incoming) -> None:
        statuses.append(json.loads(message.payload))

    office.subscribe(topics.device(SITE, DEVICE, "status"), status)
    office.start()
    assert office.wait_connected(10)
    settings = {"kind": "led_modbus", "counter": "3", "port": f"{line.url}?map=led485"}
    now = datetime.now(UTC)
    for topic, payload in (
        (topics.device(SITE, DEVICE, "config"), codec.encode_plain(settings)),
        (topics.board(SITE), codec.encode(board(1, call("A042"), at=now))),
        (topics.counter(SITE, "3"), codec.encode(counter(1, "A042"))),
    ):
        assert office.publish(topic, payload, retain=True, wait_s=5)

    def beat() -> bool:
        return office.publish(topics.heartbeat(SITE), codec.encode(Heartbeat(epoch="e1", revision=1, at=now)))

    ready = tmp_path / "ready"
    arguments = ["--site", SITE, "--id", DEVICE, "--broker", broker.url, "--ready-file", str(ready)]
    program = subprocess.Popen([sys.executable, "-m", "display.led.app", *arguments], env={**os.environ})
    try:
        assert until(lambda: beat() and line.text == "  A042")
        assert until(ready.exists)
        assert until(lambda: beat() and bool(statuses) and statuses[-1].get("shown_revision") == 1)
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
        assert line.text == "------", "nobody keeps the number true any more"
        assert until(lambda: statuses[-1]["online"] is False)
        assert line.wrong == []
    finally:
        program.kill()
        program.wait(10)
        office.stop()
        broker.kill()
        line.close()


@pytest.mark.parametrize("arguments", [["--site", SITE, "--id", DEVICE, "--broker", "http://x"]])
def test_wrong_usage_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_program_needs_no_screen_library() -> None:
    """A small machine with nothing but an LED display need not have pygame."""
    code = "import sys, display.led.app; sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
