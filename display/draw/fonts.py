"""Fonts by script, from wheels: Atkinson Hyperlegible for Latin text, Noto Sans for labels, others for other scripts.

Labels: in one, place tells a letter from a digit, but nothing tells 0 from 9 except its shape. In drawn pictures an
independent reader took Atkinson's slashed zero for 9, 8 or Q in half of the cases, and the open zero of Noto Sans
never for another digit. Its 1 has a flag that I has not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from typing import Literal

from PIL import ImageFont, features

Weight = Literal["regular", "bold", "label", "noto", "noto-bold"]
"""`noto` and `noto-bold` are for offices that want the face of the labels for all texts."""

_LATIN = "latin"
_OTHER = "other"
_NOTO = "NotoSans[wdth,wght].ttf"
_REGULAR = "AtkinsonHyperlegible-Regular.ttf"
_BOLD = "AtkinsonHyperlegible-Bold.ttf"


@dataclass(frozen=True)
class _File:
    """`index` is the font's place in a collection; `axes` how many a variable font has (weight first)."""

    package: str
    name: str
    axes: int = 0
    index: int = 0


_FILES = {
    (_LATIN, "regular"): _File("fontpkg_atkinson_hyperlegible", f"files/{_REGULAR}"),
    (_LATIN, "bold"): _File("fontpkg_atkinson_hyperlegible", f"files/{_BOLD}"),
    (_LATIN, ""): _File("fontpkg_noto_sans", f"files/{_NOTO}", 2),
    (_OTHER, ""): _File("fontpkg_noto_sans", f"files/{_NOTO}", 2),
    ("arabic", ""): _File("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf", 2),
    ("devanagari", ""): _File("fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf", 2),
    ("hebrew", ""): _File("fontpkg_heebo", "files/Heebo[wght].ttf", 1),
    # The third of the collection has the shapes of mainland China.
    ("cjk", ""): _File("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", 0, 2),
}
_SCRIPTS = {
    "arabic": "arabic",
    "devanagari": "devanagari",
    "hebrew": "hebrew",
    "cjk": "cjk",
    "hiragana": "cjk",
    "katakana": "cjk",
    "hangul": "cjk",
    "bopomofo": "cjk",
}
EXTRAS = {"cjk": "chinese"}
"""What is to be installed for a script that is not there, as an extra of the package; the rest come with `display`."""
_WEIGHTS = {"regular": 400, "bold": 700, "label": 700, "noto": 400, "noto-bold": 700}
# The letters of Latin Extended-A that Atkinson Hyperlegible 1.6 draws; a test compares this with the font.
EXTENDED = frozenset("ĀāĂăĄąĆćĊċČčĎďĐđĒēĖėĘęĚěĞğĠġĢģĦħĪīĮįıĶķĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț")
SIGNS = frozenset("–—‘’“”‚„•…‹›€™")


def shaping() -> bool:
    """Whether text is shaped and ordered right in all scripts (Raqm and FriBidi are there)."""
    return bool(features.check("raqm")) and bool(features.check("fribidi"))


@lru_cache(maxsize=4096)
def family_of(sign: str) -> str | None:
    """The family of one sign; None for those that every family takes: spaces, marks of direction, Latin-1."""
    if sign.isspace() or unicodedata.category(sign) == "Cf":
        return None
    if (sign.isprintable() and ord(sign) < 0x100) or sign in EXTENDED or sign in SIGNS:
        return None
    if "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef":
        return "cjk"
    words = unicodedata.name(sign, "").lower().replace("-", " ").split()
    return _SCRIPTS.get(words[0], _OTHER) if words else _OTHER


def families(text: str) -> frozenset[str]:
    """The families beside Latin that `text` needs."""
    return frozenset(found for sign in text if (found := family_of(sign)))


def script_of(text: str) -> str:
    """The family that draws all of `text`, if one does: those of other scripts draw Latin letters and digits too."""
    found = families(text)
    return next((name for name in sorted(found) if name != _OTHER), _OTHER if found else _LATIN)


def is_rtl(text: str) -> bool:
    """Whether `text` begins, with its first letter of a direction, from the right."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def runs(text: str) -> tuple[str, ...]:
    """The pieces of a text of several scripts, each of one family, as they stand from left to right.

    Signs that every family has stay with what they follow. Each piece is ordered in itself; in a text that begins
    from the right the pieces are too.
    """
    pieces: list[str] = []
    last: str | None = None
    for sign in text:
        family = family_of(sign)
        if pieces and (family is None or family == last or last is None):
            pieces[-1] += sign
        else:
            pieces.append(sign)
        last = family or last
    return tuple(reversed(pieces) if is_rtl(text) else pieces)


def has_font(script: str) -> bool:
    """Whether the font of a family is installed."""
    return find_spec((_FILES.get((script, "")) or _FILES[script, "regular"]).package) is not None


def font(script: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """A font of `size` pixels to the em; Noto Sans where that of the script is not installed."""
    file = _FILES.get((script, weight)) or _FILES[script, ""]
    if script in EXTRAS and not has_font(script):
        file = _FILES[_OTHER, ""]
    if file.axes:
        return _variable(file, _WEIGHTS[weight], size)
    return _fixed(file, size)


@lru_cache(maxsize=64)
def _fixed(file: _File, size: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if shaping() else ImageFont.Layout.BASIC
    with resources.as_file(resources.files(file.package).joinpath(file.name)) as path:
        return ImageFont.truetype(str(path), size, index=file.index, layout_engine=layout)


@lru_cache(maxsize=16)
def _variable(file: _File, boldness: int, size: int) -> ImageFont.FreeTypeFont:
    """Few are kept: each size of a variable font takes about 1 MB, and a picture needs about ten."""
    found = _fixed.__wrapped__(file, size)
    axes: list[float] = [boldness, 100]
    found.set_variation_by_axes(axes[: file.axes])
    return found


@lru_cache(maxsize=2048)
def has_glyph(script: str, sign: str) -> bool:
    """Whether the family draws this sign as something else than the box for a missing one."""
    if family_of(sign) is None and ord(sign) < 0x100:
        return True
    face = font(script, "regular", 32)
    absent, drawn = face.getmask("\U0010fffd"), face.getmask(sign)
    return (drawn.size, bytes(drawn)) != (absent.size, bytes(absent))


def missing(text: str) -> str:
    """The signs of `text` that no installed font draws, each once."""
    visible = [sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc")]
    return "".join(dict.fromkeys(sign for sign in visible if not has_glyph(family_of(sign) or _OTHER, sign)))
