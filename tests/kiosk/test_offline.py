"""A dispenser without its dispatcher: what it offers, prints, shows, says to the office, and hands over (B5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher.wire.clock import ManualClock
from dispatcher.wire.messages import Heartbeat, IssueRequest, Leased, Menu, MenuGroup, OfflineTicket
from kiosk import flow
from kiosk.lease import Leases, issued_off_line
from kiosk.offline import OffLine
from kiosk.presence import Presence
from kiosk.receipt import layout
from kiosk.refusals import AGAIN_S, Refusals, told
from kiosk.spool import Stage
from kiosk.texts import LANGUAGES, Words
from kiosk.timekeeper import Timekeeper
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW, config, service
from tests.kiosk.test_receipt import TICKET

Make = Callable[..., Rig]
LUNCH = NOW + timedelta(hours=3)
AFTERNOON = NOW + timedelta(hours=5)


def _menu(**fields: object) -> Menu:
    services = (
        service("passport", "Passaporti", letter="A", closes_at=LUNCH, waiting=3),
        service("taxes", "Tasse", letter="B", open=False, reason="hours", opens_at=AFTERNOON),
        service("full", "Esaurito", letter="A", open=False, reason="limit", opens_at=AFTERNOON),
    )
    return Menu(revision=1, groups=(MenuGroup(id="", services=services),))


class Alone:
    """An `OffLine` with a clock that is moved by hand."""

    def __init__(self, folder: Path, *, held: int = 2, ntp: bool = True, menu: Menu | None = None) -> None:
        self.clock = ManualClock(NOW)
        self.leases = Leases(folder / "lease")
        keeper = Timekeeper(self.clock, self.leases, boot=lambda: "boot", synchronised=lambda: ntp)
        self.offline = OffLine(self.clock, self.leases, keeper=keeper)
        self.offline.configured(config("file:///dev/null", offline=held))
        self.offline.offers(menu or _menu())

    def lease(self, *letters: str, count: int = 2) -> None:
        body = {"from": 501, "to": 500 + count, "day": "2026-11-23", "expires": NOW + timedelta(hours=18)}
        for letter in letters:
            self.leases.grant(letter, Leased.model_validate(body), now=self.clock.now(), epoch="e")

    def hear(self) -> None:
        beat = Heartbeat(epoch="e", revision=1, at=self.clock.now())
        self.offline.heard(beat.model_dump_json().encode())

    def open(self) -> dict[str, str | None]:
        """Services by id: None when open, else the reason."""
        menu = self.offline.standing(link=False).menu
        assert menu is not None
        return {one.id: None if one.open else str(one.reason) for one in menu.groups[0].services}


Opened = Callable[[Alone], Alone]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """opened(Alone(…)): its file is closed with the test."""
    made: list[Alone] = []

    def begin(one: Alone) -> Alone:
        made.append(one)
        return one

    yield begin
    for one in made:
        one.leases.close()


def test_it_offers_what_the_last_menu_says_by_its_hours(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path))
    alone.lease("A", "B")
    assert alone.offline.standing(link=False).reason is None
    assert alone.open() == {"passport": None, "taxes": "hours", "full": "limit"}
    alone.clock.advance(hours=3)
    assert alone.open() == {"passport": "hours", "taxes": "hours", "full": "limit"}
    alone.clock.advance(hours=2)
    assert alone.open() == {"passport": "hours", "taxes": None, "full": "limit"}
    assert alone.offline.standing(link=True).menu == _menu(), "on line the dispatcher says it"


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
    screen=flow.Choose(), languages=("it", "en"), language="it", menu=_menu(), link=True, trouble=None
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


def _held(rig: Make, virtual: Callable[..., Virtual], count: int = 4) -> tuple[Rig, Virtual]:
    """A desk at work with that many numbers of each letter."""
    printer = virtual()
    made = rig(printer.url, held=count)
    made.settled()
    made.reporter.wake()
    made.peer.wait(lambda peer: len(peer.leased) == 3)
    _until(lambda: made.offline.can_issue("passport"))
    return made, printer


def _until(holds: Callable[[], object], timeout_s: float = 10) -> None:
    pause = threading.Event()
    for _ in range(round(timeout_s * 50)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError(holds)


def _labels(one: Rig) -> list[str]:
    return [ticket["label"] for ticket in one.peer.handed]


def test_off_line_tickets_are_printed_and_handed_over_once(rig: Make, virtual: Callable[..., Virtual]) -> None:
    one, printer = _held(rig, virtual)
    one.press("k1", alone=True)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: len(peer.handed) == 2)
    assert printer.labels == _labels(one) == ["A501", "A502"]
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
    _until(lambda: not one.spool.rows())
    assert [verb for verb, _ in one.peer.commands if verb == "issue"] == []


def test_what_waits_to_be_handed_over_is_not_overtaken(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """A number of the dispatcher's own, asked for now, would stand before them."""
    one, printer = _held(rig, virtual)
    one.peer.busy = True
    one.press("k1", alone=True)
    one.saw(flow.Paper)
    one.press("k2")
    _until(lambda: len(printer.labels) == 2)
    assert printer.labels == ["A501", "A502"]
    one.peer.busy = False
    one.peer.wait(lambda peer: len(peer.handed) == 2)
    _until(lambda: not one.spool.rows())
    one.press("k3")
    _until(lambda: len(printer.labels) == 3)
    assert printer.labels[2] == "A001", "on line again"


def test_a_dispatcher_that_cannot_write_is_as_good_as_none(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """Its database is away: nothing was issued there, and nothing is to be void."""
    one, printer = _held(rig, virtual)
    one.peer.refuse = "unavailable"
    one.press("k1")
    one.peer.wait(lambda peer: len(peer.handed) == 1)
    assert printer.labels == _labels(one) == ["A501"]
    one.peer.refuse = "service_closed"
    _until(lambda: not one.spool.rows())
    one.press("k2")
    assert one.saw(flow.NoTicket).code == "service_closed"


def test_the_hand_over_survives_the_end_of_the_program(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """B4 and B5: nothing printed is forgotten, nothing is printed twice, no number given twice."""
    one, printer = _held(rig, virtual)
    one.peer.busy = True
    one.press("k1", alone=True)
    one.saw(flow.Paper)
    stop(one)
    again = rig(printer.url, held=4)
    again.peer.wait(lambda peer: len(peer.handed) == 1)
    assert _labels(again) == ["A501"]
    again.settled()
    again.press("k2", alone=True)
    again.peer.wait(lambda peer: len(peer.handed) == 2)
    assert printer.labels == _labels(again) == ["A501", "A502"]


def test_a_ticket_that_never_reached_the_printer_is_not_handed_over(rig: Make, virtual: Callable[..., Virtual]) -> None:
    """A power cut between the number and the first byte: its customer has no paper."""
    one, printer = _held(rig, virtual)
    label = one.offline.take("passport")
    assert label == "A501"
    stop(one)
    again = rig(printer.url, held=4, start=False)
    asked = IssueRequest(request_id="k1", service="passport", touched_at=NOW, language="it")
    row = again.spool.own(asked, "Passaporti", issued_off_line(label, NOW))
    assert (row.stage, row.off_line, row.wish) == (Stage.ALLOCATED, True, "k1")
    again.desk.start()
    again.reporter.start()
    _until(lambda: not again.spool.rows())
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
    _until(lambda: not one.spool.rows())
    assert "printed" not in [verb for verb, _ in one.peer.commands]


def test_what_the_dispatcher_refuses_is_told_to_the_office(rig: Make, virtual: Callable[..., Virtual]) -> None:
    one, _printer = _held(rig, virtual)
    one.peer.not_leased = {"A501"}
    one.press("k1", alone=True)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: [ticket["label"] for ticket in peer.handed] == ["A502"])
    _until(lambda: not one.spool.rows())
    problems = one.offline.standing(link=True).problems
    assert list(problems) == ["offline.refused"]
    detail = problems["offline.refused"]
    assert detail.startswith("A501 (Passaporti, ")
    assert detail.endswith("09:41): il numero non è fra quelli riservati a questo distributore")
    assert detail in Words("it").say("problem.offline.refused", detail=detail)


def test_what_was_refused_is_still_told_after_a_restart_and_taken_when_its_service_is_there_again(
    rig: Make, virtual: Callable[..., Virtual]
) -> None:
    """B5: the customer holds the paper. The office has removed the service, learns of it, and puts it back."""
    one, printer = _held(rig, virtual)
    one.peer.not_leased, one.peer.why = {"A501"}, "unknown_service"
    one.press("k1", alone=True)
    _until(lambda: one.offline.refusals.open())
    _until(lambda: not one.spool.rows())
    stop(one)
    again = rig(printer.url, held=4, start=False)
    assert "il servizio non è più nelle impostazioni" in again.offline.standing(link=False).problems["offline.refused"]
    again.desk.start()
    again.reporter.start()
    again.peer.wait(lambda peer: len(peer.handed) == 1)
    assert _labels(again) == ["A501"]
    _until(lambda: not again.offline.refusals.open())
    assert again.offline.standing(link=True).problems == {}
    assert printer.labels == ["A501"], "the paper is not printed again"


REFUSED = OfflineTicket(label="A501", service="passport", touched_at=NOW)


def test_what_was_refused_is_told_until_the_day_turns_over_restarts(tmp_path: Path, opened: Opened) -> None:
    alone = opened(Alone(tmp_path))
    alone.lease("A")
    alone.hear()
    kept = alone.offline.refusals = Refusals(tmp_path / "refused", alone.clock)
    alone.offline.refused(REFUSED, "Passaporti", "not_leased")
    alone.offline.refused(REFUSED, "Passaporti", "not_leased")
    told = alone.offline.standing(link=True).problems["offline.refused"]
    assert told.startswith("A501 (Passaporti, 09:41): "), "once"
    alone.clock.advance(hours=1)
    assert kept.to_try("e") == (), "the number may be somebody else's by now"
    for _restart in range(2):
        assert [one.ticket for one in Refusals(tmp_path / "refused", alone.clock).open()] == [REFUSED]
    alone.clock.advance(hours=17)
    assert alone.offline.standing(link=True).problems == {}
    assert Refusals(tmp_path / "refused", alone.clock).open() == ()


def test_what_was_refused_for_its_service_is_offered_again_now_and_then_to_the_same_dispatcher(
    tmp_path: Path, opened: Opened
) -> None:
    alone = opened(Alone(tmp_path))
    alone.lease("A")
    alone.hear()
    alone.offline.refused(REFUSED, "Passaporti", "unknown_service")
    kept = alone.offline.refusals
    assert kept.to_try("e") == ()
    alone.clock.advance(seconds=AGAIN_S)
    assert [one.ticket for one in kept.to_try("e")] == [REFUSED]
    assert kept.to_try("another") == (), "whose numbers are others"
    kept.tried()
    assert kept.to_try("e") == ()
    kept.settled(REFUSED)
    assert kept.open() == ()


def test_nothing_refused_is_dropped_while_it_cannot_be_kept(
    rig: Make, virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    """The disk is full: the ticket stays among those to be handed over, and is kept when there is room."""
    one, _printer = _held(rig, virtual)
    one.offline.refusals = Refusals(tmp_path / "none" / "refused", one.offline.clock)
    one.peer.not_leased = {"A501"}
    one.press("k1", alone=True)
    one.peer.wait(lambda peer: [verb for verb, _ in peer.commands].count("offline_issued") >= 1)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: [ticket["label"] for ticket in peer.handed] == ["A502"])
    assert [row.ticket.label for row in one.spool.rows()][:1] == ["A501"]
    (tmp_path / "none").mkdir()
    _until(lambda: not one.spool.rows())
    assert [kept.ticket.label for kept in one.offline.refusals.open()] == ["A501"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_ticket_was_refused_is_said_in_every_language(language: str, tmp_path: Path) -> None:
    words, refusals = Words(language), Refusals(None, ManualClock(NOW))
    for number, reason in enumerate(("not_leased", "not_leased", "unknown_service", "invalid"), 501):
        ticket = REFUSED.model_copy(update={"label": f"A{number}"})
        refusals.add(ticket, "Passaporti", reason, day_ends=LUNCH, epoch="e")
    said = told(refusals.open(), words, ZoneInfo("Europe/Rome"), NOW)
    first, second, third = said.split("; A")
    assert first.startswith("A501 (Passaporti, 09:41), A502 (Passaporti, 09:41): ")
    assert third.endswith("invalid")
    assert len({first, second, third}) == 3
    assert words.say("problem.offline.refused", detail=said).count("A50") == 4


def test_a_lost_answer_costs_no_numbers(rig: Make, virtual: Callable[..., Virtual]) -> None:
    printer = virtual()
    one = rig(printer.url, held=4, start=False)
    one.peer.mute = True
    one.desk.start()
    one.reporter.start()
    one.peer.wait(lambda peer: any(verb == "lease" for verb, _ in peer.commands))
    one.peer.mute = False
    _until(lambda: one.offline.can_issue("passport"))
    asked = [body for verb, body in one.peer.commands if verb == "lease" and body["series"] == "A"]
    assert len({body["request_id"] for body in asked}) == 1
    assert one.offline.figures()["A"] == 4
