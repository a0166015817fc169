"""A display on a pseudo terminal: serves its line in a thread, has faults on command, says what it shows."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from firmware_config.virtual.led.slaves import Bus, Slave

log = logging.getLogger(__name__)

QUIET_S = 0.25
"""A frame whose bytes stop for so long is cut off. A real one waits 4 ms; a busy machine is not so punctual."""


class Line:
    """Serves `slave` at the terminal that `link` points to, until `close`. Safe to use from several threads."""

    def __init__(self, slave: Slave | Bus, link: Path) -> None:
        """Raises OSError if there is no terminal to be had or `link` cannot be made."""
        self.path = link
        self.url = f"serial://{link.absolute()}"
        self.shown: list[str] = []
        """Each text that came to stand on it, the newest last."""
        self._slave = slave
        self._silent = False
        self._changed = threading.Condition()
        self._master, self._end = os.openpty()
        tty.setraw(self._end)
        fresh = link.with_name(f"{link.name}.new")
        fresh.symlink_to(os.ttyname(self._end))
        fresh.replace(link)
        self._wake_in, self._wake_out = os.pipe()
        self._thread = threading.Thread(target=self._run, name="led-line", daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        """What stands on the display now."""
        with self._changed:
            return self._slave.text

    @property
    def wrong(self) -> list[str]:
        """All that came and was not by the book; empty is well."""
        with self._changed:
            return list(self._slave.wrong)

    @property
    def writes(self) -> int:
        with self._changed:
            return self._slave.writes

    def silence(self, *, on: bool = True) -> None:
        """Let it be deaf and dumb, as with its cable cut, until `on` is False."""
        with self._changed:
            self._silent = on

    def power_cycle(self) -> None:
        """Off and on again: it shows nothing until it is written to."""
        with self._changed:
            self._slave.power_cycle()
            self.shown.append(self._slave.text)
            self._changed.notify_all()

    def wait(self, condition: Callable[[], bool], timeout_s: float = 10.0) -> bool:
        """Whether `condition()` came true in time; it is asked again whenever bytes have come."""
        with self._changed:
            return self._changed.wait_for(condition, timeout_s)

    def close(self) -> None:
        """Pull the adapter out: the port is gone."""
        os.write(self._wake_out, b"!")
        self._thread.join()
        self.path.unlink(missing_ok=True)
        for descriptor in (self._master, self._end, self._wake_in, self._wake_out):
            os.close(descriptor)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        poll.register(self._wake_in, select.POLLIN)
        while True:
            ready = [descriptor for descriptor, _event in poll.poll(QUIET_S * 1000)]
            if self._wake_in in ready:
                return
            self._serve(os.read(self._master, 4096) if ready else b"")

    def _serve(self, data: bytes) -> None:
        with self._changed:
            if self._silent:
                return
            before, complaints, writes = self._slave.text, len(self._slave.wrong), self._slave.writes
            answer = self._slave.receive(data) if data else b""
            if not data:
                self._slave.pause()
            for sentence in self._slave.wrong[complaints:]:
                log.error("event=led_wrong_bytes error=%r", sentence)
            if self._slave.text != before or (self._slave.writes > writes and not self.shown):
                self.shown.append(self._slave.text)
            self._changed.notify_all()
        if answer:
            with contextlib.suppress(OSError):
                os.write(self._master, answer)
