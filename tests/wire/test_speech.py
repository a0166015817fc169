"""Clips of speech: made once, kept, within the band of a voice; a folder that cannot be written stops nobody (C2)."""

from __future__ import annotations

import cmath
import math
import shutil
from array import array
from pathlib import Path

import pytest

from dispatcher.wire import speech
from dispatcher.wire.speech import HIGH_HZ, LOW_HZ, PROGRAM, RATE_HZ, Clips, NoVoice, for_a_hall

pytestmark = pytest.mark.skipif(not shutil.which(PROGRAM), reason="espeak-ng is not installed")


def spectrum(samples: bytes, size: int = 4096) -> list[float]:
    """The power by frequency, in steps of RATE_HZ / size, over all of the clip."""
    values = array("h", samples)
    total = [0.0] * (size // 2)
    for first in range(0, len(values), size):
        block = [float(value) for value in values[first : first + size]]
        for at, value in enumerate(_fft([complex(one) for one in block + [0.0] * (size - len(block))])[: size // 2]):
            total[at] += abs(value) ** 2
    return total


def _fft(values: list[complex]) -> list[complex]:
    count = len(values)
    if count == 1:
        return values
    even, odd = _fft(values[::2]), _fft(values[1::2])
    turned = [cmath.exp(-2j * math.pi * at / count) * odd[at] for at in range(count // 2)]
    return [even[at] + turned[at] for at in range(count // 2)] + [even[at] - turned[at] for at in range(count // 2)]


@pytest.mark.parametrize(("language", "text"), [("it", "Sportello"), ("en", "S"), ("de", "Schalter"), ("fr", "4")])
def test_voice_keeps_within_the_band_for_public_rooms(tmp_path: Path, language: str, text: str) -> None:
    """ADA 407.2.2.3: 300 to 3000 Hz; what the filter leaves beside is too faint to count."""
    power = spectrum(Clips(tmp_path, manner="hall", finish=for_a_hall).samples(language, text))
    step = RATE_HZ / 4096
    within = sum(value for at, value in enumerate(power) if LOW_HZ <= at * step <= HIGH_HZ)
    beside = sum(value for at, value in enumerate(power) if at * step < LOW_HZ / 2 or at * step > HIGH_HZ * 1.5)
    assert within / sum(power) > 0.85
    assert beside / sum(power) < 0.02


def test_clip_is_made_once_and_then_read(tmp_path: Path) -> None:
    clips = Clips(tmp_path, manner="hall", finish=for_a_hall)
    first = clips.samples("it", "Numero")
    kept = list(tmp_path.glob("*.wav"))
    assert len(kept) == 1
    made_at = kept[0].stat().st_mtime_ns
    assert clips.samples("it", "Numero") == Clips(tmp_path, manner="hall").samples("it", "Numero") == first
    assert (kept[0].stat().st_mtime_ns, list(tmp_path.iterdir())) == (made_at, kept)
    assert 0.3 < speech.length_s(first) < 1.0
    assert max(map(abs, array("h", first))) == 28_000


def test_two_manners_stay_apart_and_a_plain_clip_is_as_the_generator_made_it(tmp_path: Path) -> None:
    plain, hall = Clips(tmp_path), Clips(tmp_path, manner="hall", finish=for_a_hall)
    assert len(plain.samples("it", "Numero")) > len(hall.samples("it", "Numero"))
    assert len(list(tmp_path.glob("*.wav"))) == 2


def test_broken_clip_is_made_anew(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    first = clips.samples("it", "Numero")
    next(tmp_path.glob("*.wav")).write_bytes(b"RIFF")
    assert clips.samples("it", "Numero") == first


def test_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert Clips(tmp_path / "taken").samples("it", "Numero")


def test_language_without_a_voice_is_read_by_another(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    assert clips.samples("xx", "three") == clips.samples("en", "three")


def test_text_that_looks_like_an_option_is_read(tmp_path: Path) -> None:
    assert Clips(tmp_path).samples("it", "--help")


def test_without_the_generator_there_is_no_voice(tmp_path: Path) -> None:
    clips = Clips(tmp_path, program="no-such-program")
    assert not clips.works
    assert not clips.look()
    with pytest.raises(NoVoice):
        clips.samples("it", "Numero")


def test_folder_does_not_grow_for_ever(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    clips.samples("it", "Numero")
    for number in range(speech.MOST_CLIPS + 20):
        (tmp_path / f"{number}.wav").touch()
    clips.prune()
    assert len(list(tmp_path.glob("*.wav"))) == speech.MOST_CLIPS


def test_empty_clip_stays_empty() -> None:
    assert for_a_hall(b"") == b""
