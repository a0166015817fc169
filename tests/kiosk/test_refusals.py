"""What the dispatcher refuses of the tickets issued without it: kept, told to the office, and offered again (B5)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher.wire.clock import ManualClock
from dispatcher.wire.messages import OfflineTicket
from kiosk.refusals import AGAIN_S, Refusals, told
from kiosk.texts import LANGUAGES, Words
from tests.kiosk.alone import LUNCH, Alone, Opened, handed, held
from tests.kiosk.conftest import Rig, Virtual, stop
from tests.kiosk.peer import NOW
from tests.servers import until

Make = Callable[..., Rig]


def test_what_the_dispatcher_refuses_is_told_to_the_office(rig: Make, virtual: Callable[..., Virtual]) -> None:
    one, _printer = held(rig, virtual)
    one.peer.not_leased = {"A501"}
    one.press("k1", alone=True)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: [ticket["label"] for ticket in peer.handed] == ["A502"])
    until(lambda: not one.spool.rows())
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
    one, printer = held(rig, virtual)
    one.peer.not_leased, one.peer.why = {"A501"}, "unknown_service"
    one.press("k1", alone=True)
    until(lambda: one.offline.refusals.open())
    until(lambda: not one.spool.rows())
    stop(one)
    again = rig(printer.url, held=4, start=False)
    assert "il servizio non è più nelle impostazioni" in again.offline.standing(link=False).problems["offline.refused"]
    again.desk.start()
    again.reporter.start()
    again.peer.wait(lambda peer: len(peer.handed) == 1)
    assert handed(again) == ["A501"]
    until(lambda: not again.offline.refusals.open())
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
    one, _printer = held(rig, virtual)
    one.offline.refusals = Refusals(tmp_path / "none" / "refused", one.offline.clock)
    one.peer.not_leased = {"A501"}
    one.press("k1", alone=True)
    one.peer.wait(lambda peer: [verb for verb, _ in peer.commands].count("offline_issued") >= 1)
    one.press("k2", alone=True)
    one.peer.wait(lambda peer: [ticket["label"] for ticket in peer.handed] == ["A502"])
    assert [row.ticket.label for row in one.spool.rows()][:1] == ["A501"]
    (tmp_path / "none").mkdir()
    until(lambda: not one.spool.rows())
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
