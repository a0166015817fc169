"""Identifiers: UUID version 7 (RFC 9562), random tokens, booking codes."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from dispatcher.store.columns import EPOCH

# Crockford's base 32: no I, L, O, U, so that a code can be read out on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


def uuid7(at: datetime) -> str:
    """A time-ordered identifier made at `at`."""
    milliseconds = int((at - EPOCH).total_seconds() * 1000) & (2**48 - 1)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))


def token() -> str:
    """128 random bits for a link that only its holder knows."""
    return secrets.token_urlsafe(16)


def booking_code() -> str:
    """Forty random bits in letters and digits that cannot be mistaken for one another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(text: str) -> str:
    """A code as typed, in the form in which it is stored."""
    return text.strip().upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
