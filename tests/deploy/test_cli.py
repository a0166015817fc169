"""The `numeretto` command: exit codes, and errors in one line that says what to do (contract: Commands)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from deploy import site
from deploy.cli import COMMANDS
from deploy.doctor import Machine, Mark, examine
from deploy.onebox.parts import python_path
from tests.deploy.brokers import DEMO


def numeretto(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **python_path(os.environ), **(env or {})}
    command = [sys.executable, "-m", "deploy.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60, check=False)


def test_help_lists_every_command_and_only_what_there_is() -> None:
    found = numeretto("--help")
    assert (found.returncode, found.stderr) == (0, "")
    assert re.findall(r"^  ([a-z-]+) ", found.stdout, re.MULTILINE) == list(COMMANDS)
    for command in COMMANDS.values():
        module, _, function = command.target.partition(":")
        assert callable(getattr(import_module(module), function))


def test_the_version_is_said() -> None:
    assert re.fullmatch(r"numeretto \d+\.\d+\.\d+\n", numeretto("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["site"],
        ["site", "fly"],
        ["site", "check"],
        ["onebox", "--http", "8000"],
        ["onebox", "--mqtt", "127.0.0.1:0", "--broker", "mqtt://127.0.0.1"],
        ["onebox", "--broker", "http://127.0.0.1"],
        ["onebox", "--clock", "yesterday"],
        ["onebox", "--clock", "2026-11-23T08:00:00,x0"],
        ["onebox", "--fly"],
        ["doctor", "--fly"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str]) -> None:
    found = numeretto(*arguments)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert "--help" in found.stderr


def test_a_good_office_file_is_summed_up() -> None:
    found = numeretto("site", "check", str(DEMO))
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith("Camera di commercio (torino): 4 services, 3 counters, 2 devices\n")


def test_each_fault_of_an_office_file_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(DEMO.read_text().replace('letter = "A"', 'letter = "?"').replace("Europe/Rome", "Rome"))
    found = numeretto("site", "check", str(path))
    assert (found.returncode, found.stdout) == (1, "")
    lines = found.stderr.splitlines()
    assert [re.sub(r"^.*site\.toml:\d+: ([^:]*):.*", r"\1", line) for line in lines] == [
        "site.zone",
        "service[register].letter",
    ]


def test_a_onebox_that_cannot_run_says_why_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        for option, other in (("--http", "--mqtt"), ("--mqtt", "--http")):  # a default port that is taken is a line too
            found = numeretto("onebox", "--data", str(tmp_path / "data"), option, place, other, "127.0.0.1:0")
            assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
            assert f"{place}: another program listens there" in found.stderr
    found = numeretto("onebox", "--site", str(tmp_path / "gone.toml"))
    assert (found.returncode, found.stderr) == (
        1,
        f"numeretto: {tmp_path}/gone.toml: no such file; give the path of an office file\n",
    )


def test_the_doctor_sees_a_good_machine_and_a_broken_one(tmp_path: Path) -> None:
    good = {finding.subject: finding.mark for finding in examine(Machine(DEMO, tmp_path, {"PATH": os.environ["PATH"]}))}
    assert Mark.bad not in good.values()
    assert good["data folder"] is not Mark.bad
    assert list(tmp_path.iterdir()) == [], "the doctor leaves nothing behind"
    broken = tmp_path / "site.toml"
    broken.write_text("[site]\n")
    blocked = tmp_path / "file"
    blocked.touch()
    environ = {"NUMERETTO_MOSQUITTO": str(blocked), "NUMERETTO_DATABASE": "postgresql://u:secret@127.0.0.1:1/x"}
    found = examine(Machine(broken, blocked / "data", environ))
    assert {finding.subject for finding in found if finding.mark is Mark.bad} == {
        "office file",
        "broker",
        "data folder",
        "database",
    }
    assert not [finding for finding in found if "secret" in finding.text]


def test_the_doctor_says_that_the_embedded_broker_has_no_rules(tmp_path: Path) -> None:
    found = {finding.subject: finding for finding in examine(Machine(DEMO, tmp_path, {"NUMERETTO_MOSQUITTO": "none"}))}
    assert (found["broker"].mark, "no ACL" in found["broker"].text) == (Mark.note, True)


@pytest.mark.parametrize(
    ("kind", "port", "word"),
    [
        ("evdev", "event3", "is no port"),
        ("serial_box", "serial:///dev/x?baud=9601", "is no port"),
        ("shelly", "a/#", "topic"),
    ],
)
def test_the_check_finds_the_port_at_which_no_button_can_be(tmp_path: Path, kind: str, port: str, word: str) -> None:
    """D2: said before the office opens, with the line."""
    path = tmp_path / "site.toml"
    text = DEMO.read_text("utf-8")
    path.write_text(f'{text}\n[[device]]\nid = "b"\nkind = "{kind}"\ncounter = "1"\nport = "{port}"\n', "utf-8")
    found = site.read(path)
    assert found.office is None
    assert [(one.line, one.key, word in one.message) for one in found.errors] == [
        (text.count("\n") + 6, "device[b].port", True)
    ]


def test_the_doctor_prints_a_table_and_ends_with_a_verdict(tmp_path: Path) -> None:
    found = numeretto("doctor", "--data", str(tmp_path))
    assert found.returncode == 0, found.stdout
    assert found.stdout.splitlines()[-1].startswith("An office can work here")
    assert numeretto("doctor", "--site", str(tmp_path / "gone.toml")).returncode == 1


def test_the_doctor_sees_a_printer_that_nobody_knows(tmp_path: Path) -> None:
    office = tmp_path / "site.toml"
    office.write_text(DEMO.read_text("utf-8").replace('"TM-T20II"', '"none-such"'))
    found = examine(Machine(office, tmp_path / "data", {"PATH": os.environ["PATH"]}))
    assert ["kiosk[entrance].profile" in one.text for one in found if one.mark is Mark.bad] == [True]


def test_the_doctor_says_what_a_dispenser_that_speaks_lacks(tmp_path: Path) -> None:
    office = tmp_path / "site.toml"
    office.write_text(DEMO.read_text("utf-8").replace('id = "entrance"\n', 'id = "entrance"\nvoice = true\n'))
    found = {one.subject: one for one in examine(Machine(office, tmp_path / "data", {"PATH": str(tmp_path)}))}
    assert (found["voice"].mark, "entrance is silent" in found["voice"].text) == (Mark.note, True)
    assert "espeak-ng" in found["voice"].text
