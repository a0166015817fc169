"""A dispenser without its dispatcher: what it offers, prints, shows, says to the office, and hands over (B5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher.wire.messages import IssueRequest
from kiosk import flow
from kiosk.lease import issued_off_line
from kiosk.offline import OffLine
from kiosk.presence import Presence
from kiosk.receipt import layout
from kiosk.spool import Stage
from kiosk.texts import LANGUAGES, Words
from tests.kiosk.alone import Alone, Opened, handed, held, menu
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW, config
from tests.kiosk.test_receipt import TICKET
from tests.servers import until

Make = Callable[..., Rig]


def test_it_offers_what_the_last_menu_says_by_its_hours(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path))
    alone.lease("A", "B")
    assert alone.offline.standing(link=False).reason is None
    assert alone.open() == {"passport": None, "taxes": "hours", "full": "limit"}
    alone.clock.advance(hours=3)
    assert alone.open() == {"passport": "hours", "taxes": "hours", "full": "limit"}
    alone.clock.advance(hours=2)
    assert alone.open() == {"passport": "hours", "taxes": None, "full": "limit"}
    assert alone.offline.standing(link=True).menu == menu(), "on line the dispatcher says it"


def test_used_up_numbers_say_so_to_customers_and_the_office(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path))
    alone.lease("A")
    assert [alone.offline.take("passport") for _ in range(3)] == ["A501", "A502", None]
    standing = alone.offline.standing(link=False)
    assert standing.reason == "offline.exhausted"
    assert standing.problems == {"offline.exhausted": "A, B"}
    alone.lease("B")
    assert alone.offline.standing(link=False).reason is None
    assert alone.open()["passport"] == "offline.none"
    told = []
    presence = Presence(lambda status: bool(told.append(status)) or True, alone.clock.now)
    presence.offline, presence.numbers = standing.problems, alone.offline.figures()
    presence.tell()
    [problem] = told[0].problems
    assert (problem.code, "A, B" in problem.text, told[0].model_extra["numbers"]) == (
        "offline.exhausted", True, {"A": 0, "B": 2},
    )  # fmt: skip


def test_without_a_right_clock_or_numbers_nothing_is_issued(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path, ntp=False))
    assert alone.offline.standing(link=False).reason == "offline.clock"
    alone.lease("A")
    assert (alone.offline.take("passport"), alone.offline.can_issue("passport")) == (None, False)
    assert "offline.clock" in alone.offline.standing(link=True).problems, "the office can mend it before it is needed"
    alone.hear()
    assert alone.offline.take("passport") == "A501"
    assert alone.offline.take("nothing") is None
    alone.clock.advance(hours=19)
    assert alone.offline.standing(link=False).reason == "no_link", "numbers of yesterday"
    off = OffLine(alone.clock)
    assert (off.standing(link=False).reason, off.take("passport"), off.wanted()) == ("no_link", None, {})


def test_numbers_are_fetched_when_half_are_used_and_for_each_new_day(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path, held=4))
    assert alone.offline.wanted() == {}, "not before it knows whose they would be"
    alone.hear()
    assert alone.offline.wanted() == {"A": 4, "B": 4}
    alone.lease("A", "B", count=4)
    assert alone.offline.wanted() == {}
    alone.offline.take("passport")
    assert alone.offline.wanted() == {}
    alone.offline.take("passport")
    assert alone.offline.wanted() == {"A": 2}
    alone.clock.advance(hours=19)
    assert alone.offline.wanted() == {"A": 4, "B": 4}
    alone.offline.configured(config("file:///dev/null", offline=0))
    assert alone.offline.wanted() == {}


# ---- what the customer sees


READY = flow.State(
    screen=flow.Choose(), languages=("it", "en"), language="it", menu=menu(), link=True, trouble=None
)  # fmt: skip
WISH = flow.Wish("k1", "passport", NOW)


def test_the_flow_goes_on_alone_while_there_are_numbers() -> None:
    state, _ = flow.step(READY, flow.Alone(None))
    state, _ = flow.step(state, flow.LinkIs(False))
    assert state.screen == flow.Choose()
    _, effects = flow.step(state, WISH)
    assert [(effect.alone, effect.press.key) for effect in effects if isinstance(effect, flow.Issue)] == [(True, "k1")]
    state, _ = flow.step(state, flow.Alone("offline.exhausted"))
    assert state.screen == flow.OutOfService("offline.exhausted")
    assert flow.step(state, WISH)[1] == ()
    state, _ = flow.step(state, flow.LinkIs(True))
    assert state.screen == flow.Choose()
    assert [effect.alone for effect in flow.step(state, WISH)[1] if isinstance(effect, flow.Issue)] == [False]
    state, _ = flow.step(replace(state, link=False, alone=None), flow.PrinterIs("paper_out"))
    assert state.screen == flow.OutOfService("paper_out")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_that_it_was_issued_off_line(language: str) -> None:
    """No people ahead, no wait, no link: none of them is known."""
    content = replace(TICKET, language=language, off_line=True, status_url="", ahead=0)
    words = Words(language)
    text = layout(content, columns=42).text
    assert words.say("offline.ticket") in text
    assert words.count("ahead", 0) not in text
    assert words.say("wait.unknown") not in text
    assert words.say("ticket.hint") not in text
    assert all(len(line) <= 42 for line in text.splitlines())


# ---- onto paper, and over


def test_off_line_tickets_are_printed_and_handed_over_once(rig: Make, virtual: Callable[..., Virtual]) -> None:
    one, printer = held(rig, virtual)
    one.press("k1", alone=True)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: len(peer.handed) == 2)
    assert printer.labels == handed(one) == ["A501", "A502"]
    assert one.peer.handed[0] == {
        "label": "A501",
        "service": "passport",
        "touched_at": "2026-11-23T08:41:00.000Z",
        "language": "it",
        "assisted": False,
        "paper": "confirmed",
    }
    assert one.saw(flow.Numbered) == flow.Numbered("k1", issued_off_line("A501", NOW))
    assert "Emesso senza collegamento" in printer.texts[0]
    until(lambda: not one.spool.rows())
    assert [verb for verb, _ in one.peer.commands if verb == "issue"] == []


def test_what_waits_to_be_handed_over_is_not_overtaken(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """A number of the dispatcher's own, asked for now, would stand before them."""
    one, printer = held(rig, virtual)
    one.peer.busy = True
    one.press("k1", alone=True)
    one.saw(flow.Paper)
    one.press("k2")
    until(lambda: len(printer.labels) == 2)
    assert printer.labels == ["A501", "A502"]
    one.peer.busy = False
    one.peer.wait(lambda peer: len(peer.handed) == 2)
    until(lambda: not one.spool.rows())
    one.press("k3")
    until(lambda: len(printer.labels) == 3)
    assert printer.labels[2] == "A001", "on line again"


def test_a_dispatcher_that_cannot_write_is_as_good_as_none(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """Its database is away: nothing was issued there, and nothing is to be void."""
    one, printer = held(rig, virtual)
    one.peer.refuse = "unavailable"
    one.press("k1")
    one.peer.wait(lambda peer: len(peer.handed) == 1)
    assert printer.labels == handed(one) == ["A501"]
    one.peer.refuse = "service_closed"
    until(lambda: not one.spool.rows())
    one.press("k2")
    assert one.saw(flow.NoTicket).code == "service_closed"


def test_the_hand_over_survives_the_end_of_the_program(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """B4 and B5: nothing printed is forgotten, nothing is printed twice, no number given twice."""
    one, printer = held(rig, virtual)
    one.peer.busy = True
    one.press("k1", alone=True)
    one.saw(flow.Paper)
    stop(one)
    again = rig(printer.url, held=4)
    again.peer.wait(lambda peer: len(peer.handed) == 1)
    assert handed(again) == ["A501"]
    again.settled()
    again.press("k2", alone=True)
    again.peer.wait(lambda peer: len(peer.handed) == 2)
    assert printer.labels == handed(again) == ["A501", "A502"]


def test_a_ticket_that_never_reached_the_printer_is_not_handed_over(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """A power cut between the number and the first byte: its customer has no paper."""
    one, printer = held(rig, virtual)
    label = one.offline.take("passport")
    assert label == "A501"
    stop(one)
    again = rig(printer.url, held=4, start=False)
    asked = IssueRequest(request_id="k1", service="passport", touched_at=NOW, language="it")
    row = again.spool.own(asked, "Passaporti", issued_off_line(label, NOW))
    assert (row.stage, row.off_line, row.wish) == (Stage.ALLOCATED, True, "k1")
    again.desk.start()
    again.reporter.start()
    until(lambda: not again.spool.rows())
    assert (again.peer.handed, printer.labels) == ([], [])
    again.settled()
    again.press("k2", alone=True)
    again.peer.wait(lambda peer: len(peer.handed) == 1)
    assert printer.labels == ["A502"]


def test_what_may_be_on_paper_is_handed_over_and_what_failed_is_not(rig: Make, virtual: Callable[..., Virtual]) -> None:
    one = rig(virtual().url, held=4, start=False)
    for number, stage in enumerate((Stage.CONFIRMED, Stage.FAILED, Stage.UNCONFIRMED), 501):
        asked = IssueRequest(request_id=str(stage), service="passport", touched_at=NOW, language="it", assisted=True)
        row = one.spool.own(asked, "Passaporti", issued_off_line(f"A{number}", NOW))
        one.spool.sent(row.key, pid="abcd", baseline=1)
        one.spool.result(row.key, stage)
    one.desk.start()
    one.reporter.start()
    one.peer.wait(lambda peer: len(peer.handed) == 2)
    told = [(ticket["label"], ticket["paper"], ticket["assisted"]) for ticket in one.peer.handed]
    assert told == [("A501", "confirmed", True), ("A503", "unconfirmed", True)]
    until(lambda: not one.spool.rows())
    assert "printed" not in [verb for verb, _ in one.peer.commands]


def test_a_lost_answer_costs_no_numbers(rig: Make, virtual: Callable[..., Virtual]) -> None:
    printer = virtual()
    one = rig(printer.url, held=4, start=False)
    one.peer.mute = True
    one.desk.start()
    one.reporter.start()
    one.peer.wait(lambda peer: any(verb == "lease" for verb, _ in peer.commands))
    one.peer.mute = False
    until(lambda: one.offline.can_issue("passport"))
    asked = [body for verb, body in one.peer.commands if verb == "lease" and body["series"] == "A"]
    assert len({body["request_id"] for body in asked}) == 1
    assert one.offline.figures()["A"] == 4
