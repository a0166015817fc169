"""What an LED display over a counter shows. Pure: each message makes a new state, at a moment that is handed in.

The number that is at the counter, if the waiting room may know it: `counter/{counter}` also carries appointments held
on line, the board never does, so a label is shown only while the board has it for this counter. Blank at a closed
counter, dashes when the picture would be stale (the contract's definition, as for screens).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dispatcher.wire.messages import CallEvent, CounterState, DisplayConfig
from display import board
from display.led.frames import Face

ATTENTION_S = 6.0
HALF_S = 0.5
"""How long a blinking number is lit and dark: one flash a second, WCAG 2.3.1 allows three."""

_EPSILON = 1e-6
_SILENT = DisplayConfig(site_name="", zone="UTC", languages=("en",), counters=())
"""No counter concerns the queue of announcements: an LED display announces nothing, and nothing may pile up there."""


@dataclass(frozen=True)
class CounterNews:
    """`counter/{counter}` came."""

    counter: str
    state: CounterState


Message = board.Message | CounterNews


@dataclass(frozen=True)
class Track:
    """What is known of a counter. Its revisions count within an epoch that only the board names."""

    state: CounterState
    settled: bool = True
    """False after a change of epoch: whatever comes next is newer."""
    refused: CounterState | None = None
    """An older revision that came last: true if it turns out to be of a new epoch."""


@dataclass(frozen=True)
class Known:
    """All that is known."""

    room: board.State
    tracks: Mapping[str, Track] = field(default_factory=dict)
    calls: Mapping[str, tuple[CallEvent, float]] = field(default_factory=dict)
    """The last call of each counter and when it began to ask for attention, in wall seconds."""


def nothing(started: float) -> Known:
    """What is known at the start, in wall seconds."""
    return Known(board.State(started, config=_SILENT))


def receive(known: Known, message: Message, moment: board.Moment) -> Known:
    """The state after `message`."""
    if isinstance(message, CounterNews):
        return _counter(known, message)
    before, room = known.room, board.receive(known.room, message, moment)
    known = replace(known, room=room)
    if before.board and room.board and before.board.epoch != room.board.epoch:
        known = replace(known, tracks={name: _other_epoch(track) for name, track in known.tracks.items()})
    if isinstance(message, CallEvent) and room.calls is not before.calls:
        return _call(known, message, moment)
    return known


def text(known: Known, counter: str, face: Face, monotonic: float, *, blinks: bool = True) -> str:
    """What `counter`'s display is to show now."""
    track = known.tracks.get(counter)
    if track is None or known.room.board is None or board.is_stale(known.room, monotonic):
        return face.dashes
    label = _label(known, counter)
    if label is None or (blinks and _dark(known, counter, monotonic)):
        return face.blank
    return face.number(label)


def next_change(known: Known, counter: str, monotonic: float) -> float:
    """When the text may change if nothing comes, in wall seconds; infinity when it does not."""
    stale_at = board.stale_at(known.room)
    due = stale_at if stale_at > monotonic else float("inf")
    asked = _asked(known, counter, monotonic)
    if asked is None:
        return due
    return min(due, asked + (_halves(asked, monotonic) + 1) * HALF_S)


def _counter(known: Known, news: CounterNews) -> Known:
    track = known.tracks.get(news.counter)
    if track is None or not track.settled or news.state.revision > track.state.revision:
        fresh = Track(news.state)
    else:
        fresh = replace(track, refused=news.state)
    return replace(known, tracks={**known.tracks, news.counter: fresh})


def _other_epoch(track: Track) -> Track:
    return Track(track.refused or track.state, settled=track.refused is not None)


def _call(known: Known, call: CallEvent, moment: board.Moment) -> Known:
    """A call that was held up on its way does not ask for attention anew."""
    age_s = (board.office_now(known.room, moment.office) - call.called_at).total_seconds() / moment.pace
    if age_s >= ATTENTION_S:
        return known
    return replace(known, calls={**known.calls, call.counter: (call, moment.monotonic)})


def _label(known: Known, counter: str) -> str | None:
    state = known.tracks[counter].state
    if state.state == "closed" or state.ticket is None or known.room.board is None:
        return None
    shown = (
        call.label
        for call in known.room.board.calls
        if call.counter == counter and call.call_id not in known.room.withdrawn
    )
    return state.ticket.label if state.ticket.label in shown else None


def _asked(known: Known, counter: str, monotonic: float) -> float | None:
    """Since when the shown number asks for attention, or None."""
    call, began = known.calls.get(counter, (None, 0.0))
    if call is None or counter not in known.tracks or monotonic + _EPSILON >= began + ATTENTION_S:
        return None
    if call.call_id in known.room.withdrawn or call.label != _label(known, counter):
        return None
    return began


def _dark(known: Known, counter: str, monotonic: float) -> bool:
    asked = _asked(known, counter, monotonic)
    return asked is not None and _halves(asked, monotonic) % 2 == 1


def _halves(asked: float, monotonic: float) -> int:
    return int((monotonic - asked) / HALF_S + _EPSILON)
