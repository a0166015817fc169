"""The queue of calls that are to be heard, one after the other. Pure: times are handed in, in wall seconds.

A call begins to sound when nothing else does, within SOUND_WITHIN_S of its `called_at` and while its ticket is still
called, or never. While many wait, each is said briefly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from display.announce import Announcement

GAP_S = 0.5
"""Silence between two calls."""
RUSH = 3
"""When more than so many wait to be said, the one whose turn it is among them, it is said briefly."""
KEPT_SAID = 128


@dataclass(frozen=True)
class Speaking:
    """`current` sounds, and its gap, until `until`, if it is not cut off.

    `said`: the ids of the last calls that began, here or elsewhere.
    """

    waiting: tuple[Announcement, ...] = ()
    current: Announcement | None = None
    until: float = float("-inf")
    said: tuple[str, ...] = ()


Wanted = Callable[[Announcement], bool]


def add(speaking: Speaking, announcement: Announcement) -> Speaking:
    """Behind those that wait. A counter has one ticket: the call before at the same one is called no longer."""
    call = announcement.call
    if call.call_id in speaking.said or any(each.call.call_id == call.call_id for each in speaking.waiting):
        return speaking
    others = tuple(each for each in speaking.waiting if each.call.counter != call.counter)
    return replace(speaking, waiting=(*others, announcement))


def keep(speaking: Speaking, wanted: Wanted) -> Speaking:
    """Only those waiting that `wanted` says."""
    waiting = tuple(filter(wanted, speaking.waiting))
    return speaking if waiting == speaking.waiting else replace(speaking, waiting=waiting)


def begin(speaking: Speaking, monotonic: float, length_s: float) -> Speaking:
    """The first one has begun to sound for so long."""
    first, *rest = speaking.waiting
    begun = Speaking(tuple(rest), first, monotonic + length_s + GAP_S, speaking.said)
    return said(begun, first.call.call_id)


def said(speaking: Speaking, call_id: str) -> Speaking:
    """That call has begun, here or at another screen of the room: it is not to begin again."""
    if call_id in speaking.said:
        return speaking
    noted = replace(speaking, said=(*speaking.said, call_id)[-KEPT_SAID:])
    return keep(noted, lambda each: each.call.call_id != call_id)


def hush(speaking: Speaking) -> Speaking:
    """What sounds has been cut off."""
    return replace(speaking, current=None, until=float("-inf"))


def is_brief(waiting: Iterable[Announcement], monotonic: float, full_s: float, brief_s: float) -> bool:
    """Whether the first of `waiting` is to be said briefly: more than RUSH wait, or, were it said in full, one of the
    others would come too late, who otherwise would not."""
    _first, *others = every = tuple(waiting)
    if len(every) > RUSH:
        return True
    full_step, brief_step = full_s + GAP_S, brief_s + GAP_S
    return any(
        each.sounds(monotonic + brief_step + brief_step * place)
        and not each.sounds(monotonic + full_step + brief_step * place)
        for place, each in enumerate(others)
    )
