"""A ticket as content, and its layout as lines of text, pictures and a code. Pure: no printer, no clock."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from kiosk.texts import Words

MAX_SCALE = 8
QR_MODULE_DOTS = 5
SIGNS = str.maketrans(
    {"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " ", "\u202f": " ", "\n": " "}
)  # fmt: skip
"""Typographic signs that CP858 lacks, as every reader knows them."""


@dataclass(frozen=True)
class Content:
    """What a ticket says. `printed_at` is the touch in the office's zone; waits in seconds, None when unknown."""

    office: str
    label: str
    service: str
    language: str
    printed_at: datetime
    ahead: int
    wait_low_s: int | None
    wait_high_s: int | None
    status_url: str
    assisted: bool = False
    copy: bool = False
    off_line: bool = False
    """Issued without the dispatcher: who is ahead and the wait are not known."""


@dataclass(frozen=True)
class TextLine:
    """A line in the printer's own font, `scale` times as wide and high (1–8)."""

    text: str
    scale: int = 1
    bold: bool = False


@dataclass(frozen=True)
class PictureLine:
    """A line that the printer's font cannot write: drawn, `height_dots` high."""

    text: str
    height_dots: int
    bold: bool = False


@dataclass(frozen=True)
class Code:
    """A QR code of `text`."""

    text: str
    module_dots: int


@dataclass(frozen=True)
class Gap:
    """Empty paper."""

    dots: int


@dataclass(frozen=True)
class Logo:
    """A picture that the printer keeps under a key of two characters."""

    key: str


Line = TextLine | PictureLine | Code | Gap | Logo


@dataclass(frozen=True)
class Receipt:
    """Lines from top to bottom, all centred; the cut follows."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All words of the ticket, a line each."""
        return "\n".join(line.text for line in self.lines if isinstance(line, TextLine | PictureLine))


def writable(text: str, encoding: str | None) -> bool:
    """Whether the printer's font can write `text` in `encoding` (None: a printer that knows ASCII only)."""
    try:
        text.encode(encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def layout(content: Content, *, columns: int, encoding: str | None = "cp858", logo: str | None = None) -> Receipt:
    """The ticket on a printer with `columns` characters a line; what `encoding` lacks becomes a picture. `logo`: the
    key of a picture in the printer that says whose ticket it is, in place of the office's name."""
    words = Words(content.language)
    local = content.printed_at
    lines: list[Line] = []
    lines += [Logo(logo)] if logo else _lines(content.office, columns, encoding)
    if content.copy:
        lines += _lines(words.say("ticket.copy"), columns, encoding, scale=2, bold=True)
    lines += _lines(content.label, columns, encoding, scale=min(MAX_SCALE, columns // max(1, len(content.label))))
    if content.assisted:
        lines += _lines(words.say("ticket.assisted"), columns, encoding, scale=2, bold=True)
    lines += _lines(content.service, columns, encoding, scale=2)
    lines += _lines(f"{words.short_date(local)} {local:%H:%M}", columns, encoding)
    if content.off_line:
        lines += _lines(words.say("offline.ticket"), columns, encoding, bold=True)
        lines += _lines(words.say("offline.hint"), columns, encoding)
    else:
        lines += _lines(words.count("ahead", content.ahead), columns, encoding)
        lines += _lines(words.wait(content.wait_low_s, content.wait_high_s), columns, encoding)
    if content.status_url:
        # The standard's quiet zone is four modules: without it a telephone does not find the code between the lines.
        quiet = Gap(4 * QR_MODULE_DOTS)
        lines += [quiet, Code(content.status_url, QR_MODULE_DOTS), quiet]
        lines += _lines(words.say("ticket.hint"), columns, encoding)
    return Receipt(tuple(lines))


def _lines(text: str, columns: int, encoding: str | None, *, scale: int = 1, bold: bool = False) -> list[Line]:
    plain = " ".join(text.translate(SIGNS).split())
    if encoding is None:
        plain = _without_accents(plain)
    if not plain:
        return []
    if not writable(plain, encoding):
        return [PictureLine(" ".join(text.split()), 34 * scale, bold)]
    return [TextLine(piece, scale, bold) for piece in textwrap.wrap(plain, max(1, columns // scale))]


def _without_accents(text: str) -> str:
    """As near as ASCII comes to a Latin text."""
    apart = unicodedata.normalize("NFKD", text.replace("€", "EUR").replace("ß", "ss"))
    return "".join(character for character in apart if not unicodedata.combining(character))
