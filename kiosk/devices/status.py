"""What the printer says, told apart byte by byte. Pure: bytes go in as they come, replies come out.

A reply is matched to the question that is open (clones break the fixed bits of DLE EOT replies); the masks serve for
what nobody asked for. Silence is no reply at all, and never means that all is well.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from kiosk.devices import bytes as wire

BLOCK_LIMIT = 256
"""A block that does not end within so many bytes is noise."""

PAPER = 0
FULL = 20
EJECTOR = -1
FULL_BYTES = 6
Query = int
"""A question that is open: n of DLE EOT n (FULL: Custom's, of six bytes), PAPER for GS r 1, EJECTOR for GS e 6."""


@dataclass(frozen=True)
class RealTime:
    """The answer to DLE EOT `kind` (0: nobody asked)."""

    kind: int
    value: int


@dataclass(frozen=True)
class Automatic:
    """Automatic status back: its four bytes."""

    values: tuple[int, int, int, int]


@dataclass(frozen=True)
class Paper:
    """The answer to GS r 1; it also says that all before it has been read by the printer."""

    value: int


@dataclass(frozen=True)
class Printed:
    """All that was sent before this process id is on paper."""

    pid: bytes


@dataclass(frozen=True)
class WentOffline:
    """The printer went off line at this moment."""


@dataclass(frozen=True)
class Cleared:
    """The buffers are empty; nothing that was in them will be printed."""


@dataclass(frozen=True)
class PoweredOn:
    """The printer has just been switched on: what was in its buffers is gone."""


@dataclass(frozen=True)
class Text:
    """A block of text: the answer to GS I or GS g 2."""

    text: bytes


@dataclass(frozen=True)
class KeptCode:
    """Whether data for a QR code is in the printer's memory, where it stays until ESC @ or until the power goes."""

    printable: bool


@dataclass(frozen=True)
class Full:
    """Custom's full status: `10 0F P U R X`."""

    data: bytes

    @property
    def ticket_at_output(self) -> bool:
        return bool(self.data[2] & 0x20)


@dataclass(frozen=True)
class Ejector:
    """The ejector's status."""

    value: int

    @property
    def ticket_at_output(self) -> bool:
        return bool(self.value & 0x08)


@dataclass(frozen=True)
class Stray:
    """Bytes that answer nothing."""

    data: bytes


Reply = (
    RealTime
    | Automatic
    | Paper
    | Printed
    | WentOffline
    | Cleared
    | PoweredOn
    | Text
    | KeptCode
    | Full
    | Ejector
    | Stray
)


class Parser:
    """Feed it whatever was read, in pieces of any size. `strict`: this printer keeps the fixed bits of DLE EOT, so that
    a byte without them answers something else."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._open: deque[Query] = deque()
        self._block = bytearray()
        self._automatic = bytearray()
        self._full = bytearray()

    def expect(self, query: Query) -> None:
        """Note a question that was sent."""
        self._open.append(query)

    def forget(self) -> None:
        """Give up all open questions and half replies: after a time-out or a reconnect."""
        self._open.clear()
        self._block.clear()
        self._automatic.clear()
        self._full.clear()

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that `data` completes, in order."""
        replies: list[Reply] = []
        for byte in data:
            replies += self._take(byte)
        return replies

    def _take(self, byte: int) -> list[Reply]:
        if self._full or (byte == 0x10 and self._open and self._open[0] == FULL):
            return self._take_full(byte)
        if byte in (wire.XON, wire.XOFF):
            return []
        if self._block:
            return self._take_block(byte)
        if self._automatic:
            if byte & 0x90 == 0:
                self._automatic.append(byte)
                if len(self._automatic) < 4:
                    return []
                one, two, three, four = self._automatic
                self._automatic.clear()
                return [Automatic((one, two, three, four))]
            lost = bytes(self._automatic)
            self._automatic.clear()
            return [Stray(lost), *self._take(byte)]
        return self._take_first(byte)

    def _take_block(self, byte: int) -> list[Reply]:
        if byte != wire.BLOCK_END:
            self._block.append(byte)
            if len(self._block) < BLOCK_LIMIT:
                return []
        block = bytes(self._block)
        self._block.clear()
        return [_block_reply(block)]

    def _take_full(self, byte: int) -> list[Reply]:
        self._full.append(byte)
        if len(self._full) < FULL_BYTES:
            return []
        data = bytes(self._full)
        self._full.clear()
        self._open.popleft()
        return [Full(data)]

    def _take_first(self, byte: int) -> list[Reply]:
        if self._open and self._open[0] == EJECTOR:
            self._open.popleft()
            return [Ejector(byte)]
        if byte & wire.BLOCK_MASK == wire.BLOCK_VALUE:
            self._block.append(byte)
            return []
        if byte & wire.EOT_MASK == wire.EOT_VALUE:
            return [RealTime(self._answered(paper=False) or 0, byte)]
        if byte & wire.ASB_MASK == wire.ASB_VALUE:
            self._automatic.append(byte)
            return []
        # Only clones answer DLE EOT with other fixed bits. It is a real-time question, so it is answered before GS r.
        kind = None if self._strict else self._answered(paper=False)
        if kind is not None:
            return [RealTime(kind, byte)]
        if byte & wire.SINGLE_MASK == wire.SINGLE_VALUE and self._answered(paper=True) is not None:
            return [Paper(byte)]
        return [Stray(bytes((byte,)))]

    def _answered(self, *, paper: bool) -> Query | None:
        """Close the oldest open question of this sort; None when none is open."""
        for query in self._open:
            if (query == PAPER) == paper:
                self._open.remove(query)
                return query
        return None


def _block_reply(block: bytes) -> Reply:
    if block.startswith(wire.BLOCK_PROCESS_ID):
        return Printed(block[2:])
    if block.startswith(wire.BLOCK_OFFLINE):
        return WentOffline()
    if block == wire.BLOCK_CLEARED:
        return Cleared()
    if block == wire.BLOCK_POWER_ON:
        return PoweredOn()
    if block.startswith(wire.BLOCK_CODE_SIZE):
        return KeptCode(block.endswith(wire.CODE_PRINTABLE))
    if block.startswith(wire.BLOCK_TEXT):
        return Text(block[1:])
    return Stray(block)


@dataclass(frozen=True)
class Condition:
    """The printer's state as far as it is known. `known` False: it has not said; nothing may be concluded."""

    known: bool = False
    reachable: bool = False
    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    near_end: bool = False
    cutter: bool = False
    jam: bool = False
    error: bool = False
    waits_for_recovery: bool = False
    """The cause of an error is gone; the printer goes on when it is told to."""
    write_only: bool = False

    @property
    def ready(self) -> bool:
        """Whether a ticket may be begun: near end is no hindrance."""
        return self.known and self.trouble is None

    @property
    def trouble(self) -> str | None:
        """The code of what hinders printing, the one that a person must mend first; None when nothing does."""
        if not self.reachable:
            return "printer_off"
        if not self.known:
            return "unknown_status"
        if self.cover_open:
            return "cover_open"
        if self.paper_out:
            return "paper_out"
        if self.cutter:
            return "cutter"
        if self.jam:
            return "jam"
        return "printer_error" if self.error or self.offline else None

    @property
    def problems(self) -> tuple[str, ...]:
        """All codes to report, the hindering one first."""
        found = [self.trouble] if self.trouble else []
        if self.known:
            flags = {
                "paper_out": self.paper_out, "cutter": self.cutter, "jam": self.jam, "near_end": self.near_end,
            }  # fmt: skip
            found += [code for code, on in flags.items() if on and code not in found]
        return tuple(found)


UNREACHABLE = Condition()
SILENT = Condition(reachable=True)
WRITE_ONLY = Condition(known=True, reachable=True, write_only=True)


def from_real_time(one: int, two: int, three: int, four: int) -> Condition:
    """The condition from the four answers to DLE EOT 1–4, by their data bits only."""
    paper_out = bool(two & 0x20 or four & 0x60)
    return Condition(
        known=True,
        reachable=True,
        offline=bool(one & 0x08),
        cover_open=bool(two & 0x04),
        paper_out=paper_out,
        near_end=bool(four & 0x0C),
        cutter=bool(three & 0x08),
        jam=bool(three & 0x04),
        error=bool(three & 0x20 or (two & 0x40 and not three & 0x0C)),
        waits_for_recovery=bool(one & 0x20),
    )


def from_automatic(values: tuple[int, int, int, int]) -> Condition:
    """The condition from an automatic status."""
    one, two, three, _reserved = values
    return Condition(
        known=True,
        reachable=True,
        offline=bool(one & 0x08),
        cover_open=bool(one & 0x20),
        paper_out=bool(three & 0x0C),
        near_end=bool(three & 0x03),
        cutter=bool(two & 0x08),
        jam=bool(two & 0x04),
        error=bool(two & 0x20),
        waits_for_recovery=bool(two & 0x01),
    )


def after_offline(condition: Condition) -> Condition:
    """The condition once the printer has said that it went off line without saying why."""
    return replace(condition, offline=True)
