"""What stands on the paper, in the order in which it came out of the head, and its form as JSON."""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Justify = Literal["left", "centre", "right"]
CutKind = Literal["full", "partial", "torn"]


@dataclass(frozen=True)
class Style:
    """How characters look; `width` and `height` multiply the font's cell, 1 to 8. `font` is a or b."""

    font: str = "a"
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    reverse: bool = False


@dataclass(frozen=True)
class Run:
    """Characters of one style beside each other."""

    text: str
    style: Style


@dataclass(frozen=True)
class Line:
    """One printed line; `dots` is the paper it moved."""

    runs: tuple[Run, ...]
    justify: Justify
    dots: int

    @property
    def text(self) -> str:
        """The characters, without blanks at the end."""
        return "".join(run.text for run in self.runs).rstrip()


@dataclass(frozen=True)
class Feed:
    """Blank paper."""

    dots: int


@dataclass(frozen=True)
class Raster:
    """A picture, `width_bytes` × `rows`, most significant bit left, 1 is black; `scale_x/y` 1 or 2."""

    width_bytes: int
    rows: int
    data: bytes
    scale_x: int
    scale_y: int
    justify: Justify

    @property
    def dots(self) -> int:
        """Paper moved."""
        return self.rows * self.scale_y


@dataclass(frozen=True)
class Qr:
    """A QR code drawn by the printer: `level` is L, M, Q or H, `module` the side of a module in dots."""

    data: bytes
    module: int
    level: str
    side: int
    justify: Justify

    @property
    def dots(self) -> int:
        """Paper moved."""
        return self.side * self.module


@dataclass(frozen=True)
class Bars:
    """A CODE128: `modules` is its width in narrow bars as a string of 1 and 0."""

    text: str
    modules: str
    bar: int
    height: int
    text_below: bool
    justify: Justify

    @property
    def dots(self) -> int:
        """Paper moved."""
        return self.height + (24 if self.text_below else 0)


@dataclass(frozen=True)
class Alarm:
    """A black bar across the paper: here stood bytes that this printer does not know."""

    text: str

    @property
    def dots(self) -> int:
        """Paper moved."""
        return 30


Element = Line | Feed | Raster | Qr | Bars | Alarm
_KINDS: dict[str, type[Element]] = {kind.__name__: kind for kind in (Line, Feed, Raster, Qr, Bars, Alarm)}


@dataclass(frozen=True)
class Piece:
    """What fell out of the printer: `cut` says how it came off, `through` that the knife went through print."""

    elements: tuple[Element, ...]
    cut: CutKind
    through: bool = False

    @property
    def text(self) -> str:
        """The decoded characters, a line each, blank lines left out."""
        return "\n".join(e.text for e in self.elements if isinstance(e, Line) and e.text)

    @property
    def codes(self) -> tuple[str, ...]:
        """What the QR and bar codes say."""
        return tuple(
            e.data.decode("utf-8", "replace") if isinstance(e, Qr) else e.text
            for e in self.elements
            if isinstance(e, Qr | Bars)
        )

    @property
    def has_ink(self) -> bool:
        """Whether anything but blank paper is on it."""
        return has_ink(self.elements)


def has_ink(elements: tuple[Element, ...] | list[Element]) -> bool:
    """Whether anything but blank paper is among `elements`."""
    return any(e.text for e in elements if isinstance(e, Line)) or any(not isinstance(e, Line | Feed) for e in elements)


def to_json(element: Element) -> dict[str, Any]:
    """A JSON object from which `from_json` makes the same element."""
    plain = asdict(element)
    for key, value in plain.items():
        if isinstance(value, bytes):
            plain[key] = b64encode(value).decode("ascii")
    return {"kind": type(element).__name__, **plain}


def from_json(plain: dict[str, Any]) -> Element:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on anything else."""
    values = dict(plain)
    kind = _KINDS[values.pop("kind")]
    if kind is Line:
        runs = tuple(Run(run["text"], Style(**run["style"])) for run in values.pop("runs"))
        return Line(runs=runs, **values)
    element = kind(**values)
    if isinstance(element, Raster | Qr):
        return replace(element, data=b64decode(values["data"]))
    return element
