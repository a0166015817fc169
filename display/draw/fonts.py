"""Fonts by script, from wheels: Atkinson Hyperlegible for Latin text, Noto Sans for labels and for other scripts.

Labels: in one, place tells a letter from a digit, but nothing tells 0 from 9 except its shape. In drawn pictures an
independent reader took Atkinson's slashed zero for 9, 8 or Q in half of the cases, and the open zero of Noto Sans
never for another digit. Its 1 has a flag that I has not.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Literal

from PIL import ImageFont, features

Weight = Literal["regular", "bold", "label"]

_LATIN = "latin"
_OTHER = "other"
_FILES = {
    (_LATIN, "regular"): ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Regular.ttf"),
    (_LATIN, "bold"): ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Bold.ttf"),
    (_LATIN, "label"): ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    (_OTHER, ""): ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    ("arabic", ""): ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
    ("devanagari", ""): ("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf"),
}
_WEIGHTS = {"regular": 400, "bold": 700, "label": 700}
# The letters of Latin Extended-A that Atkinson Hyperlegible 1.6 draws; a test compares this with the font.
EXTENDED = frozenset("ĀāĂăĄąĆćĊċČčĎďĐđĒēĖėĘęĚěĞğĠġĢģĦħĪīĮįıĶķĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț")
SIGNS = frozenset("–—‘’“”‚„•…‹›€™")


def shaping() -> bool:
    """Whether text is shaped and ordered right in all scripts (Raqm and FriBidi are there)."""
    return bool(features.check("raqm")) and bool(features.check("fribidi"))


def script_of(text: str) -> str:
    """The family that draws all of `text`: `arabic` and `devanagari` draw Latin letters and digits as well."""
    family = _LATIN
    for sign in text:
        if sign.isspace() or (sign.isprintable() and ord(sign) < 0x100) or sign in EXTENDED or sign in SIGNS:
            continue
        script = unicodedata.name(sign, "").partition(" ")[0].lower()
        if script in ("arabic", "devanagari"):
            return script
        family = _OTHER
    return family


def font(script: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """A font of `size` pixels to the em."""
    package, name = _FILES.get((script, weight)) or _FILES[script, ""]
    if "[" in name:
        return _variable(package, name, _WEIGHTS[weight], size)
    return _fixed(package, name, size)


@lru_cache(maxsize=64)
def _fixed(package: str, name: str, size: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if shaping() else ImageFont.Layout.BASIC
    with resources.as_file(resources.files(package).joinpath("files", name)) as path:
        return ImageFont.truetype(str(path), size, layout_engine=layout)


@lru_cache(maxsize=16)
def _variable(package: str, name: str, boldness: int, size: int) -> ImageFont.FreeTypeFont:
    """Few are kept: each size of a variable font takes about 1 MB, and a picture needs about ten."""
    found = _fixed.__wrapped__(package, name, size)
    found.set_variation_by_axes([boldness, 100])
    return found
