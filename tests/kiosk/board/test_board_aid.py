"""Presses of a button board become wishes of the flow, each once, over restarts too (B8)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher.wire.clock import ManualClock, SystemClock
from firmware_config.virtual.board.lines import Light
from firmware_config.virtual.board.wire import Wire
from kiosk import flow
from kiosk.aid import Brought, Scene
from kiosk.board.aid import BoardAid
from kiosk.board.presses import WAITS_S, Last, Presses
from kiosk.devices.button_lines import Acked, Began, Lines, Pressed, ack
from kiosk.texts import Words
from tests.journeys.waiting import wait_until
from tests.kiosk.board.test_lamps import READY
from tests.kiosk.peer import config

SCENE = Scene("Camera", datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Rome")))


class Loop:
    """A dispenser's main loop around a board: what was wished for stands in `wishes`."""

    def __init__(self, folder: Path, url: str, lost: Callable[[str], bool] = lambda _key: False) -> None:
        self.inbox: list[Brought] = []
        self.wishes: list[flow.Wish] = []
        self.state = READY
        self.aid = BoardAid(folder, "k1", SystemClock(), self.inbox.append, lost)
        self.aid.use(config("tcp://127.0.0.1:9", board=url, buttons={"1": "passport", "2": "register"}))

    def turn(self) -> list[flow.Wish]:
        while self.inbox:
            for wish in self.aid.take(self.inbox.pop(0), self.state, SCENE):
                assert isinstance(wish, flow.Wish)
                self.wishes.append(wish)
        self.wishes += [wish for wish in self.aid.follow(self.state, SCENE) if isinstance(wish, flow.Wish)]
        return self.wishes

    def problems(self) -> set[str]:
        self.turn()
        return set(self.aid.problems(Words("en")))


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path / "board", ("1", "2"))
    yield made
    made.close()


@pytest.fixture
def loop(tmp_path: Path, board: Wire) -> Iterator[Callable[..., Loop]]:
    loops: list[Loop] = []

    def begin(**settings: Callable[[str], bool]) -> Loop:
        loops.append(Loop(tmp_path, board.url, **settings))
        return loops[-1]

    yield begin
    for one in loops:
        one.aid.stop(2)


def test_a_press_is_a_wish_in_the_offices_first_language(board: Wire, loop) -> None:
    one = loop()
    seq = board.push("1")
    (wish,) = wait_until(one.turn)
    assert (wish.service, wish.language, wish.assisted, wish.order) == ("passport", None, False, f"board:{seq}")
    assert not board.answers, "not answered before it is known what comes of it"
    assert one.aid.answered(wish.order, None)
    wait_until(lambda: board.answers == [(seq, None)])
    assert not one.aid.answered("of the room", None)


def test_a_button_that_stands_for_nothing_is_refused(board: Wire, loop) -> None:
    one = loop()
    one.aid.use(config("tcp://127.0.0.1:9", board=board.url, buttons={"2": "register"}))
    seq = board.push("1")
    wait_until(lambda: one.turn() or board.answers)
    assert (one.wishes, board.answers) == ([], [(seq, "not_found")])


def test_a_repeat_after_a_restart_of_the_dispenser_makes_no_second_ticket(board: Wire, loop) -> None:
    first = loop()
    seq = board.push("1")
    wait_until(first.turn)
    first.aid.stop(2)  # it ends with the press taken, and before it could answer
    second = loop()
    wait_until(lambda: second.turn() or board.answers)
    assert (second.wishes, board.answers) == ([], [(seq, None)])
    board.push("1")
    assert len(wait_until(second.turn)) == 1


@pytest.mark.parametrize("answered", [False, True])
def test_a_press_of_which_nothing_came_is_a_wish_after_a_restart_once(board: Wire, loop, answered: bool) -> None:
    first = loop()
    seq = board.push("1")
    (before,) = wait_until(first.turn)
    if answered:
        assert first.aid.answered(before.order, None)
        wait_until(lambda: board.answers)
    first.aid.stop(2)
    second = loop(lost=lambda key: key == before.key)
    second.state = replace(READY, trouble="starting")
    wait_until(lambda: second.turn() or board.lamps["2"] == Light())
    assert not second.wishes, "not before a ticket can be had"
    second.state = replace(READY, begun=(READY.now - 1,))
    assert not second.turn(), "nor before the next one may be had: it is not to be refused"
    second.state = READY
    (wish,) = wait_until(second.turn)
    assert (wish.service, wish.touched_at, wish.order) == ("passport", before.touched_at, f"board:{seq}")
    assert wish.key != before.key, "the number that was on its way is void"
    assert second.aid.answered(wish.order, None)
    wait_until(lambda: len(second.turn()) == 1 and set(board.answers) == {(seq, None)})
    second.aid.stop(2)
    third = loop(lost=lambda key: key not in {before.key, wish.key})
    wait_until(lambda: third.turn() or board.lamps["1"].on)
    assert not third.wishes


def test_a_press_is_owed_while_its_person_may_stand_there_and_no_longer(tmp_path: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def presses(*, machine: str = "m1", lost: bool = True) -> Presses:
        return Presses(tmp_path / "board", clock, lost=lambda _key: lost, machine=lambda: machine)

    assert presses().owed == ()
    taken = presses().take("a", 17, "passport")
    clock.advance(seconds=WAITS_S)
    assert [(one.seq, one.service, one.touched_at) for one in presses().owed] == [(17, "passport", taken.touched_at)]
    assert [one.seq for one in presses().owed] == [17], "it dies again before it can ask"
    clock.advance(seconds=1)
    again = presses()
    assert (again.owed, again.last) == ((), Last("a", 17, 0.0)), "too old, and a repeat is still known"
    again.take("a", 18, "passport")
    assert presses(machine="m2").owed == (), "the whole machine was off"
    assert presses(machine="m2").last == Last("a", 18, None)
    one = presses()
    other, refused = one.take("a", 19, "register"), one.take("a", 20, "passport")
    one.drop(refused)
    assert [press.service for press in presses().owed] == [other.service], "who was told that there is none"
    assert presses(lost=False).owed == ()
    (tmp_path / "board").write_text('{"machine":', "utf-8")
    assert (presses().owed, presses().last) == ((), None)


def test_an_old_press_is_dropped_and_the_board_told(board: Wire, loop, tmp_path: Path) -> None:
    """It waits for a printer that does not come back in time."""
    clock = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    taken = Presses(tmp_path / "board-k1.json", clock, lost=lambda _key: True).take("a", 17, "passport")
    aid = BoardAid(tmp_path, "k1", clock, lambda _item: None, lambda key: key == taken.key)
    assert aid.follow(replace(READY, trouble="paper_out"), SCENE) == []
    clock.advance(seconds=WAITS_S + 1)
    assert aid.follow(READY, SCENE) == []
    assert Presses(tmp_path / "board-k1.json", clock, lost=lambda _key: True).owed == ()


def test_port_that_is_not_there_and_board_that_is_silent_are_said(board: Wire, loop) -> None:
    one = loop()
    wait_until(lambda: one.turn() or board.lamps["1"].on)
    assert one.problems() == set()
    board.deaf = True
    one.state = replace(READY, link=False)
    wait_until(lambda: one.problems() == {"board_silent"}, 12)
    board.deaf = False
    wait_until(lambda: one.problems() == set(), 8)
    board.unplug()
    wait_until(lambda: one.problems() == {"board_gone"})
    assert str(board.path) in one.aid.problems(Words("en"))["board_gone"]
    board.plug()
    wait_until(lambda: one.problems() == set(), 8)


def test_a_line_that_is_none_is_said(tmp_path: Path) -> None:
    one = Loop(tmp_path, "ttyUSB0")
    assert one.problems() == {"board_wrong"}


def press(seq: int, boot: str | None = "a") -> bytes:
    said = {"dev": "k1", "btn": "1", "seq": seq} | ({"boot": boot} if boot else {})
    return json.dumps(said).encode() + b"\n"


def test_lines_tell_each_press_once_by_its_boot_and_seq() -> None:
    lines = Lines()
    assert lines.feed(b'noise"}\n{"dev":"k1","boot":"a"}\n', 1.0) == [Began("a")]
    assert lines.feed(press(7)[:10], 2.0) == []
    assert lines.feed(press(7)[10:], 2.0) == [Pressed("1", 7, "a")]
    assert lines.feed(press(7), 500.0) == [Pressed("1", 7, "a", again=True)], "however late"
    assert lines.feed(press(7, "b"), 501.0) == [Began("b"), Pressed("1", 7, "b")], "another boot, another press"
    assert lines.feed(b'{"dev":"k1","ack":3}\n', 502.0) == [Acked(3)]
    assert [said.again for said in (*lines.feed(press(1, None), 600.0), *lines.feed(press(1, None), 629.0))] == [
        False, True,
    ]  # fmt: skip
    assert lines.feed(press(1, None), 700.0) == [Pressed("1", 1, None)], "without a boot it began anew after 30 s"
    assert lines.feed(os.urandom(5000), 701.0) == []
    assert ack(3, "service_closed") == b'{"ack":3,"refused":"service_closed"}\n'
