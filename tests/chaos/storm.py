"""A stream of issues, presses and calls that goes on whatever dies, and what was answered with success meanwhile."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.office import Office
from tests.journeys.web import Answered

PRESS_EVERY_S = 0.2
ACT_EVERY_S = 0.12
REPEAT_S = 0.3


@dataclass
class Promises:
    """What clients were told: tickets by id, and the tickets that were called at a counter."""

    issued: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    presses: int = 0


class Storm:
    """Runs between `start` and `stop`; errors other than a server that is away are kept in `errors`."""

    def __init__(self, office: Office, kiosk: str, services: list[str], counters: list[str], seed: int) -> None:
        self._office = office
        self._kiosk = kiosk
        self._random = random.Random(seed)
        self._over = threading.Event()
        self._drained = threading.Event()
        self.told = Promises()
        self.errors: list[str] = []
        acts: list[Callable[[], None]] = [lambda: self._press(services)]
        acts += [lambda service=service: self._issue(service) for service in services]  # type: ignore[misc]
        acts += [lambda counter=counter: self._next(counter) for counter in counters]  # type: ignore[misc]
        pauses = [PRESS_EVERY_S] + [ACT_EVERY_S] * (len(acts) - 1)
        self._threads = [
            threading.Thread(target=self._run, args=each, daemon=True) for each in zip(acts, pauses, strict=True)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 40.0) -> None:
        """Begin nothing more; what is under way is repeated until it is answered."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout_s)
        assert not any(thread.is_alive() for thread in self._threads), "somebody still waits for an answer"

    def _run(self, act: Callable[[], None], pause_s: float) -> None:
        while not self._over.wait(pause_s * self._random.uniform(0.5, 1.5)):
            try:
                act()
            except Exception as error:  # noqa: BLE001 (a thread's error is the test's)
                self.errors.append(repr(error))
                return

    def _press(self, services: list[str]) -> None:
        """A finger does not insist: what the dispenser does not take is gone."""
        try:
            answer = self._office.press(self._kiosk, self._random.choice(services))
        except OSError:
            return
        if answer.status == 200:
            self.told.presses += 1

    def _issue(self, service: str) -> None:
        answer = self._insist("/tickets", {"service": service})
        assert answer.status == 201, answer
        self.told.issued[answer.body["id"]] = answer.body["label"]

    def _next(self, counter: str) -> None:
        answer = self._insist(f"/counters/{counter}/next", {})
        assert answer.status == 200, answer
        ticket: dict[str, Any] | None = answer.body["ticket"]
        if ticket:
            self.told.called[ticket["id"]] = counter

    def _insist(self, path: str, body: dict[str, Any]) -> Answered:
        """The same key until it is answered: a repeat counts once."""
        key = uuid.uuid4().hex
        for _ in range(120):
            try:
                answer = self._office.api("POST", path, body, key=key)
            except OSError:
                self._drained.wait(REPEAT_S)
                continue
            if answer.status < 500:
                return answer
            self._drained.wait(REPEAT_S)
        raise AssertionError(f"{path} is never answered")
