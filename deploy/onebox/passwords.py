"""Password lines as mosquitto 2 reads them: `user:$7$iterations$salt$hash`, PBKDF2 with SHA-512."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping

ITERATIONS = 101  # mosquitto_passwd's own; each connect pays for it, and the file lies beside the secrets themselves


def line(user: str, password: str, salt: bytes | None = None) -> str:
    """One line of a password file. Raises ValueError for a name that the file cannot hold."""
    if not user or ":" in user or "\n" in user or user.startswith("#"):
        raise ValueError(f"'{user}' cannot be the name of an account")
    salt = os.urandom(12) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, 64)
    return f"{user}:$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def file_text(accounts: Mapping[str, str]) -> str:
    """A whole password file from passwords by user."""
    return "".join(f"{line(user, password)}\n" for user, password in accounts.items())
