"""What a kiosk says of itself: the retained status with its problems, each since when, in words for the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatcher.wire.messages import DeviceStatus, Problem
from dispatcher.wire.version import VERSION
from kiosk.devices.status import Condition
from kiosk.texts import Words


class Presence:
    """Collects facts; `publish` is called by `tell` whenever they have changed. `now` gives office time."""

    def __init__(self, publish: Callable[[DeviceStatus], bool], now: Callable[[], datetime]) -> None:
        self._publish = publish
        self._now = now
        self._since: dict[str, datetime] = {}
        self._told: tuple[object, ...] | None = None
        self.language = "en"
        self.printer_url = ""
        self.condition: Condition | None = None
        self.misconfigured: str | None = None
        self.held: str | None = None
        self.unconfirmed: str | None = None
        self.last_do: dict[str, Any] | None = None

    def repeat(self) -> None:
        """Tell everything again: after a new connection the last will stands there."""
        self._told = None

    def tell(self) -> None:
        """Publish if anything has changed since the last time that it could be published."""
        problems = self._problems()
        facts = (tuple(problems.items()), self.condition, self.printer_url, repr(self.last_do))
        if facts == self._told:
            return
        if self._publish(self.status(online=True)):
            self._told = facts

    def status(self, *, online: bool) -> DeviceStatus:
        """The status as it is now."""
        now = self._now()
        problems = self._problems()
        self._since = {code: self._since.get(code, now) for code in problems}
        extra: dict[str, Any] = {"printer": self._printer()}
        if self.last_do is not None:
            extra["last_do"] = self.last_do
        return DeviceStatus(
            online=online,
            version=VERSION,
            at=now,
            problems=tuple(Problem(code=code, text=text, since=self._since[code]) for code, text in problems.items()),
            **extra,
        )

    def _problems(self) -> dict[str, str]:
        """Each problem's code and its sentence, the hindering ones first."""
        words = Words(self.language)
        codes = {code: words.say(f"problem.{code}") for code in (self.condition.problems if self.condition else ())}
        if self.misconfigured is not None:
            codes["misconfigured"] = words.say("problem.misconfigured", detail=self.misconfigured)
        if self.held is not None:
            codes["held"] = words.say("problem.held", label=self.held)
        if self.unconfirmed is not None:
            codes["unconfirmed"] = words.say("problem.unconfirmed", label=self.unconfirmed)
        return codes

    def _printer(self) -> dict[str, Any]:
        condition = self.condition or Condition()
        return {
            "url": self.printer_url,
            "known": condition.known,
            "ready": condition.ready,
            "near_end": condition.near_end,
            "paper_out": condition.paper_out,
            "cover_open": condition.cover_open,
            "cutter": condition.cutter,
            "jam": condition.jam,
            "write_only": condition.write_only,
        }
