"""Going on alone (B5): what this dispenser may still issue when the dispatcher cannot be reached.

Offered is what the last menu says: a service that was open, until it closes, and one whose hour to open has come; that
a limit was reached, or the last ticket issued, holds until the dispatcher says otherwise. Limits that are reached
meanwhile are not known here: the paper is out, and the dispatcher takes every ticket.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatcher.wire import codec
from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import Heartbeat, KioskConfig, Menu, MenuService, OfflineTicket
from kiosk.lease import Leases
from kiosk.refusals import Refusals, told
from kiosk.remembered import Remembered
from kiosk.texts import FALLBACK, Words
from kiosk.timekeeper import Timekeeper

log = logging.getLogger(__name__)

SETTLED = ("limit", "last_ticket")
"""Reasons of a closed service that no hour of its own ends."""
NONE_LEFT = "offline.none"


@dataclass(frozen=True)
class Standing:
    """`reason`: why no ticket can be had without the dispatcher, a key below `out.`; None: it can. `menu`: what is
    offered now. `problems`: for the office, keys below `problem.` with what they say."""

    reason: str | None
    menu: Menu | None
    problems: dict[str, str]


class OffLine:
    """Asked by the main loop, the desk and the reporter, each on its own thread. `leases` None: it can do nothing."""

    def __init__(
        self,
        clock: Clock,
        leases: Leases | None = None,
        *,
        keeper: Timekeeper | None = None,
        remembered: Remembered | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        self.clock = clock
        self.leases = leases
        self.remembered = remembered
        self._keeper = keeper or (Timekeeper(clock, leases) if leases else None)
        self._menu: Menu | None = None
        self.ahead = 0
        self.epoch: str | None = None
        self.refusals = refusals or Refusals(None, clock)
        """Tickets that the dispatcher did not take; their paper is out."""
        self._words, self._zone = Words(FALLBACK), ZoneInfo("UTC")

    def close(self) -> None:
        if self.leases:
            self.leases.close()

    # -- what the dispatcher says

    def configured(self, settings: KioskConfig) -> None:
        """These settings hold; their zone and languages are known to be good."""
        self.ahead = settings.offline
        self._words, self._zone = Words(settings.languages[0]), ZoneInfo(settings.zone)
        if self.remembered:
            self.remembered.keep_settings(settings)

    def offers(self, menu: Menu) -> None:
        self._menu = menu
        if self.remembered:
            self.remembered.keep_menu(menu)

    def recall(self) -> KioskConfig | None:
        """The settings of the last run, with which its menu is offered; None when they are not known."""
        if self.remembered is None:
            return None
        self._menu = self._menu or self.remembered.menu()
        return self.remembered.settings()

    def heard(self, payload: bytes) -> None:
        """A heartbeat: the dispatcher's clock, and which data it works on."""
        try:
            beat = codec.decode(Heartbeat, payload)
        except codec.WireError as error:
            log.warning("event=heartbeat_unreadable reason=%r", str(error))
            return
        if self._keeper:
            self._keeper.heard(beat.at)
        if self.leases and self.epoch != beat.epoch:
            self.leases.forget_other_epochs(beat.epoch)
            self.epoch = beat.epoch

    # -- what can be done

    def standing(self, *, link: bool) -> Standing:
        """How things are, with the dispatcher there or not."""
        reason, now = self._reason(), self.clock.now()
        menu = self._menu
        if not link and menu is not None:
            menu = self._shown(menu, now)
        return Standing(reason, menu, self._problems(link))

    def take(self, service_id: str) -> str | None:
        """The label of a number of our own for this service, used from now on; None when there is none."""
        letter = self._letters().get(service_id)
        if letter is None or self.leases is None or self._reason() is not None:
            return None
        return self.leases.take(letter, self.clock.now())

    def can_issue(self, service_id: str) -> bool:
        """Whether `take` would give a number."""
        letter = self._letters().get(service_id)
        return letter is not None and self._reason() is None and self._left(letter) > 0

    def wanted(self) -> dict[str, int]:
        """How many numbers are to be leased, by letter: half of the store is used up, or it is of another day."""
        if self.leases is None or not self.ahead or self.epoch is None:
            return {}
        missing = {letter: self.ahead - self._left(letter) for letter in dict.fromkeys(self._letters().values())}
        return {letter: count for letter, count in missing.items() if 2 * count >= self.ahead and count > 0}

    def refused(self, ticket: OfflineTicket, service_name: str, reason: str) -> None:
        """The dispatcher has not taken this ticket; it is on disk when this returns. Raises OSError."""
        day_ends = self.leases.day_ends(self.clock.now()) if self.leases else None
        self.refusals.add(ticket, service_name, reason, day_ends=day_ends, epoch=self.epoch)

    def figures(self) -> dict[str, Any]:
        """Numbers left by letter, for the status."""
        return {letter: self._left(letter) for letter in sorted(set(self._letters().values()))} if self.ahead else {}

    def _left(self, letter: str) -> int:
        return self.leases.left(letter, self.clock.now()) if self.leases else 0

    def _letters(self) -> dict[str, str]:
        services = [one for group in self._menu.groups for one in group.services] if self._menu else []
        return {one.id: one.letter for one in services if one.letter}

    def _reason(self) -> str | None:
        if self.leases is None or self._keeper is None or not self.ahead or self._menu is None:
            return "no_link"
        if not self._keeper.is_right:
            return "offline.clock"
        if not self.leases.had(self.clock.now()):
            return "no_link"
        return None if any(self._left(one) for one in self._letters().values()) else "offline.exhausted"

    def _problems(self, link: bool) -> dict[str, str]:
        refused = self.refusals.open()
        who = told(refused, self._words, self._zone, self.clock.now())
        problems = {"offline.refused": who} if refused else {}
        if self.leases is None or not self.ahead:
            return problems
        if self._keeper is not None and not self._keeper.is_right:
            problems["offline.clock"] = ""
        empty = [one for one in dict.fromkeys(self._letters().values()) if not self._left(one)]
        if empty and not link and self.leases.had(self.clock.now()):
            problems["offline.exhausted"] = ", ".join(empty)
        return problems

    def _shown(self, menu: Menu, now: datetime) -> Menu:
        groups = tuple(
            group.model_copy(update={"services": tuple(self._alone(one, now) for one in group.services)})
            for group in menu.groups
        )
        return menu.model_copy(update={"groups": groups})

    def _alone(self, service: MenuService, now: datetime) -> MenuService:
        """A service as it can be had without the dispatcher."""
        if service.reason in SETTLED:
            return service
        is_open = service.open or (service.opens_at is not None and service.opens_at <= now)
        if not is_open:
            return service
        if service.closes_at is not None and service.closes_at <= now:
            return service.model_copy(update={"open": False, "reason": "hours", "opens_at": None})
        if service.letter is None or not self._left(service.letter):
            return service.model_copy(update={"open": False, "reason": NONE_LEFT, "opens_at": None})
        return service.model_copy(update={"open": True, "reason": None, "opens_at": None})


def open_offline(folder: Path, kiosk_id: str, clock: Clock) -> OffLine:
    """With all that lies in the kiosk's folder. Raises JournalInUse, OSError."""
    leases = Leases(folder / f"kiosk-{kiosk_id}.lease")
    return OffLine(
        clock,
        leases,
        remembered=Remembered(folder / f"kiosk-{kiosk_id}.remembered"),
        refusals=Refusals(folder / f"refused-{kiosk_id}.json", clock),
    )
