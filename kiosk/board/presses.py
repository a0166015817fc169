"""The presses of a button board on disk before anything comes of them, so that a dispenser that dies in between loses
none that it has acknowledged, and makes no second ticket of one (B8).

After a restart a press is owed when its ticket was not on its way to the paper and nobody was told that there is none.
It is owed to a person who still stands there: after WAITS_S, or when the whole machine was restarted, it is nobody's.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dispatcher.wire.clock import Clock
from kiosk.journal import replace_file
from kiosk.timekeeper import boot_id

log = logging.getLogger(__name__)

WAITS_S = 30.0
"""Wall time. So long somebody stands before a dispenser that gives nothing."""


@dataclass(frozen=True)
class Press:
    """A press that was taken: `key` is the request id of its wish, `at` the machine's monotonic seconds."""

    seq: int
    service: str
    key: str
    touched_at: datetime
    at: float


@dataclass(frozen=True)
class Last:
    """What a repeat is known by; `at` None: before the machine was restarted."""

    boot: str | None
    seq: int
    at: float | None


class Presses:
    """`lost(key)` says of a request id of the last run that nothing came of it, and is asked in the constructor only.
    `owed` are the presses to be brought to a ticket now, with fresh request ids; `machine` names the machine's boot.
    """

    def __init__(
        self, path: Path, clock: Clock, *, lost: Callable[[str], bool], machine: Callable[[], str] = boot_id
    ) -> None:
        self._path = path
        self._clock = clock
        self._machine = machine()
        self.last: Last | None = None
        self._open: list[Press] = []
        try:
            self._recall(json.loads(path.read_text("utf-8")), lost)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("event=board_presses_lost reason=%r", str(error))
        self.owed = tuple(self._open)

    def _recall(self, said: dict[str, Any], lost: Callable[[str], bool]) -> None:
        same, last = bool(self._machine) and said["machine"] == self._machine, said["last"]
        self.last = Last(last["boot"], int(last["seq"]), last["at"] if same else None)
        before = [Press(**(one | {"touched_at": datetime.fromisoformat(one["touched_at"])})) for one in said["presses"]]
        owed = [one for one in before if same and not self.is_over(one) and lost(one.key)]
        # the number that was on its way is void: the ticket gets another one
        self._open = [replace(one, key=uuid.uuid4().hex) for one in owed]
        self._write()

    def is_over(self, press: Press) -> bool:
        """Whether nobody waits for it any more."""
        return not 0 <= self._clock.monotonic() - press.at <= WAITS_S

    def take(self, boot: str | None, seq: int, service: str) -> Press:
        """A press of now; on disk when this returns."""
        now = self._clock.monotonic()
        press = Press(seq, service, uuid.uuid4().hex, self._clock.now(), now)
        self._open = [*(one for one in self._open if not self.is_over(one)), press]
        self.last = Last(boot, seq, now)
        self._write()
        return press

    def drop(self, press: Press) -> None:
        """It is answered: there is no ticket, or it is too old."""
        if press in self._open:
            self._open.remove(press)
            self._write()

    def _write(self) -> None:
        presses = [asdict(one) | {"touched_at": one.touched_at.isoformat()} for one in self._open]
        content = {"machine": self._machine, "last": asdict(self.last) if self.last else None, "presses": presses}
        try:
            replace_file(self._path, json.dumps(content).encode())
        except OSError as error:
            log.warning("event=board_press_not_kept reason=%r", str(error))
