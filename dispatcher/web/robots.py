"""The anti-robot check: a small task for the visitor's machine (the ALTCHA protocol, version 2), or a question.

No third party is asked. Both are signed and short-lived; their digest is handed to the use case, which stores it with
the booking, because a replay would be accepted otherwise. The question is for browsers without scripts: it keeps out
fewer robots, so an address may answer it less often.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha

from dispatcher.engine.errors import RuleError
from dispatcher.wire.clock import Clock

ALGORITHM = "PBKDF2/SHA-256"
COST = 1000
"""Rounds of one attempt; the prefix of one byte asks for 256 attempts on average: under a second on a telephone."""
LIFETIME = timedelta(hours=1)
"""Long enough for people who type slowly: a check that is used up needs no short life."""
LARGEST = 9
"""The numbers of a question lie between 1 and this."""


@dataclass(frozen=True)
class Question:
    """How much are `one` and `other` together? `token` travels with the form; the sum does not stand in it."""

    one: int
    other: int
    token: str


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

    def question(self) -> Question:
        """A new question."""
        one, other = 1 + secrets.randbelow(LARGEST), 1 + secrets.randbelow(LARGEST)
        expires_at = int((self.clock.wall() + LIFETIME).timestamp())
        head = f"{secrets.token_hex(12)}.{expires_at}"
        return Question(one, other, f"{head}.{self._sign(head, one + other)}")

    def check_answer(self, token: str, answer: int | None) -> tuple[str, datetime]:
        """As `check`, for an answered question. Raises RuleError `invalid`."""
        head, _, signature = token.rpartition(".")
        right = hmac.compare_digest(self._sign(head, answer or 0).encode(), signature.encode("utf-8", "replace"))
        if answer is None or not right:
            raise RuleError("invalid", "the answer is wrong", field="altcha")
        expires = datetime.fromtimestamp(int(head.rpartition(".")[2]), UTC)
        if expires < self.clock.wall():
            raise RuleError("invalid", "the question is too old", field="altcha")
        return hashlib.sha256(token.encode()).hexdigest(), expires

    def _sign(self, head: str, answer: int) -> str:
        text = f"question:{head}:{answer}"
        return hmac.new(self.key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
