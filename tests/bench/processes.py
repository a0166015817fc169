"""Children of the bench: started with their life tied to ours, heard line by line, ended by their id."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from deploy.onebox.parts import python_path

PATIENCE_S = 30.0
_PAUSE = threading.Event()


def until(condition: Callable[[], Any], what: str, within_s: float = PATIENCE_S, every_s: float = 0.005) -> Any:
    """The first true value of `condition()`. Raises TimeoutError."""
    deadline = perf_counter() + within_s
    while not (value := condition()):
        if perf_counter() > deadline:
            raise TimeoutError(f"{what}: not within {within_s:g} s")
        _PAUSE.wait(every_s)
    return value


def pause(seconds: float) -> None:
    """Let the office come to rest; nothing measured depends on it."""
    _PAUSE.wait(seconds)


class Child:
    """A process whose lines on stdout are kept; stderr goes to `log`."""

    def __init__(self, command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None) -> None:
        env = {**os.environ, **python_path(os.environ), "PYTHONUNBUFFERED": "1", **(environ or {})}
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=env, text=True
            )
        self.lines: list[str] = []
        self.changed = threading.Condition()
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait(self, holds: Callable[[], Any], what: str, within_s: float = PATIENCE_S) -> Any:
        """The first true value of `holds()`, looked at after each line. Raises TimeoutError."""
        with self.changed:
            value = self.changed.wait_for(holds, within_s)
        if not value:
            raise TimeoutError(f"{what}: not within {within_s:g} s (exit {self.process.poll()}, log {self._log})")
        return value

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Ask it to end, and make it end."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.end()


def module(target: str, *arguments: str) -> list[str]:
    """The command of a child that runs `module:function` and dies with us."""
    return [sys.executable, "-P", "-m", "deploy.onebox.leash", str(os.getpid()), target, *arguments]
