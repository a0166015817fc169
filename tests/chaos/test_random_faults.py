"""Random sequences of faults, presses, power cuts and pulled cables at any byte, over a network and over a cable, with
printers that tell all of a ticket and with such that tell next to nothing: no number is lost, none comes out twice, and
the dispatcher is told the truth of each, or that nobody knows it (B3, B4)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.world import MODEL_OF, Judgement, Step, World, judge

FAULTS = ("near_end", "paper_out", "cover", "cutter", "jam", "full", "silence", "power_cycle", "unplug", "kill")
NOW_STEPS = ("press", "press", "press", "heal", "heal", "plug", "pause")
MOST_BYTES = 600
"""Two tickets with all that is asked in between."""
steps = st.lists(
    st.one_of(
        st.builds(Step, st.sampled_from(NOW_STEPS)),
        st.builds(Step, st.sampled_from(FAULTS), st.integers(0, MOST_BYTES)),
    ),
    min_size=1,
    max_size=24,
)
quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]


def _play(script: list[Step], *, network: bool, profile: str) -> Judgement:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), script, network=network, profile=profile)
        found = judge(world, world.run())
        assert found.faults == [], (world.happened, [piece.text for piece in world.pieces])
        return found


@settings(max_examples=30, suppress_health_check=quiet)
@given(script=steps, network=st.booleans(), profile=st.sampled_from(list(MODEL_OF)))
def test_thirty_random_sequences(script: list[Step], network: bool, profile: str) -> None:
    _play(script, network=network, profile=profile)


@pytest.mark.full
@pytest.mark.timeout(1200)
@settings(max_examples=1000, suppress_health_check=quiet)
@given(script=steps, network=st.booleans(), profile=st.sampled_from(list(MODEL_OF)))
def test_a_thousand_random_sequences(script: list[Step], network: bool, profile: str) -> None:
    _play(script, network=network, profile=profile)
