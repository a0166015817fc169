"""A whole day of a waiting-room screen in minutes: 100,000 calls over 24 h of its clock, and its memory meanwhile.

`python -m tests.bench.day CALLS` prints `[calls, megabytes resident]`, a line each. The screen is the real
one with a surface of full size, a voice and a loudspeaker that nobody hears; its clock is moved by hand and its broker
is in memory. It shows slides, messages and the missed; now and then the dispatcher is silent or the link is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.onebox.parts import python_path
from dispatcher.wire import codec, memory, speech, topics
from dispatcher.wire.clock import ManualClock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import (
    Board,
    BoardCall,
    CallEvent,
    DisplayConfig,
    Heartbeat,
    MissedTicket,
    Notice,
    QueueLength,
    Slide,
)
from display.inbox import ClipsReady, Inbox, subscribe
from display.loop import Display, Name
from display.pictures import Photographer
from display.report import Reporter
from display.screen import Screen
from display.sound import Player
from display.steady import keep_memory_steady
from display.voice import Voice
from tests.bench.bare import SCREEN
from tests.bench.figures import Figure, small
from tests.display.gallery import photograph

SITE, DEVICE, EPOCH = "bench", "hall", "e1"
CALLS = 100_000
SETTLED = 5_000
LEAST_STEP_S = 0.45
HURRIED_S, CALM_S, CALM_FROM = 0.5, 4.14, 900
"""Between two calls, wall seconds: of each thousand the last hundred come so slowly that all of them are spoken."""
GROWTH_MB = 5.0
LONGEST_S = 14_400.0
MORNING = datetime(2026, 11, 23, tzinfo=UTC)
LETTERS = "ABCDEFGH"
LANGUAGES = ("it", "en", "de", "fr")
CLIPS_S = 10.0
"""How long, of this machine's time, clips may take; the clock of the day stands still meanwhile."""
PAGE = "# Che cosa portare\n" + "".join(f"- Il documento numero {at} della pratica\n" for at in range(1, 20))
SILENT_S, LOST_S = 9.0, 3.0


class Day:
    """The screen and a dispatcher that calls. Clips are kept in the folder `clips`."""

    def __init__(self, clips: Path) -> None:
        self._clock = ManualClock(MORNING)
        self._broker = memory.Broker()
        self._office = memory.Client(self._broker)
        self._office.start()
        self._link = memory.Client(self._broker, will=will_of(SITE, DEVICE))
        device = DeviceLink(self._link, SITE, DEVICE)
        self._frame, self._no_picture = device.frame, threading.Event()
        self._inbox = Inbox()
        subscribe(self._link, device, SITE, self._inbox)
        made = speech.Clips(clips, manner="hall", finish=speech.for_a_hall)
        self._voice = Voice(made, lambda: self._inbox.put(ClipsReady()))
        player = Player()
        player.open()
        self._display = Display(
            Name(SITE, DEVICE, "bench"),
            self._clock,
            Screen(SCREEN, headless=True),
            player,
            self._inbox,
            Reporter(device.status),
            Photographer(self._sent),
            lambda: None,
            voice=self._voice,
        )
        self._calls: list[BoardCall] = []
        self._missed: list[MissedTicket] = []
        services = {f"s{at}": {"it": f"Servizio {at}", "en": f"Service {at}"} for at in range(len(LETTERS))}
        slides = (
            Slide(id="hills", picture=photograph(), seconds=7),
            Slide(id="bring", text={"it": PAGE, "en": PAGE}, seconds=4),
            Slide(id="sea", picture=photograph(900, 900), seconds=5),
        )
        config = DisplayConfig(
            site_name="Camera di commercio",
            zone="Europe/Rome",
            languages=LANGUAGES,
            services=services,
            layout="split",
            slides=slides,
        )
        self._say(topics.device(SITE, DEVICE, "config"), codec.encode(config), retain=True)
        self._voice.start()
        self._link.start()

    def close(self) -> None:
        self._voice.stop(CLIPS_S)

    def call(self, number: int) -> None:
        """One call: its event, its board, a heartbeat; each thousand times somebody looks, or it is cut off."""
        now = self._clock.now()
        at = number % len(LETTERS)
        label = f"{LETTERS[at]}{number // len(LETTERS) % 999 + 1:03d}"
        line = BoardCall(
            call_id=f"c{number}", label=label, service=f"s{at}", counter=str(number % 12 + 1),
            counter_name=str(number % 12 + 1), called_at=now,
        )  # fmt: skip
        event = CallEvent(epoch=EPOCH, revision=number, language=LANGUAGES[number % 4], **line.model_dump())
        self._say(topics.call(SITE), codec.encode(event))
        self._calls = [line, *self._calls][:20]
        if number % 7 == 0:
            self._missed = [MissedTicket(label=label, service=line.service, missed_at=now), *self._missed][:8]
        queues = tuple(
            QueueLength(service=f"s{each}", waiting=number * (each + 3) % 41) for each in range(len(LETTERS))
        )
        notices = tuple(Notice(id=f"n{at}", text={"it": f"Avviso {number // 50 + at}: si chiude."}) for at in range(3))
        board = Board(
            epoch=EPOCH,
            revision=number,
            at=now,
            calls=tuple(self._calls),
            missed=tuple(self._missed),
            queues=queues,
            notices=notices,
        )
        self._say(topics.board(SITE), codec.encode(board), retain=True)
        self._say(topics.heartbeat(SITE), codec.encode(Heartbeat(epoch=EPOCH, revision=number, at=now)))
        if number % 1000 == 250:
            self._no_picture.clear()
            self._say(topics.device(SITE, DEVICE, "do"), b'{"request_id":"r","action":"frame","width":640}')
        self._broker.log.clear()
        if number % 1000 == 500:
            self.pass_by(SILENT_S)
        if number % 1000 == 750:
            self._link.lose()
            self.pass_by(LOST_S)
            self._link.start()

    def pass_by(self, seconds: float) -> None:
        """Let the screen live for so long, waking when it wants to."""
        while seconds > 0:
            self._take()
            if self._voice.settle(CLIPS_S):
                self._take()
            step = min(seconds, max(self._display.turn(), LEAST_STEP_S))
            self._clock.advance(seconds=step)
            seconds -= step

    def settle(self) -> None:
        """Wait until no picture is on its way: it is no growth, and its thread has little of this hurried machine."""
        assert self._no_picture.wait(CLIPS_S), "the picture that was asked for never came"

    def _sent(self, picture: bytes, request: str | None) -> None:
        self._frame(picture, request)
        self._no_picture.set()

    def _take(self) -> None:
        for item in self._inbox.take(0.0):
            self._display.take(item)

    def _say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._office.publish(topic, payload, retain=retain)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1024 / 1024


def simulate(calls: int) -> Iterator[tuple[int, float]]:
    """Memory by the number of calls made, twenty times over the day."""
    keep_memory_steady()
    with tempfile.TemporaryDirectory() as clips:
        day = Day(Path(clips))
        marks = {SETTLED, *range(calls // 20, calls + 1, max(1, calls // 20))}
        for number in range(1, calls + 1):
            day.call(number)
            day.pass_by(CALM_S if number % 1000 >= CALM_FROM else HURRIED_S)
            if number in marks and number >= SETTLED:
                day.settle()
                yield number, round(resident_mb(), 2)
        day.close()


def growth_mb(seen: Sequence[tuple[int, float]]) -> float:
    """The most that any later mark is above the first."""
    return max(megabytes for _calls, megabytes in seen) - seen[0][1]


def in_a_process(calls: int) -> list[tuple[int, float]]:
    """`simulate` where nothing else is in memory."""
    env = {"SDL_AUDIODRIVER": "dummy", **os.environ, **python_path(os.environ)}
    command = [sys.executable, "-m", "tests.bench.day", str(calls)]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, timeout=LONGEST_S)
    return [(made, megabytes) for made, megabytes in map(json.loads, done.stdout.splitlines())]


def measure(calls: int = CALLS) -> list[Figure]:
    """The growth beside what is allowed."""
    seen = in_a_process(calls)
    grown = max(0.01, growth_mb(seen))
    what = f"screen, memory from {SETTLED:,} to {calls:,} calls: growth"
    return [Figure(what, "MB", f"allowed; {seen[0][1]:.0f} MB in all", (small(grown, GROWTH_MB),), 1)]


if __name__ == "__main__":
    for mark in simulate(int(sys.argv[1])):
        sys.stdout.write(json.dumps(mark) + "\n")
        sys.stdout.flush()
