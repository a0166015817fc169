"""What a test begins ends with it, also when it is killed: a dispenser that outlives its test goes on opening the path
of its printer, and once the kernel has given that terminal's number away it locks somebody else's (B3)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests import servers

STAND = """
import signal, sys
from pathlib import Path
from tests.chaos.stand import standing

with standing(Path(sys.argv[1]), "pty") as stand:
    print("dispenser", stand.process.pid, flush=True)
    signal.pause()
"""


def test_a_dispenser_ends_with_the_test_that_was_killed_under_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STAND, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as test:
        assert test.stdout is not None
        try:
            number = next(line for line in test.stdout if line.startswith("dispenser ")).split()[1]
            assert _lives(number)
        finally:
            test.kill()
    try:
        servers.until(lambda: not _lives(number), "the dispenser's end")
    finally:
        if _lives(number):
            os.kill(int(number), signal.SIGKILL)


def _lives(number: str) -> bool:
    """Whether that process runs; one that waits for its parent's farewell does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
