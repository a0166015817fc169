"""What is drawn follows from what is known: words, times, which call stands huge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher.wire.messages import Notice, QueueLength
from display import board as model
from display import view
from display.texts import LANGUAGES
from display.view import BoardView, PlainView
from tests.display.samples import NINE, NOTICE, QUEUES, TEN, board, call, config, event, heartbeat, known, missed


def _view(state: model.State, at_s: float = 0.0) -> BoardView:
    made = view.compose(state, at_s, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


def _begun(state: model.State, at_s: float = 0.0) -> model.State:
    return model.step(state, at_s)[0]


def test_clock_and_date_are_those_of_the_office_and_its_language() -> None:
    made = _view(known(config(), board(1)))
    assert (made.clock, made.date) == ("10:30", "lunedì 23 novembre")
    german = _view(known(config(languages=("de",), zone="Europe/Berlin"), board(1)))
    assert german.date == "Montag, 23. November"


def test_unknown_zone_shows_utc_instead_of_nothing() -> None:
    assert _view(known(config(zone="Europe/Nowhere"), board(1))).clock == "09:30"


def test_newest_call_stands_huge_and_the_others_below_it() -> None:
    made = _view(known(config(), board(1, *TEN)))
    assert made.huge is not None
    assert (made.huge.label, made.huge.counter, made.huge.word) == ("A045", "3", "Sportello")
    assert [each.label for each in made.calls] == [each.label for each in TEN[1:]]
    assert not made.fresh


def test_call_in_another_language_names_counter_and_service_in_both() -> None:
    made = _view(_begun(known(config(), board(1, TEN[0]), event(TEN[0], language="de"))))
    assert made.huge is not None
    assert (made.huge.word, made.huge.second_word, made.huge.service) == ("Sportello", "Schalter", "Passaporti · Pässe")


def test_counter_with_a_name_needs_no_word() -> None:
    made = _view(known(config(), board(1, call("C003", "Accettazione"))))
    assert made.huge is not None
    assert (made.huge.word, made.huge.counter) == ("", "Accettazione")


def test_two_calls_at_once_stand_huge_one_after_the_other() -> None:
    first, second = call("A045"), call("AA07", "1")
    state = _begun(known(config(), board(2, second, first), event(first), event(second)))
    assert _view(state).huge == view.CallView("A045", "3", "Sportello", "", "Passaporti", False)
    state = _begun(state, 3.0)
    made = _view(state, 3.0)
    assert made.huge is not None
    assert (made.huge.label, made.fresh) == ("AA07", True)
    after = _view(state, 60.0)
    assert after.huge is not None
    assert (after.huge.label, after.fresh) == ("AA07", False)


def test_call_stands_huge_before_its_board_came_and_until_the_board_has_a_newer_one() -> None:
    late = call("AA07", "1", at=NINE + timedelta(seconds=1))
    state = _begun(known(config(), board(1, call("A045")), event(late)))
    assert _view(state).huge is not None
    made = _view(state, 1.0)
    assert made.huge is not None
    assert made.huge.label == "AA07"
    newer = call("B001", at=NINE + timedelta(seconds=9))
    state = model.receive(state, board(2, newer, late), model.Moment(9.0, NINE))
    made = _view(state, 9.0)
    assert made.huge is not None
    assert made.huge.label == "B001"


def test_new_call_glows_three_times_and_rests() -> None:
    state = _begun(known(config(), board(1, TEN[0]), event(TEN[0])))
    glow = [_view(state, tenth / 20).glow for tenth in range(80)]
    peaks = [at for at in range(1, 79) if glow[at] == view.GLOW_STEPS and glow[at - 1] < glow[at]]
    assert glow[0] == view.GLOW_STEPS
    assert len(peaks) == 2
    assert not any(glow[50:])
    state = model.receive(state, heartbeat(1), model.Moment(5.0, NINE))
    assert [_view(state, at).fresh for at in (3.5, 7.9, 8.1)] == [True, True, False]


def test_recall_is_marked() -> None:
    again = call("A045", attempt=2)
    made = _view(known(config(), board(1, again)))
    assert made.huge is not None
    assert made.huge.recall
    by_hand = event(call("A045", call_id="second"))
    made = _view(_begun(_begun(known(config(), board(1, TEN[0]), event(TEN[0]), by_hand)), 3.0), 3.0)
    assert made.huge is not None
    assert made.huge.recall


@pytest.mark.parametrize(
    ("queue", "text"),
    [
        (QUEUES[0], "7 in attesa · 10–18 min"),
        (QUEUES[1], "1 in attesa · fino a 4 min"),
        (QUEUES[2], "nessuno in attesa"),
        (QUEUES[3], "12 in attesa"),
        (QueueLength(service="x", waiting=3, wait_low_s=600, wait_high_s=600), "3 in attesa · circa 10 min"),
        (QueueLength(service="x", waiting=3, wait_low_s=0, wait_high_s=0), "3 in attesa · meno di 1 min"),
        (QueueLength(service="x", waiting=3, wait_low_s=60, wait_high_s=60), "3 in attesa · circa 1 min"),
        (QueueLength(service="x", waiting=3, wait_low_s=3000, wait_high_s=5340), "3 in attesa · 50–89 min"),
        (QueueLength(service="x", waiting=9, wait_low_s=2700, wait_high_s=5400), "9 in attesa · 45 min – 1 h 30"),
        (QueueLength(service="x", waiting=9, wait_low_s=6120, wait_high_s=10700), "9 in attesa · 1 h 40 – 3 h"),
        (QueueLength(service="x", waiting=9, wait_low_s=6000, wait_high_s=6000), "9 in attesa · circa 1 h 40"),
        (QueueLength(service="x", waiting=9, wait_low_s=0, wait_high_s=3900 * 2), "9 in attesa · fino a 2 h 10"),
    ],
)
def test_wait_is_a_span_in_words(queue: QueueLength, text: str) -> None:
    assert [each.text for each in _view(known(config(), board(1, queues=(queue,)))).queues] == [text]


def test_more_queues_than_fit_take_turns() -> None:
    many = tuple(QueueLength(service=f"s{n}", waiting=n) for n in range(6))
    state = known(config(), board(1, queues=many), heartbeat(1))
    assert [each.service for each in _view(state, 1.0).queues] == ["s0", "s1", "s2", "s3"]
    assert [each.service for each in _view(state, 11.0).queues] == ["s4", "s5"]
    assert view.next_change(state, _view(state, 1.0), 1.0) == 10.0


def test_notice_is_shown_from_until_in_each_language_by_turns() -> None:
    notice = Notice(id="n", text={"it": "Ciao", "en": "Hello"}, since=NINE, until=NINE + timedelta(minutes=1))
    state = known(config(), board(1, notices=(notice,)))
    assert [_view(state, at).notice for at in (0.0, 10.0, 20.0)] == ["Ciao", "Hello", "Ciao"]
    for shift in (-1, 60):
        off = model.receive(state, heartbeat(1, at=NINE + timedelta(seconds=shift)), model.Moment(0.0, NINE))
        assert _view(off).notice == ""


def test_long_notice_is_shown_in_parts_and_nothing_of_it_is_lost() -> None:
    words = " ".join(f"parola{n}" for n in range(80))
    state = known(config(), board(1, notices=(Notice(id="n", text={"it": words}),)))
    parts = [_view(state, 10.0 * place).notice for place in range(4)]
    assert " ".join(parts) == words


def test_missed_are_the_latest_first() -> None:
    made = _view(known(config(), board(1, missed=tuple(reversed(missed("A031", "B104", "AA03"))))))
    assert made.missed == ("A031", "B104", "AA03")


def test_waits_in_hours_are_told_in_each_language() -> None:
    long = QueueLength(service="x", waiting=9, wait_low_s=6000, wait_high_s=10800)
    told = [_view(known(config(languages=(each,)), board(1, queues=(long,)))).queues[0].text for each in LANGUAGES]
    spans = [each.split(" · ")[1] for each in told]
    assert spans == ["1 h 40 – 3 h", "1 h 40 – 3 h", "1 Std. 40 – 3 Std.", "1 h 40 – 3 h"]


def test_more_missed_than_fit_take_turns_until_each_was_seen() -> None:
    labels = [f"A{number:03}" for number in range(30, 40)]
    state = known(config(), board(1, missed=missed(*labels)), heartbeat(1))
    turns = [_view(state, at) for at in (1.0, 11.0, 21.0)]
    assert [list(each.missed) for each in turns] == [labels[:5], labels[5:], labels[:5]]
    assert turns[1].missed_title == "Non presenti alla chiamata · 2/2"
    assert view.next_change(state, turns[0], 1.0) == 10.0
    few = _view(known(config(), board(1, missed=missed(*labels[:8])), heartbeat(1)))
    assert (few.missed, few.missed_title) == (tuple(labels[:8]), "Non presenti alla chiamata")


@pytest.mark.parametrize("count", [1, 8, 9, 17, 25, 49, 64, 65])
def test_every_missed_number_is_shown_in_one_of_the_turns(count: int) -> None:
    labels = {f"A{number:03}" for number in range(count)}
    state = known(config(), board(1, missed=missed(*sorted(labels))), heartbeat(1))
    turns = [_view(state, view.PAGE_S * turn) for turn in range(_view(state).missed_pages)]
    assert {label for each in turns for label in each.missed} == labels
    assert all(0 < len(each.missed) <= view.MISSED_SHOWN for each in turns)


def test_stale_says_the_time_of_the_last_truth() -> None:
    state = known(config(), board(1, *TEN), heartbeat(1))
    assert _view(state, 4.9).stale == ""
    assert _view(state, 5.0).stale == "Collegamento interrotto: dati delle 10:30"
    old = known(config(), board(1, *TEN, at=NINE - timedelta(days=1)))
    assert _view(old, 5.0).stale == "Collegamento interrotto: dati delle domenica 22 novembre 10:30"


def test_simulated_clock_is_said() -> None:
    assert _view(known(config(simulated_clock=True), board(1))).simulated == "Orologio simulato"


def test_screen_without_a_board_says_what_it_waits_for() -> None:
    def said(state: model.State) -> tuple[str, ...]:
        made = view.compose(state, 0.0, NINE, "hall")
        assert isinstance(made, PlainView)
        assert made.detail == "hall"
        return made.headings

    assert said(model.State(started=0.0))[0] == "In attesa del collegamento"
    assert said(known())[:2] == (
        "In attesa delle impostazioni di questo schermo",
        "Waiting for the settings of this screen",
    )
    assert said(known(config(languages=("en", "de")))) == ("Waiting for the dispatcher", "Warten auf die Zentrale")


def test_equal_knowledge_is_an_equal_picture() -> None:
    state = known(config(), board(1, *TEN, notices=(NOTICE,)), heartbeat(1))
    later = model.receive(state, heartbeat(1), model.Moment(2.0, NINE))
    assert _view(state, 1.0) == _view(later, 2.0)
