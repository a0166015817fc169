"""How much paper is left: B3. The count against the paper that the printer of software says it has used."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.virtual.printer.machine import Machine
from firmware_config.virtual.printer.models import MODELS
from kiosk.devices import escpos_bytes
from kiosk.devices.paper import Papers, ticket_mm
from kiosk.devices.status import Condition
from kiosk.receipt import layout
from tests.kiosk.test_second_encoder import TICKETS

WELL = Condition(known=True, reachable=True)
NEAR_END = Condition(known=True, reachable=True, near_end=True)
OUT = Condition(known=True, reachable=True, near_end=True, paper_out=True)
OPEN = Condition(known=True, reachable=True, near_end=True, cover_open=True)


@pytest.mark.parametrize("profile", ["TM-T20II", "TM-T88V", "TSP600"])
@pytest.mark.parametrize("name", TICKETS)
def test_a_ticket_is_as_long_as_the_printer_says(name: str, profile: str) -> None:
    known = escpos_bytes.profile(profile)
    receipt = layout(TICKETS[name], columns=known.columns)
    machine = Machine(MODELS[profile])
    machine.receive(escpos_bytes.build(receipt, known) * 10)
    used_mm = machine.used_dots / machine.model.dots_per_mm / 10
    assert ticket_mm(receipt, known) == pytest.approx(used_mm, rel=0.06)


def test_the_forecast_counts_down_and_a_new_roll_begins_anew(tmp_path: Path) -> None:
    counter = Papers(tmp_path / "paper").of("first", 80_000)
    assert counter.tickets_left is None
    counter.saw(WELL)
    counter.add(100)
    assert counter.tickets_left == 750
    for _ in range(699):
        counter.add(100)
    assert counter.tickets_left == 100
    counter.saw(NEAR_END)
    assert counter.tickets_left == 60, "of 80 m the near-end sensor leaves 8 % at the most"
    counter.saw(OPEN)
    counter.saw(WELL)
    assert counter.tickets_left == 800


def test_an_open_cover_alone_is_no_new_roll(tmp_path: Path) -> None:
    counter = Papers(tmp_path / "paper").of("first", 80_000)
    for _ in range(400):
        counter.add(100)
    counter.saw(OPEN)
    counter.saw(WELL)
    assert counter.tickets_left == 400


def test_what_a_roll_has_is_learned_from_the_one_that_ran_out(tmp_path: Path) -> None:
    counter = Papers(tmp_path / "paper").of("first", 80_000)
    counter.saw(NEAR_END)
    counter.saw(WELL)  # a whole roll, of 60 m in truth, with 3 m behind the sensor
    for _ in range(570):
        counter.add(100)
    counter.saw(NEAR_END)
    for _ in range(30):
        counter.add(100)
    counter.saw(OUT)
    counter.saw(WELL)
    assert counter.tickets_left == 600
    for _ in range(570):
        counter.add(100)
    counter.saw(NEAR_END)
    assert counter.tickets_left == 30


def test_the_count_survives_a_restart_and_a_damaged_file_costs_only_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "paper"
    counter = Papers(path).of("spare", 80_000)
    for _ in range(400):
        counter.add(100)
    assert Papers(path).of("spare", 80_000).tickets_left == 400
    assert Papers(path).of("first", 80_000).tickets_left is None
    path.write_text("{", "utf-8")
    assert Papers(path).of("spare", 80_000).tickets_left is None
