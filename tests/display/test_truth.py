"""C6: whatever comes over the wire, and in whatever order: never an older board, at last the true one.

The bytes go through the same door as those of a broker, and the labels are read from the picture's view.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.wire import codec, memory, topics
from dispatcher.wire.messages import Board, Heartbeat
from display import board as model
from display import feed
from display.view import BoardView, compose
from tests.display.samples import NINE, SITE, board, call, config, event, heartbeat, known

EPOCHS = ("e1", "e2", "e3")
BEAT = timedelta(seconds=2)


class Wall:
    """A screen's knowledge behind a broker in memory; remembers what it has shown."""

    def __init__(self) -> None:
        broker = memory.Broker()
        self._office, self._link = memory.Client(broker), memory.Client(broker)
        self._office.start()
        self.state = known(config())
        self.second = 0.0
        self.highest: dict[str, int] = {}
        feed.follow(self._link, SITE, self._put)
        self._link.start()

    def _put(self, message: model.Message) -> None:
        moment = model.Moment(self.second, NINE + timedelta(seconds=self.second))
        self.state = model.receive(self.state, message, moment)

    def say(self, part: str, payload: bytes) -> None:
        self._office.publish(f"{topics.root(SITE)}/{part}", payload, retain=part == "board")
        shown = self.state.board
        if shown is not None:
            assert shown.revision >= self.highest.get(shown.epoch, 0), "an older board was shown"
            self.highest[shown.epoch] = shown.revision

    def reconnect(self) -> None:
        self._link.lose()
        self._link.start()

    def labels(self) -> list[str]:
        """What stands on the screen, the huge call first."""
        view = compose(self.state, self.second, NINE + timedelta(seconds=self.second), "")
        assert isinstance(view, BoardView)
        huge = [view.huge.label] if view.huge else []
        return huge + [line.label for line in view.calls]


def _history(epoch: str, length: int) -> list[tuple[str, bytes]]:
    """What a dispatcher says: call, board, heartbeat of each revision."""
    said = []
    for revision in range(1, length + 1):
        at = NINE + BEAT * revision
        line = call(f"{chr(64 + EPOCHS.index(epoch) + 1)}{revision:03d}", at=at, call_id=f"{epoch}-{revision}")
        said += [
            ("call", codec.encode(event(line, revision, epoch=epoch))),
            ("board", codec.encode(board(revision, line, epoch=epoch, at=at))),
            ("heartbeat", codec.encode(heartbeat(revision, epoch=epoch, at=at))),
        ]
    return said


def _damaged(payload: bytes, cut: int, kind: int) -> bytes:
    """Cut short, not UTF-8, of another shape, or much too long."""
    return (payload[:cut], b"\xff\xfe" + payload, b"[" + payload + b"]", payload + b" " * 300_000)[kind]


MESSAGES = [(epoch, at) for epoch in EPOCHS for at in range(18)]
HISTORIES = {epoch: _history(epoch, 6) for epoch in EPOCHS}
NOISE = st.tuples(
    st.sampled_from(MESSAGES),
    st.one_of(st.none(), st.tuples(st.integers(0, 60), st.integers(0, 3))),
    st.sampled_from([0.0, 0.1, 1.0, 3.5]),
    st.booleans(),
)


@settings(max_examples=250)
@given(noise=st.lists(NOISE, max_size=40), true_epoch=st.sampled_from(EPOCHS))
def test_whatever_comes_the_screen_ends_on_the_true_board(
    noise: list[tuple[tuple[str, int], tuple[int, int] | None, float, bool]], true_epoch: str
) -> None:
    """Doubled, out of order, damaged, of three epochs, with reconnects in between."""
    wall = Wall()
    for (epoch, at), damage, pause, cut in noise:
        part, payload = HISTORIES[epoch][at]
        wall.second += pause
        wall.say(part, _damaged(payload, *damage) if damage else payload)
        if cut:
            wall.reconnect()
    truth = call("Z999", at=NINE + timedelta(hours=1))
    wall.say("board", codec.encode(board(50, truth, epoch=true_epoch, at=NINE + timedelta(hours=1))))
    for beat in range(5):
        wall.second += 2.0
        at = NINE + timedelta(hours=1) + BEAT * beat
        wall.say("heartbeat", codec.encode(heartbeat(50, epoch=true_epoch, at=at)))
    wall.second += 0.1
    shown = wall.state.board
    assert shown is not None
    assert (shown.epoch, shown.revision) == (true_epoch, 50)
    assert not model.is_stale(wall.state, wall.second)
    wall.state, _begun = model.step(wall.state, wall.second)
    assert "Z999" in wall.labels()


@settings(max_examples=200)
@given(raw=st.binary(max_size=400), part=st.sampled_from(["board", "heartbeat", "call"]))
def test_bytes_that_are_no_message_change_nothing(raw: bytes, part: str) -> None:
    wall = Wall()
    wall.say("board", HISTORIES["e1"][1][1])
    before = wall.state
    wall.say(part, raw)
    assert wall.state == before


def test_epoch_that_was_left_comes_back_at_least_as_new_as_it_was() -> None:
    wall = Wall()
    for epoch, revision in (("e1", 90), ("e2", 1), ("e3", 1), ("e1", 50)):
        wall.say("board", codec.encode(board(revision, call(f"A{revision:03d}"), epoch=epoch)))
    for second in (1.0, 3.0, 5.0, 7.0):
        wall.second = second
        wall.say("heartbeat", codec.encode(heartbeat(90, epoch="e1", at=NINE + timedelta(seconds=second))))
    assert model.is_stale(wall.state, 8.0), "the board of the true epoch has not come: that is said"
    wall.say("board", codec.encode(board(89, call("A089"), epoch="e1")))
    wall.say("board", codec.encode(board(90, call("A090"), epoch="e1")))
    assert wall.labels() == ["A090"]
    assert not model.is_stale(wall.state, 8.0)


def _heard(state: model.State, second: float, message: Board | Heartbeat) -> model.State:
    return model.receive(state, message, model.Moment(second, NINE + timedelta(seconds=second)))


def test_heartbeat_that_was_overtaken_says_nothing_of_now() -> None:
    """One that is repeated late keeps no dead dispatcher alive, hides no newer revision and turns no clock back."""
    state = _heard(known(board(5)), 1.0, heartbeat(6, at=NINE + BEAT))
    late = _heard(state, 3.9, heartbeat(5, at=NINE))
    assert model.is_stale(late, 4.0)
    assert (late.heard_at, late.offset) == (state.heard_at, state.offset)
    assert model.is_stale(_heard(known(board(5), heartbeat(5, at=NINE + BEAT)), 4.9, heartbeat(5)), 5.0)


def test_dispatchers_clock_set_back_is_followed_and_nothing_is_stale() -> None:
    """An hour back, as when somebody corrects it: the screen's clock and the time of the last truth go along."""
    state, hour = known(board(5), heartbeat(5)), timedelta(hours=1)
    for second in (2.0, 4.0, 6.0, 8.0):
        state = _heard(state, second, heartbeat(5, at=NINE - hour + timedelta(seconds=second)))
        assert not model.is_stale(state, second + 1.9)
    assert model.office_now(state, NINE + timedelta(seconds=8)) == NINE - hour + timedelta(seconds=8)
    assert state.truth_at == NINE - hour + timedelta(seconds=8)


def test_two_dispatchers_with_clocks_a_second_apart_keep_the_screen_true_also_when_one_ends() -> None:
    state, slow = known(board(5), heartbeat(5)), timedelta(seconds=1)
    for second in range(2, 12, 2):
        state = _heard(state, second, heartbeat(5, at=NINE + timedelta(seconds=second)))
        state = _heard(state, second + 0.1, heartbeat(5, at=NINE + timedelta(seconds=second) - slow))
    for second in range(12, 20, 2):
        assert not model.is_stale(state, second)
        state = _heard(state, second + 0.1, heartbeat(5, at=NINE + timedelta(seconds=second) - slow))
    assert not model.is_stale(state, 20.0)


def test_screen_whose_own_clock_jumps_is_right_again_with_the_next_heartbeat() -> None:
    """Stale is reckoned on a clock that does not jump; age and time of day on the dispatcher's."""
    state = model.receive(known(config(), board(5)), heartbeat(5), model.Moment(0.0, NINE))
    for jump in (timedelta(hours=5), timedelta(days=-3)):
        machine = NINE + jump
        assert not model.is_stale(state, 1.0)
        state = model.receive(state, heartbeat(5, at=NINE), model.Moment(1.0, machine))
        assert model.office_now(state, machine) == NINE
        view = compose(state, 1.0, machine, "")
        assert isinstance(view, BoardView)
        assert (view.clock, view.stale) == ("10:30", "")
