"""A printer's settings are compared, written where they differ, read back; and told truly when the line breaks. [F3]"""

from __future__ import annotations

import pytest

from firmware_config import logo
from firmware_config.errors import FirmwareError
from firmware_config.ledger import Ledger
from firmware_config.model import Desired
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.nv import Logo
from tests.firmware_config.settings.bench import (
    DOTS,
    OTHER_DOTS,
    Cable,
    ledger,
    look,
    printer,
    put,
    truth,
    wish,
)

OLD = Logo(OTHER_DOTS.width, OTHER_DOTS.height, OTHER_DOTS.data)


def test_plan_is_empty_after_apply_and_a_second_apply_writes_nothing() -> None:
    machine, desired, book = printer(), wish(L1=DOTS), ledger()
    cable = Cable(machine)
    found, before = look(cable, desired)
    assert found.values == truth(machine)
    assert [change.setting for change in before.changes][-1] == "logo.L1"
    outcome = put(cable, desired, book)
    assert outcome.error is None
    assert outcome.well
    assert machine.memory.writes == before.writes == 6, "switches, values, speed, flow; logo and its note"
    assert machine.memory.line.baud == machine.line.baud == 38400
    assert machine.memory.logos[b"L1"].data == DOTS.data
    found, after = look(cable, desired)
    assert not after
    assert found.values == truth(machine)
    assert put(cable, desired, book).well
    assert machine.memory.writes == 6
    assert not machine.user_setting


def _used() -> Machine:
    """One in which another program has left a logo and a record under our key."""
    machine = printer()
    machine.memory.records[b"L1"] = b"a note of another program"
    machine.memory.logos[b"L1"] = OLD
    return machine


def _state(machine: Machine) -> tuple[object, ...]:
    return truth(machine), {key: one.data for key, one in machine.memory.logos.items()}


def _try(cable: Cable, desired: Desired, book: Ledger) -> None:
    try:
        outcome = put(cable, desired, book)
    except FirmwareError:
        return  # before the first byte was written
    assert outcome.error


def _cut(at: int, way: str, power: bool, wanted: tuple[object, ...], *, elsewhere: bool = False) -> None:
    desired, machine, book = wish(L1=DOTS), _used(), ledger()
    cable = Cable(machine, out=at if way == "out" else None, back=at if way == "back" else None, power=power)
    _try(cable, desired, book)
    cable.mend()
    if elsewhere:
        book = ledger()
    found, left = look(cable, desired, book)
    assert found.values == truth(machine), at
    wrong = machine.memory.logos[b"L1"].data != DOTS.data
    assert not wrong or "logo.L1" in {change.setting for change in left.changes}, f"a wrong logo is not seen after {at}"
    outcome = put(cable, desired, book)
    assert outcome.well, (at, outcome)
    assert _state(machine) == wanted, at
    assert not machine.user_setting
    written = machine.memory.writes
    assert not look(cable, desired, book)[1]
    assert put(cable, desired, book).well
    assert machine.memory.writes == written


@pytest.mark.parametrize("power", [False, True], ids=["line", "power"])
@pytest.mark.parametrize("way", ["out", "back"])
def test_cut_at_every_byte_of_an_apply_is_shown_truly_and_mended(way: str, power: bool) -> None:
    """From the first byte that may change something on, to the printer and from it; the cable breaks, or the printer's
    power fails."""
    whole = Cable(_used())
    put(whole, wish(L1=DOTS), ledger())
    assert whole.first_write is not None
    total, first = (whole.sent, whole.first_write[0]) if way == "out" else (whole.heard, whole.first_write[1])
    assert total - first > 150
    for at in (*range(0, first, 37), *range(first, total)):
        _cut(at, way, power, _state(whole.machine))


def test_cut_is_mended_from_another_machine_too() -> None:
    """One that does not know that an apply was cut."""
    whole = Cable(_used())
    put(whole, wish(L1=DOTS), ledger())
    for at in range(0, whole.sent, 3):
        _cut(at, "out", False, _state(whole.machine), elsewhere=True)


@pytest.mark.parametrize("way", ["out", "back"])
def test_cut_over_a_network(way: str) -> None:
    desired = wish(values={"print.density": 90, "switch.cr_is_lf": True}, L1=DOTS)
    whole = Cable(_used(), speed=False)
    put(whole, desired, ledger())
    total = whole.sent if way == "out" else whole.heard
    for at in range(0, total, 7):
        machine, book = _used(), ledger()
        cable = Cable(machine, out=at if way == "out" else None, back=at if way == "back" else None, speed=False)
        _try(cable, desired, book)
        cable.mend()
        assert look(cable, desired, book)[0].values == truth(machine)
        assert put(cable, desired, book).well
        assert _state(machine) == _state(whole.machine)


def test_cut_while_a_logo_is_changed_never_leaves_the_old_note_beside_the_new_logo() -> None:
    """Whoever then wants the old logo again is not told that it is there."""
    first, second = wish(values={}, L1=OTHER_DOTS), wish(values={}, L1=DOTS)
    whole = Cable(printer())
    put(whole, first, ledger())
    before = whole.sent
    put(whole, second, ledger())
    for at in range(whole.sent - before):
        cable, book = Cable(printer()), ledger()
        put(cable, first, book)
        cable.out = cable.sent + at
        _try(cable, second, book)
        cable.mend()
        for desired, picture in ((first, OTHER_DOTS), (second, DOTS)):
            if not look(cable, desired, book)[1]:
                assert cable.machine.memory.logos[b"L1"].data == picture.data, at


def test_note_beside_a_logo_is_that_of_its_content() -> None:
    machine = printer()
    put(Cable(machine), wish(values={}, L1=DOTS), ledger())
    assert machine.memory.records[b"L1"].decode() == logo.note(DOTS)
