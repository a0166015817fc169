"""Addresses that a ticket would not reach: certified mailboxes (PEC), and slips in the domain (E6).

The lists stand in `mailboxes.toml`; whoever keeps them up needs no Python.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class _Lists:
    providers: frozenset[str]
    ordinary: frozenset[str]
    labels: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    common: tuple[str, ...]
    right: frozenset[str]
    one_ending: dict[str, str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    text = (files("dispatcher.usecases") / "mailboxes.toml").read_text("utf-8")
    data: dict[str, list[str]] = tomllib.loads(text)
    return _Lists(
        frozenset(data["providers"]),
        frozenset(data["ordinary"]),
        frozenset(data["labels"]),
        tuple(re.compile(one) for one in data["patterns"]),
        tuple(data["common"]),
        frozenset(data["common"] + data["no_mistake"]),
        {one.partition(".")[0]: one for one in data["one_ending"]},
    )


def is_certified(address: str, *, certified: Collection[str] = (), ordinary: Collection[str] = ()) -> bool:
    """Whether an address lies at a provider of certified mail, or bears a name that only such mailboxes bear.

    `certified` and `ordinary` are the domains that an office adds to the lists; both stand for what is below them too.
    """
    lists, domain = _lists(), _domain(address)
    if _below(domain, ordinary):
        return False
    if _below(domain, certified):
        return True
    if _below(domain, lists.ordinary):
        return False
    if _below(domain, lists.providers) or any(label in lists.labels for label in domain.split(".")[:-2]):
        return True
    return any(pattern.fullmatch(domain) for pattern in lists.patterns)


def suggest_domain(address: str) -> str | None:
    """The common domain that was probably meant, `gmail.com` for `anna@gmial.com`; None when nothing looks wrong.

    It is a question to the person who typed, never a refusal: there is no list of all domains that are right.
    """
    lists, domain = _lists(), _domain(address)
    if not domain or domain in lists.right or is_certified(address):
        return None
    name, _, ending = domain.partition(".")
    if name in lists.one_ending and "." not in ending:
        return lists.one_ending[name]
    near = [(slips, common) for common in lists.common if (slips := _slips(domain, common)) <= _allowed(common)]
    return min(near)[1] if near else None


def _allowed(domain: str) -> int:
    """Two slips in a long name, one in a short, none in the shortest: `web.de` has too many true neighbours."""
    return 2 if len(domain) >= 11 else 1 if len(domain) >= 8 else 0


def _domain(address: str) -> str:
    return address.strip().rpartition("@")[2].casefold().rstrip(".")


def _below(domain: str, known: Collection[str]) -> bool:
    parts = domain.split(".")
    return any(".".join(parts[at:]) in known for at in range(len(parts)))


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour (optimal string alignment)."""
    if abs(len(one) - len(other)) > 4:
        return 5
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row = row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
