"""Labels and their numbers (RULES, Numbers and days; A1, A11)."""

from __future__ import annotations

import re
from collections.abc import Callable

from dispatcher.engine.model import Kind, Service
from dispatcher.engine.model import label_of as label

__all__ = ["label", "next_number", "parse_label", "series_of"]

_LABEL = re.compile(r"\s*(?P<letter>[A-Z])(?P<doubled>(?P=letter))?[\s-]?(?P<number>[0-9]{1,6})\s*")


def series_of(service: Service, kind: Kind) -> str:
    """The letter of the service, doubled for appointments."""
    return service.letter * 2 if kind is Kind.appointment else service.letter


def next_number(last: int, is_living: Callable[[int], bool]) -> int:
    """The number after `last` (0 at the start of the day) whose label no living ticket carries."""
    number = last + 1
    while is_living(number):
        number += 1
    return number


def parse_label(text: str) -> tuple[str, int] | None:
    """Series and number of a label as people write it (`a45`, `A045`, `aa7`, `A 45`); None when it is none."""
    found = _LABEL.fullmatch(text.upper())
    if found is None or int(found["number"]) < 1:
        return None
    return found["letter"] + (found["doubled"] or ""), int(found["number"])
