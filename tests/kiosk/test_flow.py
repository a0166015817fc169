"""What the customer sees next: B1, B3, B4, A7."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.wire.messages import Issued, Menu, MenuGroup
from kiosk import flow, moves
from tests.kiosk.peer import MENU, NOW, service

READY = flow.State(screen=flow.Choose(), languages=("it", "en"), language="it", menu=MENU, link=True, trouble=None)
ISSUED = Issued(id="t1", label="A001", ahead=0, status_url="", queued_at=NOW)
WISH = flow.Wish("k1", "passport", NOW)
PRESS = flow.Press("k1", "passport", NOW, "it")
GROUPS = Menu(
    revision=2,
    groups=(
        MenuGroup(id="docs", name={"it": "Documenti"}, services=(service("passport", "Passaporti"),)),
        MenuGroup(id="biz", name={"it": "Imprese"}, services=(service("register", "Registro"),)),
    ),
)


def _run(state: flow.State, *events: flow.Event) -> tuple[flow.State, list[flow.Effect]]:
    effects: list[flow.Effect] = []
    for event in events:
        state, more = flow.step(state, event)
        effects += more
    return state, effects


def test_from_touch_to_paper_and_back_to_the_start() -> None:
    state, effects = _run(READY, flow.ChooseLanguage("en"), WISH)
    assert effects == [flow.Issue(replace(PRESS, language="en"), {"it": "Passaporti", "en": "Passaporti (en)"})]
    assert state.screen == flow.Issuing(replace(PRESS, language="en"))
    state, effects = _run(state, flow.Taken("k1"), flow.Numbered("k1", ISSUED))
    assert (state.screen, effects) == (flow.Ticket(ISSUED, "printing"), [])
    state, _ = _run(state, flow.Paper("k1", ISSUED, "confirmed"))
    assert state.screen == flow.Ticket(ISSUED, "take")
    state, _ = _run(state, flow.Tick(flow.TAKE_S - 0.1))
    assert state.screen == flow.Ticket(ISSUED, "take")
    state, _ = _run(state, flow.Tick(flow.TAKE_S))
    assert (state.screen, state.language) == (flow.Choose(), "it")


def test_assisted_is_asked_for_once() -> None:
    state, effects = _run(READY, flow.ToggleAssisted(), WISH)
    assert isinstance(effects[0], flow.Issue)
    assert effects[0].press.assisted is True
    state, _ = _run(state, flow.NoTicket("k1", "no_answer"), flow.Dismiss())
    assert state.screen == flow.Choose()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (flow.LinkIs(False), "no_link"),
        (flow.PrinterIs("paper_out"), "paper_out"),
        (flow.PrinterIs("cover_open"), "cover_open"),
        (flow.PrinterIs("cutter"), "cutter"),
        (flow.PrinterIs("printer_off"), "printer_off"),
        (flow.PrinterIs("unknown_status"), "unknown_status"),
        (flow.Misconfigured(), "misconfigured"),
        (flow.MenuCame(Menu(revision=3)), "no_service"),
    ],
)
def test_what_hinders_is_said_and_goes_by_itself(event: flow.Event, reason: str) -> None:
    state, _ = _run(READY, event)
    assert state.screen == flow.OutOfService(reason)
    assert _run(state, WISH)[1] == []
    state, _ = _run(state, flow.LinkIs(True), flow.PrinterIs(None), flow.Configured(("it", "en")), flow.MenuCame(MENU))
    assert state.screen == flow.Choose()


def test_it_starts_when_all_is_known() -> None:
    state, _ = _run(flow.State(), flow.LinkIs(True), flow.Configured(("it",)), flow.MenuCame(MENU))
    assert state.screen == flow.OutOfService("starting")
    assert _run(state, flow.PrinterIs(None))[0].screen == flow.Choose()


def test_a_refused_touch_says_why() -> None:
    for code in ("service_closed", "limit_reached", "no_answer"):
        state, _ = _run(READY, WISH, flow.NoTicket("k1", code))
        assert state.screen == flow.Sorry(code, "passport")
    assert _run(state, flow.Dismiss())[0].screen == flow.Choose()
    state, effects = _run(READY, replace(WISH, service="register"))
    assert (state.screen, effects) == (flow.Sorry("service_closed", "register"), [])


def test_a_printer_that_is_not_well_takes_no_number() -> None:
    state, _ = _run(READY, WISH, flow.NotTaken("k1", "paper_out"))
    assert state.screen == flow.OutOfService("paper_out")


def test_a_held_ticket_shows_its_number_until_the_paper_is_out() -> None:
    state, _ = _run(READY, WISH, flow.Numbered("k1", ISSUED), flow.PrinterIs("cutter"), flow.Held("k1", "A001"))
    assert state.screen == flow.OutOfService("cutter", "A001")
    state, _ = _run(state, flow.PrinterIs("printer_error"))
    assert state.screen == flow.OutOfService("printer_error", "A001")
    state, _ = _run(state, flow.PrinterIs(None), flow.Paper("k1", ISSUED, "confirmed"))
    assert state.screen == flow.Ticket(ISSUED, "take")


def _stopped() -> flow.State:
    """A number stays in the first printer, and the spare is well."""
    return _run(READY, WISH, flow.Numbered("k1", ISSUED), flow.Held("k1", "A001"))[0]


def test_while_a_spare_is_well_the_customer_of_a_held_ticket_reads_what_to_do_and_the_next_one_is_served() -> None:
    state = _stopped()
    assert state.screen == flow.Stopped("A001")
    assert _run(state, flow.Held("k1", "A001"))[0] == state
    assert _run(state, flow.Tick(19))[0].screen == flow.Stopped("A001")
    assert _run(state, flow.Tick(20))[0].screen == flow.Choose()
    state, effects = _run(state, flow.Tick(5), flow.Dismiss(), replace(WISH, key="k2"))
    assert isinstance(state.screen, flow.Issuing)
    assert len(effects) == 1
    other = ISSUED.model_copy(update={"label": "A002"})
    state, _ = _run(state, flow.Numbered("k2", other), flow.Paper("k1", ISSUED, "confirmed"))
    assert state.screen == flow.Ticket(other, "printing"), "the other's number stays"
    assert _run(state, flow.Paper("k2", other, "confirmed"))[0].screen == flow.Ticket(other, "take")


def test_a_held_ticket_that_comes_out_is_shown_to_who_waits_and_to_nobody_else() -> None:
    state = _stopped()
    assert _run(state, flow.Paper("k1", ISSUED, "confirmed"))[0].screen == flow.Ticket(ISSUED, "take")
    rests = _run(state, flow.Dismiss(), flow.Paper("k1", ISSUED, "confirmed"))[0]
    assert rests.screen == flow.Ticket(ISSUED, "take")
    busy = _run(state, flow.Dismiss(), flow.ChooseLanguage("en"), flow.Paper("k1", ISSUED, "confirmed"))[0]
    assert busy.screen == flow.Choose()


def test_when_the_spare_stops_too_the_held_number_says_why_and_returns_with_it() -> None:
    state, _ = _run(_stopped(), flow.PrinterIs("cutter"))
    assert state.screen == flow.OutOfService("cutter", "A001")
    assert _run(state, flow.PrinterIs(None))[0].screen == flow.Stopped("A001")


def test_nobody_is_told_to_take_what_may_not_be_there() -> None:
    state, _ = _run(READY, WISH, flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "unconfirmed"))
    assert state.screen == flow.Ticket(ISSUED, "unsure")
    assert _run(READY, flow.Paper("k0", ISSUED, "failed"))[0].screen == flow.Choose()


def test_late_events_of_another_ticket_change_nothing() -> None:
    state, _ = _run(READY, WISH)
    for late in (flow.Taken("k0"), flow.NoTicket("k0", "x"), flow.Numbered("k0", ISSUED), flow.NotTaken("k0", "x")):
        assert _run(state, late) == (state, [])


def test_levels_of_the_menu() -> None:
    state, _ = _run(READY, flow.MenuCame(GROUPS), flow.OpenGroup("docs"))
    assert state.screen == flow.Choose(group="docs")
    assert _run(state, flow.OpenGroup("nothing"))[0].screen == flow.Choose(group="docs")
    assert _run(state, flow.OpenGroup(None))[0].screen == flow.Choose()
    assert _run(state, flow.MenuCame(MENU))[0].screen == flow.Choose()


def test_orders_from_the_room_are_answered_when_taken() -> None:
    order = replace(WISH, order="o1", language="en", assisted=True)
    state, effects = _run(READY, order)
    assert isinstance(effects[0], flow.Issue)
    assert effects[0].press == replace(PRESS, order="o1", language="en", assisted=True)
    assert _run(state, flow.Taken("k1"))[1] == [flow.Answer("o1")]
    assert _run(state, flow.NotTaken("k1", "cutter"))[1] == [flow.Answer("o1", "out_of_service")]


def test_an_order_waits_for_the_ticket_before_it_and_not_too_long() -> None:
    state, _ = _run(READY, WISH, replace(WISH, key="k2", order="o2"))
    done, effects = _run(state, flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "confirmed"))
    assert [effect.press.key for effect in effects if isinstance(effect, flow.Issue)] == ["k2"]
    assert isinstance(done.screen, flow.Issuing)
    assert _run(state, flow.Tick(flow.ORDER_S))[1] == [flow.Answer("o2", "out_of_service")]


@pytest.mark.parametrize(
    ("state", "wanted", "code"),
    [
        (replace(READY, link=False, screen=flow.OutOfService("no_link")), "passport", "out_of_service"),
        (READY, "register", "service_closed"),
        (READY, "unknown", "not_found"),
    ],
)
def test_an_order_that_cannot_be_taken_is_refused_at_once(state: flow.State, wanted: str, code: str) -> None:
    assert _run(state, replace(WISH, service=wanted, order="o1"))[1] == [flow.Answer("o1", code)]


EVENTS = st.one_of(
    st.builds(flow.Tick, st.floats(0, 500)),
    st.builds(flow.LinkIs, st.booleans()),
    st.builds(flow.PrinterIs, st.sampled_from([None, "paper_out", "printer_off"])),
    st.just(flow.MenuCame(MENU)),
    st.just(flow.MenuCame(GROUPS)),
    st.builds(flow.ChooseLanguage, st.sampled_from(["it", "en", "xx"])),
    st.builds(flow.OpenGroup, st.sampled_from([None, "docs", "biz"])),
    st.sampled_from([flow.ToggleAssisted(), flow.Dismiss()]),
    st.builds(flow.Wish, st.sampled_from(["k1", "k2"]), st.sampled_from(["passport", "register"]), st.just(NOW)),
    st.builds(
        flow.Wish, st.sampled_from(["k3", "k4"]), st.just("passport"), st.just(NOW), st.sampled_from(["o3", "o4"])
    ),
    st.sampled_from(
        [moves.Begin(), moves.MoreTime(), moves.ToggleEasy(), moves.OpenLanguages(), moves.OpenHave(), moves.Key("A")]
    ),
    st.sampled_from([moves.OpenEntry("check_in"), moves.OpenEntry("rejoin"), moves.Submit("q"), moves.Rejoin("q")]),
    st.builds(moves.Scanned, st.just("q"), st.sampled_from([None, moves.Proof(code="7K4M9P2Q")])),
    st.builds(moves.Told, st.just("q"), st.sampled_from([moves.Arrived("away"), moves.Arrived("late")])),
    st.builds(flow.Taken, st.sampled_from(["k1", "k3"])),
    st.builds(flow.NotTaken, st.sampled_from(["k1", "k3"]), st.just("cutter")),
    st.builds(flow.Numbered, st.sampled_from(["k1", "k3"]), st.just(ISSUED)),
    st.builds(flow.Held, st.just("k1"), st.just("A001")),
    st.builds(flow.Paper, st.sampled_from(["k1", "k3"]), st.just(ISSUED), st.sampled_from(["confirmed", "failed"])),
)


@given(st.lists(EVENTS, max_size=40))
def test_no_ticket_is_begun_while_one_is_on_its_way_or_nothing_can_be_printed(events: list[flow.Event]) -> None:
    state = READY
    for event in events:
        before = state
        state, effects = flow.step(state, event)
        begun = [effect for effect in effects if isinstance(effect, flow.Issue)]
        assert len(begun) <= 1
        if begun:
            assert isinstance(state.screen, flow.Issuing)
            assert not isinstance(before.screen, flow.Issuing) or not isinstance(event, flow.Wish)
            assert state.menu is not None
        if isinstance(state.screen, flow.Choose):
            assert flow.hindrance(state) is None
