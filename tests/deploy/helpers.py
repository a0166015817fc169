"""Running parts of a onebox in a test: a supervisor in a thread, and waiting for what must come."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.onebox.parts import Part, program_part
from deploy.onebox.supervisor import Supervisor

PATIENCE_S = 20.0


def until(condition: Callable[[], object], what: str = "it", within_s: float = PATIENCE_S) -> None:
    """Wait until `condition()` is true; AssertionError when it does not come true in time."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s:g} s"
        pause.wait(0.01)


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def fake(name: str, code: str, folder: Path, rank: int = 1) -> Part:
    """A child that runs `code`, in which `ready()` says that it is ready."""
    ready = folder / f"{name}.json"
    head = f"import os, signal, sys, time, pathlib\nready = lambda: pathlib.Path({str(ready)!r}).write_text('{{}}')\n"
    return Part(name, program_part(sys.executable, "-c", head + code), dict(os.environ), rank=rank, ready_file=ready)


@dataclass
class Running:
    """A supervisor at work, what it has said, and the processes it announced, an entry each time all was ready."""

    supervisor: Supervisor
    thread: threading.Thread
    said: list[str] = field(default_factory=list)
    announced: list[dict[str, int]] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)

    def stop(self) -> float:
        """End it; the seconds that it took."""
        begun = time.monotonic()
        self.supervisor.request_stop()
        self.thread.join(20)
        assert not self.thread.is_alive()
        return time.monotonic() - begun


@contextlib.contextmanager
def supervised(parts: list[Part], folder: Path) -> Iterator[Running]:
    """Run parts until the block ends."""
    said: list[str] = []
    announced: list[dict[str, int]] = []
    failed: list[BaseException] = []
    supervisor = Supervisor(
        parts, folder, all_ready=lambda: True, on_ready=lambda pids: announced.append(dict(pids)), say=said.append
    )

    def run() -> None:
        try:
            supervisor.run()
        except Exception as error:  # noqa: BLE001  # handed to the test, which says what it expects
            failed.append(error)

    running = Running(supervisor, threading.Thread(target=run), said, announced, failed)
    running.thread.start()
    try:
        yield running
    finally:
        running.stop()
