"""Tickets without a finger on a screen: by ear and four keys (B10), by push-buttons (B8). One office for both."""

from __future__ import annotations

import array
import os
import re
import signal
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_config.virtual.board.lines import Light
from firmware_config.virtual.board.wire import Wire
from firmware_config.virtual.keypad.stream import Stream
from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import stays, wait_until

pytestmark = pytest.mark.journey
SAID = re.compile(r"event=said language=(\w+) text='(.*)'$")
ON, OFF, BUSY = Light(on=True), Light(), Light(on=True, flashes=2)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stream]:
    made = Stream(tmp_path_factory.mktemp("keys") / "four")
    yield made
    made.close()


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    made = Wire(tmp_path_factory.mktemp("board") / "buttons", ("1", "2", "3"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, keys: Stream, board: Wire) -> Iterator[Office]:
    """SDL writes what would be heard into a file, twenty times as fast as ears are."""
    folder = tmp_path_factory.mktemp("ways")
    text = sites.site() + sites.service("passport", "A") + sites.service("residence", "B")
    text += sites.service("register", "C", hours={"mon": []}, holidays=False)
    text += sites.counter("1", "passport", "residence", "register")
    text += sites.table("kiosk", id="ear", voice=True, keys=str(keys.path))
    buttons = {"1": "passport", "2": "residence", "3": "register"}
    text += sites.table("kiosk", id="board", board=board.url, buttons=buttons)
    sound = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(folder / "heard.raw"), "SDL_DISKAUDIODELAY": "2"}
    with running(folder, text, environ=sound) as office:
        yield office


def heard(office: Office) -> list[tuple[str, str]]:
    """What the kiosk has said until now, `(language, text)`."""
    log = (office.folder / "data" / "log" / "kiosk-ear.log").read_text("utf-8")
    return [(found[1], found[2]) for line in log.splitlines() if (found := SAID.search(line))]


def hears(office: Office, *texts: str) -> None:
    """Wait until these were said last, in this order."""
    wait_until(lambda: [text for _, text in heard(office)][-len(texts) :] == list(texts), 15, lambda: heard(office))


def test_a_ticket_by_four_keys_and_ears_alone(office: Office, keys: Stream, tmp_path: Path) -> None:
    """B10: who sees nothing chooses a language and a service, hears the number, and has the paper in the hand."""
    keys.press("down")
    hears(office, "English: press the down key.")
    keys.press("down")
    hears(office, "English: press OK.")
    keys.press("enter")
    hears(office, "Service passport.", "Nobody waiting.", "Wait cannot be foreseen.", "1 of 7.")
    keys.press("down")
    hears(office, "Service residence.", "Nobody waiting.", "Wait cannot be foreseen.", "2 of 7.")
    keys.press("down")
    hears(office, "Service register.", "Closed now.", "3 of 7.")
    keys.press("up", "enter")
    done = "If you have finished, press OK. To hear it again, press the repeat key."
    hears(office, "Take the paper below.", "We will call you by this number.", done)
    said = [text for _, text in heard(office)]
    assert [text for text in said[said.index("One moment.") :] if text != "Your ticket is being printed."] == [
        "One moment.", "Your number is:", "B, 0, 0, 1.", "Nobody ahead of you.", "Wait cannot be foreseen.",
        "Take the paper below.", "We will call you by this number.", done,
    ]  # fmt: skip
    paper = wait_until(lambda: office.papers("ear"), 10)
    assert [one["cut"] for one in paper] == [True]
    assert "B001" in paper[0]["text"]
    keys.press("space")
    wait_until(lambda: heard(office)[-1] == ("en", "B, 0, 0, 1."), 10)
    keys.press("enter")
    hears(office, "Goodbye.")
    assert heard(office)[:3] == [
        ("it", "Camera di commercio."),
        ("it", "Guida vocale del distributore di biglietti."),
        ("it", "Italiano: premi OK."),
    ]


def test_what_was_said_is_in_the_ears_in_that_order(office: Office) -> None:
    """B10: the sound itself. Clips made here, by the same generator, stand in the file in the order of the text."""
    spoken = [
        ("it", "Camera di commercio."), ("en-gb", "Your number is:"), ("en-gb", "B, 0, 0, 1."),
        ("en-gb", "Take the paper below."), ("en-gb", "Goodbye."),
    ]  # fmt: skip
    clips = [at_three_quarters(made_anew(office.folder, voice, text)) for voice, text in spoken]
    file, at = office.folder / "heard.raw", 0
    for clip, (_voice, text) in zip(clips, spoken, strict=True):
        # the middle of it: over the beginning of some the click of a key may sound
        middle = clip[len(clip) // 4 & ~1 : len(clip) // 2 & ~1]
        at = wait_until(lambda part=middle, after=at: max(0, file.read_bytes().find(part, after)), 10, text)
    sound, number = file.read_bytes(), clips[2]
    begins = sound.index(number)
    assert not any(sound[begins - 2 * 2000 : begins]), "a pause before the number"
    assert not any(sound[begins + len(number) : begins + len(number) + 2 * 2000]), "and one behind it"


def made_anew(folder: Path, voice: str, text: str) -> bytes:
    clip = folder / "clip.wav"
    command = ["espeak-ng", "-v", voice, "-s", "150", "-b", "1", "-w", str(clip), text]
    subprocess.run(command, check=True, timeout=20)
    with wave.open(str(clip), "rb") as file:
        return file.readframes(file.getnframes())


def at_three_quarters(samples: bytes) -> bytes:
    """As SDL mixes them at the volume of the beginning: each is cut towards zero."""
    loud = array.array("h", samples)
    return array.array("h", (int(value * 96 / 128) for value in loud)).tobytes()


def test_a_push_is_a_ticket_and_lamps_show_what_can_be_had(office: Office, board: Wire) -> None:
    """B8: a button, a paper; the lamp flashes meanwhile; a closed service is dark and gives none."""
    assert board.wait(lambda: board.lamps == {"1": ON, "2": ON, "3": OFF}), board.lamps
    seen = len(board.shown)
    press = board.push("1")
    paper = wait_until(lambda: office.papers("board"), 15, lambda: office.log("kiosk-board"))
    assert "A001" in paper[0]["text"]
    assert "Servizio passport" in paper[0]["text"], "in the office's first language"
    assert board.wait(lambda: board.lamps["1"] == ON)
    assert BUSY in [lamps["1"] for lamps in board.shown[seen:]], board.shown
    refused = board.push("3")
    assert board.wait(lambda: (refused, "service_closed") in board.answers), board.answers
    assert board.answers == [(press, None), (refused, "service_closed")]
    assert len(office.papers("board")) == 1
    assert board.wrong == []


def test_no_press_is_lost_or_doubled_when_the_cable_is_out(office: Office, board: Wire) -> None:
    """B8: pressed while the cable is out: a ticket when it is in again; its answer lost: the repeat makes no second."""
    before = len(office.papers("board"))
    board.unplug()
    office.observer.wait("device/board/status", lambda body: "board_gone" in codes(body))
    press = board.push("2")
    board.plug()
    assert board.wait(lambda: (press, None) in board.answers), board.answers
    wait_until(lambda: len(office.papers("board")) == before + 1, 15)
    assert board.wait(lambda: board.lamps["2"] == ON), "the next ticket may be had"
    board.deaf = True
    deaf = board.push("2")
    wait_until(lambda: len(office.papers("board")) == before + 2, 15)
    board.unplug()
    board.deaf = False
    board.plug()
    assert board.wait(lambda: (deaf, None) in board.answers), board.answers
    board.power_cycle()
    assert board.wait(lambda: board.lamps == {"1": ON, "2": ON, "3": OFF}), "lamps are restored"
    stays(lambda: len(office.papers("board")) == before + 2, 0.5)
    words = [word for one in office.papers("board") for word in one["text"].split()]
    labels = [word for word in words if re.fullmatch(r"[AB]\d{3}", word)]
    assert len(labels) == len(set(labels)) == before + 2


def test_lamps_are_dark_while_the_printer_has_no_paper(office: Office, board: Wire) -> None:
    """B8 B3: nobody is invited to press; when the paper is in again, the lamps are too."""
    office.fault("board", "paper_out")
    assert board.wait(lambda: board.lamps == {"1": OFF, "2": OFF, "3": OFF}), board.lamps
    press = board.push("1")
    assert board.wait(lambda: (press, "out_of_service") in board.answers), board.answers
    office.fault("board", "none")
    assert board.wait(lambda: board.lamps == {"1": ON, "2": ON, "3": OFF}), board.lamps


def test_a_dispenser_that_is_speaking_ends_at_once(office: Office, keys: Stream) -> None:
    """Its sound card and its threads do not keep it from ending; the office starts it anew."""
    wait_until(lambda: not codes(office.observer.last("device/ear/status") or {}), 10)
    said = len(heard(office))
    keys.press("down")
    wait_until(lambda: len(heard(office)) > said, 10)
    office.reread()
    pid = office.pid("kiosk-ear")
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), 5, "still there")
    office.back("kiosk-ear", pid)


def codes(body: dict[str, object]) -> list[str]:
    problems = body.get("problems", [])
    assert isinstance(problems, list)
    return [str(one["code"]) for one in problems]
