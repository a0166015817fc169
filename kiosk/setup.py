"""What a dispenser prints on and in whose name: the office, the printer, and a second one as its spare."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import KioskConfig
from kiosk.devices import escpos_bytes, transport
from kiosk.devices.bytes import nv_logo
from kiosk.devices.line import Line
from kiosk.devices.mouth import Mouth
from kiosk.devices.paper import Papers
from kiosk.devices.printer import Printer
from kiosk.devices.status import Condition

FRESH_S = 1.0
"""So long what a printer has said of itself holds good."""


@dataclass(frozen=True)
class Office:
    """What the tickets of this kiosk say of the office."""

    name: str
    zone: str
    languages: tuple[str, ...]
    logo: str | None = None
    """The key of the office's logo in the printer, printed in place of its name."""


@dataclass(frozen=True)
class Setup:
    """The office and its printer; replaced as a whole when the settings change.

    `spare` prints while `printer` is in trouble and has no ticket in it that may yet come out; `on_spare`: the two have
    changed places.
    """

    office: Office
    printer: Printer
    spare: Printer | None = None
    on_spare: bool = False

    @property
    def printers(self) -> tuple[Printer, ...]:
        return (self.printer, self.spare) if self.spare else (self.printer,)

    def well(self, *, ask: bool = False) -> Setup:
        """The setup with a printer that is well, the first one if it is; as it stands when none is. `ask` again also
        one that has just said so."""
        # one that is known to be ill is not waited for while another is there
        ask_first = ask and (self.spare is None or self.printer.condition.ready)
        if _is_well(self.printer, ask=ask_first) or self.spare is None or not _is_well(self.spare, ask=ask):
            return self
        return self._swapped(self.spare)

    def of(self, *, spare: bool) -> Setup | None:
        """The setup with the printer that has a ticket in it; None when it is no longer there."""
        if spare == self.on_spare:
            return self
        return self._swapped(self.spare) if self.spare else None

    def without(self, taken: Set[bool]) -> Setup | None:
        """The setup of the printers that are not `taken` (False the first, True its spare); None when there is none."""
        if not taken:
            return self
        if self.on_spare not in taken:
            return replace(self, spare=None)
        if self.spare is not None and (not self.on_spare) not in taken:
            return replace(self._swapped(self.spare), spare=None)
        return None

    def close(self) -> None:
        for printer in self.printers:
            printer.line.close()

    def interrupt(self) -> None:
        for printer in self.printers:
            printer.line.interrupt()

    def _swapped(self, spare: Printer) -> Setup:
        return replace(self, printer=spare, spare=self.printer, on_spare=not self.on_spare)


def _is_well(printer: Printer, *, ask: bool) -> bool:
    line = printer.line
    if ask or line.age_s > FRESH_S:
        line.refresh()
    return line.condition.ready


def prepare(config: KioskConfig, clock: Clock, papers: Papers, changed: Callable[[Condition, bool], None]) -> Setup:
    """What a dispenser's settings ask for; nothing is opened yet. `changed` hears of each new condition, and whether it
    is the spare's. Raises ValueError with a sentence for the office."""

    def printer(url: str, name: str, *, spare: bool) -> Printer:
        opener, profile = transport.parse(url), escpos_bytes.profile(name)
        paper = papers.of("spare" if spare else "first", profile.roll_m * 1000.0)

        def heard(condition: Condition) -> None:
            paper.saw(condition)
            changed(condition, spare)

        line = Line(opener, clock, automatic_status=profile.automatic_status, changed=heard)
        mouth = Mouth(line, profile.presenter, clock) if profile.presenter in escpos_bytes.EJECTORS else None
        return Printer(line, profile, paper, mouth)

    if config.logo is not None:
        nv_logo(config.logo)
    return Setup(
        Office(config.site_name, config.zone, config.languages, config.logo),
        printer(config.printer, config.profile, spare=False),
        printer(config.spare, config.spare_profile or config.profile, spare=True) if config.spare else None,
    )
