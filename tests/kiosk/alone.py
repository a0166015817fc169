"""A dispenser that stands alone, for the tests of what it does then: with a clock moved by hand, or as a desk at work
that has numbers of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.wire.clock import ManualClock
from dispatcher.wire.messages import Heartbeat, Leased, Menu, MenuGroup
from kiosk.lease import Leases
from kiosk.offline import OffLine
from kiosk.timekeeper import Timekeeper
from tests.kiosk.peer import NOW, config, service
from tests.servers import until

if TYPE_CHECKING:
    from tests.kiosk.conftest import Rig, Virtual

LUNCH = NOW + timedelta(hours=3)
AFTERNOON = NOW + timedelta(hours=5)


def menu() -> Menu:
    """One service is open till lunch, one in the afternoon, one has given all its tickets."""
    services = (
        service("passport", "Passaporti", letter="A", closes_at=LUNCH, waiting=3),
        service("taxes", "Tasse", letter="B", open=False, reason="hours", opens_at=AFTERNOON),
        service("full", "Esaurito", letter="A", open=False, reason="limit", opens_at=AFTERNOON),
    )
    return Menu(revision=1, groups=(MenuGroup(id="", services=services),))


class Alone:
    """An `OffLine` with a clock that is moved by hand."""

    def __init__(self, folder: Path, *, held: int = 2, ntp: bool = True) -> None:
        self.clock = ManualClock(NOW)
        self.leases = Leases(folder / "lease")
        keeper = Timekeeper(self.clock, self.leases, boot=lambda: "boot", synchronised=lambda: ntp)
        self.offline = OffLine(self.clock, self.leases, keeper=keeper)
        self.offline.configured(config("file:///dev/null", offline=held))
        self.offline.offers(menu())

    def lease(self, *letters: str, count: int = 2) -> None:
        body = {"from": 501, "to": 500 + count, "day": "2026-11-23", "expires": NOW + timedelta(hours=18)}
        for letter in letters:
            self.leases.grant(letter, Leased.model_validate(body), now=self.clock.now(), epoch="e")

    def hear(self) -> None:
        beat = Heartbeat(epoch="e", revision=1, at=self.clock.now())
        self.offline.heard(beat.model_dump_json().encode())

    def open(self) -> dict[str, str | None]:
        """Services by id: None when open, else the reason."""
        standing = self.offline.standing(link=False).menu
        assert standing is not None
        return {one.id: None if one.open else str(one.reason) for one in standing.groups[0].services}


Opened = Callable[[Alone], Alone]


def held(rig: Callable[..., Rig], virtual: Callable[..., Virtual], count: int = 4) -> tuple[Rig, Virtual]:
    """A desk at work with that many numbers of each letter."""
    printer = virtual()
    made = rig(printer.url, held=count)
    made.settled()
    made.reporter.wake()
    made.peer.wait(lambda peer: len(peer.leased) == 3)
    until(lambda: made.offline.can_issue("passport"))
    return made, printer


def handed(one: Rig) -> list[str]:
    """The numbers that the dispatcher has been handed, in their order."""
    return [ticket["label"] for ticket in one.peer.handed]
