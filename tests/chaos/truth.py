"""What the database says, read beside the running office, and what must then be true of paper and screens."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIVING = ("printing", "waiting", "called", "serving", "parked")
LABEL = re.compile(r"[A-Z][0-9]{3,4}")
COPY = "RISTAMPA"
"""The mark on a reprint, in the language of the stories' dispensers."""


@dataclass(frozen=True)
class Stored:
    """A ticket's row. `kiosk` is None for those without paper."""

    id: str
    label: str
    state: str
    paper: str
    kiosk: str | None


def tickets(data: Path) -> list[Stored]:
    """All tickets of an office on SQLite."""
    rows = _rows(data, "select id, label, state, paper, kiosk from ticket order by id")
    return [Stored(*row) for row in rows]


def board(data: Path) -> dict[str, Any]:
    """The board that is stored, as it must be on every screen."""
    ((payload,),) = _rows(data, "select payload from retained where topic = 'board'")
    return dict(json.loads(payload))


def leased(data: Path, series: str) -> set[int]:
    """The numbers of a letter that dispensers hold to issue off line."""
    rows = _rows(data, "select series, first, last from lease")
    return {number for letter, first, last in rows if letter == series for number in range(first, last + 1)}


def open_calls(data: Path) -> list[str]:
    """Labels of the calls that have not ended."""
    return [label for (label,) in _rows(data, "select label from call where ended_at is null and on_screen")]


def _rows(data: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{data / 'numeretto.db'}?mode=ro", uri=True, timeout=10)) as connection:
        return list(connection.execute(question))


def living_twice(stored: Iterable[Stored]) -> list[str]:
    """Labels that two living tickets carry; must be none."""
    counts = Counter(one.label for one in stored if one.state in LIVING)
    return [label for label, times in counts.items() if times > 1]


def label_of(paper: dict[str, Any]) -> str | None:
    """The label on a piece of paper: the line that is nothing else; None on a scrap without one."""
    lines = (line.strip() for line in str(paper["text"]).splitlines())
    return next((line for line in lines if LABEL.fullmatch(line)), None)


def full_prints(papers: Iterable[dict[str, Any]]) -> Counter[str]:
    """How often each label came out whole, cut off by the knife."""
    return Counter(label for one in papers if one["cut"] and (label := label_of(one)))


def marked(paper: dict[str, Any]) -> bool:
    """Whether it says that it is a reprint."""
    return COPY in str(paper["text"])


def paper_faults(stored: Iterable[Stored], papers: list[dict[str, Any]]) -> list[str]:
    """Where paper and database disagree (B4), each in a sentence; must be none."""
    prints, faults = full_prints(papers), []
    for one in stored:
        if one.kiosk is None:
            continue
        times = prints[one.label]
        if times > 1:
            faults.append(f"{one.label} was printed {times} times")
        if one.paper == "confirmed" and times != 1:
            faults.append(f"{one.label} is confirmed and came out {times} times")
        if one.paper == "failed" and times:
            faults.append(f"{one.label} is void and in somebody's hand")
        if one.state == "printing":
            faults.append(f"{one.label} is still printing")
    unknown = set(prints) - {one.label for one in stored}
    return [*faults, *(f"{label} came out and nobody knows it" for label in unknown)]
