"""The driver against displays made of software, over pseudo terminals. [C7]"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from dispatcher.wire.clock import ManualClock
from display.led.driver import FIRST_BACK_OFF_S, LAST_BACK_OFF_S, REFRESH_S, Driver, PortGone, SerialPort
from display.led.frames import AsciiLine, Face, dm36, led485
from firmware_config.virtual.led import slaves
from firmware_config.virtual.led.line import Line
from firmware_config.virtual.led.slaves import Slave
from tests.display.samples import NINE

KINDS: dict[str, tuple[Face, Callable[[], Slave]]] = {
    "dm36": (dm36(), slaves.dm36),
    "led485": (led485(), slaves.led485),
    "ascii": (AsciiLine(), slaves.AsciiSlave),
}
SHOWN = {"dm36": "A042  ", "led485": "  A042", "ascii": " 042"}


class Desk:
    """One display of a kind and its driver; the clock is moved by hand."""

    def __init__(self, kind: str, folder: Path, face: Face | None = None) -> None:
        self.face, self._make = KINDS[kind]
        self.face = face or self.face
        self.link = folder / "led"
        self.line = Line(self._make(), self.link)
        self.opened: list[float] = []
        self.clock = ManualClock(NINE)
        self.driver = Driver(self.face, self._open, self.clock.monotonic)

    def _open(self) -> SerialPort:
        self.opened.append(self.clock.monotonic())
        return SerialPort(str(self.link), 9600)

    def unplug(self) -> None:
        self.line.close()

    def plug(self) -> None:
        self.line = Line(self._make(), self.link)

    def say(self, label: str) -> None:
        self.driver.turn(self.face.number(label))

    def shows(self, text: str) -> bool:
        return self.line.wait(lambda: self.line.text == text)


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(tmp_path: Path, kind: str) -> Iterator[Desk]:
    made = Desk(kind, tmp_path)
    yield made
    made.driver.close()
    if made.link.is_symlink():
        made.unplug()


@pytest.fixture
def modbus(tmp_path: Path) -> Iterator[Desk]:
    made = Desk("dm36", tmp_path)
    yield made
    made.driver.close()
    if made.link.is_symlink():
        made.unplug()


def test_number_comes_to_stand_on_the_display(desk: Desk, kind: str) -> None:
    desk.say("A042")
    assert desk.shows(SHOWN[kind])
    assert (desk.driver.faults, desk.line.wrong) == ({}, [])


def test_same_number_is_written_again_only_every_two_seconds(desk: Desk) -> None:
    desk.say("A042")
    desk.clock.advance(seconds=REFRESH_S - 0.01)
    desk.say("A042")
    assert desk.driver.due() == REFRESH_S
    desk.clock.advance(seconds=0.01)
    desk.say("A042")
    desk.say("A042")
    desk.say("B001")  # the line keeps the order: whatever was sent before this is counted
    assert desk.line.wait(lambda: desk.line.text.strip().endswith("001"))
    assert (desk.line.writes, desk.line.wrong) == (3, [])


def test_display_that_lost_its_power_has_its_number_again(desk: Desk, kind: str) -> None:
    desk.say("A042")
    assert desk.shows(SHOWN[kind])
    desk.line.power_cycle()
    assert not desk.line.text.strip()
    desk.clock.advance(seconds=REFRESH_S)
    desk.say("A042")
    assert desk.shows(SHOWN[kind])


def test_refresh_writes_at_the_next_turn(desk: Desk) -> None:
    desk.say("A042")
    assert desk.line.wait(lambda: desk.line.writes == 1)
    desk.driver.refresh()
    desk.say("A042")
    assert desk.line.wait(lambda: desk.line.writes == 2)


def test_silent_display_is_reported_and_has_its_number_when_it_is_back(modbus: Desk) -> None:
    modbus.say("A042")
    modbus.line.silence()
    modbus.say("A043")
    assert list(modbus.driver.faults) == ["led_silent"]
    assert not modbus.driver.blinks
    modbus.say("A043")
    assert modbus.line.writes == 1, "not asked again before it is time"
    modbus.line.silence(on=False)
    modbus.clock.advance(seconds=REFRESH_S)
    modbus.say("A043")
    assert modbus.driver.faults == {}
    assert modbus.line.text == "A043  "
    assert modbus.opened == [0.0]


def test_one_lost_answer_is_no_fault(tmp_path: Path) -> None:
    class Forgetful(slaves.ModbusSlave):
        def receive(self, data: bytes) -> bytes:
            return super().receive(data) if self.writes else super().receive(data)[:0]

    link = tmp_path / "led"
    line = Line(Forgetful(0, packed=False), link)
    driver = Driver(dm36(), lambda: SerialPort(str(link), 9600), ManualClock(NINE).monotonic)
    try:
        driver.turn("A042  ")
        assert (driver.faults, line.writes, line.text) == ({}, 2, "A042  ")
    finally:
        driver.close()
        line.close()


def test_display_of_the_other_map_refuses_and_that_is_said(tmp_path: Path) -> None:
    desk = Desk("led485", tmp_path, face=dm36())
    try:
        desk.say("A042")
        assert list(desk.driver.faults) == ["led_refused"]
        assert "exception 2" in desk.driver.faults["led_refused"]
        assert desk.line.text == "      "
    finally:
        desk.driver.close()
        desk.unplug()


def test_unplugged_adapter_is_reported_and_found_again(desk: Desk, kind: str) -> None:
    desk.say("A042")
    assert desk.shows(SHOWN[kind])
    desk.unplug()
    desk.clock.advance(seconds=REFRESH_S)
    desk.say("A042")
    assert list(desk.driver.faults) == ["port_gone"]
    desk.plug()
    desk.say("A042")
    assert not desk.line.text.strip(), "not before it is time"
    desk.clock.advance(seconds=FIRST_BACK_OFF_S)
    desk.say("A042")
    assert desk.shows(SHOWN[kind])
    assert desk.driver.faults == {}


def test_missing_port_is_tried_ever_more_seldom() -> None:
    clock = ManualClock(NINE)
    tried: list[float] = []

    def gone() -> SerialPort:
        tried.append(clock.monotonic())
        raise PortGone("no such file")

    driver = Driver(dm36(), gone, clock.monotonic)
    for _ in range(9):
        driver.turn("A042  ")
        clock.advance(seconds=driver.due() - clock.monotonic())
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, LAST_BACK_OFF_S, LAST_BACK_OFF_S, LAST_BACK_OFF_S]


def test_port_that_is_no_serial_line_is_gone(tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.write_bytes(b"")
    with pytest.raises(PortGone):
        SerialPort(str(plain), 9600)


def test_blinking_is_left_out_on_a_very_slow_line(tmp_path: Path) -> None:
    line = Line(slaves.dm36(), tmp_path / "led")
    driver = Driver(dm36(), lambda: SerialPort(str(line.path), 1200), ManualClock(NINE).monotonic)
    try:
        driver.turn("A042  ")
        assert not driver.blinks
    finally:
        driver.close()
        line.close()


def test_displays_on_one_line_speak_one_after_the_other(tmp_path: Path) -> None:
    """Each is driven by a program of its own; here by a thread with a port of its own. No frame runs into another."""
    line = Line(slaves.Bus(*(slaves.dm36(unit) for unit in (1, 2, 3))), tmp_path / "led")
    clock = ManualClock(NINE)
    drivers = [Driver(dm36(unit), lambda: SerialPort(str(line.path), 9600), clock.monotonic) for unit in (1, 2, 3)]

    def count(driver: Driver, letter: str) -> None:
        for number in range(12):
            driver.turn(f"{letter}{number:03}  ")

    threads = [threading.Thread(target=count, args=pair) for pair in zip(drivers, "ABC", strict=True)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert [driver.faults for driver in drivers] == [{}, {}, {}]
        assert (line.text, line.wrong) == ("A011  |B011  |C011  ", [])
        assert 36 <= line.writes <= 39, "an answer that a busy machine gives too late is asked for again"
    finally:
        for driver in drivers:
            driver.close()
        line.close()


def test_line_that_another_program_keeps_is_said(tmp_path: Path) -> None:
    line = Line(slaves.dm36(), tmp_path / "led")
    try:
        with serial.Serial(str(line.path), 9600, exclusive=True):
            driver = Driver(dm36(), lambda: SerialPort(str(line.path), 9600), ManualClock(NINE).monotonic)
            driver.turn("A001  ")
            assert list(driver.faults) == ["port_gone"]
            assert "another program" in driver.faults["port_gone"]
    finally:
        line.close()
