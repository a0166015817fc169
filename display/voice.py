"""The clips that calls are made of, made ready on a thread of their own: the picture never waits for one."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable

from dispatcher.wire.speech import Clips, NoVoice, silence
from display.spoken import Part, Sequence

log = logging.getLogger(__name__)

MOST_CLIPS = 600
"""In memory, some 15 MB: four languages and all names of counters."""
MISSING = "espeak-ng is not installed (Debian: espeak-ng)"


class Voice:
    """`changed` is called on the voice's thread when clips that were asked for urgently are there, or `fault` changed.

    Until it is started, and after it was stopped, it only keeps what it is asked.
    """

    def __init__(self, clips: Clips, changed: Callable[[], None]) -> None:
        self._clips = clips
        self._changed = changed
        self._ready: dict[Part, bytes] = {}
        self._urgent: deque[Part] = deque()
        self._wanted: deque[Part] = deque()
        self._condition = threading.Condition()
        self._stopping = False
        self._busy = False
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self.fault = "" if clips.works else MISSING

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def prepare(self, parts: Iterable[Part], *, urgent: bool = False) -> None:
        """Ask for clips; the urgent ones are made first."""
        with self._condition:
            queue = self._urgent if urgent else self._wanted
            queue += [part for part in dict.fromkeys(parts) if part not in self._ready and part not in queue]
            self._condition.notify_all()

    def missing(self, sequence: Sequence) -> tuple[Part, ...]:
        """The parts whose clips are not yet there."""
        return tuple(part for part in sequence if isinstance(part, Part) and part not in self._ready)

    def render(self, sequence: Sequence) -> bytes:
        """All of it as one piece of sound; what is missing is left out."""
        return b"".join(
            self._ready.get(each, b"") if isinstance(each, Part) else silence(each.length_s) for each in sequence
        )

    def settle(self, timeout_s: float) -> bool:
        """Wait until all that was asked for is there; whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: not (self._urgent or self._wanted or self._busy), timeout_s)

    # -- the thread

    def _run(self) -> None:
        try:
            self._clips.prune()
            while self._turn():
                pass
        except Exception:
            # without it calls are chimed, and the screen goes on
            log.exception("event=voice_failed")
            self._tell("the voice has failed; see the log")

    def _turn(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._urgent or self._wanted or self._stopping)
            if self._stopping:
                return False
            urgent = bool(self._urgent)
            part = (self._urgent or self._wanted).popleft()
            self._busy = True
        try:
            self._make(part)
        finally:
            with self._condition:
                self._busy = False
                done = urgent and not self._urgent
                self._condition.notify_all()
        if done:
            self._changed()
        return True

    def _make(self, part: Part) -> None:
        if part in self._ready:
            return
        if self.fault and not self._clips.look():
            return
        try:
            clip = self._clips.samples(part.language, part.text)
        except NoVoice as error:
            log.warning("event=no_speech language=%s reason=%r", part.language, str(error))
            self._tell(str(error) if self._clips.look() else MISSING)
            return
        self._tell("")
        while len(self._ready) >= MOST_CLIPS:
            del self._ready[next(iter(self._ready))]
        self._ready[part] = clip

    def _tell(self, fault: str) -> None:
        if fault != self.fault:
            self.fault = fault
            self._changed()
