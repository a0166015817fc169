"""A room with screens that speak, over a broker in memory and a clock moved by hand; what they sound is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.clock import ManualClock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import BoardCall, CounterState, CounterTicket
from dispatcher.wire.speech import Clips, NoVoice, length_s
from display.inbox import ClipsReady, Inbox, subscribe
from display.loop import Display, Name
from display.report import Reporter
from display.screen import Photographer, Screen
from display.sound import Player, Sounding
from display.spoken import Part
from display.voice import Voice
from tests.display.samples import NINE, SITE, board, config, event, heartbeat

CLIP_S = 0.4


class Tones(Clips):
    """A generator whose clips are all of one length, and each another noise; `works` can be taken from it."""

    def __init__(self) -> None:
        super().__init__(Path("unused"))
        self.installed = True
        self.asked: list[str] = []

    @property
    def works(self) -> bool:
        return self.installed

    def look(self) -> bool:
        return self.installed

    def prune(self) -> None:
        pass

    def samples(self, language: str, text: str) -> bytes:
        self.asked.append(f"{language}:{text}")
        if not self.installed:
            raise NoVoice("nothing there")
        noise = hashlib.sha256(f"{language}/{text}".encode()).digest()
        return (noise * 1000)[: round(CLIP_S * 22_050) * 2]


@dataclass
class Heard:
    """A call as it was heard: who sounded it, from when to when in wall seconds."""

    screen: str
    began: float
    sounding: Sounding
    ended: float

    @property
    def label(self) -> str:
        return self.sounding.announcement.call.label

    @property
    def words(self) -> str:
        return " ".join(f"{each.language}:{each.text}" for each in self.sounding.said if isinstance(each, Part))


class Tape(Player):
    """A loudspeaker of which all is kept."""

    def __init__(self, screen: str, clock: ManualClock, tape: list[Heard]) -> None:
        super().__init__()
        self._screen = screen
        self._clock = clock
        self._tape = tape
        self.broken = False

    @property
    def works(self) -> bool:
        return not self.broken

    @property
    def name(self) -> str:
        return "none" if self.broken else "tape"

    def announce(self, sounding: Sounding) -> None:
        now = self._clock.monotonic()
        self._tape.append(Heard(self._screen, now, sounding, now + length_s(sounding.samples)))

    def stop(self) -> None:
        if self._tape and self._tape[-1].screen == self._screen:
            self._tape[-1].ended = min(self._tape[-1].ended, self._clock.monotonic())


class OneScreen:
    """A screen with its link, voice and tape."""

    def __init__(self, hall: Hall, name: str) -> None:
        self.name = name
        self.hall = hall
        self.tones = Tones()
        self.link = memory.Client(hall.broker, will=will_of(SITE, name))
        device = DeviceLink(self.link, SITE, name)
        self.inbox = Inbox()
        subscribe(self.link, device, SITE, self.inbox)
        shares = hall.one_loudspeaker and hall.screens
        self.player = hall.screens[0].player if shares else Tape(name, hall.clock, hall.tape)
        self.voice = Voice(self.tones, lambda: self.inbox.put(ClipsReady()))
        self.display = Display(
            Name(SITE, name, "127.0.0.1:1883"),
            hall.clock,
            Screen((320, 180), headless=True),
            self.player,
            self.inbox,
            Reporter(device.status),
            Photographer(device.frame),
            lambda: None,
            voice=self.voice,
        )
        self.shown: list[str] = []
        self.alive = True
        self.voice.start()
        self.link.start()

    def turn(self) -> None:
        if not self.alive:
            return
        for item in self.inbox.take(0.0):
            self.display.take(item)
        self.display.turn()
        if self.voice.settle(10):
            for item in self.inbox.take(0.0):
                self.display.take(item)
            self.display.turn()
        current = self.display.state.queue.current
        if current and current.call.label not in self.shown[-1:]:
            self.shown.append(current.call.label)

    def die(self) -> None:
        """As by kill -9: nothing more is done, the broker says so."""
        self.alive = False
        self.link.lose()

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.hall.broker.retained[topics.device(SITE, self.name, "status")])
        return found

    def problems(self) -> list[str]:
        return [each["code"] for each in self.status["problems"]]


@dataclass
class Hall:
    """Opens with one screen, "hall"; `heartbeats` go on by themselves while the dispatcher lives."""

    names: Sequence[str] = ("hall",)
    settings: dict[str, Any] = field(default_factory=dict)
    by_screen: dict[str, dict[str, Any]] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NINE))
    broker: memory.Broker = field(default_factory=memory.Broker)
    tape: list[Heard] = field(default_factory=list)
    revision: int = 1
    heartbeats: bool = True
    one_loudspeaker: bool = False
    """As when one program drives several monitors."""
    screens: list[OneScreen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.office = memory.Client(self.broker)
        self.office.start()
        for name in self.names:
            chosen = {**self.settings, **self.by_screen.get(name, {})}
            self.say(topics.device(SITE, name, "config"), config(**chosen), retain=True)
        self.say(topics.board(SITE), board(self.revision), retain=True)
        for name in self.names:
            self.screens.append(OneScreen(self, name))
        self.pass_time(0.2)

    def close(self) -> None:
        for screen in self.screens:
            screen.voice.stop(5)

    def say(self, topic: str, message: Any, *, retain: bool = False) -> None:
        self.office.publish(topic, codec.encode(message), retain=retain)

    def call(self, line: BoardCall, language: str = "it", *, followed: bool = True) -> BoardCall:
        """As the dispatcher does it: the call, then its counter's state."""
        line = line.model_copy(update={"called_at": self.clock.now()})
        self.say(topics.call(SITE), event(line, self.revision, language=language))
        if followed:
            self.at_counter(line.counter, line.label)
        return line

    def at_counter(self, counter: str, label: str | None, state: str = "called") -> None:
        self.revision += 1
        ticket = CounterTicket(label=label, service="passport", state=state, kind="walk_in") if label else None
        told = CounterState(revision=self.revision, state="open", mode="manual", ticket=ticket)
        self.say(topics.counter(SITE, counter), told, retain=True)

    def pass_time(self, seconds: float, step_s: float = 0.1) -> None:
        for _step in range(round(seconds / step_s)):
            self.clock.advance(seconds=step_s)
            if self.heartbeats and self.clock.monotonic() % 2 < step_s:
                self.say(topics.heartbeat(SITE), heartbeat(1, at=self.clock.now()))
            for screen in self.screens:
                screen.turn()

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.tape]

    def overlaps(self) -> list[tuple[str, str]]:
        """The pairs of calls that sounded at the same time, whichever screen it was."""
        inorder = sorted(self.tape, key=lambda each: each.began)
        pairs = pairwise(inorder)
        return [(one.label, then.label) for one, then in pairs if then.began < one.ended]
