"""Calls as they are heard in the room: the onebox's own screen plays into a file (C2, C3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dispatcher.wire.speech import PROGRAM, Clips, cache_folder, for_a_hall, silence
from display.sound import chime
from tests.journeys import sites
from tests.journeys.office import running
from tests.journeys.waiting import wait_until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not shutil.which(PROGRAM), reason="espeak-ng is not installed"),
]
SIGN = silence(0.1)


def test_two_calls_at_once_are_heard_in_turn_and_an_undone_one_falls_silent_at_once(tmp_path: Path) -> None:
    """Two operators press "next" together; the first one takes it back while it is being said."""
    text = sites.site(languages=["it", "en"]) + "[voice]\nvolume = 100\n\n"
    for name, letter in (("one", "A"), ("two", "B")):
        text += sites.service(name, letter) + sites.counter(name, name, name=name[:1].upper(), mode="manual")
    text += sites.table("display", id="hall")
    out = tmp_path / "played.raw"
    environ = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(out)}
    with running(tmp_path, text, environ=environ) as office:
        for name in ("one", "two"):
            office.acted(name, "open")
            office.issue(name)
        office.observer.wait("device/hall/status", lambda said: said.get("voice") == "voice")
        first, second = (office.acted(name, "next")["ticket"]["label"] for name in ("one", "two"))
        assert (first, second) == ("A001", "B001")
        clips = Clips(cache_folder(), manner="hall", finish=for_a_hall)
        said = {label: SIGN.join(clips.samples("it", sign) for sign in label) for label in (first, second)}
        wait_until(lambda: said[first] in out.read_bytes(), 20, lambda: office.log("display-hall"))
        assert said[second] not in out.read_bytes()
        office.acted("one", "undo")
        wait_until(lambda: said[second] in out.read_bytes(), 20, lambda: office.log("display-hall"))
        calls = {one["label"]: one["call_id"] for one in office.observer.all("call") if "label" in one}
        office.observer.wait("device/hall/status", lambda told: told.get("sounded") == calls[second])
    sound = out.read_bytes()
    assert sound.count(chime(recall=False, brief=False)) == 2
    assert sound.index(said[first]) < sound.rindex(chime(recall=False, brief=False)) < sound.index(said[second])
    # the English half of the first one would have ended with its counter
    assert clips.samples("en", "Counter") + silence(0.06) + clips.samples("en", "O") not in sound
