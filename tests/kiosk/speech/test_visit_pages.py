"""Check-in, a missed call and the screens around a visit, by ear (B6, B7, B10)."""

from __future__ import annotations

from datetime import timedelta

from kiosk import arriving, flow, moves
from kiosk.speech import guide
from kiosk.speech.guide import Key, Stage
from tests.kiosk.peer import NOW
from tests.kiosk.speech.test_guide import Customer, customer


def at_entry(presses: int) -> Customer:
    """Somebody who has gone to the choice before the first, so many times: the last ones are those of a visit."""
    one = customer(languages=("it",))
    one.press(Key.OK)
    one.press(*[Key.PREVIOUS] * presses)
    return one


def typed(one: Customer, text: str) -> list[str]:
    """Each character looked for with the down key and confirmed; what was said at the end."""
    heard: list[str] = []
    for character in text:
        for _step in range(60):
            if guide.focus(one.session) == moves.Key(character):
                break
            one.press(Key.NEXT)
        heard = list(one.press(Key.OK))
    return heard


def test_check_in_with_a_code_by_four_keys() -> None:
    one = at_entry(2)
    assert one.heard[0] == "Ho un appuntamento."
    assert one.press(Key.OK)[:3] == [
        "Codice prenotazione.", "Scegli ogni carattere con i tasti su e giù e confermalo con OK.", "Ancora vuoto."
    ]  # fmt: skip
    assert typed(one, "7K") == ["7, K."]
    assert one.press(Key.NEXT) == ["M."], "the place among the characters is kept; L is none of a code's"
    assert typed(one, "ABCDEF") == ["7, K, A, B, C, D, E, F.", "Completo. Per inviare premi OK."]
    assert one.press(Key.OK) == ["Un momento."]
    assert isinstance(one.state.screen, moves.Asking)
    early = moves.Arrived("early", label="AA07", at=NOW + timedelta(minutes=49))
    assert one.happens(moves.Told(one.state.screen.key, early)) == [
        "A, A, 0, 7.", "Sei in anticipo.", "Avrai la precedenza dalle 10 e 30. Siediti: ti chiameremo.",
        "Hai finito: premi OK. Per riascoltare premi il tasto ripeti.",
    ]  # fmt: skip
    assert one.press(Key.HUSH, Key.REPEAT)[0] == "A, A, 0, 7."


def test_a_missed_call_is_taken_up_again() -> None:
    one = at_entry(1)
    one.press(Key.OK)
    assert typed(one, "A045")[-1] == "Completo. Per inviare premi OK."
    one.press(Key.OK)
    assert isinstance(one.state.screen, moves.Asking)
    late = moves.Arrived("late", label="A045", again=moves.Proof(label="A045"))
    assert one.happens(moves.Told(one.state.screen.key, late))[-1] == "Torna in fila."
    assert one.press(Key.OK) == ["Un momento."]
    assert isinstance(one.state.screen, moves.Asking)
    back = moves.Arrived("back", label="A045", ahead=2)
    assert "2 persone prima di te." in one.happens(moves.Told(one.state.screen.key, back))


def test_a_character_can_be_taken_back() -> None:
    one = at_entry(2)
    one.press(Key.OK)
    typed(one, "7K")
    assert guide.press(one.session, Key.OK, one.state, None, one.now)  # type: ignore[arg-type]
    while guide.focus(one.session) != moves.Key(arriving.BACK):
        one.press(Key.PREVIOUS)
    assert one.press(Key.OK) == ["7."]


def test_the_question_whether_somebody_is_there_is_heard_and_the_choice_stays() -> None:
    one = customer(languages=("it", "en"))
    one.press(Key.OK, Key.NEXT, Key.OK, Key.NEXT)
    assert one.wait(40) == ["Are you still there? Press a key to go on."]
    assert isinstance(one.state.screen, moves.StillThere)
    assert one.press(Key.HUSH) == []
    assert isinstance(one.state.screen, flow.Choose)
    assert one.press(Key.NEXT)[-1].startswith("3 of ")


def test_who_wants_more_time_has_it_by_ear_too() -> None:
    one = customer(languages=("it",))
    one.press(Key.OK)
    one.happens(moves.ToggleEasy())
    assert one.wait(99) == []
    assert one.wait(2) == ["Sei ancora qui? Premi un tasto per continuare."]


def test_a_key_wakes_the_resting_screen() -> None:
    one = customer(screen=moves.Attract())
    assert one.press(Key.OK)[0] == "Camera di commercio."
    assert (one.state.screen, one.session.stage) == (flow.Choose(), Stage.LANGUAGE)
    one.press(Key.OK, Key.OK)
    assert one.wanted == ["passport"]


def test_too_many_tickets_in_a_short_time_is_said() -> None:
    one = customer(languages=("it",))
    one.press(Key.OK)
    heard = one.happens(flow.Wish("k0", "passport", NOW), flow.NoTicket("k0", "other"), flow.Dismiss())
    assert heard
    one.press(Key.OK)
    assert isinstance(one.state.screen, moves.Wait | flow.Issuing)
