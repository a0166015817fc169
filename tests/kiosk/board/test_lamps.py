"""Lamps of a button board: what they show, and that it comes to be shown (B8)."""

from __future__ import annotations

import json
from dataclasses import replace

from dispatcher.wire.messages import Issued
from firmware_config.virtual.board.lines import Board, Light
from kiosk import flow
from kiosk.board.lamps import Lamp, Lamps, under_way, wanted
from kiosk.devices.button_lines import Acked, Lines
from tests.kiosk.peer import MENU, NOW

READY = flow.State(screen=flow.Choose(), languages=("it", "en"), language="it", menu=MENU, link=True, trouble=None)
BUTTONS = {"1": "passport", "2": "register", "3": "nothing"}
PRESS = flow.Press("k", "passport", NOW, "it")
ISSUED = Issued(id="t", label="A001", ahead=0, status_url="", queued_at=NOW)
ON, OFF = Lamp(on=True), Lamp(on=False)


def test_lamp_is_on_while_a_ticket_can_be_had() -> None:
    assert wanted(READY, BUTTONS, None) == {"1": ON, "2": OFF, "3": OFF}
    for state in (
        replace(READY, trouble="paper_out"), replace(READY, link=False), replace(READY, menu=None),
        replace(READY, misconfigured=True),
    ):  # fmt: skip
        assert wanted(state, BUTTONS, None) == {"1": OFF, "2": OFF, "3": OFF}


def test_lamps_are_off_until_the_next_ticket_may_be_had() -> None:
    """A press would be refused (B8)."""
    begun = replace(READY, begun=(10.0,), now=11.0)
    assert wanted(begun, BUTTONS, None) == {"1": OFF, "2": OFF, "3": OFF}
    assert wanted(begun, BUTTONS, "passport")["1"] == Lamp(on=True, blinks=True), "its own ticket is being made"
    assert wanted(replace(begun, now=12.0), BUTTONS, None)["1"] == ON


def test_lamp_flashes_from_the_press_until_the_paper_is_out() -> None:
    screens = [flow.Choose(), flow.Issuing(PRESS), flow.Ticket(ISSUED, "printing"), flow.Ticket(ISSUED, "take")]
    service, shown = None, []
    for screen in screens:
        service = under_way(replace(READY, screen=screen), service)
        shown.append(wanted(replace(READY, screen=screen), BUTTONS, service)["1"].blinks)
    assert shown == [False, True, True, False]


def test_board_takes_what_it_is_told_and_is_told_it_once() -> None:
    lamps, board, lines = Lamps(), Board("k1", ("1", "2"), boot="a"), Lines()
    first = lamps.due({"1": Lamp(on=True, blinks=True), "2": OFF}, 1.0)
    answers = lines.feed(board.hears(b"".join(first), 1.0), 1.0)
    assert board.lamps == {"1": Light(on=True, flashes=2), "2": Light()}
    assert board.wrong == []
    for said in answers:
        assert isinstance(said, Acked)
        lamps.acked(said.seq)
    assert lamps.due({"1": Lamp(on=True, blinks=True), "2": OFF}, 3.0) == []
    assert len(lamps.due({"1": ON, "2": OFF}, 3.1)) == 1, "only what has changed"
    assert len(lamps.due({"1": ON, "2": OFF}, 6.0)) == 2, "all of it now and then"


def test_what_is_not_answered_is_said_each_second_and_after_three_times_the_board_is_silent() -> None:
    lamps = Lamps()
    said = [len(lamps.due({"1": ON}, at / 2)) for at in range(8)]
    assert said == [1, 0, 1, 0, 1, 0, 1, 0]
    assert lamps.silent
    lamps.acked(4)
    assert not lamps.silent


def test_a_board_that_began_anew_is_told_all() -> None:
    lamps = Lamps()
    for line in lamps.due({"1": ON, "2": OFF}, 1.0):
        lamps.acked(json.loads(line)["seq"])
    lamps.forget()
    assert len(lamps.due({"1": ON, "2": OFF}, 1.1)) == 2


def test_no_lamp_flashes_more_than_three_times_a_second_and_silence_makes_all_dark() -> None:
    board = Board("k1", ("1",), boot="a")
    assert json.loads(board.hears(b'{"lamp":"1","on":true,"seq":1}\n', 1.0)) == {"dev": "k1", "ack": 1}
    assert board.hears(b'{"lamp":"1","on":true,"blink":4,"seq":2}\n', 1.0) == b""
    assert len(board.wrong) == 1
    board.says(16.1)
    assert board.lamps == {"1": Light()}
