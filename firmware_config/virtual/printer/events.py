"""What a printer does that others can notice."""

from dataclasses import dataclass

from firmware_config.virtual.printer.elements import Piece


@dataclass(frozen=True)
class Reply:
    """Bytes to the host."""

    data: bytes


@dataclass(frozen=True)
class PieceOut:
    """Paper that came off; `cuts` is the cutter counter afterwards."""

    piece: Piece
    cuts: int


@dataclass(frozen=True)
class UnknownBytes:
    """Bytes that this printer does not know. `offset` counts from the start of the printer's life.

    `raw` are the bytes themselves, `before` up to 16 that came just before them, both hexadecimal.
    """

    offset: int
    raw: str
    before: str
    reason: str


@dataclass(frozen=True)
class Ignored:
    """A well formed command that has no effect here, as the reference says it should not."""

    raw: str
    reason: str


@dataclass(frozen=True)
class Beeped:
    """The buzzer sounded `times` times."""

    times: int


@dataclass(frozen=True)
class Restarted:
    """The power came back, or the printer was told to begin anew: modes and the host's connection are gone."""

    power: bool = True


Event = Reply | PieceOut | UnknownBytes | Ignored | Beeped | Restarted
