"""Other ways to a ticket than a finger on the screen: by ear and four keys (B10), by push-buttons (B8).

An aid hears of the flow, brings events into it, and says what is wrong with it. All of it runs on the main thread,
but for what an aid does on threads of its own, which bring `Brought` into the controller's inbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import KioskConfig
from kiosk import flow
from kiosk.texts import Words


@dataclass(frozen=True)
class Brought:
    """Something of an aid's for the main thread; by itself it says that its problems have changed."""


@dataclass(frozen=True)
class Pick:
    """A ticket of this service is wanted, in the language of the screen."""

    service: str


@dataclass(frozen=True)
class Scene:
    """What an aid needs besides the flow: `local` is office time in the office's zone."""

    office: str
    local: datetime


Put = Callable[[Brought], None]


class Aid(Protocol):
    """What `take` and `follow` return happens to the flow: its events, and Pick."""

    @property
    def focus(self) -> object:
        """What is at hand: an event of the flow or Pick, to be marked on the screen; None when nothing is."""
        ...

    def use(self, config: KioskConfig) -> None:
        """These settings hold from now on."""
        ...

    def take(self, item: object, state: flow.State, scene: Scene) -> Sequence[object]:
        """A Brought, or a key of the window; another's is nothing."""
        ...

    def follow(self, state: flow.State, scene: Scene) -> Sequence[object]:
        """What the flow is now; called at each turn of the loop, once a second at least."""
        ...

    def answered(self, order: str, code: str | None) -> bool:
        """The outcome of a wish that came with this order; False when it is not this aid's."""
        ...

    def problems(self, words: Words) -> dict[str, str]:
        """What the office is to know: sentences by code."""
        ...

    def stop(self, timeout_s: float) -> None: ...


class Aids:
    """All aids as one."""

    def __init__(self, aids: Sequence[Aid] = ()) -> None:
        self._aids = aids

    @property
    def focus(self) -> object:
        """What is at hand at any of them."""
        return next((aid.focus for aid in self._aids if aid.focus is not None), None)

    def use(self, config: KioskConfig) -> None:
        for aid in self._aids:
            aid.use(config)

    def bring(self, item: object, state: Callable[[], flow.State], scene: Scene) -> Iterator[object]:
        """The events that follow from `item`, or with None from what the flow is now, one after the other."""
        for aid in self._aids:
            yield from aid.follow(state(), scene) if item is None else aid.take(item, state(), scene)

    def answered(self, order: str, code: str | None) -> bool:
        """Whether the order was one of theirs."""
        return any(aid.answered(order, code) for aid in self._aids)

    def problems(self, words: Words) -> dict[str, str]:
        return {code: text for aid in self._aids for code, text in aid.problems(words).items()}

    def stop(self, timeout_s: float) -> None:
        for aid in self._aids:
            aid.stop(timeout_s)


def aids(folder: Path, kiosk: str, clock: Clock, put: Put, lost: Callable[[str], bool]) -> Aids:
    """Those that there are; each sleeps until its settings wake it. Their files are kept in `folder`. `lost` says of a
    request id of the last run whether nothing came of it."""
    from kiosk.board.aid import BoardAid
    from kiosk.speech.aid import SpeechAid

    return Aids([SpeechAid(folder, clock, put), BoardAid(folder, kiosk, clock, put, lost)])
