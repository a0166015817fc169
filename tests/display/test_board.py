"""C6: the screen ends on the true board, never shows an older one, and knows when it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.wire import codec
from dispatcher.wire.messages import Board, Heartbeat, Withdrawn
from display import board as model
from tests.display.samples import EPOCH, NINE, board, call, config, event, heartbeat, known


def _at(state: model.State, seconds: float, *messages: model.Message, pace: float = 1.0) -> model.State:
    for message in messages:
        moment = model.Moment(seconds, NINE + timedelta(seconds=seconds * pace), pace)
        state = model.receive(state, message, moment)
    return state


def _labels(state: model.State) -> list[str]:
    return [line.label for line in model.lines(state)]


def test_older_or_equal_revision_changes_nothing() -> None:
    shown = known(board(7, call("A045")))
    assert known(board(7, call("A045")), board(6, call("A044"))) == shown
    assert known(board(7, call("A045")), board(7, call("A099"))) == shown


def test_another_epoch_replaces_all_and_the_old_one_never_comes_back() -> None:
    state = known(
        config(),
        board(90, call("A045")),
        event(call("A045")),
        board(2, call("B001"), epoch="e2"),
        board(91, call("A046")),
    )
    assert state.board is not None
    assert (state.board.epoch, _labels(state)) == ("e2", ["B001"])
    assert state.queue.waiting == ()
    assert known(board(1), board(1, epoch="e2"), event(call("A046"))).queue.waiting == ()


def test_silence_of_five_seconds_is_stale_and_a_heartbeat_ends_it() -> None:
    state = known(board(3), heartbeat(3))
    assert not model.is_stale(state, 4.99)
    assert model.is_stale(state, 5.0)
    assert not model.is_stale(_at(state, 60.0, heartbeat(3)), 60.0)


def test_screen_that_never_heard_a_heartbeat_is_stale_five_seconds_after_its_start() -> None:
    assert not model.is_stale(known(board(3)), 4.9)
    assert model.is_stale(known(board(3)), 5.0)


def test_heartbeat_above_the_shown_revision_is_stale_after_three_seconds() -> None:
    state = _at(known(board(3), heartbeat(3)), 1.0, heartbeat(4))
    state = _at(state, 3.0, heartbeat(5))
    assert not model.is_stale(state, 3.99)
    assert model.is_stale(state, 4.0)
    assert model.is_stale(_at(state, 4.5, board(4)), 4.5)
    assert not model.is_stale(_at(state, 4.5, board(5)), 4.5)


def test_heartbeat_of_another_epoch_is_stale_until_its_board_comes() -> None:
    state = _at(known(board(30), heartbeat(30)), 1.0, heartbeat(1, epoch="e2"))
    assert model.is_stale(state, 4.0)
    state = _at(state, 4.5, board(1, call("B001"), epoch="e2"))
    assert not model.is_stale(state, 4.5)
    assert _labels(state) == ["B001"]


def test_truth_is_as_old_as_the_last_heartbeat_that_agreed() -> None:
    agreed = _at(known(board(3), heartbeat(3)), 2.0, heartbeat(3, at=NINE + timedelta(seconds=2)))
    state = _at(agreed, 4.0, heartbeat(4, at=NINE + timedelta(seconds=4)))
    assert state.truth_at == NINE + timedelta(seconds=2)


def test_late_heartbeat_of_the_old_epoch_counts_for_nothing() -> None:
    state = _at(known(board(9), board(1, epoch="e2"), heartbeat(1, epoch="e2")), 4.9, heartbeat(9))
    assert model.is_stale(state, 5.0)


def test_heartbeats_that_go_on_in_the_old_epoch_bring_its_board_back() -> None:
    state = known(board(9, call("A045")), board(1, call("X001"), epoch="false"), board(10, call("A046")))
    assert _labels(state) == ["X001"]
    for second in (1.0, 3.0, 5.0):
        state = _at(state, second, heartbeat(10))
    assert _labels(state) == ["A046"]
    assert not model.is_stale(state, 5.1)


def test_epoch_that_comes_back_is_not_older_than_it_was_shown() -> None:
    state = known(board(9, call("A045")), board(1, call("X001"), epoch="false"), board(8, call("A044")))
    for second in (1.0, 3.0, 5.0):
        state = _at(state, second, heartbeat(9))
    assert _labels(state) == ["A045"]


def test_call_is_queued_once_however_often_it_comes() -> None:
    once = known(config(), board(1), event(call("A045")))
    assert known(config(), board(1), event(call("A045")), event(call("A045"))) == once
    assert [each.call.label for each in once.queue.waiting] == ["A045"]


def test_withdrawn_call_leaves_queue_screen_and_list_also_when_it_was_withdrawn_first() -> None:
    gone = Withdrawn(call_id="call-A045", withdrawn=True)
    for messages in ((event(call("A045")), gone), (gone, event(call("A045")))):
        state = known(config(), board(1, call("A045"), call("A044")), *messages)
        assert state.queue == model.State(started=0.0).queue
        assert _labels(state) == ["A044"]


def test_only_the_calls_of_its_own_counters_are_shown_and_announced() -> None:
    own = config(counters=("1", "2"))
    calls = (call("A045", "3"), call("A044", "2"))
    state = known(own, board(1, *calls), *(event(each) for each in calls))
    assert _labels(state) == ["A044"]
    assert [each.call.label for each in state.queue.waiting] == ["A044"]
    late = known(board(1, *calls), *(event(each) for each in calls), own)
    assert [each.call.label for each in late.queue.waiting] == ["A044"]


def test_recall_is_a_later_attempt_or_the_same_ticket_at_the_same_counter() -> None:
    first, again = event(call("A045")), event(call("A045", call_id="second"))
    elsewhere = event(call("A045", "1", call_id="third"))
    later = event(call("B001", attempt=2))
    state = known(config(), board(1), first, again, elsewhere, later)
    assert [each.recall for each in state.queue.waiting] == [False, True, False, True]


def test_call_after_an_undone_one_is_no_recall() -> None:
    """C2: the first call was a slip and taken back; the person is called for the first time (RULES: undo)."""
    slip, undone = event(call("A045", call_id="slip")), Withdrawn(call_id="slip", withdrawn=True)
    state = known(config(), board(1), slip, undone, event(call("A045", call_id="second")))
    assert [each.recall for each in state.queue.waiting] == [False]
    state = known(config(), board(1, call("A045", call_id="slip")), undone, event(call("A045", call_id="second")))
    assert [each.recall for each in state.queue.waiting] == [False]
    state = known(config(), board(1), event(call("A045", call_id="first")), slip, undone, event(call("A045")))
    assert [each.recall for each in state.queue.waiting] == [False, True]


def test_screen_that_was_started_again_knows_a_recall_from_its_board() -> None:
    """C2: it never heard the first call, but shows it; the chime and the mark of the recall are right all the same."""
    shown = board(1, call("A045", call_id="first"), call("B112", "12"))
    again = event(call("A045", call_id="second", at=NINE + timedelta(minutes=1)))
    own = event(call("B112", "12"))  # the call of that line of the board, heard after it: its first
    state = known(config(), shown, again, own, event(call("A045", "1", call_id="third")))
    assert [each.recall for each in state.queue.waiting] == [True, False, False]


def test_nothing_is_announced_before_there_is_a_board_to_draw() -> None:
    state, begun = model.step(known(config(), event(call("A045"))), 1.0)
    assert begun is None
    state, begun = model.step(_at(state, 2.0, board(1)), 2.0)
    assert begun is not None


def test_calls_of_an_outage_are_not_announced_afterwards() -> None:
    """The events of ten minutes come at once when the dispatcher is back; the board alone is right."""
    state = _at(known(config(), board(1), heartbeat(1)), 600.0, heartbeat(40, at=NINE + timedelta(seconds=600)))
    old = [event(call(f"A{n:03d}", at=NINE + timedelta(seconds=10 * n))) for n in range(56)]
    new = [event(call(f"B{n:03d}", at=NINE + timedelta(seconds=590 + n))) for n in range(3)]
    state = _at(state, 600.0, *old, *new)
    assert [each.call.label for each in state.queue.waiting] == ["B000", "B001", "B002"]


def test_age_of_a_call_is_reckoned_on_the_dispatchers_clock_in_wall_seconds() -> None:
    """A screen whose own clock is two hours off, and an office whose clock runs sixty times as fast."""
    ahead = NINE + timedelta(hours=2)
    state = known(config(), board(1), heartbeat(1, at=ahead))
    state = _at(state, 0.0, event(call("A045", at=ahead - timedelta(seconds=600))), pace=60.0)
    assert [each.age_s for each in state.queue.waiting] == [10.0]


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"\xff\xfe", b'{"epoch":"e1","revision":"x"}', b'{"epoch":1}'])
def test_damaged_board_is_no_board(payload: bytes) -> None:
    with pytest.raises(codec.WireError):
        codec.decode(Board, payload)


@st.composite
def _streams(draw: st.DrawFn) -> list[bytes | Board | Heartbeat]:
    """What a bad network makes of a history: doubled, out of order, damaged; over one or two epochs."""
    history: list[Board | Heartbeat] = []
    for epoch in draw(st.sampled_from([(EPOCH,), (EPOCH, "e2")])):
        for revision in range(1, draw(st.integers(2, 8))):
            history += [board(revision, call(f"A{revision:03d}"), epoch=epoch), heartbeat(revision, epoch=epoch)]
    picked = draw(st.lists(st.sampled_from(history), max_size=40))
    damaged = draw(st.lists(st.integers(0, 39), max_size=8))
    stream: list[bytes | Board | Heartbeat] = [*picked]
    for place in damaged:
        if place < len(picked):
            stream[place] = codec.encode(picked[place])[: draw(st.integers(0, 30))]
    return stream


def _read(message: bytes | Board | Heartbeat) -> Board | Heartbeat | None:
    if not isinstance(message, bytes):
        return message
    for kind in (Board, Heartbeat):
        try:
            return codec.decode(kind, message)
        except codec.WireError:
            continue
    return None


@settings(max_examples=300, deadline=None)
@given(stream=_streams(), one_epoch=st.booleans())
def test_whatever_the_network_does_the_screen_ends_on_the_true_board(
    stream: list[bytes | Board | Heartbeat], one_epoch: bool
) -> None:
    state = known(config())
    shown: dict[str, int] = {}
    for second, raw in enumerate(stream):
        message = _read(raw)
        if message is None or (one_epoch and message.epoch != EPOCH):
            continue
        state = _at(state, float(second), message)
        if state.board is not None:
            assert state.board.revision >= shown.get(state.board.epoch, 0)
            shown[state.board.epoch] = state.board.revision
    truth = board(50, call("Z999"), epoch=EPOCH if one_epoch else "e2")
    state = _at(state, 100.0, truth)
    for second in (101.0, 103.0, 105.0):
        state = _at(state, second, heartbeat(50, epoch=truth.epoch))
    assert state.board == truth
    assert not model.is_stale(state, 105.0)


def test_what_is_kept_is_bounded() -> None:
    state = known(config(), board(1))
    for number in range(1000):
        state = _at(
            state, number, event(call("A045", call_id=f"c{number}")), Withdrawn(call_id=f"c{number}", withdrawn=True)
        )
        state = _at(state, number, board(1, epoch=f"e{number}"))
    assert len(state.calls) == model.KEPT_CALLS
    assert len(state.withdrawn) == model.KEPT_CALLS
    assert len(state.retired) == model.KEPT_EPOCHS
    assert replace(state.queue, waiting=()) == state.queue
