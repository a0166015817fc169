"""HTTP as other programs use it: one request, one answer, nothing remembered."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Answered:
    """An answer; `body` is the decoded JSON, or the bytes of anything else."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str | None:
        """The problem's code."""
        return self.body.get("code") if isinstance(self.body, dict) else None


def ask(
    url: str, method: str = "GET", body: Any = None, *, token: str | None = None, key: str | None = None
) -> Answered:
    """One request. Raises OSError when nobody answers."""
    parts = urlsplit(url)
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        kind = answer.headers.get_content_type()
        decoded = json.loads(content) if content and kind.endswith("json") else content
        return Answered(answer.status, decoded, dict(answer.headers.items()))
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
