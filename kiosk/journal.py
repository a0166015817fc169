"""A file of JSON lines, each with its checksum, that survives a power cut at any byte: for the spool and the lease.

A line counts when it is whole; a torn one at the end is cut off when the file is written anew. One process at a time.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
Record = dict[str, Any]


class JournalInUse(RuntimeError):
    """Another kiosk works on this file; the message names it."""


class Journal:
    """`records` first, then `begin` with what is still needed of them, then `append`."""

    def __init__(self, path: Path, *, guard: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._guard = guard.open("w")
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._guard.close()
            raise JournalInUse(f"another kiosk is at work on {path}: give each its own --data or --id") from None

    def records(self) -> Iterator[Record]:
        """The whole lines; a damaged one is passed over, for what stands after it is still true."""
        if not self._path.exists():
            return
        for line in self._path.read_bytes().split(b"\n")[:-1]:
            checksum, _, body = line.partition(b" ")
            if checksum == b"%08x" % zlib.crc32(body):
                yield json.loads(body)
            else:
                log.warning("event=journal_line_damaged file=%s bytes=%d", self._path.name, len(line))

    def begin(self, records: Iterable[Record]) -> None:
        """Replace the file by these records, whole or not at all."""
        replace_file(self._path, b"".join(_line(record) for record in records))
        self._file = self._path.open("ab", buffering=0)

    def append(self, record: Record, *, force: bool) -> None:
        """With `force` it is on disk when this returns."""
        self._file.write(_line(record))
        if force:
            self.force()

    def force(self) -> None:
        """All that has been written is on disk when this returns."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
        self._guard.close()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; on disk when this returns."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _line(record: Record) -> bytes:
    body = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)
