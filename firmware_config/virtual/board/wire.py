"""A button board on a pseudo terminal: served in a thread, with fingers and faults on command."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from firmware_config.virtual.board.lines import Board, Light

_TURN_S = 0.05


class Wire:
    """The board at the terminal that `link` points to, as /dev/serial/by-path would give one."""

    def __init__(self, link: Path, buttons: tuple[str, ...], device: str = "board") -> None:
        self.path = link
        self.url = f"serial://{link.absolute()}?baud=115200"
        self.shown: list[dict[str, Light]] = []
        """How the lamps were, each time that one changed; the newest last."""
        self.deaf = False
        """Nothing from the dispenser reaches the board any more."""
        self._buttons, self._device = buttons, device
        self._boots = 0
        self._changed = threading.Condition()
        self._board = self._fresh()
        self._thread: threading.Thread | None = None
        self.plug()

    def plug(self) -> None:
        """The cable is in: the line is there, the board as it was."""
        self._master, self._end = os.openpty()
        tty.setraw(self._end)
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.symlink_to(os.ttyname(self._end))
        fresh.replace(self.path)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._master, self._stopping), name="board")
        self._thread.start()

    def unplug(self) -> None:
        """The cable is out; the board has power of its own and goes on."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        self.path.unlink(missing_ok=True)
        os.close(self._end)
        os.close(self._master)

    def power_cycle(self) -> None:
        """Off and on again: another boot, dark lamps, no press."""
        with self._changed:
            self._board = self._fresh()
            self.shown.append(dict(self._board.lamps))
            self._changed.notify_all()

    def push(self, button: str) -> int | None:
        """A finger; the seq of the press, None while the board waits for the answer to the one before."""
        with self._changed:
            return self._board.push(button, time.monotonic())

    @property
    def lamps(self) -> dict[str, Light]:
        with self._changed:
            return dict(self._board.lamps)

    @property
    def answers(self) -> list[tuple[int, str | None]]:
        with self._changed:
            return list(self._board.answers)

    @property
    def wrong(self) -> list[str]:
        with self._changed:
            return list(self._board.wrong)

    def wait(self, condition: Callable[[], bool], timeout_s: float = 10.0) -> bool:
        """Whether it came true in time."""
        with self._changed:
            return self._changed.wait_for(condition, timeout_s)

    def close(self) -> None:
        self.unplug()

    def _fresh(self) -> Board:
        self._boots += 1
        return Board(self._device, self._buttons, boot=f"b{self._boots}")

    def _run(self, master: int, stopping: threading.Event) -> None:
        while not stopping.is_set():
            readable, _, _ = select.select([master], [], [], _TURN_S)
            data = b""
            if readable:
                with contextlib.suppress(OSError):
                    data = os.read(master, 4096)
            with self._changed:
                before = dict(self._board.lamps)
                now = time.monotonic()
                answer = b"" if self.deaf else self._board.hears(data, now)
                answer += self._board.says(now)
                if self._board.lamps != before:
                    self.shown.append(dict(self._board.lamps))
                self._changed.notify_all()
            if answer:
                with contextlib.suppress(OSError):
                    os.write(master, answer)
