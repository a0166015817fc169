"""What is never written, what is written no more today, and printers that are found at another speed. [F3]"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from firmware_config import apply
from firmware_config.errors import NoAnswer, Unsuitable, Worn
from firmware_config.ledger import Ledger, MemoryBook
from firmware_config.model import LineSettings
from firmware_config.profile import profiles
from firmware_config.session import connect
from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.nv import Logo
from tests.firmware_config.settings.bench import (
    DOTS,
    OTHER_DOTS,
    TODAY,
    Cable,
    ledger,
    look,
    open_session,
    printer,
    put,
    wish,
)


@pytest.mark.parametrize("model", sorted(set(MODELS) - {"TM-T20II", "TM-T90", "CT-S300", "KPM180", "Reliance"}))
def test_unknown_model_is_read_and_never_written(model: str) -> None:
    machine = Machine(MODELS[model])
    session = connect(Cable(machine).place, pause=lambda _s: None)
    found = session.read()
    assert (found.identity.model, found.settings_read) == (model, False)
    before = machine.received
    with pytest.raises(Unsuitable, match="never written"):
        apply.suitable(session, wish(), profiles()["TM-T20II"])
    with pytest.raises(Unsuitable):
        apply.apply(session, found, wish(), ledger())
    assert (machine.memory.writes, machine.received) == (0, before)


def test_file_for_another_printer_is_refused() -> None:
    session = open_session(Cable(printer("TM-T90")), wish())
    with pytest.raises(Unsuitable, match="is a EPSON TM-T90, and the file is for a TM-T20II"):
        apply.suitable(session, wish(), profiles()["TM-T20II"])


@pytest.mark.parametrize("model", ["KPM180", "Reliance"])
def test_printer_that_does_not_say_who_it_is_is_left_alone(model: str) -> None:
    machine = Machine(MODELS[model])
    with pytest.raises(NoAnswer, match="not who it is"):
        connect(Cable(machine).place, pause=lambda _s: None)


def test_printer_without_paper_is_not_touched() -> None:
    machine = printer()
    machine.fault("paper_out")
    with pytest.raises(Unsuitable, match="off line"):
        open_session(Cable(machine), wish())
    assert machine.memory.writes == 0


def test_ten_writes_a_day_and_no_more() -> None:
    machine, days = printer(), [TODAY]
    book = Ledger(MemoryBook(), lambda: days[0])
    for density in (70, 75, 80, 85, 90, 95, 105, 110, 115):
        assert put(Cable(machine), wish(values={"print.density": density}), book).well
    assert machine.memory.writes == 9
    with pytest.raises(Worn, match="2 writes are needed, and 9 of the 10"):
        put(Cable(machine), wish(values={"print.density": 140, "switch.cr_is_lf": True}), book)
    assert machine.memory.writes == 9, "all or nothing"
    assert put(Cable(machine), wish(values={"print.density": 140}), book).well
    assert put(Cable(machine), wish(values={"print.density": 140}), book).well, "nothing differs: nothing wears"
    days[0] += timedelta(days=1)
    assert put(Cable(machine), wish(values={"print.density": 130}), book).well
    assert book.writes("EPSON TM-T20II VP00000001") == 1


def test_citizen_is_set_by_its_own_polarity_and_read_in_its_setting_mode() -> None:
    machine = printer("CT-S300")
    desired = wish("CT-S300", {"switch.power_on_notice": False})
    found, left = look(Cable(machine), desired)
    assert found.values["switch.power_on_notice"] is True
    assert [(change.now, change.wanted) for change in left.changes] == [("on", "off")]
    assert put(Cable(machine), desired, ledger()).well
    assert machine.memory.switches[1][-1] == "1"
    assert not machine.memory.notice


@pytest.mark.parametrize("baud", [2400, 9600, 19200, 115200])
def test_printer_is_found_at_whatever_speed_it_listens(baud: int) -> None:
    machine = printer(baud=baud)
    session = open_session(Cable(machine), wish())
    assert session.line == LineSettings(baud=baud)
    assert session.read().values["line.baud"] == baud


def test_dead_line_says_what_to_look_at() -> None:
    machine = printer()
    machine.fault("silence")
    with pytest.raises(NoAnswer, match="Is the printer on"):
        open_session(Cable(machine), wish())


def test_logo_is_written_again_only_when_its_content_differs() -> None:
    machine, book = printer(), ledger()
    put(Cable(machine), wish(values={}, L1=DOTS), book)
    assert machine.memory.writes == 2
    put(Cable(machine), wish(values={}, L1=DOTS), book)
    assert machine.memory.writes == 2
    put(Cable(machine), wish(values={}, L1=OTHER_DOTS), book)
    assert machine.memory.writes == 5, "the old note is taken away first, so that a cut is seen"
    assert machine.memory.logos[b"L1"].data == OTHER_DOTS.data


def test_other_logos_and_settings_are_left_alone() -> None:
    machine = printer()
    machine.memory.logos[b"ZZ"] = Logo(8, 1, b"\x01")
    machine.memory.switches[2] = "10101010"
    put(Cable(machine), wish(L1=DOTS), ledger())
    assert machine.memory.logos[b"ZZ"].data == b"\x01"
    assert machine.memory.switches[2] == "10101010"


def test_other_memory_sizes_are_announced_as_wiping_and_logos_written_anew() -> None:
    machine, book = printer(), ledger()
    put(Cable(machine), wish(values={}, L1=DOTS), book)
    desired = wish(values={"memory.graphics": 2}, L1=DOTS)
    left = look(Cable(machine), desired)[1]
    assert [(one.setting, one.wipes) for one in left.changes] == [("memory.graphics", True), ("logo.L1", False)]
    assert put(Cable(machine), desired, book).well
    assert machine.memory.logos[b"L1"].data == DOTS.data


def test_printer_that_does_not_keep_what_was_written_is_told() -> None:
    machine = printer("TM-T90")
    desired = wish("TM-T20II", {"print.speed": 12})  # the T90 goes to 9 only
    session = open_session(Cable(machine), desired)
    session.profile = profiles()["TM-T20II"]
    outcome = apply.apply(session, session.read(), desired, ledger())
    assert outcome.error == "print.speed was written as 12, and the printer says 7"
    assert (outcome.unknown, outcome.confirmed) == (["print.speed"], [])


def test_chatter_between_answers_is_passed_over() -> None:
    """Automatic status, XON/XOFF and a power-on notice may stand anywhere between. [B3]"""
    machine = printer()
    machine.receive(bytes.fromhex("1D 61 0F"))
    session = open_session(Cable(machine), wish())
    machine.fault("near_end")
    machine.fault("none")
    assert session.read().values["line.baud"] == 19200


def test_days_are_counted_by_the_clock_that_is_handed_in() -> None:
    book = Ledger(MemoryBook(), lambda: date(2026, 3, 29))
    book.count("A")
    assert (book.writes("A"), book.writes("B")) == (1, 0)
