"""Passwords: hashed, compared, and judged by how soon they would be guessed, not by the kinds of signs in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 256
JUDGED = 32
"""The judge looks at so many signs, for it takes long over more; a longer password is no easier to guess."""
LEFT_WITHOUT_OWN = 6
"""So many signs must be left of a password without the person's own words."""
GOOD_ENOUGH = 2
"""zxcvbn's score: not guessed within a hundred million attempts, which our limits allow nobody."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """What an unknown name's password is checked against, so that it takes as long as a known one's."""
    return _hasher().hash("nobody")


def normal(password: str) -> str:
    """The same signs, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """What is stored. Takes long on purpose: never within a transaction."""
    return _hasher().hash(normal(password).encode("utf-8", "replace"))


def verify(stored: str | None, password: str) -> bool:
    """Whether it is the one that was hashed. With nothing stored it is not, after the same time."""
    try:
        matches = _hasher().verify(stored or _nobodys_hash(), password.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def fault(password: str, own: Iterable[str] = ()) -> str | None:
    """Why a new password cannot be taken: `short`, `long`, `own` (made of the person's own words), `common`; or None.

    Any sign of any script counts, and none is asked for.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        return "short"
    if len(text) > LONGEST:
        return "long"
    words = {word.casefold() for part in own for word in (part, *re.split(r"[\W_]+", part)) if len(word) > 2}
    if _mostly(text.casefold(), words):
        return "own"
    if _score(text, []) < GOOD_ENOUGH:
        return "common"
    return "own" if _score(text, sorted(words)) < GOOD_ENOUGH else None


def _mostly(text: str, words: set[str]) -> bool:
    """Whether a text is little more than some of these words."""
    rest = text
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != text and len(rest) < LEFT_WITHOUT_OWN


def _score(text: str, own: list[str]) -> int:
    from zxcvbn import zxcvbn  # its lists of words weigh 15 MB: not before somebody chooses a password

    score: int = zxcvbn(text[:JUDGED], user_inputs=own)["score"]
    return score
