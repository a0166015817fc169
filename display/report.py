"""What a screen says of itself: when it changes, at most once a second, and once a minute anyway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dispatcher.wire.messages import DeviceStatus, Problem, instant_text
from dispatcher.wire.version import VERSION

LEAST_S = 1.0
MOST_S = 60.0


class Report(Protocol):
    """What is worth a report when it changes. `faults` is the sentence of each problem by its code."""

    @property
    def shown_revision(self) -> int | None: ...

    @property
    def faults(self) -> tuple[tuple[str, str], ...]: ...

    @property
    def extra(self) -> dict[str, Any]:
        """Further fields of the status."""
        ...


@dataclass(frozen=True)
class Facts:
    """The report of a waiting-room screen."""

    shown_revision: int | None
    resolution: str
    audio: str
    layout: str | None
    faults: tuple[tuple[str, str], ...]
    video: str = ""
    voice: str = "none"
    sounded: str | None = None
    """The last call that began to sound here, for the other screens of the room."""

    @property
    def extra(self) -> dict[str, Any]:
        return {
            "resolution": self.resolution,
            "audio": self.audio,
            "layout": self.layout,
            "video": self.video,
            "voice": self.voice,
            "sounded": self.sounded,
        }


@dataclass
class Reporter:
    """Publishes through `publish`, which says whether the report was taken."""

    publish: Callable[[DeviceStatus], bool]
    _said: Report | None = None
    _said_at: float = float("-inf")
    _since: dict[str, datetime] = field(default_factory=dict)

    def forget(self) -> None:
        """The broker was reached anew: all is to be said again, at once."""
        self._said = None
        self._said_at = float("-inf")

    def due(self, facts: Report) -> float:
        """When the next report is to be made, in wall seconds."""
        return self._said_at + (MOST_S if facts == self._said else LEAST_S)

    def report(self, facts: Report, monotonic: float, now: datetime, last_frame_at: datetime | None) -> None:
        """Publish if it is time."""
        self._since = {code: self._since.get(code, now) for code, _text in facts.faults}
        if monotonic < self.due(facts):
            return
        if self.publish(self._status(facts, now, last_frame_at)):
            self._said, self._said_at = facts, monotonic

    def _status(self, facts: Report, now: datetime, last_frame_at: datetime | None) -> DeviceStatus:
        extra = {
            **facts.extra,
            "last_frame_at": instant_text(last_frame_at) if last_frame_at else None,
        }
        problems = tuple(Problem(code=code, text=text, since=self._since[code]) for code, text in facts.faults)
        return DeviceStatus.model_validate(
            {
                "online": True,
                "version": VERSION,
                "at": now,
                "problems": problems,
                "shown_revision": facts.shown_revision,
                **extra,
            }
        )
