"""A customer's visit: B1 (contrast, slow, idle, warning, rest), B10 (time), and play."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher.wire.messages import Issued
from kiosk import flow, moves, visits
from tests.kiosk.peer import MENU, NOW
from tests.kiosk.test_flow import PRESS, READY, WISH, _run

ISSUED = Issued(id="t1", label="A001", ahead=0, status_url="", queued_at=NOW)
TICKS = visits.IDLE_S - visits.WARN_S


def _ticks(state: flow.State, *at: float) -> flow.State:
    return _run(state, *(flow.Tick(now) for now in at))[0]


def test_who_stops_touching_is_asked_for_20_seconds_and_stays_with_one_touch() -> None:
    state, _ = _run(READY, flow.ChooseLanguage("en"), flow.ToggleAssisted())
    assert _ticks(state, TICKS - 1).screen == flow.Choose(assisted=True)
    warned = _ticks(state, TICKS)
    assert warned.screen == moves.StillThere(flow.Choose(assisted=True), 20)
    assert _ticks(warned, TICKS + 12.5).screen == moves.StillThere(flow.Choose(assisted=True), 8)
    stayed, _ = _run(warned, flow.Tick(TICKS + 19), moves.MoreTime())
    assert (stayed.screen, stayed.language) == (flow.Choose(assisted=True), "en")
    assert _ticks(stayed, TICKS + 19 + TICKS - 1).screen == flow.Choose(assisted=True)
    left = _ticks(warned, TICKS + 20)
    assert (left.screen, left.language) == (flow.Choose(), "it")
    assert _run(warned, flow.Dismiss())[0].screen == flow.Choose()


@pytest.mark.parametrize(
    "screen",
    [moves.Have(), moves.Enter("check_in", "7K"), moves.Languages(), moves.Arrived("early", "AA07")],
)
def test_every_screen_that_waits_for_a_touch_warns_before_it_goes(screen: flow.Screen) -> None:
    state = _ticks(replace(READY, screen=screen), TICKS)
    assert state.screen == moves.StillThere(screen, 20)
    assert _run(state, moves.MoreTime())[0].screen == screen


@pytest.mark.parametrize("screen", [flow.Sorry("limit_reached"), flow.Ticket(ISSUED, "unsure"), moves.Arrived("early")])
def test_what_is_to_be_read_does_not_go_without_a_warning(screen: flow.Screen) -> None:
    """B10: who reads slowly keeps a refusal, and the number whose paper may not be out, with one touch."""
    state = _ticks(replace(READY, screen=screen), visits.READ_S - 1)
    assert state.screen == screen
    # nor is it taken away when the printer is found to be out of order meanwhile
    broken = _ticks(_run(state, flow.PrinterIs("printer_off"))[0], visits.READ_S)
    assert broken.screen == moves.StillThere(screen, 20)
    assert _ticks(broken, visits.READ_S + 20).screen == flow.OutOfService("printer_off")
    warned = _ticks(state, visits.READ_S)
    assert warned.screen == moves.StillThere(screen, 20)
    stayed = _run(warned, flow.Tick(visits.READ_S + 19), moves.MoreTime())[0]
    assert _ticks(stayed, visits.READ_S + 25).screen == screen
    assert _ticks(warned, visits.READ_S + 20).screen == flow.Choose()
    touched = _run(replace(READY, screen=screen), flow.Tick(10), moves.MoreTime(), flow.Tick(visits.READ_S + 5))[0]
    assert touched.screen == screen


def test_a_touch_beside_everything_shows_that_somebody_is_there() -> None:
    state, _ = _run(READY, flow.ChooseLanguage("en"), flow.Tick(TICKS - 1), moves.MoreTime(), flow.Tick(TICKS + 1))
    assert state.screen == flow.Choose()


def test_nobody_there_rests_and_any_touch_begins() -> None:
    assert _ticks(READY, visits.ATTRACT_S - 1).screen == flow.Choose()
    resting = _ticks(READY, visits.ATTRACT_S)
    assert resting.screen == moves.Attract()
    assert _run(resting, moves.Begin())[0].screen == flow.Choose()
    assert _run(resting, flow.PrinterIs("paper_out"))[0].screen == flow.OutOfService("paper_out")


def test_contrast_and_more_time_last_for_one_customer() -> None:
    state, _ = _run(READY, moves.ToggleEasy())
    assert (state.contrast, state.slow) == (True, True)
    state, _ = _run(state, WISH, flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "confirmed"))
    assert _ticks(state, flow.TAKE_S * 2).screen == flow.Ticket(ISSUED, "take")
    gone = _ticks(state, flow.TAKE_S * visits.SLOWER)
    assert (gone.screen, gone.contrast, gone.slow) == (flow.Choose(), False, False)
    back, _ = _run(READY, moves.ToggleEasy(), moves.ToggleEasy())
    assert (back.contrast, back.slow) == (False, False)
    warned = _ticks(_run(READY, moves.ToggleEasy())[0], TICKS * visits.SLOWER - 1)
    assert warned.screen == flow.Choose()


def test_an_office_may_begin_in_high_contrast() -> None:
    state, _ = _run(READY, flow.Configured(("it", "en"), moves.House(contrast=True)))
    assert (state.contrast, state.slow) == (True, False)
    assert visits.untouched(state)
    state, _ = _run(state, moves.ToggleEasy(), moves.ToggleEasy())
    assert state.contrast


def test_languages_behind_one_button() -> None:
    assisted = flow.Choose(assisted=True)
    state, _ = _run(READY, flow.ToggleAssisted(), moves.OpenLanguages(), flow.TurnPage(1))
    assert state.screen == moves.Languages(1, assisted)
    assert _run(state, flow.Dismiss())[0].screen == assisted
    state, _ = _run(state, flow.ChooseLanguage("en"))
    assert (state.screen, state.language) == (assisted, "en")


def _ticket(state: flow.State, key: str) -> tuple[flow.State, list[flow.Effect]]:
    """A ticket by touch, taken and dismissed at once."""
    state, effects = _run(state, replace(WISH, key=key))
    done, _ = _run(state, flow.Numbered(key, ISSUED), flow.Paper(key, ISSUED, "confirmed"), flow.Dismiss())
    return done if effects else state, effects


def test_a_second_ticket_at_once_has_to_wait_a_moment() -> None:
    state, effects = _ticket(READY, "k1")
    assert effects
    state, effects = _ticket(state, "k2")
    assert (state.screen, effects) == (moves.Wait(2, flow.Choose()), [])
    assert _ticks(state, 1.5).screen == moves.Wait(1, flow.Choose())
    state = _ticks(state, 2)
    assert state.screen == flow.Choose()
    assert _ticket(state, "k3")[1]


def test_so_many_tickets_a_minute_and_no_more_by_touch() -> None:
    state = replace(READY, house=moves.House(interval_s=0, per_minute=3))
    for at in range(3):
        state, effects = _ticket(_ticks(state, at * 10), f"k{at}")
        assert effects
    state, effects = _ticket(_ticks(state, 30), "k4")
    assert (state.screen, effects) == (moves.Wait(30, flow.Choose()), [])
    # the room's orders are a program's, and are not play
    assert _run(_run(state, flow.Dismiss())[0], replace(WISH, key="k5", order="o1"))[1]
    assert _ticket(_ticks(state, 60), "k6")[1]


def _push(state: flow.State, key: str, service: str = "passport") -> tuple[flow.State, list[flow.Effect]]:
    """A ticket by push-button; the state once its paper is out."""
    state, effects = _run(state, flow.Wish(key, service, NOW, f"board:{key}", None, False, paced=True))
    done, _ = _run(state, flow.Taken(key), flow.Numbered(key, ISSUED), flow.Paper(key, ISSUED, "confirmed"))
    return done, effects


def test_push_buttons_keep_to_the_limits_of_the_glass_and_share_them() -> None:
    """B8: two dispensers in one would give twice as much to who plays."""
    state, effects = _push(READY, "k1")
    assert [type(one) for one in effects] == [flow.Issue]
    assert _push(state, "k2")[1] == [flow.Answer("board:k2", "too_many")]
    assert _push(state, "k3", "register")[1] == [flow.Answer("board:k3", "service_closed")], "never, not only now"
    assert _run(_run(state, flow.Dismiss())[0], WISH)[0].screen == moves.Wait(2, flow.Choose()), "by touch neither"
    assert isinstance(_push(_ticks(state, 2), "k4")[1][0], flow.Issue)
    touched, _ = _ticket(READY, "k5")
    assert _push(touched, "k6")[1] == [flow.Answer("board:k6", "too_many")]


def test_so_many_tickets_a_minute_by_push_button_however_fast_it_is_pressed() -> None:
    state, issued = replace(READY, house=moves.House(interval_s=0.5, per_minute=3)), 0
    for at in range(59 * 4):
        state, effects = _push(_ticks(state, at / 4), f"k{at}")
        issued += sum(isinstance(one, flow.Issue) for one in effects)
    assert issued == 3
    # one that comes while a ticket is being made waits for it, and does not slip through behind it
    state, _ = _run(_ticks(state, 120), flow.Wish("a", "passport", NOW, "board:1", None, False, paced=True))
    state, effects = _run(state, flow.Wish("b", "passport", NOW, "board:2", None, False, paced=True))
    assert effects == []
    _, effects = _run(state, flow.Numbered("a", ISSUED), flow.Paper("a", ISSUED, "confirmed"))
    assert effects == [flow.Answer("board:2", "too_many")]


def test_a_refused_service_does_not_count() -> None:
    state, _ = _run(READY, replace(WISH, service="register"), flow.Dismiss(), WISH)
    assert state.screen == flow.Issuing(PRESS)
    assert MENU.groups[0].services[2].id == "register"
