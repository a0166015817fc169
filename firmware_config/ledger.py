"""What this machine has written to which printer today, and which work on a printer has not come to its end.

One small file in the data folder, replaced whole and on disk before the command that it counts is sent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from firmware_config.errors import FirmwareError, Worn

FILE = "firmware.json"


class Book(Protocol):
    """Where the counts are kept."""

    def load(self) -> dict[str, Any]:
        """`{writes: {device: {day, count}}, under_way: [url]}`."""
        ...

    def save(self, kept: dict[str, Any]) -> None:
        """Kept when this returns."""
        ...


class FileBook:
    """In `folder`. Raises FirmwareError for a file that is none."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def load(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            return {"writes": dict(kept["writes"]), "under_way": list(kept["under_way"])}
        except FileNotFoundError:
            return {"writes": {}, "under_way": []}
        except (ValueError, KeyError, TypeError) as error:
            raise FirmwareError(f"{self._file} is no count of writes: move it away ({error})") from error

    def save(self, kept: dict[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{FILE}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)


class MemoryBook:
    """Forgotten with the process."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {"writes": {}, "under_way": []}

    def load(self) -> dict[str, Any]:
        return deepcopy(self._kept)

    def save(self, kept: dict[str, Any]) -> None:
        self._kept = deepcopy(kept)


class Ledger:
    """`today` is asked at each count."""

    def __init__(self, book: Book, today: Callable[[], date]) -> None:
        self._book = book
        self._today = today

    def writes(self, device: str) -> int:
        """How many writes `device` has had today."""
        entry = self._book.load()["writes"].get(device, {})
        return int(entry.get("count", 0)) if entry.get("day") == self._today().isoformat() else 0

    def allow(self, device: str, more: int, limit: int) -> None:
        """Raises Worn if `more` writes are too many today."""
        done = self.writes(device)
        if done + more > limit:
            raise Worn(
                f"{device}: {more} writes are needed, and {done} of the {limit} that its memory bears in a day "
                "are used. Nothing was written; apply again tomorrow"
            )

    def count(self, device: str) -> None:
        """One write is about to be sent."""
        kept = self._book.load()
        kept["writes"][device] = {"day": self._today().isoformat(), "count": self.writes(device) + 1}
        self._book.save(kept)

    def interrupted(self, url: str) -> bool:
        """Whether the last work at `url` did not come to its end."""
        return url in self._book.load()["under_way"]

    def begin(self, url: str) -> None:
        """Work begins."""
        kept = self._book.load()
        kept["under_way"] = sorted({*kept["under_way"], url})
        self._book.save(kept)

    def end(self, url: str) -> None:
        """The printer was reached and read again: nothing hangs in the air."""
        kept = self._book.load()
        if url in kept["under_way"]:
            kept["under_way"].remove(url)
            self._book.save(kept)
