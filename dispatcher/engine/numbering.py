"""Labels and their numbers (RULES, Numbers and days; A1, A11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from dispatcher.engine.model import Kind, Service
from dispatcher.engine.model import label_of as label

__all__ = ["label", "lease_start", "next_number", "parse_label", "series_of"]

MOST_NUMBER = 99_999
"""Of a walk-in: a label holds six characters."""
LEASE_BAND = 500
"""Ranges for dispensers begin after a multiple of this, so that the numbers of an ordinary day stand below them."""
LEASE_MARGIN = 100
"""A band that the day's numbers are about to reach is left to them."""

_LABEL = re.compile(r"\s*(?P<letter>[A-Z])(?P<doubled>(?P=letter))?[\s-]?(?P<number>[0-9]{1,6})\s*")


def series_of(service: Service, kind: Kind) -> str:
    """The letter of the service, doubled for appointments."""
    return service.letter * 2 if kind is Kind.appointment else service.letter


def next_number(last: int, is_taken: Callable[[int], bool]) -> int:
    """The number after `last` (0 at the start of the day) whose label no living ticket carries, and that is not a
    dispenser's to give."""
    number = last + 1
    while is_taken(number):
        number += 1
    return number


def may_be_leased(number: int) -> bool:
    """Whether a range of a dispenser can hold this number: below the first band none does."""
    return number > LEASE_BAND


def lease_start(last: int, leased: int, count: int, living: Collection[int]) -> int | None:
    """The first of `count` numbers in a row for a dispenser; None when the day has no such row left.

    `last` is the day's last number given, `leased` the highest in a dispenser's range (0: none), `living` those above
    them whose labels are alive. Contiguous, above all that was given or leased, in a band well above the day's numbers.
    """
    bands = -(-(last + LEASE_MARGIN) // LEASE_BAND)
    first = leased + 1 if leased > last else bands * LEASE_BAND + 1
    for number in sorted(living):
        if first <= number < first + count:
            first = number + 1
    return first if first + count - 1 <= MOST_NUMBER else None


def parse_label(text: str) -> tuple[str, int] | None:
    """Series and number of a label as people write it (`a45`, `A045`, `aa7`, `A 45`); None when it is none."""
    found = _LABEL.fullmatch(text.upper())
    if found is None or int(found["number"]) < 1:
        return None
    return found["letter"] + (found["doubled"] or ""), int(found["number"])
