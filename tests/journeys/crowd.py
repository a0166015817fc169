"""Many at once: clients that begin at the same instant, each on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
PATIENCE_S = 120.0


def together(acts: Sequence[Callable[[], T]], timeout_s: float = PATIENCE_S) -> list[T]:
    """The results of all `acts`, which begin together. The first error of any is raised."""
    gate = threading.Barrier(len(acts))
    results: list[T | None] = [None] * len(acts)
    errors: list[BaseException] = []

    def run(place: int, act: Callable[[], T]) -> None:
        try:
            gate.wait(timeout_s)
            results[place] = act()
        except BaseException as error:  # noqa: BLE001 (handed to the test)
            errors.append(error)

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout_s)
    assert not any(thread.is_alive() for thread in threads), f"some are not done after {timeout_s:g} s"
    if errors:
        raise errors[0]
    return results  # type: ignore[return-value]
