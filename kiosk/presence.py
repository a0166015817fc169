"""What a kiosk says of itself: the retained status with its problems, each since when, in words for the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatcher.wire.messages import DeviceStatus, Problem
from dispatcher.wire.version import VERSION
from kiosk.aid import Aids
from kiosk.devices.paper import Counter
from kiosk.devices.status import Condition
from kiosk.moves import Held, Paper
from kiosk.setup import Setup
from kiosk.texts import Words


class Presence:
    """Collects facts; `publish` is called by `tell` whenever they have changed. `now` gives office time, `scanner_gone`
    the line of the scanner if it cannot be reached."""

    def __init__(
        self,
        publish: Callable[[DeviceStatus], bool],
        now: Callable[[], datetime],
        scanner_gone: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._publish = publish
        self._now = now
        self._scanner_gone = scanner_gone
        self._since: dict[str, datetime] = {}
        self._told: tuple[object, ...] | None = None
        self.language = "en"
        self.printer_url = ""
        self.condition: Condition | None = None
        self._spare_url: str | None = None
        self._spare: Condition | None = None
        self._setup: Setup | None = None
        self.misconfigured: str | None = None
        self._held: dict[str, Held] = {}
        self.unconfirmed: str | None = None
        self.offline: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.last_do: dict[str, Any] | None = None
        self.aids = Aids()

    def use(self, setup: Setup, printer_url: str, spare_url: str | None) -> None:
        """The printers to tell of."""
        self._setup, self.printer_url, self._spare_url, self._spare = setup, printer_url, spare_url, None

    def saw(self, condition: Condition, *, spare: bool) -> None:
        if spare:
            self._spare = condition
        else:
            self.condition = condition

    def heard(self, news: Held | Paper) -> None:
        """A printer keeps a ticket back, or a ticket has come to its end."""
        if isinstance(news, Held):
            self._held[news.key] = news
        else:
            self._held.pop(news.key, None)
            self.unconfirmed = news.issued.label if news.result == "unconfirmed" else None

    @property
    def trouble(self) -> str | None:
        """What keeps tickets from being printed: the first printer's, as long as no spare is well. One that is well but
        keeps a ticket back does not print another."""
        taken = [held.spare for held in self._held.values()]
        if self._spare is not None and self._spare.ready and True not in taken:
            return None
        if self.condition is None:
            return "starting"
        return self.condition.trouble or ("printer_error" if False in taken else None)

    def repeat(self) -> None:
        """Tell everything again: after a new connection the last will stands there."""
        self._told = None

    def tell(self) -> None:
        """Publish if anything has changed since the last time that it could be published."""
        problems = self._problems()
        facts = (
            tuple(problems.items()),
            repr(self._printers()),
            repr(self.last_do),
            tuple(self.numbers.items()),
        )
        if facts == self._told:
            return
        if self._publish(self.status(online=True)):
            self._told = facts

    def status(self, *, online: bool) -> DeviceStatus:
        """The status as it is now."""
        now = self._now()
        problems = self._problems()
        self._since = {code: self._since.get(code, now) for code in problems}
        extra = self._printers()
        if self.numbers:
            extra["numbers"] = dict(self.numbers)
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
        if self._spare is not None:
            if self._spare.ready and self.condition is not None and not self.condition.ready:
                codes["on_spare"] = words.say("problem.on_spare")
            for code in self._spare.problems:
                codes[f"spare_{code}"] = words.say("problem.spare", problem=words.say(f"problem.{code}"))
        if self.misconfigured is not None:
            codes["misconfigured"] = words.say("problem.misconfigured", detail=self.misconfigured)
        if self._held:
            labels = ", ".join(held.label for held in self._held.values())
            codes["held"] = words.say("problem.held", label=labels)
        for printer in self._setup.printers if self._setup else ():
            if printer.mouth is not None and printer.mouth.left is not None:
                codes["ticket_left"] = words.say("problem.ticket_left", label=printer.mouth.left)
        if self.unconfirmed is not None:
            codes["unconfirmed"] = words.say("problem.unconfirmed", label=self.unconfirmed)
        if (scanner := self._scanner_gone()) is not None:
            codes["scanner_gone"] = words.say("problem.scanner_gone", port=scanner)
        codes |= {code: words.say(f"problem.{code}", detail=detail) for code, detail in self.offline.items()}
        return codes | self.aids.problems(words)

    def _printers(self) -> dict[str, Any]:
        setup = self._setup
        found = {"printer": _told(self.printer_url, self.condition, setup.printer.paper if setup else None)}
        if self._spare_url and setup and setup.spare:
            found["spare"] = _told(self._spare_url, self._spare, setup.spare.paper)
        return found


def _told(url: str, condition: Condition | None, paper: Counter | None) -> dict[str, Any]:
    condition = condition or Condition()
    return {
        "url": url,
        "known": condition.known,
        "ready": condition.ready,
        "near_end": condition.near_end,
        "paper_out": condition.paper_out,
        "cover_open": condition.cover_open,
        "cutter": condition.cutter,
        "jam": condition.jam,
        "write_only": condition.write_only,
        "tickets_left": paper.tickets_left if paper else None,
    }
