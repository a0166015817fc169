"""`house(...)`: an office at work on each of both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dispatcher.engine.model import Counter, Service
from dispatcher.store.session import Store
from dispatcher.usecases.desk import Desk
from dispatcher.wire.clock import ManualClock
from tests.engine.make import at
from tests.usecases.house import House, office


@pytest.fixture
def house(store: Store) -> Callable[..., House]:
    """house(*services and counters, starts="09:00", opened=True, **settings of the office)."""

    def begin(*parts: Service | Counter, starts: str = "09:00", opened: bool = True, **settings: Any) -> House:
        clock = ManualClock(at(starts))
        desk = Desk(store, office(*parts, **settings), clock, base_url="http://127.0.0.1:8000")
        desk.prepare()
        made = House(store, desk, clock)
        if opened:
            made.open()
        return made

    return begin
