"""The judge of the bad days sees a second paper, also where a first one may hang above its reprint (B4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from firmware_config.virtual.printer.elements import Line, Piece
from kiosk.spool import Row
from tests.chaos.truth import COPY
from tests.chaos.world import OFFICE, Step, World, judge

Played = tuple[World, list[Row]]


@pytest.fixture
def hanging(tmp_path: Path) -> Played:
    """A day on which A001 came out uncut above its reprint."""
    world = World(tmp_path, [Step("unplug", 284), Step("press")], network=True, profile="TM-T88III")
    rows = world.run()
    assert judge(world, rows).faults == []
    return world, rows


def _twice(marked: int) -> list[str]:
    return [f"A001 came out 2 times, {marked} of them marked"]


def test_a_reprint_below_its_ticket_has_to_be_marked(hanging: Played) -> None:
    world, rows = hanging
    both = world.pieces[0]
    unmarked = tuple(one for one in both.elements if not (isinstance(one, Line) and COPY in one.text))
    world.pieces[0] = replace(both, elements=unmarked)
    assert judge(world, rows).faults == _twice(0)


def test_a_cut_between_a_ticket_and_its_reprint_makes_two_papers(hanging: Played) -> None:
    world, rows = hanging
    both = world.pieces[0]
    second = [at for at, one in enumerate(both.elements) if isinstance(one, Line) and one.text == OFFICE][1]
    world.pieces[:1] = [Piece(both.elements[:second], "partial"), Piece(both.elements[second:], "partial")]
    assert judge(world, rows).faults == _twice(1)


def test_a_printer_with_process_ids_is_told_to_forget_and_leaves_nothing_hanging(hanging: Played) -> None:
    world, rows = hanging
    world.machine.model = replace(world.machine.model, process_id=True)
    assert judge(world, rows).faults == _twice(1)
