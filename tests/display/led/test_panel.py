"""What stands over a counter, and when. [C7]"""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from display import board as model
from display.led import panel
from display.led.frames import dm36
from tests.display.led.samples import news
from tests.display.samples import NINE, board, call, event, heartbeat

FACE = dm36()


def moment(at_s: float = 0.0) -> model.Moment:
    return model.Moment(at_s, NINE + timedelta(seconds=at_s))


def known(*messages: panel.Message, at_s: float = 0.0) -> panel.Known:
    state = panel.nothing(0.0)
    for message in messages:
        state = panel.receive(state, message, moment(at_s))
    return state


def beat(at_s: float) -> model.Heartbeat:
    return heartbeat(1, at=NINE + timedelta(seconds=at_s))


def shown(state: panel.Known, at_s: float = 0.0, counter: str = "3") -> str:
    return panel.text(state, counter, FACE, at_s)


A042 = call("A042")


def test_number_that_was_called_stands_over_its_counter() -> None:
    state = known(board(1, A042), heartbeat(1), news(1, "A042"), news(1, None, name="4"))
    assert shown(state) == "A042  "
    assert shown(state, counter="4") == "      "


def test_nothing_is_known_shows_dashes() -> None:
    assert shown(known()) == "------"
    assert shown(known(board(1, A042), heartbeat(1))) == "------"
    assert shown(known(news(1, "A042"), heartbeat(1))) == "------"


@pytest.mark.parametrize("state", ["closed", "paused", "open"])
def test_counter_without_a_ticket_is_blank(state: str) -> None:
    assert shown(known(board(1, A042), heartbeat(1), news(1, None, state))) == "      "


def test_closed_counter_is_blank_whatever_else_it_says() -> None:
    assert shown(known(board(1, A042), heartbeat(1), news(1, "A042", "closed"))) == "      "


def test_appointment_held_on_line_is_never_shown() -> None:
    """The counter's state carries its label, the board never does (E9)."""
    state = known(board(1, A042), event_of(1), heartbeat(1), news(1, "AA07"))
    assert shown(state) == "      "


def test_label_on_the_board_for_another_counter_is_not_shown() -> None:
    assert shown(known(board(1, call("A042", "4")), heartbeat(1), news(1, "A042"))) == "      "


def test_silent_dispatcher_turns_the_number_into_dashes() -> None:
    state = known(board(1, A042), heartbeat(1), news(1, "A042"))
    assert shown(state, 4.9) == "A042  "
    assert panel.next_change(state, "3", 4.9) == 5.0
    assert shown(state, 5.0) == "------"
    assert shown(panel.receive(state, heartbeat(1), moment(6.0)), 6.0) == "A042  "


def test_board_that_is_behind_turns_the_number_into_dashes() -> None:
    state = known(board(1, A042), heartbeat(2), news(1, "A042"))
    assert shown(state, 2.9) == "A042  "
    assert shown(panel.receive(state, heartbeat(2), moment(2.0)), 3.0) == "------"


def test_older_revision_of_the_counter_changes_nothing() -> None:
    state = known(board(1, A042), heartbeat(1), news(7, "A042"), news(6, None))
    assert shown(state) == "A042  "


@pytest.mark.parametrize("board_first", [True, False])
def test_after_a_restore_lower_revisions_are_taken(board_first: bool) -> None:
    """Another epoch replaces all, in whichever order its messages come."""
    fresh: list[panel.Message] = [board(1, call("B001"), epoch="e2"), news(3, "B001")]
    state = known(
        board(9, A042),
        news(500, "A042"),
        *(fresh if board_first else fresh[::-1]),
        heartbeat(1, epoch="e2"),
    )
    assert shown(state) == "B001  "
    assert shown(panel.receive(state, news(2, None), moment())) == "B001  "


def test_withdrawn_call_is_gone_at_once() -> None:
    state = known(board(1, A042), event_of(1), heartbeat(1), news(1, "A042"))
    gone = panel.receive(state, model.Withdrawn(call_id="call-A042", withdrawn=True), moment())
    assert shown(gone) == "      "


def event_of(revision: int, call_id: str = "call-A042", at_s: float = 0.0) -> model.CallEvent:
    return event(call("A042", call_id=call_id, at=NINE + timedelta(seconds=at_s)), revision)


def timeline(state: panel.Known, start: float, seconds: float) -> list[tuple[float, str]]:
    """Each change of the text when it is asked exactly when it says that it may change."""
    changes, at = [(start, shown(state, start))], start
    while (at := panel.next_change(state, "3", at)) < start + seconds:
        if shown(state, at) != changes[-1][1]:
            changes.append((at, shown(state, at)))
    return changes


@pytest.mark.parametrize("start", [0.0, 0.1, 1234.567])
def test_call_blinks_for_some_seconds_at_most_three_times_a_second(start: float) -> None:
    state = panel.nothing(start)
    for message in (board(1, A042), heartbeat(1), news(1, "A042"), event_of(1)):
        state = panel.receive(state, message, model.Moment(start, NINE))
    state = panel.receive(state, heartbeat(1), model.Moment(start + 4.0, NINE))
    changes = timeline(state, start, 8.0)
    flashes = [at for at, text in changes if text == "      "]
    assert len(flashes) == 6
    for at in flashes:
        assert len([each for each in flashes if at <= each < at + 1.0]) <= 3
    assert changes[-1] == (pytest.approx(start + 5.0 + 2 * 0.5), "A042  ")


def test_recalls_in_quick_succession_do_not_flash_faster() -> None:
    state = known(board(1, A042), heartbeat(1), news(1, "A042"))
    texts: list[tuple[float, str]] = []
    for tick in range(400):  # ten seconds; a recall every 0.15 s in the first half, every 0.55 s in the second
        at = tick / 40
        every = 6 if tick < 200 else 22
        if tick % every == 0:
            state = panel.receive(state, event_of(1, f"again-{tick}", at), moment(at))
        if tick % 40 == 0:
            state = panel.receive(state, beat(at), moment(at))
        texts.append((at, shown(state, at)))
    dark = [at for (_, before), (at, text) in itertools.pairwise(texts) if text != before and "A" not in text]
    assert dark
    assert all(later - earlier >= 1 / 3 for earlier, later in itertools.pairwise(dark))


def test_recall_blinks_again_and_a_late_call_does_not() -> None:
    state = known(board(1, A042), heartbeat(1), news(1, "A042"), event_of(1))
    state = panel.receive(state, beat(20.0), moment(20.0))
    assert {text for _, text in timeline(state, 20.0, 4.0)} == {"A042  "}
    again = panel.receive(state, event_of(1, "again", 20.0), moment(20.0))
    assert {text for _, text in timeline(again, 20.0, 4.0)} == {"A042  ", "      "}
    late = panel.receive(state, event_of(1, "late", 10.0), moment(20.0))
    assert {text for _, text in timeline(late, 20.0, 4.0)} == {"A042  "}


def test_without_blinking_the_number_stands_still() -> None:
    state = known(board(1, A042), heartbeat(1), news(1, "A042"), event_of(1))
    assert {panel.text(state, "3", FACE, tick / 10, blinks=False) for tick in range(40)} == {"A042  "}


def test_a_day_of_calls_leaves_nothing_behind() -> None:
    state = known(board(1, A042), heartbeat(1))
    for number in range(1000):
        state = panel.receive(state, event(call(f"A{number}")), moment())
    assert len(state.room.calls) <= model.KEPT_CALLS
    assert state.room.queue.waiting == ()
    assert len(state.calls) == 1
