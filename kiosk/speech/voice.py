"""Says one thing after the other on a thread of its own, and falls silent at once when it is told to.

The thread alone makes clips and touches the sound card: neither the screen nor a ticket ever waits for them.
"""

from __future__ import annotations

import logging
import math
import threading
from array import array
from collections import deque
from collections.abc import Callable
from typing import Protocol

from dispatcher.wire.speech import RATE_HZ, Clips, NoVoice
from kiosk.speech.guide import VOLUMES, Speech
from kiosk.speech.words import Said

log = logging.getLogger(__name__)

PAUSE_S = 0.15
"""Silence behind each sentence; espeak-ng leaves some of its own."""
_PAUSE = bytes(2 * round(RATE_HZ * PAUSE_S))
LOOK_S = 0.02
AGAIN_S = 60.0
"""How often a missing generator or sound card is looked for, besides at each sentence."""
CLICK_HZ, CLICK_S = 880.0, 0.03
"""The sound of a key: below 1500 Hz (ADA 407.2.2.3)."""


class NoSound(Exception):
    """There is no sound output."""


class Output(Protocol):
    """Where samples become sound; used on one thread."""

    def open(self) -> None:
        """Raises NoSound."""
        ...

    def play(self, samples: bytes, volume: float) -> None: ...

    def click(self, samples: bytes, volume: float) -> None:
        """Beside what is playing."""
        ...

    @property
    def playing(self) -> bool: ...

    def stop(self) -> None: ...


class Voice:
    """`heard` is told what begins to sound, `changed` that `faults` has changed; both on the voice's thread."""

    def __init__(
        self, clips: Clips, output: Output, *, heard: Callable[[Said], None], changed: Callable[[], None]
    ) -> None:
        self.faults: tuple[str, ...] = ()
        self._clips = clips
        self._output = output
        self._heard = heard
        self._changed = changed
        self._condition = threading.Condition()
        self._waiting: deque[tuple[Said, float]] = deque()
        self._clicks = 0
        self._cut = False
        self._volume = 1.0
        self._open = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        with self._condition:
            self._stopping = self._cut = True
            self._waiting.clear()
            self._condition.notify_all()
        self._thread.join(timeout_s)

    def say(self, speech: Speech, volume: int) -> None:
        """Say it, at this place in VOLUMES; an empty speech that interrupts is silence."""
        with self._condition:
            if speech.interrupts:
                self._waiting.clear()
                self._cut = True
            self._waiting += [(said, VOLUMES[volume]) for said in speech.said]
            self._condition.notify_all()

    def click(self, volume: int) -> None:
        """The sound of a key."""
        with self._condition:
            self._clicks += 1
            self._volume = VOLUMES[volume]
            self._condition.notify_all()

    # -- the thread

    def _run(self) -> None:
        try:
            self._clips.prune()
            self._look()
            while not self._stopping:
                self._turn()
        except Exception:
            # without it the dispenser is silent, and goes on
            log.exception("event=voice_failed")
            self._tell(("no_audio",))

    def _turn(self) -> None:
        with self._condition:
            wanted = self._waiting or self._clicks or self._cut or self._stopping
            looks = not wanted and not self._condition.wait(AGAIN_S if self.faults else None)
        if looks:
            self._look()
            return
        with self._condition:
            clicks, self._clicks = self._clicks, 0
            cut, self._cut = self._cut, False
            said, volume = self._waiting.popleft() if self._waiting else (None, self._volume)
        if cut and self._open:
            self._output.stop()
        if clicks and self._open:
            self._output.click(click(), self._volume)
        if said is not None:
            self._say(said, volume)

    def _say(self, said: Said, volume: float) -> None:
        if self.faults:
            self._look()
        if not self._open:
            return
        try:
            samples = self._clips.samples(said.language, said.text)
        except NoVoice as error:
            log.warning("event=no_speech reason=%r", str(error))
            self._tell(("no_voice",))
            return
        with self._condition:
            if self._cut:
                return
        self._heard(said)
        self._output.play(samples + _PAUSE, volume)
        while self._output.playing and not self._interrupted(LOOK_S):
            pass

    def _interrupted(self, timeout_s: float) -> bool:
        """Whether it is to be silent; waits at most so long for it. A key's click sounds meanwhile."""
        with self._condition:
            self._condition.wait_for(lambda: self._cut or self._stopping or self._clicks, timeout_s)
            clicks, self._clicks = self._clicks, 0
            cut = self._cut or self._stopping
        if clicks and not cut:
            self._output.click(click(), self._volume)
        elif clicks:
            self._clicks += clicks
        return cut

    def _look(self) -> None:
        """See what is missing, and take the sound card if it is free."""
        faults = () if self._clips.look() else ("no_voice",)
        if not self._open:
            try:
                self._output.open()
                self._open = True
            except NoSound as error:
                if "no_audio" not in self.faults:
                    log.warning("event=no_audio reason=%r", str(error))
                faults = (*faults, "no_audio")
        self._tell(faults)

    def _tell(self, faults: tuple[str, ...]) -> None:
        if faults != self.faults:
            self.faults = faults
            self._changed()


def click() -> bytes:
    """A short soft tone."""
    count = round(RATE_HZ * CLICK_S)
    turn = 2 * math.pi * CLICK_HZ / RATE_HZ
    shape = (math.sin(math.pi * at / count) ** 2 * math.sin(turn * at) for at in range(count))
    return array("h", (round(12_000 * value) for value in shape)).tobytes()
