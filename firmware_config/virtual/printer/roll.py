"""The paper that came out: numbered from 1, kept on disk if there is a folder for it."""

import json
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firmware_config.virtual.printer.elements import Piece, from_json, to_json
from firmware_config.virtual.printer.errors import PrinterError
from firmware_config.virtual.printer.models import Model
from firmware_config.virtual.printer.render import png

log = logging.getLogger(__name__)
FILE = "tickets.jsonl"


class RollUnreadable(PrinterError):
    """The file of tickets holds something else."""


@dataclass(frozen=True)
class Ticket:
    """A piece of paper; `at` is when it came off, `cuts` the cutter counter then."""

    n: int
    at: datetime
    piece: Piece
    cuts: int

    def public(self) -> dict[str, Any]:
        """As the control interface shows it. `cut` is false for paper that was torn off."""
        return {
            "n": self.n,
            "text": self.piece.text,
            "codes": list(self.piece.codes),
            "cut": self.piece.cut != "torn",
            "kind": self.piece.cut,
            "through_print": self.piece.through,
            "at": self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "png": f"/tickets/{self.n}.png",
        }


class Roll:
    """All tickets of one printer. With a folder, one line of JSON each in `tickets.jsonl`, written before any reply."""

    def __init__(self, model: Model, folder: Path | None, now: Callable[[], datetime]) -> None:
        """Raises OSError or RollUnreadable if the folder cannot be used."""
        self._model = model
        self._now = now
        self._changed = threading.Condition()
        self._tickets: list[Ticket] = []
        self._pictures: dict[int, bytes] = {}
        self._file: Path | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = folder / FILE
            if self._file.exists():
                self._tickets = _load(self._file)

    @property
    def count(self) -> int:
        """How many tickets there are."""
        with self._changed:
            return len(self._tickets)

    @property
    def cuts(self) -> int:
        """Where the cutter counter stood at the last ticket."""
        return self._tickets[-1].cuts if self._tickets else 0

    def add(self, piece: Piece, cuts: int) -> Ticket:
        """Number and keep `piece`. When the disk refuses it, it is kept in memory only, and that is logged."""
        with self._changed:
            ticket = Ticket(len(self._tickets) + 1, self._now(), piece, cuts)
            if self._file is not None:
                try:
                    _append(self._file, ticket)
                except OSError as error:
                    log.error("event=ticket_not_stored n=%d error=%r", ticket.n, str(error))  # noqa: TRY400
            self._tickets.append(ticket)
            self._changed.notify_all()
            return ticket

    def after(self, n: int, wait_s: float = 0.0) -> list[Ticket]:
        """Tickets with a number above `n`; if there is none, waits up to `wait_s` seconds for one."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._tickets) > n, wait_s)
            return self._tickets[max(0, n) :]

    def png(self, n: int) -> bytes | None:
        """The picture of ticket `n`, drawn at the first question; None if there is no such ticket."""
        with self._changed:
            if not 1 <= n <= len(self._tickets):
                return None
            ticket = self._tickets[n - 1]
            done = self._pictures.get(n)
        if done is None:
            done = png(ticket.piece, self._model)
            with self._changed:
                self._pictures[n] = done
                while len(self._pictures) > 64:
                    del self._pictures[next(iter(self._pictures))]
        return done


def _append(file: Path, ticket: Ticket) -> None:
    record = {
        "n": ticket.n,
        "at": ticket.at.isoformat(),
        "cuts": ticket.cuts,
        "cut": ticket.piece.cut,
        "through": ticket.piece.through,
        "elements": [to_json(element) for element in ticket.piece.elements],
    }
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode("utf-8"))
    finally:
        os.close(descriptor)


def _load(file: Path) -> list[Ticket]:
    """All whole lines; a last line without its end was being written when the process died, and is taken off."""
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) != len(content):
        os.truncate(file, len(whole))
    try:
        return [_ticket(json.loads(line)) for line in whole.splitlines()]
    except (ValueError, KeyError, TypeError) as error:
        raise RollUnreadable(f"{file} is no file of tickets: move it away ({error})") from error


def _ticket(record: dict[str, Any]) -> Ticket:
    elements = tuple(from_json(plain) for plain in record["elements"])
    piece = Piece(elements, record["cut"], record["through"])
    return Ticket(record["n"], datetime.fromisoformat(record["at"]), piece, record["cuts"])
