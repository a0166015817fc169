"""The command line over the environment: every device finds the broker in either (contract, Commands)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAMS = {
    "display": [],
    "kiosk": ["--data", "spool"],
    "device": [],
    "device --led": ["--led"],
}


def said(program: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code and the last line; `none` as the broker's address ends it before it begins."""
    command = [sys.executable, "-m", "deploy.cli", program.split()[0], "--site", "torino", "--id", "x"]
    environ = {name: value for name, value in os.environ.items() if name != "NUMERETTO_BROKER"} | environment
    ended = subprocess.run(
        [*command, *PROGRAMS[program], *arguments], env=environ, capture_output=True, text=True, timeout=30, check=False
    )
    return ended.returncode, ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_broker_is_found_on_the_command_line_before_the_environment(program: str) -> None:
    code, line = said(program)
    assert (code, "--broker" in line) == (2, True)
    code, line = said(program, NUMERETTO_BROKER="fax://from-environment")
    assert (code, "from-environment" in line) == (2, True), line
    code, line = said(program, "--broker", "fax://from-line", NUMERETTO_BROKER="fax://from-environment")
    assert (code, "from-line" in line) == (2, True), line
