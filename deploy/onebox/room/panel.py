"""The front panel of a virtual printer, over its control address."""

from __future__ import annotations

import http.client
import json
from typing import Any

FAULTS = ("near_end", "paper_out", "cover", "cutter", "power_cycle", "silence", "none")
_TIMEOUT_S = 3.0


class PanelError(Exception):
    """The printer's panel did not do it; `missing`: there is no such thing."""

    def __init__(self, text: str, *, missing: bool = False) -> None:
        super().__init__(text)
        self.missing = missing


class Panel:
    """One printer's panel at `host:port`."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def tickets(self) -> list[dict[str, Any]]:
        """What was printed: `[{n, text, cut, at}]`."""
        found = json.loads(self._ask("GET", "/tickets"))
        if not isinstance(found, list):
            raise PanelError("the printer's panel answers nonsense")
        return found

    def picture(self, number: int) -> bytes:
        """The ticket as PNG."""
        return self._ask("GET", f"/tickets/{number}.png")

    def fault(self, fault: str) -> None:
        """Cause one of FAULTS, or end all (`none`)."""
        self._ask("POST", "/fault", json.dumps({"fault": fault}).encode())

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise PanelError(f"the virtual printer does not answer: {error}") from None
        finally:
            connection.close()
        if answer.status >= 300:
            raise PanelError(f"the virtual printer answers {answer.status}", missing=answer.status == 404)
        return content
