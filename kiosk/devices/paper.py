"""How much paper is left: counted ticket by ticket, set right by what the printer's sensors say, kept over a restart.

A roll is new when the sensors stop saying that it is low. How far the near-end sensor stands from the end, and how long
a roll really is, is learned when one runs out; until then they are guessed.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kiosk.devices.profiles import Profile
from kiosk.devices.status import Condition
from kiosk.receipt import Code, Gap, Logo, PictureLine, Receipt, TextLine

log = logging.getLogger(__name__)

DEFAULT_ROLL_MM = 80_000.0
TO_THE_CUTTER_MM = 15.0
CUT_FEED_DOTS = 24
LINE_DOTS, CHARACTER_DOTS = 30, 24
LOGO_DOTS = 120
"""Of a picture in the printer nothing is known but that it is there."""
NEAR_END_SHARE = 0.08
"""Of the roll, at the most, when the near-end sensor speaks for the first time."""
WEIGHT = 0.1
"""How much the newest ticket counts in the length of one."""


def ticket_mm(receipt: Receipt, profile: Profile) -> float:
    """The paper that this ticket takes, cut included."""
    dots = sum(_dots(line, profile) for line in receipt.lines) + CUT_FEED_DOTS
    return dots / profile.dots_per_mm + (TO_THE_CUTTER_MM if profile.cutter else 0.0)


def _dots(line: object, profile: Profile) -> int:
    match line:
        case TextLine(_, scale):
            return max(LINE_DOTS, CHARACTER_DOTS * scale)
        case PictureLine():
            return line.height_dots
        case Code(text, module):
            return _modules(len(text)) * module if profile.native_qr or profile.raster else LINE_DOTS
        case Gap(dots):
            return dots
        case Logo():
            return LOGO_DOTS
        case _:
            return 0


@lru_cache(maxsize=64)
def _modules(length: int) -> int:
    import segno

    return int(segno.make_qr("a" * length, error="l", boost_error=False).symbol_size(border=0)[0])


@dataclass(frozen=True)
class Roll:
    """The roll in a printer. Lengths in mm; `whole`: counted from its beginning; `near_end_at`: where the counter stood
    when the sensor spoke; `behind_mm`: what is left behind the sensor, once learned; `learned_mm`: a whole roll."""

    used: float = 0.0
    ticket: float = 0.0
    whole: bool = False
    low: bool = False
    near_end_at: float | None = None
    behind_mm: float | None = None
    learned_mm: float | None = None


class Counter:
    """The roll of one printer. `saw` and `add` are the desk's thread's, the rest anybody's."""

    def __init__(self, papers: Papers | None = None, name: str = "", roll_mm: float = DEFAULT_ROLL_MM) -> None:
        self._papers = papers
        self._name = name
        self._roll_mm = roll_mm
        self.roll = papers.read(name) if papers else Roll()

    def add(self, mm: float) -> None:
        """A ticket has taken so much."""
        roll = self.roll
        ticket = mm if not roll.ticket else roll.ticket + WEIGHT * (mm - roll.ticket)
        self._keep(replace(roll, used=roll.used + mm, ticket=ticket))

    def saw(self, condition: Condition) -> None:
        """What the sensors say. With the cover open they lean on nothing."""
        if not condition.known or condition.cover_open or condition.write_only:
            return
        roll, low = self.roll, condition.near_end or condition.paper_out
        if roll.low and not low:
            log.info("event=new_roll used_m=%.1f", roll.used / 1000)
            self._keep(replace(roll, used=0.0, whole=True, low=False, near_end_at=None))
            return
        if condition.paper_out and roll.near_end_at is not None and roll.used > roll.near_end_at:
            roll = replace(roll, behind_mm=roll.used - roll.near_end_at, near_end_at=None)
            if roll.whole:
                roll = replace(roll, learned_mm=roll.used)
        elif condition.near_end and not condition.paper_out and not roll.low:
            roll = replace(roll, near_end_at=roll.used)
        if low != roll.low or roll != self.roll:
            self._keep(replace(roll, low=low))

    def _keep(self, roll: Roll) -> None:
        self.roll = roll
        if self._papers:
            self._papers.keep(self._name, roll)

    @property
    def left_mm(self) -> float:
        """What is probably left, never below 0."""
        roll = self.roll
        length = roll.learned_mm or self._roll_mm
        if roll.near_end_at is None:
            return max(0.0, length - roll.used)
        guess, by_length = length * NEAR_END_SHARE, length - roll.near_end_at
        behind = roll.behind_mm or (min(guess, by_length) if by_length > 0 else guess)
        return max(0.0, behind - (roll.used - roll.near_end_at))

    @property
    def tickets_left(self) -> int | None:
        """About how many tickets, rounded as one would say it; None before the first."""
        roll = self.roll
        if not roll.ticket:
            return None
        count = int(self.left_mm / roll.ticket)
        step = 50 if count >= 200 else 10 if count >= 50 else 5
        return count // step * step


class Papers:
    """The counters of a dispenser's printers, in one small file. A lost file costs a guess, never a ticket."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rolls: dict[str, dict[str, Any]] = {}
        if path is not None and path.exists():
            try:
                self._rolls = dict(json.loads(path.read_text("utf-8")))
            except (ValueError, OSError) as error:
                log.warning("event=paper_counter_lost reason=%r", str(error))

    def of(self, name: str, roll_mm: float) -> Counter:
        return Counter(self, name, roll_mm)

    def read(self, name: str) -> Roll:
        known = {field.name for field in fields(Roll)}
        try:
            return Roll(**{key: value for key, value in self._rolls[name].items() if key in known})
        except (KeyError, TypeError, AttributeError):
            return Roll()

    def keep(self, name: str, roll: Roll) -> None:
        with self._lock:
            self._rolls[name] = asdict(roll)
            if self._path is None:
                return
            fresh = self._path.with_suffix(".new")
            try:
                fresh.write_text(json.dumps(self._rolls), "utf-8")
                fresh.replace(self._path)
            except OSError as error:
                log.warning("event=paper_counter_not_kept reason=%r", str(error))
