"""Cuts a stream of bytes into commands, however the stream was split on its way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D

Length = int | Callable[[bytes], int | None]
"""Bytes that follow the prefix: a number, or a function of the first ones that says None while it needs more."""


@dataclass(frozen=True)
class Text:
    """Printable bytes."""

    raw: bytes


@dataclass(frozen=True)
class Command:
    """A known command: `prefix` names it in the table, `args` is what followed."""

    prefix: bytes
    args: bytes

    @property
    def raw(self) -> bytes:
        """The command as it stood on the wire."""
        return self.prefix + self.args


@dataclass(frozen=True)
class Unknown:
    """Bytes that start no known command."""

    raw: bytes


Token = Text | Command | Unknown


def block(head: bytes) -> int | None:
    """Length of `pL pH` and what they announce."""
    if len(head) < 2:
        return None
    return 2 + head[0] + 256 * head[1]


def raster(head: bytes) -> int | None:
    """Length of `m xL xH yL yH data`."""
    if len(head) < 5:
        return None
    return 5 + (head[1] + 256 * head[2]) * (head[3] + 256 * head[4])


def counted(head: bytes) -> int | None:
    """Length of `n` and n bytes."""
    return 1 + head[0] if head else None


class Tokenizer:
    """Takes tokens from the front of a buffer, by a table from prefix to `Length`."""

    def __init__(self, table: Mapping[bytes, Length]) -> None:
        self._table = dict(table)
        self._starts = {prefix[:n] for prefix in table for n in range(1, len(prefix))}

    def next(self, buffer: bytearray) -> Token | None:
        """The token at the front, not removed; None while it is incomplete."""
        if not buffer:
            return None
        if _is_text(buffer[0]):
            end = next((i for i, byte in enumerate(buffer) if not _is_text(byte)), len(buffer))
            return Text(bytes(buffer[:end]))
        for size in range(1, min(len(buffer), 10) + 1):
            head = bytes(buffer[:size])
            if head in self._table:
                return self._command(head, buffer)
            if head not in self._starts:
                return self._unknown(buffer, size)
        return None

    def _command(self, prefix: bytes, buffer: bytearray) -> Command | None:
        length = self._table[prefix]
        if not isinstance(length, int):
            found = length(bytes(buffer[len(prefix) : len(prefix) + 8]))
            if found is None:
                return None
            length = found
        end = len(prefix) + length
        return Command(prefix, bytes(buffer[len(prefix) : end])) if len(buffer) >= end else None

    @staticmethod
    def _unknown(buffer: bytearray, size: int) -> Unknown | None:
        """`GS (` and `FS (` announce their length, so an unknown one of them is taken whole."""
        if size == 3 and buffer[0] in (ESC, FS, GS) and buffer[1] == 0x28:
            length = block(bytes(buffer[3:5]))
            if length is None or len(buffer) < 3 + length:
                return None
            return Unknown(bytes(buffer[: 3 + length]))
        if size > 1 and buffer[size - 1] in (DLE, ESC, FS, GS):
            size -= 1  # the next command begins here
        return Unknown(bytes(buffer[:size]))


def _is_text(byte: int) -> bool:
    return byte >= 0x20


class RealTime:
    """Finds the commands that act on arrival, wherever they stand: also behind a stopped queue, also in a picture."""

    def __init__(self, sequences: Mapping[bytes, str]) -> None:
        self._sequences = dict(sequences)
        self._starts = {raw[:n] for raw in sequences for n in range(1, len(raw))}
        self._seen = b""

    def feed(self, byte: int) -> str | None:
        """The name of the command that `byte` completes, if it completes one."""
        if byte != DLE and not self._seen:
            return None
        self._seen += bytes((byte,))
        while self._seen and self._seen not in self._starts and self._seen not in self._sequences:
            self._seen = self._seen[1:]
        name = self._sequences.get(self._seen)
        if name is not None:
            self._seen = b""
        return name

    def reset(self) -> None:
        """Forget a command begun."""
        self._seen = b""
