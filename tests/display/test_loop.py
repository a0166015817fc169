"""The living screen over a broker in memory, with a clock that is moved by hand."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pygame
import pytest

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.clock import ManualClock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import Withdrawn
from display import burnin
from display.draw.pen import Pen
from display.draw.theme import Theme
from display.inbox import Inbox, Stop, subscribe
from display.loop import Display, Name
from display.pictures import Photographer
from display.report import Reporter
from display.screen import Screen
from display.sound import Player, Sounding
from display.view import BoardView, compose
from tests.display import pictures
from tests.display.office import until
from tests.display.samples import NINE, SITE, TEN, board, call, config, event, heartbeat

ROME = ZoneInfo("Europe/Rome")


class SilentPlayer(Player):
    """Keeps what it should have sounded."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []

    @property
    def works(self) -> bool:
        return True

    def announce(self, sounding: Sounding) -> None:
        announcement = sounding.announcement
        self.log.append(("recall " if announcement.recall else "") + announcement.call.label)

    def stop(self) -> None:
        self.log.append("stop")


class FragileScreen(Screen):
    """A screen whose pen breaks once, when told."""

    broken = False

    def pen(self) -> Pen:
        if self.broken:
            self.broken = False
            raise pygame.error("out of memory")
        return super().pen()


@dataclass
class Room:
    """A screen, its broker and the dispatcher's side of it."""

    screen: FragileScreen
    clock: ManualClock = field(default_factory=lambda: ManualClock(NINE))
    broker: memory.Broker = field(default_factory=memory.Broker)
    player: SilentPlayer = field(default_factory=SilentPlayer)
    ready: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.office = memory.Client(self.broker)
        self.office.start()
        self.link = memory.Client(self.broker, will=will_of(SITE, "hall"))
        device = DeviceLink(self.link, SITE, "hall")
        self.inbox = Inbox()
        subscribe(self.link, device, SITE, self.inbox)
        self.frames: list[bytes] = []
        self.framed = threading.Event()
        self.office.subscribe(topics.device(SITE, "hall", "frame"), lambda message: self._framed(message.payload))
        self.display = Display(
            Name(SITE, "hall", "127.0.0.1:1883"),
            self.clock,
            self.screen,
            self.player,
            self.inbox,
            Reporter(device.status),
            Photographer(device.frame),
            lambda: self.ready.append(True),
        )

    def _framed(self, png: bytes) -> None:
        self.frames.append(png)
        self.framed.set()

    def say(self, topic: str, message: Any, *, retain: bool = False) -> None:
        payload = message if isinstance(message, bytes) else codec.encode(message)
        self.office.publish(topic, payload, retain=retain)

    def turn(self, **delta: float) -> float:
        """Move the clock, let the screen take what came; returns for how long nothing is due."""
        self.clock.advance(**delta)
        for item in self.inbox.take(0.0):
            self.display.take(item)
        return self.display.turn()

    def pixel(self, place: tuple[int, int] = (8, 8)) -> tuple[int, int, int]:
        pixels, (width, _height) = self.screen.snapshot()
        at = (place[1] * width + place[0]) * 3
        return pixels[at], pixels[at + 1], pixels[at + 2]

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.broker.retained[topics.device(SITE, "hall", "status")])
        return found

    @property
    def reports(self) -> int:
        return sum(each.topic == topics.device(SITE, "hall", "status") for each in self.broker.log)

    def begin(self) -> None:
        """Settings and a board are there, the dispatcher is alive."""
        self.say(topics.device(SITE, "hall", "config"), config(), retain=True)
        self.say(topics.board(SITE), board(5, *TEN), retain=True)
        self.link.start()
        self.say(topics.heartbeat(SITE), heartbeat(5))
        self.turn()


@pytest.fixture
def room() -> Any:
    yield Room(FragileScreen((1920, 1080), headless=True))
    pygame.display.quit()


def test_board_is_drawn_and_reported_and_ready_is_said_once(room: Room) -> None:
    room.turn()
    assert room.ready == []
    room.begin()
    assert room.ready == [True]
    status = room.status
    assert (status["online"], status["shown_revision"], status["resolution"]) == (True, 5, "1920x1080")
    assert (status["audio"], status["problems"], status["layout"]) == ("none", [], "list")
    assert status["last_frame_at"].endswith("Z")
    room.turn(seconds=1)
    assert room.ready == [True]


def test_nothing_is_due_until_the_minute_or_the_silence_ends(room: Room) -> None:
    room.begin()
    assert room.turn(seconds=1) == pytest.approx(4.0)
    room.say(topics.heartbeat(SITE), heartbeat(5))
    assert room.turn(seconds=1) == pytest.approx(5.0)
    room.say(topics.heartbeat(SITE), heartbeat(5, at=room.clock.now().replace(second=59)))
    assert room.turn() == pytest.approx(1.0)


def test_calls_are_sounded_in_turn_and_a_withdrawn_one_stops(room: Room) -> None:
    room.begin()
    for each in (TEN[0], call("AA07", "1", attempt=2)):
        room.say(topics.call(SITE), event(each))
        room.say(topics.call(SITE), event(each))
    assert room.turn() <= 0.1
    room.turn(seconds=1)
    assert room.player.log == ["A045"]
    room.say(topics.heartbeat(SITE), heartbeat(5))
    room.turn(seconds=2)
    assert room.player.log == ["A045", "recall AA07"]
    room.say(topics.call(SITE), Withdrawn(call_id="call-AA07", withdrawn=True))
    room.turn(seconds=1)
    assert room.player.log[-1] == "stop"
    assert room.display.state.queue.current is None


def test_stale_is_seen_reported_and_ends_by_itself(room: Room) -> None:
    room.begin()
    room.turn(seconds=5)
    assert room.pixel() == Theme().alarm
    assert [each["code"] for each in room.status["problems"]] == ["stale"]
    room.say(topics.board(SITE), board(4, TEN[3]), retain=True)
    room.say(topics.board(SITE), board(6, *TEN[1:]), retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(6))
    room.turn(seconds=1)
    assert room.pixel() == Theme().background
    assert (room.status["problems"], room.status["shown_revision"]) == ([], 6)


def test_ten_minutes_without_network_end_on_the_true_board_and_nothing_is_shouted(room: Room) -> None:
    """C6: stale after 5 s with the time of the last truth; of what was missed the board alone tells."""
    room.begin()
    since = room.clock.now()
    room.turn(seconds=1)
    room.link.lose()
    for second in range(1, 600):
        room.clock.advance(seconds=1)
        made = call(f"E{second:03d}", at=room.clock.now())
        room.say(topics.board(SITE), board(5 + second, made, at=room.clock.now()), retain=True)
        room.say(topics.call(SITE), event(made, 5 + second))
    room.turn()
    assert room.pixel() == Theme().alarm
    picture = compose(room.display.state, room.clock.monotonic(), room.clock.now(), "")
    assert isinstance(picture, BoardView)
    assert picture.stale == f"Collegamento interrotto: dati delle {since.astimezone(ROME):%H:%M}"
    room.link.start()
    room.say(topics.heartbeat(SITE), heartbeat(604, at=room.clock.now()))
    room.turn(seconds=0.2)
    assert room.pixel() == Theme().background
    room.turn(seconds=1)
    assert (room.status["shown_revision"], room.status["problems"]) == (604, [])
    assert room.player.log == []


def test_clock_of_the_machine_that_jumps_makes_nothing_stale_and_nothing_old(room: Room) -> None:
    """As when the time service finds the right time in the middle of the day; a call then is heard as any other."""
    room.begin()
    right = room.clock.now()
    for hours in (-30, 7):
        room.clock.set(right + timedelta(hours=hours))
        room.turn(seconds=1)
        room.say(topics.heartbeat(SITE), heartbeat(5, at=right + timedelta(seconds=2)))
        room.turn()
        assert (room.pixel(), room.status["problems"]) == (Theme().background, [])
    room.say(topics.call(SITE), event(call("D001", at=right + timedelta(seconds=2))))
    room.turn(seconds=1)
    assert room.player.log == ["D001"]


def test_reports_are_at_most_one_a_second(room: Room) -> None:
    room.begin()
    before = room.reports
    for revision in range(6, 46):
        room.say(topics.board(SITE), board(revision, *TEN), retain=True)
        room.say(topics.heartbeat(SITE), heartbeat(revision))
        room.turn(milliseconds=50)
    assert room.reports - before <= 3
    room.turn(seconds=1)
    assert room.status["shown_revision"] == 45


def test_lost_link_says_offline_and_the_return_says_online_at_once(room: Room) -> None:
    room.begin()
    room.link.lose()
    assert room.status == {"online": False}
    room.turn(seconds=0.2)
    room.link.start()
    room.turn(seconds=0.2)
    assert (room.status["online"], room.status["shown_revision"]) == (True, 5)


def test_frame_is_the_picture_as_it_is(room: Room) -> None:
    room.begin()
    room.say(topics.device(SITE, "hall", "do"), b'{"request_id":"1","action":"frame"}')
    room.turn()
    assert room.framed.wait(10)
    picture = pictures.of_png(room.frames[0])
    assert picture.tobytes() == room.screen.snapshot()[0]


def test_small_picture_answers_its_own_request(room: Room) -> None:
    """Beside the large one of somebody else."""
    room.begin()
    for payload in (b'{"request_id":"a","action":"frame"}', b'{"request_id":"b","action":"frame","width":640}'):
        room.say(topics.device(SITE, "hall", "do"), payload)
    room.turn()
    assert until(lambda: len(room.frames) == 2)
    answers = {each.correlation: each.payload for each in room.broker.log if each.topic.endswith("/frame")}
    assert pictures.of_png(answers[b"a"]).size == (1920, 1080)
    assert pictures.of_png(answers[b"b"]).size == (640, 360)


def test_picture_wanders_against_burning_in_and_stands_still_while_a_call_is_new(room: Room) -> None:
    room.begin()
    places = set()
    for _step in range(8):
        places.add(room.screen.shift)
        room.turn(seconds=burnin.EVERY_S)
    assert len(places) == 8
    before = room.screen.shift
    room.clock.advance(seconds=burnin.EVERY_S - 1)
    room.say(topics.heartbeat(SITE), heartbeat(5, at=room.clock.now()))
    room.say(topics.call(SITE), event(call("D001", at=room.clock.now())))
    for _second in range(5):
        room.turn(seconds=1)
        assert room.screen.shift == before, "the step that is due waits for the call"
    room.turn(seconds=8)
    assert room.screen.shift != before


def test_identify_shows_the_name_for_a_while(room: Room) -> None:
    room.begin()
    middle = (40, 540)
    room.say(topics.device(SITE, "hall", "do"), b'{"request_id":"1","action":"identify"}')
    room.turn()
    assert room.pixel(middle) == Theme().counter
    room.turn(seconds=8)
    assert room.pixel(middle) != Theme().counter


def test_reload_draws_anew(room: Room) -> None:
    room.begin()
    pen = Pen(pygame.display.get_surface() or pygame.Surface((1, 1)), room.screen.lettering)
    pen.fill((255, 0, 0))
    room.turn()
    assert room.pixel() == (255, 0, 0)
    room.say(topics.device(SITE, "hall", "do"), b'{"request_id":"1","action":"reload"}')
    room.turn()
    assert room.pixel() == Theme().background


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff\xfe", b"[]", b'{"epoch":1}', b"x" * 300_000])
@pytest.mark.parametrize("topic", ["board", "call", "heartbeat", "do"])
def test_unreadable_messages_change_nothing(room: Room, topic: str, payload: bytes) -> None:
    room.begin()
    before, shown = room.display.state, room.screen.snapshot()
    room.say(topics.device(SITE, "hall", "do") if topic == "do" else f"{topics.root(SITE)}/{topic}", payload)
    room.turn()
    assert room.display.state == before
    assert room.screen.snapshot() == shown


def test_settings_that_cannot_be_read_are_reported_and_the_former_ones_stay(room: Room) -> None:
    room.begin()
    room.say(topics.device(SITE, "hall", "config"), b'{"site_name":7}', retain=True)
    room.turn(seconds=1)
    assert [each["code"] for each in room.status["problems"]] == ["config_invalid"]
    room.say(topics.device(SITE, "hall", "config"), config(layout="tower"), retain=True)
    room.turn(seconds=1)
    assert [each["code"] for each in room.status["problems"]] == ["layout_unknown"]
    room.say(topics.device(SITE, "hall", "config"), config(layout="call"), retain=True)
    room.turn(seconds=1)
    assert (room.status["problems"], room.status["layout"]) == ([], "call")


def test_picture_that_cannot_be_drawn_is_said_instead_of_frozen(room: Room) -> None:
    room.begin()
    room.screen.broken = True
    room.say(topics.board(SITE), board(6, TEN[0]), retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(6))
    room.turn(seconds=1)
    assert room.pixel((60, 300)) == Theme().background
    assert ([each["code"] for each in room.status["problems"]], room.status["shown_revision"]) == (
        ["draw_failed"],
        None,
    )
    room.say(topics.board(SITE), board(7, TEN[0], TEN[1]), retain=True)
    room.say(topics.heartbeat(SITE), heartbeat(7))
    room.turn(seconds=1)
    assert room.pixel((60, 300)) == Theme().card
    assert (room.status["problems"], room.status["shown_revision"]) == ([], 7)


def test_run_ends_when_told(room: Room) -> None:
    room.begin()
    room.inbox.put(Stop())
    room.display.run()
