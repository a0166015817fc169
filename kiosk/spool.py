"""The record of each ticket's way onto paper, on disk: what a kiosk must know after a crash at any instant.

A `Journal`. Rows whose result has been delivered are forgotten when the file is opened next. The row of an off-line
ticket (its number is from `kiosk.lease`) begins ALLOCATED and ends as the others; its result is the hand-over.

    REQUESTED  the `issue` command may have been sent; `abandoned` once the customer was told that there is no ticket
    ALLOCATED  the number is there; not one byte has gone to the printer
    SENT       the bytes may be on their way: a process id and the cutter's count before them are known
    HELD       the printer has stopped; the ticket is still to come
    CONFIRMED, UNCONFIRMED, FAILED   the result; open until the dispatcher has it
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from dispatcher.wire.messages import Issued, IssueRequest
from kiosk.journal import Journal
from kiosk.journal import JournalInUse as SpoolInUse
from kiosk.lease import is_off_line

__all__ = ["RESULTS", "Row", "Spool", "SpoolInUse", "Stage"]


class Stage(StrEnum):
    REQUESTED = "requested"
    ALLOCATED = "allocated"
    SENT = "sent"
    HELD = "held"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


OFF_LINE_KEY = ":offline"
"""Ends the key of an off-line ticket: the number that was asked for in vain may still come, under the wish's own."""
RESULTS = (Stage.CONFIRMED, Stage.UNCONFIRMED, Stage.FAILED)


@dataclass(frozen=True)
class Row:
    """One request and what became of it. `service_name` is what the ticket says; `copies` counts reprints; `baseline`
    is the cutter's count before sending; `spare`: it went to the second printer."""

    request: IssueRequest
    service_name: str = ""
    stage: Stage = Stage.REQUESTED
    abandoned: bool = False
    issued: Issued | None = None
    pid: str | None = None
    baseline: int | None = None
    copies: int = 0
    spare: bool = False

    @property
    def key(self) -> str:
        return self.request.request_id

    @property
    def ticket(self) -> Issued:
        """The number; raises ValueError while there is none."""
        if self.issued is None:
            raise ValueError(f"request {self.key} has no number yet")
        return self.issued

    @property
    def off_line(self) -> bool:
        """Whether its number is from this dispenser's own: handed over, not reported."""
        return self.issued is not None and is_off_line(self.issued)

    @property
    def wish(self) -> str:
        """The key of the customer's wish."""
        return self.key.removesuffix(OFF_LINE_KEY)

    @property
    def result_id(self) -> str:
        """The request id under which the result is reported: the same at every repeat."""
        return f"{self.key}:{self.stage}"


class Spool:
    """The open rows, in the order of the touch. Every change is on disk before the call returns, where it must be."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._journal = Journal(path, guard=path.with_suffix(".lock"))
        self._rows: dict[str, Row] = {}
        self._ever: set[str] = set()
        for record in self._journal.records():
            self._apply(record)
        self._journal.begin(record for row in self._rows.values() for record in _history(row))

    def close(self) -> None:
        self._journal.close()

    def rows(self) -> list[Row]:
        """All open rows, oldest first."""
        with self._lock:
            return list(self._rows.values())

    def owes(self) -> bool:
        """Whether off-line tickets are still to be handed over. One that its printer keeps back is handed over when it
        has come out, however late, and holds nobody up."""
        return any(row.off_line and row.stage not in (Stage.FAILED, Stage.HELD) for row in self.rows())

    def get(self, key: str) -> Row | None:
        with self._lock:
            return self._rows.get(key)

    def lost(self, wish: str) -> bool:
        """Whether the last run ended before anything came of this wish: no paper, no answer. Its number, if it had one,
        is void with the desk's start; ask before."""
        with self._lock:
            row = self._rows.get(wish + OFF_LINE_KEY) or self._rows.get(wish)
            if row is None:
                return wish not in self._ever
            return row.stage is Stage.ALLOCATED or (row.stage is Stage.REQUESTED and not row.abandoned)

    def requested(self, request: IssueRequest, service_name: str) -> Row:
        """Before the command is sent; call `force` right after. A power cut in between (not a crash of this program)
        may leave a number that nobody holds, and never a paper: not one byte is printed before `sent`."""
        return self._put(_request_record(request, service_name), force=False)

    def own(self, request: IssueRequest, service_name: str, issued: Issued) -> Row:
        """A ticket of our own number, which is marked as used already. Not forced to disk: nothing is sent yet."""
        request = request.model_copy(update={"request_id": request.request_id + OFF_LINE_KEY})
        record = _request_record(request, service_name) | {"issued": issued.model_dump(mode="json")}
        return self._put(record, force=False)

    def force(self) -> None:
        """All that has been written is on disk when this returns."""
        self._journal.force()

    def abandoned(self, key: str) -> Row:
        """No answer came and the customer was told so: an answer that still comes is void."""
        return self._put({"is": "abandoned", "key": key})

    def refused(self, key: str) -> None:
        """The dispatcher gave no number: nothing is open."""
        self._put({"is": "closed", "key": key})

    def allocated(self, key: str, issued: Issued) -> Row:
        """The number has come. Not forced to disk by itself: if it is lost, the request is asked again and gets it
        again."""
        return self._put({"is": "allocated", "key": key, "issued": issued.model_dump(mode="json")}, force=False)

    def sent(self, key: str, *, pid: str, baseline: int | None, copy: bool = False, spare: bool = False) -> Row:
        """Before the first byte goes to the printer."""
        return self._put({"is": "sent", "key": key, "pid": pid, "baseline": baseline, "copy": copy, "spare": spare})

    def held(self, key: str) -> Row:
        return self._put({"is": "held", "key": key}, force=False)

    def result(self, key: str, stage: Stage) -> Row:
        """What became of the paper; reported until `delivered`."""
        return self._put({"is": "result", "key": key, "stage": str(stage)})

    def delivered(self, key: str) -> None:
        """The dispatcher has the result."""
        self._put({"is": "closed", "key": key}, force=False)

    def _put(self, record: dict[str, Any], *, force: bool = True) -> Row:
        with self._lock:
            before = self._rows.get(record["key"])
            self._apply(record)
            self._journal.append(record, force=force)
            after = self._rows.get(record["key"], before)
        if after is None:
            raise KeyError(record["key"])
        return after

    def _apply(self, record: dict[str, Any]) -> None:
        key = record["key"]
        if record["is"] == "requested":
            new = Row(IssueRequest.model_validate(record["request"]), record["name"])
            if "issued" in record:
                new = replace(new, stage=Stage.ALLOCATED, issued=Issued.model_validate(record["issued"]))
            self._rows[key] = new
            self._ever.add(new.wish)
            return
        row = self._rows.get(key)
        if row is None:
            return
        match record["is"]:
            case "abandoned":
                row = replace(row, abandoned=True)
            case "allocated":
                row = replace(row, stage=Stage.ALLOCATED, issued=Issued.model_validate(record["issued"]))
            case "sent":
                row = replace(
                    row,
                    stage=Stage.SENT,
                    pid=record["pid"],
                    baseline=record["baseline"],
                    copies=row.copies + bool(record["copy"]),
                    spare=record.get("spare", False),
                )
            case "held":
                row = replace(row, stage=Stage.HELD)
            case "result":
                row = replace(row, stage=Stage(record["stage"]))
            case "closed":
                del self._rows[key]
                return
        self._rows[key] = row


def _request_record(request: IssueRequest, service_name: str) -> dict[str, Any]:
    body = request.model_dump(mode="json")
    return {"is": "requested", "key": request.request_id, "request": body, "name": service_name}


def _history(row: Row) -> Iterator[dict[str, Any]]:
    """The shortest records that lead to `row`."""
    yield _request_record(row.request, row.service_name)
    if row.abandoned:
        yield {"is": "abandoned", "key": row.key}
    if row.issued is not None:
        yield {"is": "allocated", "key": row.key, "issued": row.issued.model_dump(mode="json")}
    if row.pid is not None:
        sent = {"is": "sent", "key": row.key, "pid": row.pid, "baseline": row.baseline, "spare": row.spare}
        for _copy in range(row.copies):
            yield {**sent, "copy": True}
        if not row.copies:
            yield {**sent, "copy": False}
    if row.stage is Stage.HELD:
        yield {"is": "held", "key": row.key}
    if row.stage in RESULTS:
        yield {"is": "result", "key": row.key, "stage": str(row.stage)}
