"""One dispenser with one printer in a running office, and what a test asks of them between two faults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytesseract
from PIL import ImageOps

from tests.chaos import truth
from tests.chaos.tally import Tally
from tests.journeys.office import Office
from tests.journeys.printers import TestPrinter
from tests.journeys.waiting import wait_until

SERVICE = "passport"
KIOSK = "entrance"
NOTICED_S = 12.0
RECOVERED_S = 25.0
OUT_OF_SERVICE = "Fuori servizio"
ON_SCREEN_S = 10.0
DONE = {"x": 540, "y": 1742}
"""Where "Done" stands under a ticket; a touch beside it only makes the test wait until the ticket goes by itself."""


@dataclass
class Bench:
    """`ticket_bytes` is what goes over the line for one ticket, all questions included."""

    office: Office
    printer: TestPrinter
    tally: Tally
    ticket_bytes: int = 0
    read: dict[bytes, str] = field(default_factory=dict)
    """What tesseract has read, by picture."""

    @property
    def data(self) -> Path:
        return self.office.folder / "data"

    def status(self) -> dict[str, Any]:
        return self.office.observer.last(f"device/{KIOSK}/status") or {}

    def problems(self) -> set[str]:
        """Codes of the problems that the dispenser tells the office of."""
        return {str(one["code"]) for one in self.status().get("problems", [])}

    def papers(self) -> list[dict[str, Any]]:
        return self.printer.panel.tickets()

    def stored(self) -> list[truth.Stored]:
        return [one for one in truth.tickets(self.data) if one.kiosk]

    def says(self, pattern: str) -> bool:
        """Whether the dispenser's screen has that on it; a regular expression, spaces are as they come."""
        frame = ImageOps.grayscale(self.office.frame("kiosk", KIOSK))
        upper = frame.crop((0, round(frame.height * 0.38), frame.width, round(frame.height * 0.62)))
        if upper.tobytes() not in self.read:
            text = pytesseract.image_to_string(upper, config="--psm 6")
            self.read[upper.tobytes()] = " ".join(text.split())
        return re.search(pattern, self.read[upper.tobytes()]) is not None

    def press(self) -> int:
        """A finger; the status of the room's answer."""
        return self.office.press(KIOSK, SERVICE).status

    def take(self) -> truth.Stored:
        """A ticket that comes out as it should."""
        known = len(self.stored())
        wait_until(lambda: self.press() == 200, RECOVERED_S, lambda: (self.status(), self.log()))
        got = self.ended(known)
        self.office.room(f"/kiosk/{KIOSK}/touch", "POST", DONE)
        return got

    def ended(self, known: int) -> truth.Stored:
        """The ticket after the first `known` ones, when nothing of it is open any more."""

        def found() -> truth.Stored | None:
            fresh = self.stored()[known:]
            return fresh[0] if fresh and "printing" not in (fresh[0].state, fresh[0].paper) else None

        got = wait_until(found, RECOVERED_S, lambda: (self.stored()[known:], self.status(), self.log()))
        assert got is not None
        return got

    def shows_number(self, label: str) -> None:
        """Wait until the customer is told that this number is to come; its zeros have a stroke, which tesseract does
        not know, and a 7 behind them becomes a Y for it."""
        digits = label[1:].replace("0", "[0-9A-Z@]{1,2}").replace("7", "[7Y]")
        wait_until(
            lambda: self.says(f"Il tuo numero . {label[0]}{digits}"), ON_SCREEN_S, lambda: [*self.read.values()][-3:]
        )

    def well(self) -> None:
        """Wait until the dispenser has recovered, without a hand on it."""
        wait_until(lambda: not self.problems(), RECOVERED_S, lambda: (self.status(), self.log()))

    def log(self) -> str:
        return self.office.log(f"kiosk-{KIOSK}")
