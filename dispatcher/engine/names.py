"""Names of people as they are compared: what is written in many ways is the same name."""

from __future__ import annotations

import unicodedata


def normal_name(name: str) -> str:
    """A name without what varies: capitals, accents, apostrophes, hyphens, the order of its parts."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    joined = "".join(letter for letter in plain if letter not in "'’‘`´ʼ")
    return " ".join(sorted("".join(letter if letter.isalnum() else " " for letter in joined).split()))
