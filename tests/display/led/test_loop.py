"""The living LED display over a broker in memory and a pseudo terminal. [C7]"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.clock import ManualClock, SystemClock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import Board, BoardCall, Withdrawn
from display.led.loop import Inbox, Led, Stop, subscribe
from display.report import Reporter
from firmware_config.virtual.led import slaves
from firmware_config.virtual.led.line import Line
from tests.display.led.samples import counter
from tests.display.samples import NINE, SITE, board, call, event, heartbeat

A042 = call("A042")


class Room:
    """A display over counter 3, its broker, and the dispatcher's side of it. Nothing turns by itself."""

    def __init__(self, folder: Path, clock: Any = None) -> None:
        self.line = Line(slaves.dm36(), folder / "led")
        self.clock = clock or ManualClock(NINE)
        self.ready: list[bool] = []
        self.broker = memory.Broker()
        self.office = memory.Client(self.broker)
        self.office.start()
        self.link = memory.Client(self.broker, will=will_of(SITE, "led-3"))
        device = DeviceLink(self.link, SITE, "led-3")
        self.inbox = Inbox()
        subscribe(self.link, device, SITE, self.inbox)
        self.led = Led(self.clock, self.inbox, Reporter(device.status), lambda: self.ready.append(True))
        self.board: Board = board(1)

    def close(self) -> None:
        self.led.close()
        if self.line.path.is_symlink():
            self.line.close()

    def config(self, port: str | None = None, kind: str = "led_modbus", at: str = "3") -> None:
        payload = codec.encode_plain({"kind": kind, "counter": at, "port": port or self.line.url})
        self.office.publish(topics.device(SITE, "led-3", "config"), payload, retain=True)

    def say(self, revision: int, *calls: BoardCall) -> None:
        self.board = board(revision, *calls)
        self.office.publish(topics.board(SITE), codec.encode(self.board), retain=True)
        self.beat()

    def beat(self) -> None:
        at = NINE + timedelta(seconds=self.clock.monotonic()) if isinstance(self.clock, ManualClock) else NINE
        self.office.publish(topics.heartbeat(SITE), codec.encode(heartbeat(self.board.revision, at=at)))

    def counter(self, revision: int, label: str | None, state: str = "open", name: str = "3") -> None:
        payload = codec.encode(counter(revision, label, state))
        self.office.publish(topics.counter(SITE, name), payload, retain=True)

    def call(self, line: BoardCall) -> None:
        self.office.publish(topics.call(SITE), codec.encode(event(line)))

    def turn(self) -> str:
        """The display after all that came; empty text for blank."""
        while not self.inbox.empty():
            self.led.take(self.inbox.get())
        self.led.turn()
        return self.line.text.strip()

    def pass_s(self, seconds: float) -> list[str]:
        """Let time pass as the loop would, with a heartbeat every second; each text that came to stand."""
        end, seen = self.clock.monotonic() + seconds, list[str]()
        while self.clock.monotonic() < end:
            text = self.turn()
            seen += [text] if seen[-1:] != [text] else []
            step = min(self.led.turn(), 1.0, end - self.clock.monotonic())
            self.clock.advance(seconds=max(step, 0.001))
            self.beat()
        return seen

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.broker.retained[topics.device(SITE, "led-3", "status")]))

    def problems(self) -> list[str]:
        return [each["code"] for each in self.status()["problems"]]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture
def living(room: Room) -> Room:
    """A room whose display stands blank over its open counter, well and reported."""
    room.config()
    room.counter(1, None)
    room.say(1)
    room.link.start()
    assert room.turn() == ""
    return room


def test_display_stands_blank_and_says_that_it_is_well(living: Room) -> None:
    status = living.status()
    assert status["online"] is True
    assert (status["problems"], status["shown_revision"], status["shown"]) == ([], 1, " " * 6)
    assert living.ready == [True]


def test_before_anything_is_heard_there_are_dashes(room: Room) -> None:
    room.config()
    room.link.start()
    assert room.turn() == "------"


def test_call_comes_blinks_and_stays(living: Room) -> None:
    living.counter(2, "A042")
    living.say(2, A042)
    living.call(A042)
    seen = living.pass_s(8.0)
    assert seen == ["A042", ""] * 6 + ["A042"]
    assert living.status()["shown"] == "A042  "
    assert living.status()["shown_revision"] == 2
    assert living.line.wrong == []


def test_close_takes_the_number_away(living: Room) -> None:
    living.counter(2, "A042")
    living.say(2, A042)
    assert living.turn() == "A042"
    living.counter(3, None, "closed")
    assert living.turn() == ""


def test_withdrawn_call_takes_the_number_away(living: Room) -> None:
    living.counter(2, "A042")
    living.say(2, A042)
    assert living.turn() == "A042"
    living.office.publish(topics.call(SITE), codec.encode(Withdrawn(call_id="call-A042", withdrawn=True)))
    assert living.turn() == ""


def test_number_of_the_next_counter_is_not_shown(living: Room) -> None:
    living.counter(2, "A042", name="4")
    living.say(2, call("A042", "4"))
    assert living.turn() == ""


def test_lost_dispatcher_turns_into_dashes_and_back(living: Room) -> None:
    living.counter(2, "A042")
    living.say(2, A042)
    assert living.turn() == "A042"
    living.clock.advance(seconds=5)
    assert living.turn() == "------"
    assert living.problems() == ["stale"]
    assert living.status()["shown_revision"] is None
    living.beat()
    assert living.turn() == "A042"
    living.clock.advance(seconds=1)
    living.turn()
    assert living.problems() == []


def test_reached_broker_refreshes_the_display_at_once(living: Room) -> None:
    writes = living.line.writes
    living.link.lose()
    assert living.status() == {"online": False}
    living.link.start()
    living.turn()
    assert living.line.writes == writes + 1
    assert living.status()["online"] is True


def test_silence_and_its_end_are_reported(living: Room) -> None:
    living.line.silence()
    living.counter(2, "A042")
    living.say(2, A042)
    living.clock.advance(seconds=1)
    living.turn()
    assert living.problems() == ["led_silent"]
    assert living.status()["shown_revision"] is None
    living.line.silence(on=False)
    living.clock.advance(seconds=2)
    living.beat()
    assert living.turn() == "A042"
    assert living.problems() == []


def test_unplugged_and_plugged_in_again(living: Room, tmp_path: Path) -> None:
    living.line.close()
    living.clock.advance(seconds=2)
    living.turn()
    assert living.problems() == ["port_gone"]
    living.line = Line(slaves.dm36(), tmp_path / "led")
    living.counter(2, "A042")
    living.say(2, A042)
    living.clock.advance(seconds=1)
    assert living.turn() == "A042"
    assert living.problems() == []


def test_port_that_is_not_there_is_reported_and_does_not_keep_others_waiting(room: Room) -> None:
    room.config("serial:///nowhere/led")
    room.link.start()
    room.turn()
    assert room.problems() == ["port_gone"]
    assert room.ready == [True]


def test_settings_that_cannot_be_read_leave_the_former_ones(living: Room) -> None:
    living.config("ttyUSB0")
    living.counter(2, "A042")
    living.say(2, A042)
    living.clock.advance(seconds=1)
    assert living.turn() == "A042"
    assert living.problems() == ["config_invalid"]
    living.config()
    living.clock.advance(seconds=1)
    living.turn()
    assert living.problems() == []


def test_new_counter_in_the_settings_is_shown_at_once(living: Room) -> None:
    living.counter(2, "B001", name="4")
    living.say(2, call("B001", "4"))
    assert living.turn() == ""
    living.config(at="4")
    assert living.turn() == "B001"


def test_nonsense_on_the_bus_changes_nothing(living: Room) -> None:
    for topic in (topics.board(SITE), topics.call(SITE), topics.heartbeat(SITE), topics.counter(SITE, "3")):
        for payload in (b"", b"{", b"[]", b'{"revision":"x"}'):
            living.office.publish(topic, payload)
    living.counter(2, "A042")
    living.say(2, A042)
    assert living.turn() == "A042"


def test_running_display_follows_and_leaves_dashes_when_it_ends(tmp_path: Path) -> None:
    """The loop in its own thread, with the machine's clock: what is sent stands there without any further turn."""
    room = Room(tmp_path, SystemClock())
    room.config()
    room.counter(1, "A042")
    room.say(1, A042)
    room.link.start()
    running = threading.Thread(target=room.led.run)
    running.start()
    try:
        assert room.line.wait(lambda: room.line.text == "A042  ")
        room.counter(2, "A043")
        room.say(2, call("A043"))
        assert room.line.wait(lambda: room.line.text == "A043  ")
    finally:
        room.inbox.put(Stop())
        running.join(5)
        room.close()
    assert room.line.text == "------"
    assert room.line.wrong == []
