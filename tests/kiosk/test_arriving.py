"""Somebody with a number already: B6 check-in, B7 a missed call; by touch and by scanner."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher.wire import memory
from dispatcher.wire.device import DeviceLink, will_of
from kiosk import arriving, flow, moves
from kiosk.arrivals import Arrivals
from kiosk.devices.scanner import Lines, SerialScanner, Wedge
from kiosk.moves import Arrived, Ask, Enter, Proof
from kiosk.reception import Reception
from tests.kiosk.peer import KIOSK, NOW, SITE, Peer
from tests.kiosk.test_flow import ISSUED, READY, _run

TOKEN = "Zq3vYb1kXw9TtPq0aL2m_w"
CODE = "7K4M9P2Q"


def _keys(text: str) -> list[flow.Event]:
    return [moves.Key(letter) for letter in text]


def test_a_code_by_touch_is_asked_once_it_is_whole() -> None:
    state, effects = _run(READY, moves.OpenEntry("check_in"), *_keys("7K4M9P2"), moves.Submit("q1"))
    assert (state.screen, effects) == (Enter("check_in", "7K4M9P2"), [])
    state, _ = _run(state, *_keys("X"), moves.Key("back"), *_keys("QZ"))
    assert state.screen == Enter("check_in", CODE)
    state, effects = _run(state, moves.Submit("q1"))
    assert effects == [Ask("q1", "check_in", Proof(code=CODE))]
    assert state.screen == moves.Asking("q1", "check_in")
    early = Arrived("early", "AA07", at=NOW)
    assert _run(state, moves.Told("q0", early))[0] == state
    state, _ = _run(state, moves.Told("q1", early))
    assert state.screen == early
    assert _run(state, flow.Dismiss())[0].screen == flow.Choose()


def test_a_missed_call_by_touch_with_the_offices_letters() -> None:
    state = replace(READY, house=moves.House(letters=("B", "A")))
    assert arriving.keys(state, "rejoin") == "AB0123456789"
    state, effects = _run(state, moves.OpenEntry("rejoin"), *_keys("CA045"), moves.Submit("q1"))
    assert effects == [Ask("q1", "rejoin", Proof(label="A045"))]


def test_late_may_go_back_into_the_queue_with_what_was_shown() -> None:
    late = Arrived("late", "AA07", again=Proof(code=CODE))
    state, effects = _run(replace(READY, screen=late), moves.Rejoin("q2"))
    assert effects == [Ask("q2", "rejoin", Proof(code=CODE))]
    assert _run(replace(READY, screen=Arrived("early")), moves.Rejoin("q2"))[1] == []
    assert state.screen == moves.Asking("q2", "rejoin")


@pytest.mark.parametrize(
    "screen",
    [
        flow.Choose(),
        moves.Attract(),
        moves.Have(),
        Enter("rejoin"),
        flow.OutOfService("paper_out"),
        Arrived("early"),
        flow.Ticket(ISSUED, "take"),
        flow.Sorry("no_answer"),
    ],
)
def test_a_scan_works_at_once_wherever_no_ticket_is_on_its_way(screen: flow.Screen) -> None:
    trouble = "paper_out" if isinstance(screen, flow.OutOfService) else None
    state, effects = _run(replace(READY, screen=screen, trouble=trouble), moves.Scanned("q1", Proof(token=TOKEN)))
    assert effects == [Ask("q1", "scan", Proof(token=TOKEN))]
    state, _ = _run(state, moves.Told("q1", Arrived("due", "AA07")))
    assert state.screen == Arrived("due", "AA07")
    if trouble:
        assert _run(state, flow.Dismiss())[0].screen == flow.OutOfService("paper_out")


def test_no_scan_interrupts_a_ticket() -> None:
    for screen in (flow.Issuing(flow.Press("k", "passport", NOW, "it")), flow.OutOfService("cutter", "A001")):
        held = (("k", "A001"),) if isinstance(screen, flow.OutOfService) else ()
        state = replace(READY, screen=screen, held=held, trouble="cutter")
        assert _run(state, moves.Scanned("q1", Proof(token=TOKEN)))[1] == []
    printing = replace(READY, screen=flow.Ticket(ISSUED, "printing"))
    assert _run(printing, moves.Scanned("q1", Proof(token=TOKEN)))[1] == []


def test_without_the_dispatcher_it_says_sorry() -> None:
    away = replace(READY, link=False, screen=moves.Have())
    assert _run(replace(away, screen=flow.OutOfService("no_link")), moves.Scanned("q", Proof(code=CODE)))[0].screen == (
        Arrived("away")
    )
    state, _ = _run(READY, moves.Scanned("q1", Proof(code=CODE)), flow.Tick(12))
    assert state.screen == Arrived("away")
    assert _run(READY, moves.Scanned("q1", None))[0].screen == Arrived("unreadable")


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        (f"http://127.0.0.1:8000/t/{TOKEN}", Proof(token=TOKEN)),
        (f"https://office.example/torino/t/{TOKEN}/\n", Proof(token=TOKEN)),
        ("7k4m-9p2q", Proof(code=CODE)),
        ("7K4M 9PZO", Proof(code="7K4M9PZ0")),
        ("a045", Proof(label="A045")),
        ("AA07", Proof(label="AA07")),
        ("AB07", None),
        ("https://office.example/", None),
        (f"https://office.example/x/{TOKEN}", None),
        ("https://office.example/t/%00%00", None),
        ("4006381333931", None),
        ("", None),
    ],
)
def test_what_a_scanner_reads(text: str, proof: Proof | None) -> None:
    assert arriving.read_scan(text) == proof


def test_a_scanner_that_types_is_told_from_fingers() -> None:
    wedge = Wedge()
    assert [wedge.take(letter, at / 100) for at, letter in enumerate("AA07\r")][-1] == "AA07"
    assert [wedge.take(letter, 10 + at / 2) for at, letter in enumerate("AA07\r")][-1] is None
    assert wedge.take("\r", 100) is None


def test_a_keyboard_is_read_only_where_the_settings_say_that_it_scans(office: Office) -> None:
    came: list[flow.Event] = []
    reception = Reception(office.device, came.append)
    for types in (False, True):
        reception.use(None, types=types)
        for at, letter in enumerate("AA07\r"):
            reception.typed(letter, at / 100)
    assert [event.proof for event in came if isinstance(event, moves.Scanned)] == [Proof(label="AA07")]


def test_lines_of_a_serial_scanner() -> None:
    lines = Lines()
    assert [lines.take(data) for data in (b"AA0", b"7\r", b"\nA045\r\nx")] == [[], ["AA07"], ["A045"]]


def test_a_serial_scanner_is_read_and_opened_again(tmp_path: Path) -> None:
    master, slave = os.openpty()
    link = tmp_path / "scanner"
    link.symlink_to(os.ttyname(slave))
    read, came = [], threading.Event()

    def hear(text: str) -> None:
        read.append(text)
        came.set()

    scanner = SerialScanner(f"serial://{link}?baud=9600", hear, lambda _gone: None)
    scanner.start()
    try:
        for _attempt in range(50):
            os.write(master, b"https://office.example/t/abc\r\n")
            if came.wait(0.1):
                break
        assert read[0] == "https://office.example/t/abc"
    finally:
        scanner.stop(5)
        os.close(master)
        os.close(slave)
    with pytest.raises(ValueError, match="serial"):
        SerialScanner("serial://", hear, lambda _gone: None)


class Office:
    """The kiosk's thread against a dispatcher in memory that answers as it is told."""

    def __init__(self) -> None:
        broker = memory.Broker()
        back = memory.Client(broker)
        self.peer = Peer(back)
        back.start()
        client = memory.Client(broker, will=will_of(SITE, KIOSK))
        self.device = DeviceLink(client, SITE, KIOSK)
        client.start()
        self.told: list[moves.Told] = []
        self.changed = threading.Condition()
        self.arrivals = Arrivals(self.device, self._hear, repeat_after_s=0.5)

    def _hear(self, told: moves.Told) -> None:
        with self.changed:
            self.told.append(told)
            self.changed.notify_all()

    def ask(self, purpose: str, proof: Proof) -> Arrived:
        """The answer to one question."""
        key = f"q{len(self.told)}"
        self.arrivals.ask(Ask(key, purpose, proof))
        with self.changed:
            assert self.changed.wait_for(lambda: any(told.key == key for told in self.told), 10)
            return next(told.arrived for told in self.told if told.key == key)


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    made.arrivals.start()
    yield made
    made.arrivals.stop(5)


def test_answers_of_the_office_become_what_the_screen_says(office: Office) -> None:
    instant = "2026-11-23T09:30:00.000Z"
    office.peer.answers["check_in"] = {"ok": True, "result": "early", "label": "AA07", "priority_from": instant}
    early = office.ask("check_in", Proof(code=CODE))
    assert (early.result, early.label, early.at.isoformat()) == ("early", "AA07", "2026-11-23T09:30:00+00:00")
    office.peer.answers["check_in"] = {
        "ok": True, "result": "called", "label": "AA07", "counter": "c3", "counter_name": "3"
    }  # fmt: skip
    assert office.ask("scan", Proof(token=TOKEN)) == Arrived("called", "AA07", counter="3")
    office.peer.answers["check_in"] = {"ok": True, "result": "late", "label": "AA07"}
    assert office.ask("scan", Proof(token=TOKEN)) == Arrived("late", "AA07", again=Proof(token=TOKEN))
    assert [verb for verb, _body in office.peer.commands] == ["check_in"] * 3
    assert office.peer.commands[1][1]["code"] == TOKEN


@pytest.mark.parametrize(
    ("rejoin", "arrived"),
    [
        ("yes", Arrived("late", "AA07", again=Proof(code=CODE))),
        ("within", Arrived("too_late", "AA07")),
        ("times", Arrived("too_often", "AA07")),
        ("closed", Arrived("closed", "AA07")),
        ("never", Arrived("not_missed", "AA07")),
    ],
)
def test_the_way_back_is_offered_only_where_there_is_one(office: Office, rejoin: str, arrived: Arrived) -> None:
    """B7: no button that would then be refused; what is said instead is why."""
    office.peer.answers["check_in"] = {"ok": True, "result": "late", "label": "AA07", "rejoin": rejoin}
    assert office.ask("check_in", Proof(code=CODE)) == arrived


def test_the_paper_of_a_missed_ticket_under_the_scanner_goes_back_into_the_queue(office: Office) -> None:
    office.peer.answers["check_in"] = {"ok": True, "result": "unknown"}
    office.peer.answers["rejoin"] = {"ok": True, "label": "A045", "ahead": 4}
    assert office.ask("scan", Proof(token=TOKEN)) == Arrived("back", "A045", ahead=4)
    assert office.ask("scan", Proof(label="A045")) == Arrived("back", "A045", ahead=4)
    assert office.ask("check_in", Proof(code=CODE)) == Arrived("unknown")


def _refusal(code: str, **more: object) -> dict[str, object]:
    error = {"code": code, "message": "no", **{key: more[key] for key in ("field",) if key in more}}
    return {"ok": False, "error": error, **{key: more[key] for key in ("ticket",) if key in more}}


@pytest.mark.parametrize(
    ("answer", "arrived"),
    [
        (_refusal("not_found"), Arrived("unknown")),
        (_refusal("limit_reached", field="rejoin_within"), Arrived("too_late", "A045")),
        (_refusal("limit_reached", field="rejoin_times"), Arrived("too_often", "A045")),
        (_refusal("service_closed"), Arrived("closed", "A045")),
        (_refusal("not_callable", ticket={"label": "A045", "state": "served"}), Arrived("not_missed", "A045")),
        (
            _refusal("not_callable", ticket={"label": "A045", "state": "waiting", "ahead": 2}),
            Arrived("in_queue", "A045", ahead=2),
        ),
        (
            _refusal(
                "not_callable", ticket={"label": "A045", "state": "called", "counter": "c3", "counter_name": "Sala 2"}
            ),
            Arrived("called", "A045", counter="Sala 2"),
        ),
        (_refusal("unavailable"), Arrived("away")),
    ],
)
def test_why_nobody_comes_back(office: Office, answer: dict[str, object], arrived: Arrived) -> None:
    office.peer.answers["rejoin"] = answer
    assert office.ask("rejoin", Proof(label="A045")) == arrived


def test_no_answer_is_said_soon(office: Office) -> None:
    office.peer.mute = True
    assert office.ask("check_in", Proof(code=CODE)) == Arrived("away")
