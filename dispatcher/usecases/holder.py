"""The signed link by which the holder of an appointment reads, moves and cancels it without an account."""

from __future__ import annotations

import hashlib
import hmac


def signing_key(secret_key: str) -> bytes:
    """The key of all signatures in links and challenges, from the secret of the installation."""
    return hmac.new(secret_key.encode(), b"numeretto web", hashlib.sha256).digest()


def holder_key(signing_key: bytes, code: str) -> str:
    """The value of `key` in a holder's link; 128 bits, as long as the office's secret lives."""
    return hmac.new(signing_key, b"appointment:" + code.encode(), hashlib.sha256).hexdigest()[:32]


def holder_name(signing_key: bytes, code: str) -> str:
    """A booking's holder as the history names them: the code itself opens things, and is written nowhere else."""
    return "holder:" + hmac.new(signing_key, b"holder:" + code.encode(), hashlib.sha256).hexdigest()[:16]


def is_holder(signing_key: bytes, code: str, key: str | None) -> bool:
    """Whether `key` is the one of this booking code; takes the same time for every wrong one."""
    return key is not None and hmac.compare_digest(
        holder_key(signing_key, code).encode(), key.encode("utf-8", "replace")
    )
