"""The anti-robot check by the ALTCHA protocol (version 2): a small sum for the visitor's machine, no third party.

A challenge is signed and short-lived; its digest is handed to the use case, which stores it with the booking, because a
replay would be accepted otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha

from dispatcher.engine.errors import RuleError
from dispatcher.wire.clock import Clock

ALGORITHM = "PBKDF2/SHA-256"
COST = 1000
"""Rounds of one attempt; the prefix of one byte asks for 256 attempts on average: under a second on a telephone."""
LIFETIME = timedelta(minutes=20)


@dataclass(frozen=True)
class Robots:
    """Makes challenges and checks their solutions. Times are wall time."""

    key: bytes
    clock: Clock

    def challenge(self) -> dict[str, Any]:
        """A new challenge: `{parameters, signature}`."""
        expires_at = int((self.clock.wall() + LIFETIME).timestamp())
        made = altcha.create_challenge(ALGORITHM, COST, expires_at=expires_at, hmac_secret=self.key)
        answer: dict[str, Any] = made.to_dict()
        return answer

    def check(self, payload: str | None) -> tuple[str, datetime]:
        """The digest of a solved challenge, to be stored, and when it may be forgotten. Raises RuleError `invalid`."""
        if not payload:
            raise RuleError("invalid", "the challenge must be solved first: GET challenge", field="altcha")
        if not altcha.verify_solution(payload, self.key).verified:
            raise RuleError("invalid", "the challenge is not solved, too old, or not ours", field="altcha")
        content = json.loads(base64.b64decode(payload))["challenge"]
        digest = hashlib.sha256(str(content["signature"]).encode()).hexdigest()
        return digest, datetime.fromtimestamp(content["parameters"]["expiresAt"], UTC)
