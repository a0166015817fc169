"""C2: the sound itself, by the real generator, played by SDL into a file: all parts in order, with their pauses."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dispatcher.wire.speech import PROGRAM, RATE_HZ, Clips, for_a_hall, silence
from display import spoken
from display.sound import chime
from display.spoken import Part, Pause
from display.voice import Voice
from tests.display.hall import Tones
from tests.display.samples import call, event
from tests.display.test_spoken import OFFICE, every_label

installed = pytest.mark.skipif(not shutil.which(PROGRAM), reason="espeak-ng is not installed")

PLAYS = """
import json, sys
from pathlib import Path
from dispatcher.wire.speech import Clips, for_a_hall, length_s, silence
from display import spoken
from display.announce import Announcement
from display.mouth import AFTER_CHIME
from display.sound import Player, Sounding, chime
from display.voice import Voice
from tests.display.samples import call, event
import pygame

voice = Voice(Clips(Path(sys.argv[1]), manner="hall", finish=for_a_hall), lambda: None)
voice.start()
player = Player()
player.open()
assert player.name == "disk", player.fault
for label, language, brief in json.load(sys.stdin):
    one = event(call(label), language=language)
    said = spoken.announcement(one, spoken.languages_of(language, ("it", "en")), "it", recall=False, brief=brief)
    voice.prepare(said_part for said_part in said if isinstance(said_part, spoken.Part))
    assert voice.settle(60)
    samples = chime(recall=False, brief=brief) + voice.render((AFTER_CHIME, *said))
    player.announce(Sounding(Announcement(one, 0.0), said, samples))
    while pygame.mixer.get_busy():
        pygame.time.wait(1)
pygame.mixer.quit()
voice.stop(5)
"""


def played(folder: Path, clips: Path, calls: list[tuple[str, str, bool]]) -> bytes:
    """What SDL's mixer gives to a loudspeaker while the calls are sounded one after the other, faster than real."""
    out = folder / "played.raw"
    environment = {
        **os.environ,
        "SDL_AUDIODRIVER": "disk",
        "SDL_DISKAUDIOFILE": str(out),
        "SDL_DISKAUDIODELAY": "1",
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    }
    command = [sys.executable, "-c", PLAYS, str(clips)]
    subprocess.run(command, input=json.dumps(calls), text=True, env=environment, check=True, timeout=170)
    return out.read_bytes()


def check(sound: bytes, clips: Clips, calls: list[tuple[str, str, bool]]) -> None:
    """Find every part behind the other, each with exactly its pause before it; nothing else sounds between calls."""
    at = 0
    for label, language, brief in calls:
        tones = chime(recall=False, brief=brief)
        at = _next(sound, tones, at, None, label)
        said = spoken.announcement(
            event(call(label), language=language),
            spoken.languages_of(language, ("it", "en")),
            "it",
            recall=False,
            brief=brief,
        )
        pause_s = 0.1
        for each in said:
            if isinstance(each, Pause):
                pause_s = each.length_s
            else:
                at = _next(sound, clips.samples(each.language, each.text), at, pause_s, f"{label}: {each}")
    assert not any(sound[at:])


def _next(sound: bytes, clip: bytes, at: int, pause_s: float | None, what: str) -> int:
    """Where `clip` ends, which is to come after `pause_s` of silence (None: any length of it)."""
    begins = at + 2 * round(RATE_HZ * pause_s) if pause_s is not None else sound.find(clip, at)
    assert begins >= at, f"{what}: not heard"
    assert not any(sound[at:begins]), f"{what}: no silence before it"
    assert sound[begins : begins + len(clip)] == clip, f"{what}: not heard in its place"
    return begins + len(clip)


@installed
def test_calls_are_played_in_order_with_their_pauses(tmp_path: Path) -> None:
    calls = [("A045", "it", False), ("ZZ99", "de", False), ("AA07", "fr", True)]
    sound = played(tmp_path, tmp_path / "clips", calls)
    clips = Clips(tmp_path / "clips", manner="hall", finish=for_a_hall)
    check(sound, clips, calls)
    with pytest.raises(AssertionError, match="AA08"):
        check(sound, clips, [*calls[:2], ("AA08", "fr", True)])


@installed
@pytest.mark.full
def test_two_hundred_labels_are_played_rightly(tmp_path: Path) -> None:
    chosen = random.Random(7).sample(list(every_label()), 200)
    calls = [(label, OFFICE[at % 4], at % 5 == 0) for at, label in enumerate(chosen)]
    sound = played(tmp_path, tmp_path / "clips", calls)
    check(sound, Clips(tmp_path / "clips", manner="hall", finish=for_a_hall), calls)


def test_urgent_clips_are_made_first_and_each_once() -> None:
    tones = Tones()
    told: list[int] = []
    voice = Voice(tones, lambda: told.append(len(tones.asked)))
    voice.prepare(spoken.vocabulary(("it",)))
    voice.prepare([Part("it", "Accettazione")], urgent=True)
    voice.prepare([Part("it", "Accettazione"), Part("it", "0")], urgent=True)
    voice.start()
    assert voice.settle(10)
    assert tones.asked[:2] == ["it:Accettazione", "it:0"]
    assert len(set(tones.asked)) == len(tones.asked) == 36 + 3 + 9 + 1
    assert told[0] == 2
    voice.stop(5)


def test_what_is_joined_is_as_long_as_its_parts_and_pauses() -> None:
    voice = Voice(Tones(), lambda: None)
    sequence = (Part("it", "A"), Pause(0.5), Part("it", "B"))
    assert voice.missing(sequence) == (Part("it", "A"), Part("it", "B"))
    voice.prepare(each for each in sequence if isinstance(each, Part))
    voice.start()
    assert voice.settle(10)
    assert voice.missing(sequence) == ()
    first, second = (Tones().samples("it", text) for text in "AB")
    assert voice.render(sequence) == first + silence(0.5) + second
    voice.stop(5)


def test_memory_of_clips_is_bounded() -> None:
    voice = Voice(Tones(), lambda: None)
    voice.start()
    parts = [Part("it", f"Sportello {number}") for number in range(700)]
    voice.prepare(parts)
    assert voice.settle(30)
    kept = [part for part in parts if not voice.missing((part,))]
    assert (len(kept), kept[-1]) == (600, parts[-1])
    voice.stop(5)
