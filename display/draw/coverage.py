"""Whether the installed fonts draw what an office writes; for those who set a screen up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from display.draw.fonts import EXTRAS, family_of, missing


@dataclass(frozen=True)
class Gap:
    """Signs of one text that no font draws; `extra` is the extra of the package that brings them, or empty."""

    where: str
    signs: str
    extra: str


def gaps(texts: Iterable[tuple[str, str]]) -> list[Gap]:
    """`texts` are (where, text). Only the texts with missing signs are in the answer, in the same order."""
    found = []
    for where, text in texts:
        if signs := missing(text):
            extras = {EXTRAS.get(family_of(sign) or "", "") for sign in signs}
            found.append(Gap(where, signs, extras.pop() if len(extras) == 1 else ""))
    return found
