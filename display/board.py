"""What the screen knows. Pure: each message makes a new state, at a moment that is handed in.

The rules of truth (contract): a revision is never followed by an older one of the same epoch; another epoch replaces
all that was known; without a heartbeat for 5 s, or with one whose revision is above the shown one for 3 s, the picture
is stale.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dispatcher.wire.messages import Board, BoardCall, CallEvent, DisplayConfig, Heartbeat, Menu, Withdrawn
from display import announce

SILENCE_S = 5.0
BEHIND_S = 3.0
STRAY_S = 3.0
SET_BACK = timedelta(seconds=10)
"""A truth that is older by more than this is not a late one: the dispatcher's clock was set back."""
SAME_TICKET = timedelta(hours=12)
KEPT_CALLS = 256
KEPT_EPOCHS = 32


@dataclass(frozen=True)
class Moment:
    """When a message came: wall seconds, the office time of this machine, and its pace."""

    monotonic: float
    office: datetime
    pace: float = 1.0


@dataclass(frozen=True)
class LinkUp:
    """The broker was reached."""


@dataclass(frozen=True)
class LinkDown:
    """The broker was lost."""


@dataclass(frozen=True)
class LinkTrouble:
    """The broker was not reached; why, as a code of `dispatcher.wire.client.Trouble`."""

    code: str


Message = Board | CallEvent | Withdrawn | Heartbeat | DisplayConfig | Menu | LinkUp | LinkDown | LinkTrouble


@dataclass(frozen=True)
class State:
    """All that is known. `started` is when the program began to listen, in wall seconds."""

    started: float
    linked: bool = False
    linked_at: float = 0.0
    """When the broker was last reached, in wall seconds."""
    config: DisplayConfig | None = None
    board: Board | None = None
    truth_at: datetime | None = None
    """The office time at which the shown board was last known to be true."""
    heartbeat: Heartbeat | None = None
    heard_at: float | None = None
    behind_since: float | None = None
    offset: timedelta = timedelta(0)
    """The dispatcher's office time less that of this machine."""
    queue: announce.Queue = field(default_factory=announce.Queue)
    calls: tuple[CallEvent, ...] = ()
    """The last calls heard of, newest last: to know repeats, recalls and languages."""
    withdrawn: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    heights: tuple[tuple[str, int], ...] = ()
    """The highest revision that was shown of each epoch that was left."""
    late: Heartbeat | None = None
    """The last heartbeat that spoke of an earlier instant than the one before it."""
    trouble: str = ""
    """Why the broker is not reached, a code of the wire's; empty while nothing was tried or all is well."""
    refused: Board | None = None
    """The last board of a retired epoch, kept in case the heartbeats return to it."""
    stray: tuple[str, float] | None = None
    """A retired epoch of which heartbeats speak, and since when."""
    menu: Menu | None = None
    """What the dispenser offers: a screen says from it when the office is closed, and until when."""


def receive(state: State, message: Message, moment: Moment) -> State:
    """The state after `message`."""
    match message:
        case Board():
            return _board(state, message)
        case Heartbeat():
            return _heartbeat(state, message, moment)
        case CallEvent():
            return _call(state, message, moment)
        case Withdrawn():
            withdrawn = (*state.withdrawn, message.call_id)[-KEPT_CALLS:]
            return replace(state, withdrawn=withdrawn, queue=announce.withdraw(state.queue, message.call_id))
        case DisplayConfig():
            queue = announce.keep(state.queue, lambda each: concerns(message, each.call.counter))
            return replace(state, config=message, queue=queue)
        case Menu():
            return replace(state, menu=message)
        case LinkUp():
            return replace(state, linked=True, linked_at=moment.monotonic, trouble="")
        case LinkDown():
            return replace(state, linked=False)
        case LinkTrouble(code):
            return replace(state, trouble=code)


def step(state: State, monotonic: float, hold_s: float = announce.HOLD_S) -> tuple[State, announce.Announcement | None]:
    """Let the next call begin if it is time; nothing begins before there is a board and settings to draw it with."""
    if state.board is None or state.config is None:
        return state, None
    queue, begun = announce.step(state.queue, monotonic, hold_s)
    return replace(state, queue=queue), begun


def concerns(config: DisplayConfig | None, counter: str) -> bool:
    """Whether this screen shows the calls of `counter`."""
    return config is None or config.counters is None or counter in config.counters


def lines(state: State) -> tuple[BoardCall, ...]:
    """The calls to show, newest first: those of this screen's counters, without the withdrawn."""
    if state.board is None:
        return ()
    return tuple(
        call
        for call in state.board.calls
        if concerns(state.config, call.counter) and call.call_id not in state.withdrawn
    )


def stale_at(state: State) -> float:
    """When the picture becomes stale if nothing comes, in wall seconds."""
    heard_at = state.started if state.heard_at is None else state.heard_at
    silent = heard_at + SILENCE_S
    return silent if state.behind_since is None else min(silent, state.behind_since + BEHIND_S)


def is_stale(state: State, monotonic: float) -> bool:
    return monotonic >= stale_at(state)


def office_now(state: State, machine_office: datetime) -> datetime:
    """The dispatcher's office time; a screen whose own clock is wrong still shows and reckons right."""
    return machine_office + state.offset


def language_of(state: State, call_id: str) -> str | None:
    """The language of a call that was heard of, or None."""
    return next((call.language for call in reversed(state.calls) if call.call_id == call_id), None)


def _board(state: State, board: Board) -> State:
    shown = state.board
    if shown is not None:
        if board.epoch == shown.epoch and board.revision <= shown.revision:
            return state
        if board.revision < _height(state, board.epoch):
            return state
        if board.epoch in state.retired:
            return replace(state, refused=_later(state.refused, board))
        if board.epoch != shown.epoch:
            state = _retire(state, shown, board.epoch)
    truth_at = board.at
    if _agrees(board, state.heartbeat) and state.heartbeat is not None:
        truth_at = max(truth_at, state.heartbeat.at)
    behind_since = state.behind_since if _behind(state, board, state.heartbeat) else None
    return replace(state, board=board, truth_at=truth_at, behind_since=behind_since)


def _later(kept: Board | None, board: Board) -> Board:
    return kept if kept and kept.epoch == board.epoch and kept.revision > board.revision else board


def _retire(state: State, old: Board, new: str) -> State:
    """Another epoch replaces all: calls of the old one are no longer announced."""
    retired = tuple(epoch for epoch in (*state.retired, old.epoch) if epoch != new)[-KEPT_EPOCHS:]
    queue = announce.keep(state.queue, lambda each: each.call.epoch == new)
    others = tuple(each for each in state.heights if each[0] != old.epoch)
    heights = (*others, (old.epoch, old.revision))[-KEPT_EPOCHS:]
    return replace(state, retired=retired, queue=queue, stray=None, refused=old, heights=heights, late=None)


def _height(state: State, epoch: str) -> int:
    """The highest revision that was shown of `epoch` before another replaced it; -1 for one that was never left."""
    return next((revision for name, revision in state.heights if name == epoch), -1)


def _heartbeat(state: State, heartbeat: Heartbeat, moment: Moment) -> State:
    if heartbeat.epoch in state.retired:
        return _stray(state, heartbeat, moment)
    if _is_late(state, heartbeat):
        return replace(state, late=heartbeat)
    behind_since = None
    if _behind(state, state.board, heartbeat):
        behind_since = moment.monotonic if state.behind_since is None else state.behind_since
    truth_at = state.truth_at
    if state.board is not None and _agrees(state.board, heartbeat):
        set_back = truth_at is None or truth_at - heartbeat.at > SET_BACK
        truth_at = heartbeat.at if truth_at is None or set_back else max(truth_at, heartbeat.at)
    return replace(
        state,
        heartbeat=heartbeat,
        heard_at=moment.monotonic,
        behind_since=behind_since,
        truth_at=truth_at,
        offset=heartbeat.at - moment.office,
        stray=None,
    )


def _is_late(state: State, heartbeat: Heartbeat) -> bool:
    """Whether this one was overtaken by another or repeated: it says nothing of now.

    A second one that goes on from a late one is no accident: the dispatcher's clock was set back, or two dispatchers
    with clocks of their own speak by turns.
    """
    last, late = state.heartbeat, state.late
    if last is None or heartbeat.epoch != last.epoch or heartbeat.at >= last.at:
        return False
    return late is None or late.epoch != heartbeat.epoch or heartbeat.at <= late.at


def _stray(state: State, heartbeat: Heartbeat, moment: Moment) -> State:
    """A heartbeat of a retired epoch: a late one counts for nothing; when all speak of it for STRAY_S, it is true."""
    if state.stray is None or state.stray[0] != heartbeat.epoch:
        return replace(state, stray=(heartbeat.epoch, moment.monotonic))
    if moment.monotonic - state.stray[1] < STRAY_S:
        return state
    refused = state.refused
    back = _retire(state, state.board, heartbeat.epoch) if state.board else state
    if refused is not None and refused.epoch == heartbeat.epoch:
        back = replace(back, board=refused, truth_at=refused.at, behind_since=None)
    return _heartbeat(back, heartbeat, moment)


def _behind(state: State, board: Board | None, heartbeat: Heartbeat | None) -> bool:
    """Whether the heartbeat speaks of a truth that `board` is not."""
    if board is None or heartbeat is None or heartbeat.epoch in state.retired:
        return False
    return heartbeat.epoch != board.epoch or heartbeat.revision > board.revision


def _agrees(board: Board, heartbeat: Heartbeat | None) -> bool:
    return heartbeat is not None and heartbeat.epoch == board.epoch and heartbeat.revision <= board.revision


def _call(state: State, call: CallEvent, moment: Moment) -> State:
    known = any(call.call_id == each.call_id for each in state.calls)
    if known or call.epoch in state.retired:
        return state
    heard = replace(state, calls=(*state.calls, call)[-KEPT_CALLS:])
    if call.call_id in state.withdrawn or not concerns(state.config, call.counter):
        return heard
    return replace(heard, queue=announce.add(state.queue, announcement(state, call, moment)))


def announcement(state: State, call: CallEvent, moment: Moment) -> announce.Announcement:
    """A call that comes now, to a screen that has heard of what `state` says."""
    age_s = max(0.0, (office_now(state, moment.office) - call.called_at).total_seconds() / moment.pace)
    return announce.Announcement(call, moment.monotonic, age_s, _is_recall(state, call))


def _is_recall(state: State, call: CallEvent) -> bool:
    """A later attempt, or the same ticket again at the same counter within the day (`recall` keeps the attempt).

    An undone call does not count (RULES). What the board shows counts as what was heard: a screen that has just been
    started knows the first call from there.
    """
    shown = state.board.calls if state.board is not None and state.board.epoch == call.epoch else ()
    known: tuple[BoardCall | CallEvent, ...] = (*state.calls, *shown)
    return call.attempt > 1 or any(
        each.call_id != call.call_id
        and each.call_id not in state.withdrawn
        and each.label == call.label
        and each.counter == call.counter
        and abs(call.called_at - each.called_at) < SAME_TICKET
        for each in known
    )
