"""What a cable does to a ticket whose printer is switched off and on under it: the end comes out without the head, cut
and answered for. The number is printed again, or nobody says that it was printed (B4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.world import Step, World, judge

HEAD = Step("silence", 160)
"""The printer falls silent when it has the number of the first ticket, and not yet what it is for."""
DEAF = {
    "the line was being opened anew": [
        *(HEAD, Step("press"), Step("silence"), Step("cover", 1), Step("press"), Step("press")),
        *(Step("power_cycle", 17), Step("cutter"), Step("press"), Step("press"), Step("silence", 363)),
        *(Step("unplug", 433), Step("heal")),
    ],
    "the dispenser was dead": [HEAD, Step("press"), Step("kill", 1), Step("pause"), Step("power_cycle"), Step("heal")],
}


@pytest.mark.parametrize("script", DEAF.values(), ids=DEAF)
def test_an_end_without_its_head_is_not_confirmed_where_nobody_heard_of_it(tmp_path: Path, script: list[Step]) -> None:
    world = World(tmp_path, script, network=False)
    found = judge(world, world.run())
    assert ("A001" in world.pieces[1].text, world.pieces[1].cut) == (False, "partial"), "the end has come out"
    assert (found.faults, found.unconfirmed) == ([], 1)


def test_a_dispenser_that_died_under_a_ticket_knows_that_it_came_out_whole(tmp_path: Path) -> None:
    """The printer has kept its power, and says so by the code that it keeps."""
    world = World(tmp_path, [Step("silence", 160), Step("press"), Step("kill", 1), Step("heal")], network=False)
    found = judge(world, world.run())
    assert "kill" in world.happened
    assert (found.faults, found.unconfirmed, found.reprints) == ([], 0, 0)


@pytest.mark.parametrize("profile", ["KR-306", "POS-58"])
def test_what_a_printer_without_process_ids_lost_is_unconfirmed(tmp_path: Path, profile: str) -> None:
    """Switched off and on within the ticket, it says nothing of it, and answers the question after its end."""
    world = World(tmp_path, [Step("power_cycle", 177), Step("press")], network=False, profile=profile)
    found = judge(world, world.run())
    assert (found.faults, found.unconfirmed, found.reprints) == ([], 1, 0)


def test_a_command_that_was_cut_off_does_not_swallow_the_next_ticket(tmp_path: Path) -> None:
    """The connection breaks within the order to keep the QR code's data, and the questions that follow are taken for
    its length; this printer cannot be told to forget it."""
    world = World(tmp_path, [Step("unplug", 148), Step("press")], network=True, profile="KR-306")
    found = judge(world, world.run())
    assert "unplug" in world.happened
    assert (found.faults, found.unconfirmed) == ([], 1)
    assert [piece.cut for piece in world.pieces].count("partial") == 1
    assert "A002" in world.pieces[-1].text.splitlines()


@pytest.mark.parametrize("network", [True, False], ids=["network", "cable"])
def test_a_ticket_that_lacks_only_its_cut_comes_out_with_its_reprint_as_one_paper(
    tmp_path: Path, *, network: bool
) -> None:
    """The connection breaks between the last line and the cut. The cutter's counter says that nobody holds the ticket;
    how much of it hangs in the printer nothing says: no cut before the reprint, or there would be two papers."""
    world = World(tmp_path, [Step("unplug", 284), Step("press")], network=network, profile="TM-T88III")
    found = judge(world, world.run())
    assert "unplug" in world.happened
    first = world.pieces[0]
    assert (first.text.count("A001"), first.text.count("RISTAMPA"), first.cut) == (2, 1, "partial")
    assert ["A001" in piece.text for piece in world.pieces] == [True, False]
    assert (found.faults, found.unconfirmed, found.reprints) == ([], 0, 1)
