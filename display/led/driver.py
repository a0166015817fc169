"""Keeps the right text on one display: writes when it changes, refreshes, checks the answer, opens its port again."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import termios
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

import serial

from display.led.frames import ANSWER, REFUSAL, BadAnswer, Face, Refused

log = logging.getLogger(__name__)

REFRESH_S = 2.0
ANSWER_S = 0.3
"""How long an answer may take; the lines are slow, the displays too."""
WRITE_S = 2.0
FIRST_BACK_OFF_S = 0.5
LAST_BACK_OFF_S = 10.0
QUICK_S = 0.1
"""A frame that is longer on the line than this makes a blink that nobody could call one."""
LINE_S = 2.0
"""How long the displays on one line wait for each other."""
_QUIET = 4
"""Silence between two frames on a shared line, in characters (Modbus wants 3.5)."""
_LOOK_S = 0.005
_TRIES = 2
_BROKEN = (OSError, termios.error)


class PortGone(Exception):
    """The port is not there, or not any more: open it again later."""


class Silent(Exception):
    """The port is there and no right answer came."""


class Port(Protocol):
    """An open line to a display, which it may share with others. All raise PortGone."""

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """Nobody else speaks on the line meanwhile."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of it; what had come before and was not read is forgotten."""
        ...

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; less when no more come within ANSWER_S."""
        ...

    def line_s(self, count: int) -> float:
        """Seconds that `count` bytes take on the line."""
        ...

    def close(self) -> None: ...


class SerialPort:
    """A serial line, 8N1, a pseudo terminal included.

    Each display is driven by a program of its own, also where several hang on one line: they lock it for as long as one
    frame and its answer take, and not for ever, as `exclusive` would.
    """

    def __init__(self, path: str, baud: int) -> None:
        self._baud = baud
        try:
            own = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                # opening throws away what has come: not while another waits for its answer
                with _kept(own, path):
                    self._serial = serial.Serial(path, baud, timeout=ANSWER_S, write_timeout=WRITE_S)
            finally:
                os.close(own)
        except (OSError, termios.error, ValueError) as error:
            raise PortGone(f"{path}: {error}") from error

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        with _kept(self._serial.fileno(), str(self._serial.port)):
            yield
            self._drain()
            threading.Event().wait(self.line_s(_QUIET))

    def write(self, data: bytes) -> None:
        try:
            self._serial.reset_input_buffer()
            self._serial.write(data)
        except _BROKEN as error:
            raise PortGone(str(error)) from error

    def read(self, count: int) -> bytes:
        try:
            data: bytes = self._serial.read(count)
        except _BROKEN as error:
            raise PortGone(str(error)) from error
        return data

    def line_s(self, count: int) -> float:
        return count * 10 / self._baud

    def _drain(self) -> None:
        """What was written is on the line, so that the next one's frame does not run into it."""
        try:
            self._serial.flush()
        except _BROKEN as error:
            raise PortGone(str(error)) from error

    def close(self) -> None:
        try:
            self._serial.close()
        except _BROKEN:
            return


@contextlib.contextmanager
def _kept(line: int, name: str) -> Iterator[None]:
    """The line that is open at this descriptor for us alone. Raises PortGone when another keeps it too long."""
    pause = threading.Event()
    for _look in range(round(LINE_S / _LOOK_S)):
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            pause.wait(_LOOK_S)
        except _BROKEN as error:
            raise PortGone(str(error)) from error
    else:
        raise PortGone(f"{name}: another program keeps the line to itself")
    try:
        yield
    finally:
        with contextlib.suppress(*_BROKEN):
            fcntl.flock(line, fcntl.LOCK_UN)


def say(port: Port, face: Face, text: str) -> None:
    """Show `text` on the display behind an open port. Raises PortGone, Silent or Refused."""
    for remaining in reversed(range(_TRIES)):
        with port.turn():
            port.write(face.frame(text))
            if not face.answers:
                return
            answer = port.read(REFUSAL)
            if len(answer) == REFUSAL and not answer[1] & 0x80:
                answer += port.read(ANSWER - REFUSAL)
        try:
            face.check(answer)
        except BadAnswer as error:
            if not remaining:
                raise Silent(str(error)) from error
        else:
            return


class Driver:
    """One display behind one port, which `opener` opens (raises PortGone). Times are wall seconds of `monotonic`."""

    def __init__(self, face: Face, opener: Callable[[], Port], monotonic: Callable[[], float]) -> None:
        self.faults: dict[str, str] = {}
        """What is wrong now: a sentence by its code."""
        self.written: str | None = None
        """The text that was sent last, None before the first and after the port was lost."""
        self._face = face
        self._opener = opener
        self._monotonic = monotonic
        self._port: Port | None = None
        self._open_at = float("-inf")
        self._back_off_s = FIRST_BACK_OFF_S
        self._refresh_at = float("-inf")

    @property
    def blinks(self) -> bool:
        """Whether blinking makes sense now: not on a very slow line, not at a display that answers nothing."""
        if self._port is None or self.faults:
            return False
        return self._port.line_s(len(self._face.frame(self._face.blank))) <= QUICK_S

    def due(self) -> float:
        """When `turn` is to be called again at the latest."""
        return self._open_at if self._port is None else self._refresh_at

    def refresh(self) -> None:
        """Let the next turn write, whatever was written."""
        self._refresh_at = float("-inf")

    def turn(self, text: str) -> None:
        """Bring `text` to the display if it is not there, or if it is time to say it again."""
        if self._port is None and not self._open():
            return
        if text != self.written or self._monotonic() >= self._refresh_at:
            self._say(text)

    def close(self, last: str | None = None) -> None:
        """Leave the port; with `last` as the text that stays, if it can still be said."""
        if last is not None and self._port is not None:
            self._say(last)
        if self._port is not None:
            self._port.close()
            self._port = None

    def _open(self) -> bool:
        if self._monotonic() < self._open_at:
            return False
        try:
            self._port = self._opener()
        except PortGone as error:
            self._lost(error)
            return False
        log.info("event=led_port_open")
        self.refresh()
        return True

    def _say(self, text: str) -> None:
        port = self._port
        if port is None:
            return
        try:
            say(port, self._face, text)
        except PortGone as error:
            port.close()
            self._lost(error)
            return
        except Silent as error:
            self._fault("led_silent", f"The display does not answer: {error}")
        except Refused as error:
            self._fault("led_refused", f"The display refuses the text; is its map the right one? {error}")
        else:
            if self.faults:
                log.info("event=led_well")
            self.faults = {}
        # Only what was written proves that the port is good: some open well and break at the first byte.
        self._back_off_s = FIRST_BACK_OFF_S
        self.written, self._refresh_at = text, self._monotonic() + REFRESH_S

    def _lost(self, error: PortGone) -> None:
        self._fault("port_gone", f"The display's port cannot be used: {error}")
        self._port, self.written = None, None
        self._open_at = self._monotonic() + self._back_off_s
        self._back_off_s = min(self._back_off_s * 2, LAST_BACK_OFF_S)

    def _fault(self, code: str, sentence: str) -> None:
        if code not in self.faults:
            log.warning("event=%s error=%r", code, sentence)
        self.faults = {code: sentence}
