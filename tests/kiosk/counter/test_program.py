"""The program of a counter's device over a broker in memory: one command a press, and what it says of itself (D2)."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.client import Incoming
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.device import will_of
from dispatcher.wire.messages import DeviceConfig
from kiosk.counter.program import Program
from tests.journeys.waiting import stays, wait_until
from tests.kiosk.counter.boxes import Wire
from tests.kiosk.counter.test_decoders import KP, KP_ENTER, stroke

SITE, DEVICE = "torino", "button-1"
NOW = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)


class Dispatcher:
    """Answers a device's commands; `mute` it takes them and says nothing; `unknown` are nobody's numbers; `refuses` is
    the code with which it says no."""

    def __init__(self, broker: memory.Broker) -> None:
        self.link = memory.Client(broker)
        self.commands: list[dict[str, Any]] = []
        self.mute = False
        self.unknown: set[str] = set()
        self.refuses: str | None = None
        self.link.subscribe(topics.command(SITE, DEVICE, "counter/1"), self._command)
        self.link.start()

    def say(self, **settings: Any) -> None:
        config = DeviceConfig(**{"counter": "1", "languages": ("en",), "letters": ("A", "B"), **settings})
        self.link.publish(topics.device(SITE, DEVICE, "config"), codec.encode(config), retain=True)

    def next_is(self, label: str) -> None:
        body = {"revision": 1, "state": "open", "mode": "manual", "next_label": label}
        self.link.publish(topics.counter(SITE, "1"), codec.encode_plain(body), retain=True)

    def actions(self) -> list[str]:
        return [" ".join(filter(None, (one["action"], one.get("label")))) for one in self.commands]

    def _command(self, message: Incoming) -> None:
        body = json.loads(message.payload)
        self.commands.append(body)
        answer: dict[str, Any] = {"ok": True}
        code = "not_found" if body.get("label") in self.unknown else self.refuses
        if code:
            answer = {"ok": False, "error": {"code": code, "message": "no"}}
        if not self.mute and message.response_topic:
            self.link.publish(message.response_topic, codec.encode_plain(answer), correlation=message.correlation)


@pytest.fixture
def broker() -> memory.Broker:
    return memory.Broker()


@pytest.fixture
def dispatcher(broker: memory.Broker) -> Dispatcher:
    return Dispatcher(broker)


@pytest.fixture
def ready() -> threading.Event:
    return threading.Event()


@pytest.fixture
def begin(broker: memory.Broker, ready: threading.Event) -> Iterator[Callable[[], memory.Client]]:
    programs: list[Program] = []

    def start() -> memory.Client:
        link = memory.Client(broker, will=will_of(SITE, DEVICE))
        programs.append(Program(link, SITE, DEVICE, SystemClock(), ready.set))
        programs[-1].start()
        return link

    yield start
    for one in programs:
        one.stop()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path / "box")
    yield made
    made.unplug()


def status(broker: memory.Broker) -> dict[str, Any]:
    return dict(json.loads(broker.retained[topics.device(SITE, DEVICE, "status")]))


def problems(broker: memory.Broker) -> set[str]:
    return {one["code"] for one in status(broker)["problems"]}


def single(dispatcher: Dispatcher, *, retain: bool = False) -> None:
    dispatcher.link.publish("stat/b1/RESULT", b'{"Button1":{"Action":"SINGLE"}}', retain=retain)


def test_press_is_one_command_and_a_second_one_waits_for_its_answer(broker, dispatcher, begin, ready) -> None:
    """While the first press has no answer a second is dropped; it is repeated as the same command."""
    dispatcher.say(kind="tasmota", port="b1")
    begin()
    assert ready.wait(5)
    dispatcher.mute = True
    single(dispatcher)
    wait_until(lambda: dispatcher.commands)
    threading.Event().wait(0.25)  # past the debounce
    single(dispatcher)
    wait_until(lambda: len(dispatcher.commands) == 2, 5)
    assert len({one["request_id"] for one in dispatcher.commands}) == 1
    dispatcher.mute = False
    wait_until(lambda: len(dispatcher.commands) == 3, 5)
    single(dispatcher)
    wait_until(lambda: len({one["request_id"] for one in dispatcher.commands}) == 2, 5)
    assert set(dispatcher.actions()) == {"next"}


def test_led_of_the_button_lights_up_when_the_dispatcher_has_answered(broker, dispatcher, begin, ready) -> None:
    """D2: who presses sees that it counted; while there is no answer there is no light."""
    lights: list[bytes] = []
    dispatcher.link.subscribe("cmnd/b1/Backlog", lambda message: lights.append(message.payload))
    dispatcher.say(kind="tasmota", port="b1")
    begin()
    assert ready.wait(5)
    dispatcher.mute = True
    single(dispatcher)
    wait_until(lambda: dispatcher.commands)
    assert lights == []
    dispatcher.mute = False
    wait_until(lambda: lights == [b"LedPower 1; Delay 5; LedPower 0"], 5)


def test_led_says_otherwise_when_the_dispatcher_refused(broker, dispatcher, begin, ready) -> None:
    """D2: three short lights at a counter that is closed, one at an open one."""
    lights: list[bytes] = []
    dispatcher.link.subscribe("cmnd/b1/Backlog", lambda message: lights.append(message.payload))
    dispatcher.say(kind="tasmota", port="b1")
    dispatcher.refuses = "counter_closed"
    begin()
    assert ready.wait(5)
    single(dispatcher)
    wait_until(lambda: [one.count(b"LedPower 1") for one in lights] == [3], 5, lambda: lights)
    assert problems(broker) == set(), "the dispatcher answered"
    dispatcher.refuses = None
    threading.Event().wait(0.25)  # past the debounce
    single(dispatcher)
    wait_until(lambda: [one.count(b"LedPower 1") for one in lights] == [3, 1], 5, lambda: lights)


def test_box_hears_why_nothing_came_of_a_press(broker, dispatcher, begin, ready, wire) -> None:
    """D2: a press while another is under way is `busy`, and stays so when it is said again; the one under way has its
    own answer; a refusal is told with its code."""
    dispatcher.say(kind="serial_box", port=str(wire.name))
    dispatcher.mute = True
    begin()
    assert ready.wait(5)

    def said_again() -> bool:
        wire.press(17)  # a box repeats its line until it is answered: the first ones may come before the port is open
        return bool(dispatcher.commands)

    wait_until(said_again)
    wire.press(18)
    assert wait_until(wire.answer) == b'{"ack":18,"refused":"busy"}\n'
    wire.press(18)
    assert wait_until(wire.answer) == b'{"ack":18,"refused":"busy"}\n'
    wire.press(17)
    dispatcher.mute = False
    assert wait_until(wire.answer, 5) == b'{"ack":17}\n'
    dispatcher.refuses = "counter_closed"
    wire.press(19, "recall")
    assert wait_until(wire.answer) == b'{"ack":19,"refused":"counter_closed"}\n'
    assert len({one["request_id"] for one in dispatcher.commands}) == 2
    stays(lambda: not wire.answer(), 0.3)


def test_keypad_opens_its_counter_and_sends_a_ticket_to_another(dispatcher, begin, ready, tmp_path) -> None:
    """D2: `/` opens, `.` pauses, a counter's number and `+` hands the present ticket over."""
    fifo = tmp_path / "keypad"
    os.mkfifo(fifo)
    dispatcher.say(kind="evdev", port=str(fifo))
    begin()
    assert ready.wait(5)
    for codes, expected in (((98,), "open"), ((KP["2"], 78), "transfer"), ((83,), "pause")):
        with fifo.open("wb", buffering=0) as keypad:
            keypad.write(b"".join(map(stroke, codes)))
        wait_until(lambda action=expected: dispatcher.actions()[-1:] == [action], 5, dispatcher.actions)
    assert dispatcher.commands[1]["counter"] == "2"


def test_kept_message_does_nothing(broker, dispatcher, begin, ready) -> None:
    dispatcher.say(kind="tasmota", port="b1")
    single(dispatcher, retain=True)
    begin()
    assert ready.wait(5)
    stays(lambda: not dispatcher.commands, 0.3)
    single(dispatcher)
    wait_until(lambda: dispatcher.actions() == ["next"])


def test_digits_call_the_number_of_the_series_that_is_next_else_of_another(dispatcher, begin, ready, tmp_path) -> None:
    fifo = tmp_path / "keypad"
    os.mkfifo(fifo)
    dispatcher.next_is("B007")
    dispatcher.unknown = {"B042", "A042"}
    dispatcher.say(kind="evdev", port=str(fifo))
    begin()
    assert ready.wait(5)
    press(fifo, "42")
    wait_until(lambda: dispatcher.actions() == ["call B042", "call A042", "call AA42"], 5, dispatcher.actions)


def test_keypad_that_is_unplugged_says_so_and_works_again(broker, dispatcher, begin, ready, tmp_path) -> None:
    fifo = tmp_path / "keypad"
    dispatcher.say(kind="evdev", port=str(fifo))
    begin()
    assert ready.wait(5), "an unplugged keypad does not keep the office from opening"
    wait_until(lambda: problems(broker) == {"port_gone"})
    assert str(fifo) in status(broker)["problems"][0]["text"]
    for _round in range(2):
        os.mkfifo(fifo)
        wait_until(lambda: not problems(broker), 8)
        before = len(dispatcher.commands)
        press(fifo)
        wait_until(lambda count=before: len(dispatcher.commands) == count + 1)
        fifo.unlink()
        wait_until(lambda: problems(broker) == {"port_gone"}, 5)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"kind": "tasmota", "port": "a/#"}, "topic"),
        ({"kind": "evdev"}, "port"),
        ({"kind": "evdev", "port": "event3"}, "/dev/"),
        ({"kind": "tasmota", "port": "b1", "counter": None}, "counter"),
        ({"kind": "led_ascii", "port": "/dev/ttyS0"}, "no buttons"),
    ],
)
def test_settings_that_cannot_be_followed_are_said(broker, dispatcher, begin, ready, settings, word) -> None:
    dispatcher.say(**settings)
    begin()
    assert ready.wait(5)
    assert problems(broker) == {"misconfigured"}
    assert word in status(broker)["problems"][0]["text"]


def test_presence_comes_back_after_the_link_was_lost(broker, dispatcher, begin, ready) -> None:
    dispatcher.say(kind="tasmota", port="b1")
    link = begin()
    assert ready.wait(5)
    dispatcher.link.publish("tele/b1/LWT", b"Offline", retain=True)
    assert problems(broker) == {"button_offline"}
    link.lose()
    assert status(broker) == {"online": False}
    link.start()
    assert (status(broker)["online"], problems(broker)) == (True, {"button_offline"})


def press(fifo: Path, digits: str = "") -> None:
    """Keys on a keypad that is a FIFO."""
    with fifo.open("wb", buffering=0) as keypad:
        keypad.write(b"".join(stroke(KP[digit]) for digit in digits) + stroke(KP_ENTER))
