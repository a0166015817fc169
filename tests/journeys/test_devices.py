"""The buttons of the counters: keypad, MQTT button, serial box; one person a press (D2)."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from dispatcher.wire.client import Client
from firmware_config.virtual.led.line import Line
from firmware_config.virtual.led.slaves import Bus, dm36
from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import stays, wait_until
from tests.kiosk.counter.boxes import Wire
from tests.kiosk.counter.test_decoders import KP, KP_ENTER, PLUS, SLASH, STAR, stroke

pytestmark = pytest.mark.journey
SECRET = "NUMERETTO_DEVICE_BUTTON_2"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    made = Wire(tmp_path_factory.mktemp("serial") / "box")
    yield made
    made.unplug()


@pytest.fixture(scope="module")
def over_1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The numbers over counters 1 and 2, on one line."""
    made = Line(Bus(dm36(1), dm36(2)), tmp_path_factory.mktemp("led") / "led")
    yield made
    made.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, wire: Wire, over_1: Line) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("devices")
    os.mkfifo(folder / "keypad")
    text = sites.site() + sites.service("passport", "A")
    for number in "123":
        text += sites.counter(number, "passport", mode="manual")
    text += sites.table("device", id="keypad-1", kind="evdev", counter="1", port=str(folder / "keypad"))
    text += sites.table("device", id="button-2", kind="tasmota", counter="2", port="sportello2")
    text += sites.table("device", id="box-3", kind="serial_box", counter="3", port=str(wire.name))
    text += sites.table("device", id="over-1", kind="led_modbus", counter="1", port=f"{over_1.url}?map=dm36")
    text += sites.table("device", id="over-2", kind="led_modbus", counter="2", port=f"{over_1.url}?map=dm36&unit=2")
    with running(folder, text) as office:
        for number in "123":
            office.acted(number, "open")
        yield office


def keys(office: Office, *codes: int) -> None:
    with (office.folder / "keypad").open("wb", buffering=0) as keypad:
        keypad.write(b"".join(map(stroke, codes)))


def push(office: Office) -> None:
    """A press on the MQTT button, which lets the broker keep what it says."""
    button = Client(office.broker(), username="button-2", password=office.secrets[SECRET], client_id="sportello2")
    button.start()
    try:
        assert button.wait_connected(10)
        assert button.publish("stat/sportello2/RESULT", b'{"Button1":{"Action":"SINGLE"}}', retain=True, wait_s=5)
    finally:
        button.stop()


def works(office: Office, device: str) -> None:
    """Wait until a device says that nothing is wrong with it."""

    def well() -> bool:
        last = office.observer.last(f"device/{device}/status") or {}
        return last.get("online") is True and not last["problems"]

    wait_until(well, 15, lambda: (office.observer.last(f"device/{device}/status"), office.log(f"device-{device}")))


def waiting(office: Office) -> int:
    return int(office.get("/queues")[0]["waiting"])


def test_each_press_calls_one_person_whatever_button_it_is(office: Office, wire: Wire) -> None:
    """D2: three counters, three kinds of button, three people; two presses of a nervous finger are one."""
    assert {"device-keypad-1", "device-button-2", "device-box-3"} <= set(office.ready["pids"])
    people = [office.issue("passport")["label"] for _ in range(4)]
    for device in ("keypad-1", "button-2", "box-3"):
        works(office, device)
    keys(office, KP_ENTER, KP_ENTER)
    office.at_counter("1", people[0])
    push(office)
    office.at_counter("2", people[1])
    wire.press(17)
    wire.press(17)
    office.at_counter("3", people[2])
    # the second is read before the first is answered, or it is a repeat and answered again
    assert set(wait_until(wire.answer).splitlines()) == {b'{"ack":17}'}
    wire.press(17)
    assert set(wait_until(wire.answer).splitlines()) == {b'{"ack":17}'}, "a repeat is answered again"
    stays(lambda: waiting(office) == 1, 0.5)


def test_the_number_over_a_counter_is_the_one_that_was_called(office: Office, over_1: Line) -> None:
    """C7: a press at the counter stands over it, and nothing when the counter closes; two displays share one line."""
    for device in ("over-1", "over-2"):
        works(office, device)
    called = [office.issue("passport")["label"] for _ in "12"]
    for counter, label in zip("12", called, strict=True):
        office.acted(counter, "call", label=label)
    assert over_1.wait(lambda: over_1.text.replace(" ", "") == "|".join(called)), over_1.text
    for counter in "12":
        office.acted(counter, "close")
    assert over_1.wait(lambda: not over_1.text.strip(" |")), over_1.text
    assert over_1.wrong == []
    for counter in "12":
        office.acted(counter, "open")


def test_recall_and_a_typed_number(office: Office) -> None:
    """D2: `*` calls again; a number and Enter call that one, though another is before."""
    for _person in range(2):
        office.issue("passport")
    held = office.acted("1", "next")["ticket"]["label"]
    works(office, "keypad-1")
    keys(office, STAR)
    wait_until(lambda: len(office.observer.calls_of(held)) == 2)
    wanted = office.issue("passport")["label"]
    keys(office, *(KP[digit] for digit in str(int(wanted[1:]))), KP_ENTER)
    office.at_counter("1", wanted)


def test_keypad_sends_a_ticket_to_another_counter_and_opens_its_own(office: Office) -> None:
    """D2: `2` and `+` send who stands here to counter 2; `/` opens a counter that was closed."""
    office.issue("passport")
    works(office, "keypad-1")
    sent = office.acted("1", "next")["ticket"]["label"]
    keys(office, KP["2"], PLUS)
    wait_until(lambda: office.get("/counters/1")["ticket"] is None)
    assert office.acted("2", "next")["ticket"]["label"] == sent
    office.acted("1", "close")
    keys(office, SLASH)
    wait_until(lambda: office.get("/counters/1")["state"] == "open")


def test_what_the_broker_kept_calls_nobody(office: Office) -> None:
    """D2: a button's last message stands retained; who comes back does not take it for a press."""
    works(office, "button-2")
    for _person in range(2):
        office.issue("passport")
    people = waiting(office)
    push(office)
    wait_until(lambda: waiting(office) == people - 1)
    before = office.get("/counters/2")["ticket"]["label"]
    left = waiting(office)
    said = len(office.observer.all("device/button-2/status"))
    office.back("device-button-2", office.kill("device-button-2"))
    wait_until(lambda: len(office.observer.all("device/button-2/status")) >= said + 2, 20)
    works(office, "button-2")
    stays(lambda: waiting(office) == left, 1.0)
    assert office.get("/counters/2")["ticket"]["label"] == before


def test_box_that_is_unplugged_says_so_and_calls_when_it_is_back(office: Office, wire: Wire) -> None:
    """D2 E1: the office sees that the device has gone; its next press after that counts, once."""
    office.issue("passport")
    works(office, "box-3")
    wire.unplug()
    status = office.observer.wait("device/box-3/status", lambda body: [*codes(body)] == ["port_gone"])
    assert str(wire.name) in status["problems"][0]["text"]
    before = office.get("/counters/3")["ticket"]
    wire.plug()
    works(office, "box-3")
    left = waiting(office)
    wire.press(1)
    assert wait_until(wire.answer) == b'{"ack":1}\n'
    assert office.get("/counters/3")["ticket"] != before
    assert waiting(office) == left - 1


def codes(body: dict[str, object]) -> list[str]:
    problems = body.get("problems", [])
    assert isinstance(problems, list)
    return [str(one["code"]) for one in problems]
