"""Office time and wall time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.wire import clock
from dispatcher.wire.clock import ManualClock, SimulatedClock, SystemClock

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_system_clock_shows_one_time():
    machine = SystemClock()
    assert abs(machine.now() - machine.wall()) < timedelta(seconds=5)
    assert (machine.simulated, machine.pace) == (False, 1.0)
    assert machine.monotonic() <= machine.monotonic()


def test_simulated_clock_runs_at_its_pace_from_its_start():
    simulated = SimulatedClock(START, anchor=SystemClock().wall() - timedelta(seconds=10), pace=60)
    assert START + timedelta(minutes=10) <= simulated.now() < START + timedelta(minutes=15)
    assert simulated.simulated


def test_child_gets_the_same_clock():
    parent = SimulatedClock(START, anchor=SystemClock().wall() - timedelta(hours=1), pace=12.5)
    assert clock.parse(parent.export()) == parent


@pytest.mark.parametrize(
    ("text", "start", "pace"),
    [
        ("2026-11-23T08:00:00+01:00,x60", START, 60),
        ("2026-11-23T07:00", START, 1),
        ("2026-11-23T07:00:00Z,x0.5", START, 0.5),
    ],
)
def test_clock_as_a_user_writes_it(text, start, pace):
    parsed = clock.parse(text)
    assert (parsed.start, parsed.pace) == (start, pace)


@pytest.mark.parametrize(
    "text", ["", "noon", "2026-11-23T08:00,60", "2026-11-23T08:00,x0", "2026-11-23T08:00,x-1", "2026-11-23T08:00,xnan"]
)
def test_what_is_no_clock_is_said_in_a_sentence(text):
    with pytest.raises(ValueError, match="is no clock"):
        clock.parse(text)


def test_manual_clock_stands_until_moved():
    manual = ManualClock(START)
    assert manual.now() == manual.wall() == START
    assert manual.advance(minutes=10) == START + timedelta(minutes=10)
    assert manual.monotonic() == 600
    manual.set(START + timedelta(days=1))
    assert (manual.now(), manual.wall()) == (START + timedelta(days=1), START + timedelta(minutes=10))
