"""C2: the chime is low enough for old ears, a recall differs, and a machine without sound is not stopped by it."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from array import array

import pytest

from display.announce import Announcement
from display.sound import BRIEF, BRIEF_RECALL, CHIME, RATE_HZ, RECALL, TOP_HZ, Note, Player, Sounding, chime, synthesise
from tests.display.samples import call, event


def _power(samples: array[int], hertz: float) -> float:
    """Goertzel's sum: how much of a tone there is."""
    turn = 2 * math.pi * hertz / RATE_HZ
    before, last = 0.0, 0.0
    for value in samples:
        before, last = last, value + 2 * math.cos(turn) * last - before
    return before**2 + last**2 - 2 * math.cos(turn) * before * last


def sounding() -> Sounding:
    return Sounding(Announcement(event(call("A045")), 0.0), (), chime(recall=False, brief=False))


@pytest.mark.parametrize("notes", [CHIME, RECALL, BRIEF, BRIEF_RECALL])
def test_chime_has_nothing_to_hear_above_the_limit(notes: tuple[Note, ...]) -> None:
    samples = synthesise(notes)
    loudest = max(_power(samples, note.hertz) for note in notes)
    for hertz in range(int(TOP_HZ) + 100, 8000, 457):
        assert _power(samples, hertz) < loudest / 10_000, hertz
    assert max(map(abs, samples)) <= 32_767 * 0.61
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50


def test_two_tones_fall_and_a_recall_sounds_otherwise() -> None:
    assert [note.hertz for note in CHIME] == sorted((note.hertz for note in CHIME), reverse=True)
    sounds = {chime(recall=recall, brief=brief) for recall in (False, True) for brief in (False, True)}
    assert len(sounds) == 4
    assert [note.hertz for note in BRIEF_RECALL] == sorted(note.hertz for note in BRIEF_RECALL)


def test_player_sounds_and_stops() -> None:
    import pygame

    player = Player()
    player.open()
    assert (player.name, player.fault) == ("dummy", "")
    player.announce(sounding())
    assert pygame.mixer.get_busy()
    player.stop()
    assert not pygame.mixer.get_busy()
    pygame.mixer.quit()


def test_loudspeaker_that_comes_later_is_found_after_a_minute_at_most() -> None:
    """C2: nobody has to start a screen again because its loudspeaker was switched on after it."""
    script = (
        "import os; from display.sound import Player; from tests.display.test_sound import sounding\n"
        "player = Player(); player.open(); player.turn(5.0)\n"
        "assert player.due == 65.0 and not player.works\n"
        "player.turn(65.0); assert player.due == 125.0 and player.fault\n"
        "os.environ['SDL_AUDIODRIVER'] = 'dummy'\n"
        "player.turn(124.9); assert not player.works\n"
        "player.turn(125.0); assert player.works and not player.fault and player.due == float('inf')\n"
        "player.announce(sounding()); import pygame; assert pygame.mixer.get_busy()\n"
        "os.environ['SDL_AUDIODRIVER'] = 'no-such-driver'\n"
        "player.lose(); assert not player.works and player.fault\n"
        "player.turn(200.0); os.environ['SDL_AUDIODRIVER'] = 'dummy'; player.turn(260.0)\n"
        "player.announce(sounding()); assert pygame.mixer.get_busy()\n"
        "player.lose(); assert player.works and not pygame.mixer.get_busy()\n"
    )
    environment = {**os.environ, "SDL_AUDIODRIVER": "no-such-driver"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, timeout=60)


def test_machine_without_sound_says_so_and_goes_on() -> None:
    script = (
        "from display.sound import Player; from tests.display.test_sound import sounding\n"
        "player = Player(); player.open(); player.announce(sounding()); player.stop()\n"
        "assert player.name == 'none' and player.fault, player.fault\n"
    )
    environment = {**os.environ, "SDL_AUDIODRIVER": "no-such-driver"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, timeout=60)
