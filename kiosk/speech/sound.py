"""The sound card, by pygame's mixer: one channel speaks, another clicks."""

from __future__ import annotations

import pygame

from dispatcher.wire.speech import RATE_HZ
from kiosk.speech.voice import NoSound

_BUFFER = 1024
"""Samples: 46 ms, so that a key is heard at once; silence wakes the machine 20 times a second."""


class Mixer:
    """`voice.Output`. It is never closed: pygame does that at the end of the program, on the main thread, and two that
    close the sound card at once wait for each other for ever."""

    def __init__(self) -> None:
        self._speech: pygame.mixer.Channel | None = None
        self._click: pygame.mixer.Channel | None = None

    def open(self) -> None:
        try:
            pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER, allowedchanges=0)
            self._speech, self._click = pygame.mixer.Channel(0), pygame.mixer.Channel(1)
        except pygame.error as error:
            raise NoSound(str(error)) from error

    def play(self, samples: bytes, volume: float) -> None:
        _sound(self._speech, samples, volume)

    def click(self, samples: bytes, volume: float) -> None:
        _sound(self._click, samples, volume)

    @property
    def playing(self) -> bool:
        return bool(self._speech and self._speech.get_busy())

    def stop(self) -> None:
        if self._speech:
            self._speech.stop()


def _sound(channel: pygame.mixer.Channel | None, samples: bytes, volume: float) -> None:
    if channel:
        sound = pygame.mixer.Sound(buffer=samples)
        # the channel's own volume would come after the first samples
        sound.set_volume(volume)
        channel.play(sound)
