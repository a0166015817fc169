"""Signed links: the one by which the holder of an appointment acts without an account, and those of accounts' mails."""

from __future__ import annotations

import hashlib
import hmac
import re

NO_CODE = "-"
"""The code of no booking: looked up where the key is wrong, so that this takes as long as a booking that is gone."""


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


_TOKEN = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([0-9a-f]{32})", re.ASCII)
NO_LINK = "00000000-0000-0000-0000-000000000000"
"""The id of no link: what a token that is not ours is looked up by, so that it takes as long as one of ours."""


def link_token(signing_key: bytes, link_id: str) -> str:
    """What stands in the address of an account's link. Nothing secret is stored: the signature makes it ours."""
    return f"{link_id}.{_link_signature(signing_key, link_id)}"


def link_id(signing_key: bytes, token: str) -> str:
    """The id of the link in a token; NO_LINK when it was guessed or altered."""
    found = _TOKEN.fullmatch(token)
    named, signature = (found[1], found[2]) if found else (NO_LINK, "")
    ours = hmac.compare_digest(_link_signature(signing_key, named).encode(), signature.encode())
    return named if ours else NO_LINK


def _link_signature(signing_key: bytes, link_id: str) -> str:
    return hmac.new(signing_key, b"account link:" + link_id.encode(), hashlib.sha256).hexdigest()[:32]
