"""Keeps the parts of a onebox running: starts all at once, starts again what dies, ends all within five seconds.

`run` belongs to one thread for the whole life of the children: the kernel ties a child to the *thread* that started it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from deploy.onebox.parts import Part

log = logging.getLogger(__name__)

START_TIMEOUT_S = 60.0
LIVED_WELL_S = 30.0
BACK_OFF_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
TRIES_AT_START = 3
STOP_S = 3.2
STOP_LAST_S = 0.5
LOG_LIMIT_BYTES = 5_000_000
PATIENCE_S = 20.0
_LOOK_S = 0.02
_SLOW_LOOK_S = 0.5


class StartFailed(Exception):
    """A part cannot be started. The text says which, why, and where its log is."""


class Child:
    """A part's present process and its history."""

    def __init__(self, part: Part, log_file: Path, wake: threading.Event) -> None:
        self.part = part
        self.log_file = log_file
        self.process: subprocess.Popen[bytes] | None = None
        self.is_ready = False
        self.was_ready = False
        self.deaths = 0
        self.start_at = 0.0
        self._started_at = 0.0
        self._wake = wake

    def start(self, now: float) -> None:
        if self.part.ready_file:
            self.part.ready_file.unlink(missing_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                self.part.command,
                env=dict(self.part.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.is_ready = False
        self._started_at = now
        threading.Thread(target=self._watch, args=(self.process,), daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._wake.set()

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def hangs(self, now: float) -> bool:
        return self.process is not None and not self.is_ready and now - self._started_at > START_TIMEOUT_S

    def count_death(self, now: float) -> None:
        """Plan the next start: at once the first time, later and later when it dies again and again."""
        lived_well = self.is_ready and now - self._started_at >= LIVED_WELL_S
        self.deaths = 1 if lived_well else self.deaths + 1
        self.start_at = now + BACK_OFF_S[min(self.deaths, len(BACK_OFF_S)) - 1]
        self.process = None
        self.is_ready = False

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""


class Supervisor:
    """Runs `parts`. `all_ready` is the last condition; `on_ready(pids)` is called when all is up, at each time anew.

    `on_end` is called once, before the children are told to end; it must be quick.
    """

    def __init__(
        self,
        parts: list[Part],
        log_folder: Path,
        *,
        all_ready: Callable[[], bool],
        on_ready: Callable[[dict[str, int]], None],
        say: Callable[[str], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._children = [Child(part, log_folder / f"{part.name}.log", self._wake) for part in parts]
        # Whoever started us in a process of its own choosing may have children there that are none of ours.
        self._strangers = children_of(os.getpid())
        self._all_ready = all_ready
        self._on_ready = on_ready
        self._say = say
        self._on_end = on_end
        self._announced = False
        self._was_ready = False
        self._changed_at = time.monotonic()
        self._complained = False

    def request_stop(self) -> None:
        """Ask `run` to end; safe in a signal handler."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Start all, keep them running until `request_stop`, end them. Raises StartFailed when a first start fails."""
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                self._step(time.monotonic())
                if not self._stopping.is_set():
                    self._wake.wait(self._pause(time.monotonic()))
        finally:
            self._end_all()

    def pids(self) -> dict[str, int]:
        """The present processes by name."""
        return {child.part.name: child.process.pid for child in self._children if child.process}

    def _step(self, now: float) -> None:
        for child in self._children:
            if child.part.rank and not self._may_follow():
                continue
            if child.hangs(now) and child.process:
                log.warning("event=child_hangs name=%s", child.part.name)
                child.process.kill()
                child.process.wait()
            if child.has_died():
                self._died(child, now)
            if child.process is None and child.start_at <= now and not self._stopping.is_set():
                child.start(now)
            if child.process and not child.is_ready and child.part.ready():
                child.is_ready = child.was_ready = True
                log.info("event=child_ready name=%s pid=%d", child.part.name, child.process.pid)
        if not self._announced and all(child.is_ready for child in self._children) and self._all_ready():
            self._announced = self._was_ready = True
            self._on_ready(self.pids())
        self._complain(now)

    def _complain(self, now: float) -> None:
        """Say once what is being waited for."""
        if self._announced or self._complained or now - self._changed_at < PATIENCE_S:
            return
        self._complained = True
        late = [child for child in self._children if not child.is_ready]
        logs = ", ".join(f"{child.part.name} (its log: {child.log_file})" for child in late)
        self._say(f"still waiting for {logs or 'a device to report to the dispatcher'}")

    def _may_follow(self) -> bool:
        """Whether what all others need is there, or was: a dead broker does not keep a dead screen from starting."""
        return all(child.was_ready for child in self._children if child.part.rank == 0)

    def _died(self, child: Child, now: float) -> None:
        process = child.process
        if process is None or self._stopping.is_set():
            return
        how, name = _how(process.returncode), child.part.name
        log.warning("event=child_died name=%s pid=%d how=%r", name, process.pid, how)
        self._announced = self._complained = False
        self._changed_at = now
        child.count_death(now)
        self._end_orphans()
        if not self._was_ready and not child.was_ready and child.deaths >= TRIES_AT_START:
            raise StartFailed(f"{name} does not start ({how}): {child.last_words()} (its log: {child.log_file})")
        wait_s = child.start_at - now
        self._say(f"{name} ended ({how}) and is started again{f' in {wait_s:g} s' if wait_s else ''}")

    def _pause(self, now: float) -> float | None:
        """How long there is nothing to look at; None: until a child dies or a stop is asked for."""
        if any(child.process and not child.is_ready for child in self._children):
            return _LOOK_S if now - self._changed_at < PATIENCE_S else _SLOW_LOOK_S
        waits = [max(child.start_at - now, 0.0) for child in self._children if child.process is None]
        if waits:
            return min(waits)
        if self._announced:
            return None
        return _LOOK_S if now - self._changed_at < PATIENCE_S else _SLOW_LOOK_S

    def _end_all(self) -> None:
        self._stopping.set()
        self._on_end()
        self._end([child for child in self._children if child.part.rank == 1], STOP_S)
        self._end([child for child in self._children if child.part.rank != 1], STOP_LAST_S)
        self._end_orphans()

    def _end(self, children: list[Child], time_s: float) -> None:
        running = [child.process for child in children if child.process and child.process.poll() is None]
        names = {child.process.pid: child.part.name for child in children if child.process}
        begun = time.monotonic()
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(max(begun + time_s - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            took_s = time.monotonic() - begun
            log.info("event=child_ended name=%s code=%d after_s=%.2f", names[process.pid], process.returncode, took_s)

    def _end_orphans(self) -> None:
        """End what a dead child left behind (its workers have become ours, `leash.adopt_orphans`)."""
        known = self._strangers | {child.process.pid for child in self._children if child.process}
        for pid in children_of(os.getpid()) - known:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def children_of(parent: int) -> set[int]:
    """The processes whose parent is `parent`."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                # the name, in brackets, may hold anything; state and parent follow it (proc(5))
                fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.add(int(folder.name))
    return found


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"
