"""The numbers that this dispenser may give while the dispatcher cannot be reached: leased in advance, kept on disk.

A number is marked as used on disk before the first byte goes to the printer, and they are given in ascending order: a
power cut may cost a number, and never gives one twice. They are good for their business day and their epoch alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dispatcher.wire.messages import Issued, Leased
from kiosk.journal import Journal, Record

_ID = "offline:"


def issued_off_line(label: str, touched_at: datetime) -> Issued:
    """A ticket of our own number: whoever is ahead, and its page, are not known."""
    return Issued(id=f"{_ID}{label}", label=label, ahead=0, status_url="", queued_at=touched_at)


def is_off_line(issued: Issued) -> bool:
    """Whether the number is our own: the dispatcher's ids are UUIDs."""
    return issued.id.startswith(_ID)


@dataclass(frozen=True)
class Range:
    """`next` is the first number that has not been given; above `last` there is none left."""

    series: str
    first: int
    last: int
    next: int
    day: date
    expires: datetime
    granted_at: datetime
    epoch: str

    @property
    def left(self) -> int:
        return self.last - self.next + 1

    def is_good(self, now: datetime) -> bool:
        """Whether its business day is running; a clock that was set back before the grant is not believed either."""
        return self.granted_at <= now < self.expires


class Leases:
    """All methods may be called from any thread. Raises JournalInUse for a second process."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._journal = Journal(path, guard=path.with_suffix(path.suffix + ".lock"))
        self._ranges: list[Range] = []
        self._note: Record | None = None
        for record in self._journal.records():
            self._apply(record)
        newest = max((one.day for one in self._ranges), default=None)
        self._ranges = [one for one in self._ranges if one.day == newest]
        self._journal.begin(self._history())

    def close(self) -> None:
        self._journal.close()

    def grant(self, series: str, leased: Leased, *, now: datetime, epoch: str) -> None:
        """Numbers have come. Those of another epoch, whose dispatcher knows nothing of them, are forgotten."""
        body = leased.model_dump(mode="json", by_alias=True)
        self._put({"is": "lease", "series": series, "leased": body, "at": now.isoformat(), "epoch": epoch})

    def take(self, series: str, now: datetime) -> str | None:
        """The label of the next number, used from now on whatever comes; None when none is left."""
        with self._lock:
            held = next((one for one in self._ranges if one.series == series and one.left and one.is_good(now)), None)
            if held is None:
                return None
            self._write({"is": "used", "series": series, "day": held.day.isoformat(), "number": held.next})
            return f"{series}{held.next:03}"

    def used(self, label: str, day: date | None = None) -> None:
        """A ticket says that its number is used, should the line here be lost."""
        series, number = label[:1], int(label[1:])
        with self._lock:
            for held in list(self._ranges):
                if held.series == series and held.next <= number <= held.last and day in (None, held.day):
                    self._write({"is": "used", "series": series, "day": held.day.isoformat(), "number": number})

    def left(self, series: str, now: datetime) -> int:
        """How many numbers of a letter can be given now."""
        with self._lock:
            return sum(one.left for one in self._ranges if one.series == series and one.is_good(now))

    def had(self, now: datetime) -> bool:
        """Whether there were any numbers for the day that runs now."""
        with self._lock:
            return any(one.is_good(now) for one in self._ranges)

    def day_ends(self, now: datetime) -> datetime | None:
        """When the business day that runs now ends, as far as the numbers tell."""
        with self._lock:
            return max((one.expires for one in self._ranges if one.is_good(now)), default=None)

    def forget_other_epochs(self, epoch: str) -> None:
        """The dispatcher's data are others than those that the numbers were leased from."""
        with self._lock:
            if any(one.epoch != epoch for one in self._ranges):
                self._write({"is": "epoch", "epoch": epoch})

    @property
    def note(self) -> Record | None:
        """What was noted last beside the numbers: when the clock was found right (see `kiosk.timekeeper`)."""
        return self._note

    def take_note(self, note: Record) -> None:
        self._put({"is": "note", "note": note})

    def _put(self, record: Record) -> None:
        with self._lock:
            self._write(record)

    def _write(self, record: Record) -> None:
        self._journal.append(record, force=True)
        self._apply(record)

    def _apply(self, record: Record) -> None:
        match record["is"]:
            case "lease":
                made = _range(record)
                kept = [one for one in self._ranges if one.epoch == made.epoch and one.day >= made.day]
                self._ranges = [*kept, made]
            case "used":
                self._ranges = [_after(one, record) for one in self._ranges]
            case "epoch":
                self._ranges = [one for one in self._ranges if one.epoch == record["epoch"]]
            case "note":
                self._note = record["note"]

    def _history(self) -> Iterator[Record]:
        """The shortest records that lead here."""
        for one in self._ranges:
            body = {"from": one.first, "to": one.last, "day": one.day, "expires": one.expires}
            leased = Leased.model_validate(body)
            yield {
                "is": "lease",
                "series": one.series,
                "leased": leased.model_dump(mode="json", by_alias=True),
                "at": one.granted_at.isoformat(),
                "epoch": one.epoch,
            }
            if one.next > one.first:
                yield {"is": "used", "series": one.series, "day": one.day.isoformat(), "number": one.next - 1}
        if self._note is not None:
            yield {"is": "note", "note": self._note}


def _range(record: dict[str, Any]) -> Range:
    leased = Leased.model_validate(record["leased"])
    at = datetime.fromisoformat(record["at"])
    return Range(
        record["series"], leased.first, leased.last, leased.first, leased.day, leased.expires, at, record["epoch"]
    )


def _after(one: Range, record: dict[str, Any]) -> Range:
    mine = one.series == record["series"] and one.day.isoformat() == record["day"]
    if mine and one.next <= record["number"] <= one.last:
        return replace(one, next=record["number"] + 1)
    return one
