"""Speech from text, off line: espeak-ng as generator, its clips kept on disk. Samples are 16 bit, one channel, RATE_HZ.

Loads nothing but the standard library; whoever speaks brings a loudspeaker of his own.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import math
import os
import shutil
import struct
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
RATE_HZ = 22_050
VOICES = {"it": "it", "en": "en-gb", "de": "de", "fr": "fr-fr"}
FALLBACK = "en"
WORDS_A_MINUTE = 150
"""Slower than its own 175: who hears it for the first time, in a full hall."""
MOST_S = 10.0
MOST_CLIPS = 2000
"""About 120 MB; the oldest go first."""
LOW_HZ, HIGH_HZ = 300.0, 3000.0
"""The band of a voice in a public room (ADA 407.2.2.3)."""
_BUTTERWORTH = (0.5412, 1.3066)
"""The qualities of the two sections of a filter of the fourth order."""
_HEADER = struct.Struct("<4xI4x4xIHHIIHH")
_HEADER_BYTES = 44
_EDGE = 200
_EDGE_KEPT = round(0.02 * RATE_HZ)

Finish = Callable[[bytes], bytes]


class NoVoice(Exception):
    """No speech can be made of it."""


class Clips:
    """Text to samples. Several programs may share a folder; one that cannot be written only costs time.

    `finish` works a fresh clip over before it is kept; `manner` names how, so that clips of two manners stay apart.
    """

    def __init__(self, folder: Path, *, manner: str = "", finish: Finish | None = None, program: str = PROGRAM) -> None:
        self._folder = folder
        self._manner = manner
        self._finish = finish
        self._name = program
        self._program = shutil.which(program)

    @property
    def works(self) -> bool:
        """Whether the generator is installed."""
        return self._program is not None

    def look(self) -> bool:
        """Look again whether it is."""
        self._program = shutil.which(self._name)
        return self.works

    def samples(self, language: str, text: str) -> bytes:
        """The clip, made at the first time; in another voice when there is none for the language. Raises NoVoice."""
        voice = VOICES.get(language, language)
        name = hashlib.sha256(f"{voice}/{WORDS_A_MINUTE}/{self._manner}/{text}".encode()).hexdigest()[:32]
        path = self._folder / f"{name}.wav"
        with contextlib.suppress(OSError, EOFError, wave.Error):
            return _read(path)
        try:
            fresh = self._make(voice, text)
        except (OSError, subprocess.SubprocessError, struct.error) as error:
            if language != FALLBACK:
                log.warning("event=voice_missing language=%s reason=%r", language, str(error))
                return self.samples(FALLBACK, text)
            raise NoVoice(str(error)) from error
        self._keep(path, fresh)
        return fresh

    def prune(self) -> None:
        """Let the folder not grow for ever."""
        with contextlib.suppress(OSError):
            found = sorted(self._folder.glob("*.wav"), key=lambda path: path.stat().st_mtime)
            for path in found[: max(0, len(found) - MOST_CLIPS)]:
                path.unlink(missing_ok=True)

    def _make(self, voice: str, text: str) -> bytes:
        if self._program is None:
            raise FileNotFoundError(self._name)
        # the text goes in by a pipe: one that begins with a hyphen is no option
        command = [self._program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout"]
        made = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=MOST_S).stdout
        _size, _length, _format, channels, rate, _bytes_s, _block, bits = _HEADER.unpack_from(made)
        if (channels, bits, rate) != (1, 16, RATE_HZ):
            raise struct.error("other samples than expected")
        # a stream cannot say in its header how long it will be: all that follows is sound
        samples = made[_HEADER_BYTES : len(made) // 2 * 2]
        return self._finish(samples) if self._finish else samples

    def _keep(self, path: Path, samples: bytes) -> None:
        fresh = path.with_name(f"{path.stem}.{os.getpid()}.{threading.get_ident()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with wave.open(str(fresh), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE_HZ)
                file.writeframes(samples)
            fresh.replace(path)
        except OSError as error:
            log.warning("event=clip_not_kept reason=%r", str(error))
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE_HZ):
            raise wave.Error("other samples than espeak-ng's")
        return file.readframes(file.getnframes())


def cache_folder() -> Path:
    """Where clips are kept when nobody says where."""
    service = os.environ.get("CACHE_DIRECTORY")  # systemd's
    if service:
        return Path(service.split(":")[0]) / "speech"
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path("~/.cache").expanduser()) / "numeretto" / "speech"


def silence(length_s: float) -> bytes:
    return bytes(2 * round(RATE_HZ * length_s))


def length_s(samples: bytes) -> float:
    return len(samples) / 2 / RATE_HZ


def for_a_hall(samples: bytes) -> bytes:
    """A clip as a part of a call: without the silence around it, within the band of a voice, as loud as the others."""
    values = _trimmed(_numbers(samples))
    filtered = [float(value) for value in values]
    for quality in _BUTTERWORTH:
        filtered = _biquad(filtered, LOW_HZ, quality, high_pass=True)
        filtered = _biquad(filtered, HIGH_HZ, quality, high_pass=False)
    top = max(map(abs, filtered), default=0.0) or 1.0
    return _bytes(array("h", (round(value * 28_000 / top) for value in filtered)))


def _numbers(samples: bytes) -> array[int]:
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _trimmed(values: array[int]) -> array[int]:
    """Without what is as good as silent at both ends, a breath of it aside."""
    first = next((at for at, value in enumerate(values) if abs(value) > _EDGE), 0)
    last = next((at for at in range(len(values) - 1, -1, -1) if abs(values[at]) > _EDGE), len(values) - 1)
    return values[max(0, first - _EDGE_KEPT) : last + 1 + _EDGE_KEPT]


def _biquad(values: list[float], hertz: float, quality: float, *, high_pass: bool) -> list[float]:
    """A section of a filter (R. Bristow-Johnson's cookbook of audio equalisers)."""
    turn = 2 * math.pi * hertz / RATE_HZ
    alpha, cosine = math.sin(turn) / (2 * quality), math.cos(turn)
    scale = 1 + alpha
    edge = (1 + cosine if high_pass else 1 - cosine) / 2 / scale
    middle = -2 * edge if high_pass else 2 * edge
    back1, back2 = -2 * cosine / scale, (1 - alpha) / scale
    in1 = in2 = out1 = out2 = 0.0
    found = []
    for value in values:
        out = edge * (value + in2) + middle * in1 - back1 * out1 - back2 * out2
        in2, in1, out2, out1 = in1, value, out1, out
        found.append(out)
    return found
