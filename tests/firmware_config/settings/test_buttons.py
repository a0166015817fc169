"""The files for buttons say what `kiosk/counter` listens for, and ESPHome takes its own. [D2, F3]"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import firmware_config
from dispatcher.wire.client import Incoming
from kiosk.counter.buttons import Button, acknowledgement

FOLDER = Path(str(firmware_config.__file__)).parent
YAML = FOLDER / "esphome" / "counter-button.yaml"
TASMOTA = FOLDER / "tasmota" / "counter-button.txt"


def _pressed(kind: str, port: str, *said: tuple[str, bytes]) -> list[str]:
    button = Button(kind, port)
    presses = [button.feed(Incoming(topic, payload), at * 10.0) for at, (topic, payload) in enumerate(said)]
    return [press.action for press in presses if press]


def test_esphome_button_s_topics_are_the_ones_that_are_followed() -> None:
    text = YAML.read_text("utf-8")
    buttons, lights = text.split("\nlight:\n")
    names = re.findall(r"^    name: (\w+)$", buttons, re.MULTILINE)
    prefix = "button-3"
    assert f"id: {prefix} " in text
    assert "topic_prefix: ${id}" in text
    assert text.count("topic: ${id}/status") == 2
    said = [(f"{prefix}/binary_sensor/{name}/state", word) for name in names for word in (b"OFF", b"ON")]
    assert _pressed("esphome", prefix, *said) == names == ["next", "recall", "absent"]
    assert re.findall(r"^    name: (\w+)$", lights, re.MULTILINE) == ["ack"], "the light that is told of each press"
    for good in (True, False):
        led = acknowledgement("esphome", prefix, good=good)
        assert led is not None
        assert led[0] == f"{prefix}/light/ack/command"


def test_tasmota_s_line_makes_the_topic_that_is_followed() -> None:
    text = TASMOTA.read_text("utf-8")
    assert text.startswith("Backlog ")
    assert text.count("\n") == 1
    commands = dict(one.split(" ", 1) for one in text.removeprefix("Backlog ").strip().split("; "))
    assert len(commands) <= 30, "a Backlog takes thirty"
    assert (commands["SetOption73"], commands["ButtonRetain"]) == ("1", "0")
    topic = commands["FullTopic"].replace("%prefix%", "stat").replace("%topic%", commands["Topic"]) + "RESULT"
    said = [(topic, json.dumps({"Button1": {"Action": action}}).encode()) for action in ("SINGLE", "DOUBLE", "HOLD")]
    assert _pressed("tasmota", commands["Topic"], *said) == ["next", "recall", "absent"]


@pytest.mark.full
def test_esphome_takes_the_file(tmp_path: Path) -> None:
    own = Path(sys.prefix) / "esphome" / "bin" / "esphome"
    esphome = str(own) if own.exists() else shutil.which("esphome")
    if esphome is None:
        pytest.skip("ESPHome is not installed; make test-full does that")
    shutil.copy(YAML, tmp_path)
    (tmp_path / "secrets.yaml").write_text(
        "wifi_ssid: office\nwifi_password: long-enough\nbutton_password: secret\n", encoding="utf-8"
    )
    command = [esphome, "config", YAML.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Configuration is valid" in done.stdout + done.stderr
    assert "button-3" in done.stdout
