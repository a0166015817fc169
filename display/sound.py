"""The chime, made here: all of it at or below 1500 Hz (ADA 407.2.2.3), for old ears. A recall sounds different."""

from __future__ import annotations

import logging
import math
from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

import pygame

from display.announce import Announcement
from display.speaking import KEPT_SAID
from display.spoken import Sequence as Said

log = logging.getLogger(__name__)

RATE_HZ = 22_050
TOP_HZ = 1500.0
AGAIN_S = 60.0
"""After so long a loudspeaker that was not there is tried again."""
_ATTACK_S = 0.008
_BUFFER = 2048
"""Samples: a tenth of a second, so that silence wakes the machine ten times a second and not a hundred."""


@dataclass(frozen=True)
class Note:
    """A struck tone: it begins at `at_s` and fades for `length_s`."""

    hertz: float
    at_s: float
    length_s: float


CHIME = (Note(659.26, 0.0, 0.9), Note(523.25, 0.38, 1.1))
BRIEF = (Note(659.26, 0.0, 0.4), Note(523.25, 0.18, 0.5))
BRIEF_RECALL = (Note(523.25, 0.0, 0.4), Note(659.26, 0.18, 0.5))
RECALL = (Note(523.25, 0.0, 0.5), Note(659.26, 0.2, 0.5), Note(523.25, 0.5, 0.5), Note(659.26, 0.7, 0.9))


def synthesise(notes: Sequence[Note], loudness: float = 0.6) -> array[int]:
    """The notes as 16-bit samples of one channel at RATE_HZ; an octave above TOP_HZ is left out."""
    total = round(RATE_HZ * max(note.at_s + note.length_s for note in notes))
    mixed = [0.0] * total
    for note in notes:
        first = round(note.at_s * RATE_HZ)
        turn = 2 * math.pi * note.hertz / RATE_HZ
        octave = 0.3 if note.hertz * 2 <= TOP_HZ else 0.0
        count = round(note.length_s * RATE_HZ)
        for sample in range(count):
            age_s = sample / RATE_HZ
            left = 1 - sample / count
            shape = min(1.0, age_s / _ATTACK_S) * math.exp(-3.2 * age_s / note.length_s) * left
            mixed[first + sample] += shape * (math.sin(turn * sample) + octave * math.sin(2 * turn * sample))
    top = max(map(abs, mixed))
    return array("h", (round(32_767 * loudness * value / top) for value in mixed))


@cache
def chime(*, recall: bool, brief: bool) -> bytes:
    """The tones before a call; the brief ones are for when many wait."""
    notes = (BRIEF_RECALL if recall else BRIEF) if brief else (RECALL if recall else CHIME)
    return synthesise(notes).tobytes()


@dataclass(frozen=True)
class Sounding:
    """All that is heard of a call, as one piece of sound (`samples`, RATE_HZ, 16 bit), so that it cannot stutter.

    `said` are the parts behind its chime, `percent` its loudness.
    """

    announcement: Announcement
    said: Said
    samples: bytes
    percent: int = 100
    brief: bool = False


@dataclass
class Floor:
    """Who has a loudspeaker, that several screens of one program may share: `call_id`, until `until` in wall seconds.

    `said` are the last calls that it has sounded: one that stands on several screens is sounded once.
    """

    call_id: str | None = None
    until: float = -math.inf
    said: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_SAID))

    def take(self, call_id: str, until: float) -> None:
        self.call_id, self.until = call_id, until
        self.said.append(call_id)

    def give_up(self) -> None:
        self.call_id, self.until = None, -math.inf


class Player:
    """The loudspeaker, if there is one. Whatever is sounded of a call begins with `announce` and ends with `stop`."""

    def __init__(self) -> None:
        self._channel: pygame.mixer.Channel | None = None
        self.fault = ""
        self.floor = Floor()
        self._again_at = math.inf

    def open(self) -> None:
        """Try to take the loudspeaker; without one the screen works in silence and `fault` says why."""
        if self._channel is not None:
            return
        before, self._again_at = self.fault, math.inf
        try:
            pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER)
            self._channel = pygame.mixer.Channel(0)
            self.fault = ""
            if before:
                log.info("event=audio_back driver=%s", self.name)
            for recall, brief in product((False, True), repeat=2):
                chime(recall=recall, brief=brief)
        except pygame.error as error:
            self.fault = str(error)
            if self.fault != before:
                log.warning("event=no_audio reason=%r", self.fault)

    def turn(self, monotonic: float) -> None:
        """A loudspeaker that was not there is tried again after AGAIN_S: somebody may have plugged it in."""
        if self._channel is not None or not self.fault:
            return
        if monotonic >= self._again_at:
            self.open()
        if self.fault and self._again_at == math.inf:
            self._again_at = monotonic + AGAIN_S

    @property
    def due(self) -> float:
        """When it is to be tried again, in wall seconds."""
        return self._again_at

    def lose(self) -> None:
        """The loudspeaker has been taken away: another one is taken if there is one."""
        if self._channel is None:
            return
        log.warning("event=audio_lost driver=%s", self.name)
        self._channel = None
        pygame.mixer.quit()
        self.open()

    @property
    def name(self) -> str:
        """What is played to: `none`, or the name of SDL's driver."""
        return "none" if self._channel is None else str(pygame.mixer.get_driver())

    @property
    def works(self) -> bool:
        """Whether there is a loudspeaker."""
        return self._channel is not None

    def announce(self, sounding: Sounding) -> None:
        """Sound a call; what still sounds of the one before it ends."""
        if self._channel is not None:
            sound = pygame.mixer.Sound(buffer=sounding.samples)
            # the channel's own volume would come after the first samples
            sound.set_volume(sounding.percent / 100)
            self._channel.play(sound)

    def stop(self) -> None:
        """Silence, at once."""
        if self._channel is not None:
            self._channel.stop()
