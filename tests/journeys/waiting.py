"""Waiting for what a real part does in its own time: ask again until it holds, never longer than told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
STEP_S = 0.04


def wait_until(question: Callable[[], T | None], timeout_s: float = 15.0, what: object = "") -> T:
    """The first true answer of `question`; AssertionError with `what` (called, if it can be) after `timeout_s`."""
    deadline = monotonic() + timeout_s
    pause = threading.Event()
    while True:
        found = question()
        if found:
            return found
        if monotonic() >= deadline:
            said = what() if callable(what) else what
            raise AssertionError(f"not within {timeout_s:g} s: {said}; last answer {found!r}")
        pause.wait(STEP_S)


def stays(question: Callable[[], object], for_s: float) -> None:
    """AssertionError as soon as `question` is false within `for_s` seconds: what must not happen is watched for."""
    deadline = monotonic() + for_s
    pause = threading.Event()
    while monotonic() < deadline:
        found = question()
        assert found, found
        pause.wait(STEP_S)
