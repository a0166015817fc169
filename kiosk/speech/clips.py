"""Speech from text, off line: espeak-ng as generator, its clips kept on disk."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import subprocess
import wave
from pathlib import Path

from kiosk.speech.words import Said
from kiosk.texts import FALLBACK

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
RATE_HZ = 22_050
VOICES = {"it": "it", "en": "en-gb", "de": "de", "fr": "fr-fr"}
WORDS_A_MINUTE = 150
"""Slower than its own 175: who hears it for the first time, in a full hall."""
MOST_S = 10.0
MOST_CLIPS = 2000
"""About 120 MB; the oldest go first."""


class NoVoice(Exception):
    """No speech can be made of it."""


class Clips:
    """Text to samples: one channel, 16 bit, RATE_HZ. Makes its folder; one program at a time uses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = shutil.which(PROGRAM)

    @property
    def works(self) -> bool:
        """Whether the generator is installed."""
        return self._program is not None

    def look(self) -> bool:
        """Look again whether it is."""
        self._program = shutil.which(PROGRAM)
        return self.works

    def samples(self, said: Said) -> bytes:
        """The clip, made at the first time. Raises NoVoice."""
        voice = VOICES.get(said.language, said.language)
        name = hashlib.sha256(f"{voice}/{WORDS_A_MINUTE}/{said.text}".encode()).hexdigest()[:32]
        path = self._folder / f"{name}.wav"
        with contextlib.suppress(OSError, EOFError, wave.Error):
            return _read(path)
        try:
            self._make(voice, said.text, path)
            return _read(path)
        except (OSError, EOFError, subprocess.SubprocessError, wave.Error) as error:
            if said.language != FALLBACK:
                log.warning("event=voice_missing language=%s reason=%r", said.language, str(error))
                return self.samples(Said(FALLBACK, said.text))
            raise NoVoice(str(error)) from error

    def prune(self) -> None:
        """Let the folder not grow for ever."""
        with contextlib.suppress(OSError):
            found = sorted(self._folder.glob("*.wav"), key=lambda path: path.stat().st_mtime)
            for path in found[: max(0, len(found) - MOST_CLIPS)]:
                path.unlink()

    def _make(self, voice: str, text: str, path: Path) -> None:
        if self._program is None:
            raise FileNotFoundError(PROGRAM)
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.new")
        try:
            # the text goes in by a pipe: one that begins with a hyphen is no option
            command = [self._program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", str(fresh), "--stdin"]
            subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=MOST_S)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE_HZ):
            raise wave.Error("other samples than espeak-ng's")
        return file.readframes(file.getnframes())
