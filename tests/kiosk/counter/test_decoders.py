"""What keypads, buttons and boxes say, byte by byte, and what of it counts (D2)."""

from __future__ import annotations

import json
import struct

import pytest

from dispatcher.wire import messages
from dispatcher.wire.client import Incoming
from kiosk.counter.actions import MEANS, MEANS_WITH_DIGITS, Press, labels
from kiosk.counter.box import Box, ack
from kiosk.counter.buttons import NO_LED, Button, acknowledgement, patterns
from kiosk.counter.keypad import Keypad

ENTER, KP_ENTER, STAR, MINUS, PLUS, SLASH, DOT, BACKSPACE = 28, 96, 55, 74, 78, 98, 83, 14
KP = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
NEXT, RECALL, ABSENT = Press("next"), Press("recall"), Press("absent")


def event(code: int, value: int = 1, kind: int = 1) -> bytes:
    """As the kernel writes it: 24 bytes."""
    return struct.pack("llHHi", 1_800_000_000, 0, kind, code, value)


def stroke(code: int) -> bytes:
    """A key down and up, each followed by its SYN_REPORT; MSC_SCAN before, as keypads send it."""
    return event(4, 458840, 4) + event(code) + event(0, 0, 0) + event(code, 0) + event(0, 0, 0)


@pytest.mark.parametrize(
    ("codes", "presses"),
    [
        ([KP_ENTER], [NEXT]),
        ([ENTER], [NEXT]),
        ([STAR], [RECALL]),
        ([MINUS], [ABSENT]),
        ([PLUS], []),
        ([SLASH], [Press("open")]),
        ([DOT], [Press("pause")]),
        ([KP["2"], PLUS], [Press("transfer", "2")]),
        ([KP["1"], KP["2"], PLUS, KP_ENTER], [Press("transfer", "12"), NEXT]),
        ([KP["7"]] * 6 + [PLUS], []),
        ([30], []),
        ([KP["4"], KP["2"], KP_ENTER], [Press("call", "42")]),
        ([KP["1"], KP["1"], KP_ENTER], [Press("call", "11")]),
        ([KP["4"], KP["3"], BACKSPACE, KP["2"], KP_ENTER], [Press("call", "42")]),
        ([KP["7"], STAR, KP_ENTER], [RECALL, NEXT]),
        ([KP["7"]] * 6 + [KP_ENTER], []),
        ([KP_ENTER, KP_ENTER], [NEXT]),
        ([KP_ENTER, ENTER], [NEXT]),
    ],
)
def test_keypad_says_what_its_keys_mean(codes: list[int], presses: list[Press]) -> None:
    assert Keypad().feed(b"".join(map(stroke, codes)), 100.0) == presses


def test_keypad_ignores_what_the_kernel_repeats_and_waits_for_whole_records() -> None:
    keypad = Keypad()
    assert keypad.feed(event(KP_ENTER, 2) * 30, 1.0) == []
    whole = stroke(KP_ENTER)
    assert [keypad.feed(whole[at : at + 7], 2.0) for at in range(0, len(whole), 7)].count([NEXT]) == 1


def test_keypad_counts_two_presses_as_one_within_200_ms_and_forgets_digits_after_5_s() -> None:
    keypad = Keypad()
    assert [keypad.feed(stroke(KP_ENTER), at) for at in (1.0, 1.15, 1.25)] == [[NEXT], [], [NEXT]]
    keypad.feed(stroke(KP["4"]), 10.0)
    assert keypad.feed(stroke(KP_ENTER), 14.9) == [Press("call", "4")]
    keypad.feed(stroke(KP["4"]), 20.0)
    assert keypad.feed(stroke(KP_ENTER), 25.1) == [NEXT]


@pytest.mark.parametrize(
    ("digits", "next_label", "letters", "expected"),
    [
        ("42", "A045", ("A", "B"), ["A042", "B042", "AA42", "BB42"]),
        ("042", "B007", ("A", "B"), ["B042", "A042", "AA42", "BB42"]),
        ("7", "AA08", ("A",), ["AA07", "A007"]),
        ("1000", None, ("A",), ["A1000", "AA1000"]),
        ("99999", None, ("A",), ["A99999"]),
        ("5", None, (), []),
    ],
)
def test_typed_digits_find_their_letter(digits, next_label, letters, expected) -> None:
    assert labels(digits, next_label, letters) == expected


def said(topic: str, payload: object, retain: bool = False) -> Incoming:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return Incoming(topic, body.encode(), retain)


@pytest.mark.parametrize(
    ("kind", "port", "topic", "payload", "press"),
    [
        ("tasmota", "b1", "stat/b1/RESULT", {"Button1": {"Action": "SINGLE"}}, NEXT),
        ("tasmota", "b1", "stat/b1/RESULT", {"Button1": {"Action": "DOUBLE"}}, RECALL),
        ("tasmota", "b1", "stat/b1/RESULT", {"Button2": {"Action": "HOLD"}}, ABSENT),
        ("tasmota", "b1", "stat/b1/RESULT", {"Button1": {"Action": "TRIPLE"}}, None),
        ("tasmota", "b1", "stat/b1/RESULT", {"POWER": "ON"}, None),
        ("tasmota", "b1", "stat/b1/RESULT", {"Button1": "SINGLE"}, None),
        ("tasmota", "b1", "stat/b1/RESULT", "[1", None),
        ("tasmota", "b1", "stat/b2/RESULT", {"Button1": {"Action": "SINGLE"}}, None),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "single", "battery": 90}, NEXT),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "double"}, RECALL),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "hold"}, ABSENT),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "long"}, ABSENT),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "open"}, Press("open")),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": "close"}, Press("close")),
        ("zigbee2mqtt", "Desk 1", "zigbee2mqtt/Desk 1", {"action": ""}, None),
    ],
)
def test_button_says_what_it_means_and_nothing_when_kept(kind, port, topic, payload, press) -> None:
    assert Button(kind, port).feed(said(topic, payload), 1.0) == press
    assert Button(kind, port).feed(said(topic, payload, retain=True), 1.0) is None


def test_esphome_counts_the_edge_from_off_to_on_and_nothing_that_was_kept() -> None:
    button = Button("esphome", "c3/button")
    topic = "c3/binary_sensor/button/state"
    story = [("ON", True), ("ON", False), ("OFF", False), ("ON", False), ("ON", False), ("OFF", False)]
    assert [button.feed(said(topic, state, kept), at) for at, (state, kept) in enumerate(story)] == [
        None, None, None, NEXT, None, None,
    ]  # fmt: skip
    again = Button("esphome", "c3/button")
    assert [again.feed(said(topic, "OFF", True), 1.0), again.feed(said(topic, "ON"), 2.0)] == [None, NEXT]


def test_esphome_with_several_buttons_says_them_by_name() -> None:
    button = Button("esphome", "c3")
    presses = [
        button.feed(said(f"c3/binary_sensor/{name}/state", state), at)
        for at, name in enumerate(("desk", "recall", "absent"))
        for state in ("OFF", "ON")
    ]
    assert presses == [None, NEXT, None, RECALL, None, ABSENT]


@pytest.mark.parametrize(
    ("event", "press"), [("S", NEXT), ("SS", RECALL), ("L", ABSENT), ("SSS", None), ("", None), (None, None)]
)
def test_shelly_says_what_it_means_once_its_count_is_known(event: str | None, press: Press | None) -> None:
    button, topic = Button("shelly", "sb-1"), "shellies/sb-1/input_event/0"
    assert button.feed(said(topic, {"event": "S", "event_cnt": 3}), 1.0) is None
    assert button.feed(said(topic, {"event": event, "event_cnt": 4}), 2.0) == press


def test_shelly_tells_each_event_once() -> None:
    button, topic = Button("shelly", "x"), "shellies/x/input_event/0"
    counts = [(7, True), (7, False), (8, False), (8, False), (9, False)]
    told = [button.feed(said(topic, {"event": "S", "event_cnt": n}, kept), at) for at, (n, kept) in enumerate(counts)]
    assert told == [None, None, NEXT, None, NEXT]


def test_shelly_that_repeats_an_old_event_every_30_s_calls_nobody() -> None:
    """A program that has just begun hears the event of an hour ago first: it is a repeat, and looks like a press."""
    button, topic = Button("shelly", "x"), "shellies/x/input_event/0"
    told = [button.feed(said(topic, {"event": "S", "event_cnt": n}), 30.0 * at) for at, n in enumerate((7, 7, 7, 8))]
    assert told == [None, None, None, NEXT]


def test_shelly_that_was_without_power_counts_anew() -> None:
    button, topic = Button("shelly", "x"), "shellies/x/input_event/0"
    button.feed(said(topic, {"event": "S", "event_cnt": 1}), 1.0)
    button.feed(said("shellies/x/online", "false", True), 2.0)
    button.feed(said("shellies/x/online", "true"), 3.0)
    assert button.feed(said(topic, {"event": "S", "event_cnt": 1}), 4.0) == NEXT


def test_every_kind_of_button_has_an_acknowledgement_or_a_reason_for_none() -> None:
    table = {kind: NO_LED.get(kind) or acknowledgement(kind, "c3") or ack(1) for kind in messages.BUTTONS}
    assert table == {
        "evdev": NO_LED["evdev"],
        "tasmota": ("cmnd/c3/Backlog", b"LedPower 1; Delay 5; LedPower 0"),
        "esphome": ("c3/light/ack/command", b'{"state":"ON","flash":1}'),
        "zigbee2mqtt": NO_LED["zigbee2mqtt"],
        "shelly": NO_LED["shelly"],
        "serial_box": b'{"ack":1}\n',
    }
    assert acknowledgement("esphome", "c3/button") == acknowledgement("esphome", "c3")


def test_every_action_of_a_button_is_one_that_a_counter_has() -> None:
    """The table of words beside the contract's actions; `park` wants a time, which no button says."""
    contract = {"next", "recall", "absent", "serve", "finish", "transfer", "call", "open", "pause", "close", "undo"}
    assert {*MEANS.values(), *MEANS_WITH_DIGITS.values()} == contract


def test_a_refused_press_looks_different_and_flashes_at_most_three_times_a_second() -> None:
    """D2: who pressed at a closed counter does not see the light of a press that counted."""
    for kind in ("tasmota", "esphome"):
        good, refused = acknowledgement(kind, "c3"), acknowledgement(kind, "c3", good=False)
        assert good is not None
        assert refused is not None
        assert (good[0], good[1] != refused[1]) == (refused[0], True)
    steps = acknowledgement("tasmota", "c3", good=False)[1].decode().split("; ")  # type: ignore[index]
    assert [one for one in steps if one.startswith("LedPower")] == ["LedPower 1", "LedPower 0"] * 3
    assert {int(one.split()[1]) for one in steps if one.startswith("Delay")} == {2}, "0.4 s from light to light"
    assert len(steps) <= 30, "a Backlog takes thirty"


def test_button_without_power_says_so() -> None:
    button = Button("tasmota", "b1")
    seen = []
    for payload in ("Online", "Offline", "Online"):
        button.feed(said("tele/b1/LWT", payload, retain=True), 1.0)
        seen.append(button.online)
    assert seen == [True, False, True]


@pytest.mark.parametrize("port", ["", "#", "a/+", "numeretto/v1/x", "x\nuser dispatcher", "/x", "a" * 300])
def test_what_can_be_no_topic_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="no part of a topic"):
        patterns("esphome", port)


def test_box_tells_each_seq_once_and_is_answered() -> None:
    box = Box()
    line = b'{"dev":"c3","btn":"next","seq":17}\n'
    assert box.feed(line[:9], 1.0) == []
    assert box.feed(line[9:], 1.0) == [Press("next", seq=17)]
    assert box.feed(line, 2.0) == []
    assert box.repeated == [17]
    assert box.feed(b'\xff\x00noise\n[1]\n{"btn":"next"}\n{"btn":"dance","seq":18}\n', 3.0) == []
    assert box.feed(b'{"btn":"recall","seq":19}\n{"btn":"absent","seq":20}\n', 4.0) == [
        Press("recall", seq=19),
        Press("absent", seq=20),
    ]
    assert box.feed(b'{"btn":"next","seq":20}\n', 60.0) == [Press("next", seq=20)], "a box that began anew"
    assert ack(17) == b'{"ack":17}\n'
