"""C2, C3: what of the calls is heard, when, in which languages and how loud; one room, one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

import pygame
import pytest

from dispatcher.wire import topics
from dispatcher.wire.messages import Withdrawn
from display.announce import SOUND_WITHIN_S
from display.volume import DEFAULT_PERCENT, percent_at
from tests.display.hall import Hall
from tests.display.samples import SITE, board, call, config, event

Open = Callable[..., Hall]


@pytest.fixture
def hall() -> Iterator[Open]:
    """hall(voice=False) → a running room with one screen; hall(names=…, by_screen=…) with several."""
    opened: list[Hall] = []

    def begin(**settings: Any) -> Hall:
        own = ("names", "by_screen", "one_loudspeaker")
        fields = {name: settings.pop(name) for name in own if name in settings}
        opened.append(Hall(settings=settings, **fields))
        return opened[-1]

    yield begin
    for each in opened:
        each.close()
    pygame.display.quit()


def test_call_is_spoken_in_the_tickets_language_and_then_in_the_offices_second(hall: Open) -> None:
    room = hall()
    room.call(call("A045", "3"), "de")
    room.pass_time(1)
    assert [each.words for each in room.tape] == [
        "de:Nummer de:A de:0 de:4 de:5 de:Schalter de:3 en:Number en:A en:0 en:4 en:5 en:Counter en:3"
    ]
    assert room.screens[0].status["voice"] == "voice"
    assert room.screens[0].status["sounded"] == "call-A045"


def test_two_at_once_are_both_seen_and_heard_one_after_the_other(hall: Open) -> None:
    """C3: the first one keeps the screen while it is being said."""
    room = hall()
    room.call(call("A045", "3"))
    room.call(call("AA07", "1"))
    room.pass_time(0.2)
    assert room.labels == ["A045"]
    room.pass_time(room.tape[0].ended - room.clock.monotonic() - 0.2)
    assert room.screens[0].shown == ["A045"]
    room.pass_time(1)
    assert room.labels == room.screens[0].shown == ["A045", "AA07"]
    assert room.overlaps() == []


def test_storm_of_fifty_calls_in_ten_seconds_shows_all_and_speaks_those_that_the_rule_says(hall: Open) -> None:
    """Each at a counter of its own, so that all stay called. With more than three waiting: number and one language."""
    room = hall(languages=("it", "en"))
    called_at: dict[str, float] = {}
    for number in range(50):
        label = f"A{number:03d}"
        called_at[label] = room.clock.monotonic()
        room.call(call(label, str(number)))
        room.pass_time(0.2)
    room.pass_time(50, step_s=0.2)
    assert room.screens[0].shown == list(called_at)
    assert room.overlaps() == []
    assert len(set(room.labels)) == len(room.labels)
    late = [each.label for each in room.tape if each.began - called_at[each.label] > SOUND_WITHIN_S]
    assert late == []
    assert _expected(room, called_at) == room.labels
    first, *others = room.tape
    assert " en:" in first.words
    assert [each.sounding.brief for each in others[:-1]] == [True] * (len(others) - 1)
    assert others[0].words.split()[0] == "it:A"
    assert len(others) >= 5


def _expected(room: Hall, called_at: dict[str, float]) -> list[str]:
    """Reckoned from when each one ended: the next is the earliest call whose twenty seconds are not yet over."""
    expected, free_at = list[str](), 0.0
    for each in room.tape:
        soonest = max(free_at, called_at[each.label])
        left = [label for label in called_at if label not in expected and called_at[label] + SOUND_WITHIN_S >= soonest]
        expected.append(next(label for label in left if called_at[label] + SOUND_WITHIN_S >= each.began))
        free_at = each.ended
    return expected


def test_ticket_that_is_called_no_longer_is_shown_but_not_spoken(hall: Open) -> None:
    room = hall()
    room.call(call("A001", "1"))
    room.call(call("B002", "2"))
    room.call(call("C003", "3"))
    room.pass_time(2)
    room.at_counter("2", "B002", "serving")
    room.at_counter("3", None)
    room.pass_time(30)
    assert room.labels == ["A001"]
    assert room.screens[0].shown == ["A001", "B002", "C003"]


def test_next_call_of_a_counter_ends_the_wait_of_the_one_before(hall: Open) -> None:
    room = hall()
    for label in ("A001", "B002", "B003"):
        room.call(call(label, "1" if label == "A001" else "2"), followed=label != "B002")
    room.pass_time(30)
    assert room.labels == ["A001", "B003"]


def test_what_a_counter_held_before_the_call_does_not_silence_it(hall: Open) -> None:
    """A call is posted before its counter's state, which may still be the former one for a moment."""
    room = hall()
    room.at_counter("3", "A044", "serving")
    room.pass_time(0.2)
    room.call(call("A045", "3"), followed=False)
    room.pass_time(1)
    assert room.labels == ["A045"]


def test_withdrawn_call_stops_the_voice_at_once_and_the_next_one_begins(hall: Open) -> None:
    room = hall()
    room.call(call("A045", "3"))
    room.call(call("AA07", "1"))
    room.pass_time(1)
    room.say(topics.call(SITE), Withdrawn(call_id="call-A045", withdrawn=True))
    room.pass_time(0.2)
    first, second = room.tape
    assert first.ended == pytest.approx(first.began + 1.0, abs=0.15)
    assert (second.label, room.overlaps()) == ("AA07", [])
    room.say(topics.call(SITE), Withdrawn(call_id="call-AA07", withdrawn=True))
    room.pass_time(10)
    assert len(room.tape) == 2


def test_nothing_is_repeated_after_a_reconnect_and_what_is_old_is_not_shouted(hall: Open) -> None:
    room = hall()
    line = room.call(call("A045", "3"))
    room.pass_time(15)
    room.screens[0].link.lose()
    room.pass_time(1)
    missed = room.call(call("B001", "1"))
    room.pass_time(30)
    room.screens[0].link.start()
    for again in (line, missed):
        room.say(topics.call(SITE), event(again))
    room.say(topics.board(SITE), board(2, missed, line), retain=True)
    room.pass_time(30)
    assert room.labels == ["A045"]
    assert [each.call_id for each in room.screens[0].display.state.board.calls] == ["call-B001", "call-A045"]


def test_recall_is_heard_anew_and_sounds_otherwise(hall: Open) -> None:
    room = hall(languages=("it",))
    room.call(call("A045", "3"))
    room.pass_time(10)
    room.call(call("A045", "3", call_id="second"))
    room.pass_time(10)
    room.call(call("A045", "3", call_id="third", attempt=3))
    room.pass_time(10)
    plain, again, third = room.tape
    assert (plain.words.split()[0], again.words[:23], third.words[:17]) == (
        "it:Numero",
        "it:Si ripete la chiamat",
        "it:Terza chiamata",
    )
    chimes = [each.sounding.samples[:20_000] for each in room.tape]
    assert chimes[0] != chimes[1] == chimes[2]


def test_tickets_of_people_who_may_not_stand_sound_like_all_others(hall: Open) -> None:
    """A7: nothing in a call says so, and the same label makes the same sound."""
    assert "assisted" not in event(call("A045")).model_dump()
    sounds = []
    for _round in range(2):
        room = hall()
        room.call(call("A045", "3"))
        room.pass_time(1)
        sounds.append(room.tape[0].sounding.samples)
    assert sounds[0] == sounds[1]


def test_without_the_generator_calls_are_chimed_and_the_office_is_told_until_it_is_there(hall: Open) -> None:
    room = hall(languages=("it",))
    tones = room.screens[0].tones
    tones.installed = False
    room.call(call("X045", "77"))
    room.pass_time(4)
    assert [(each.label, each.words) for each in room.tape] == [("X045", "")]
    assert room.tape[0].ended - room.tape[0].began < 2
    assert room.screens[0].problems() == ["no_voice"]
    assert room.screens[0].status["voice"] == "chime"
    tones.installed = True
    for label in ("X046", "X047"):
        room.call(call(label, "77"))
        room.pass_time(10)
    assert room.tape[2].words == "it:Numero it:X it:0 it:4 it:7 it:Sportello it:77"
    assert room.screens[0].problems() == []


def test_screen_without_a_loudspeaker_shows_all_and_goes_on(hall: Open) -> None:
    room = hall()
    room.screens[0].player.broken = True
    for label in ("A001", "A002"):
        room.call(call(label, label))
    room.pass_time(8)
    assert (room.tape, room.screens[0].shown) == ([], ["A001", "A002"])
    assert room.screens[0].status["voice"] == "none"


def test_screen_that_is_to_chime_only_does_so(hall: Open) -> None:
    room = hall(voice=False)
    room.call(call("A045", "3"))
    room.pass_time(3)
    assert [each.words for each in room.tape] == [""]
    assert room.tape[0].ended - room.tape[0].began > 1
    assert room.screens[0].tones.asked == []


def test_chime_does_not_run_ahead_of_the_picture(hall: Open) -> None:
    """A chime is shorter than a call stands on the screen: the next one waits for its picture."""
    room = hall(voice=False)
    for label in ("A001", "A002", "A003"):
        room.call(call(label, label))
    while len(room.tape) < 3:
        room.pass_time(0.1)
        assert room.screens[0].shown == room.labels
    assert room.tape[1].began - room.tape[0].began >= 2.9


def test_volume_follows_the_time_of_day(hall: Open) -> None:
    """NINE is 10:30 in Rome."""
    room = hall(languages=("it",), volume={"08:00-10:31": 40, "10:31-18:00": 90})
    room.call(call("A045", "3"))
    room.pass_time(60)
    room.call(call("A046", "3"))
    room.pass_time(2)
    assert [each.sounding.percent for each in room.tape] == [40, 90]


@pytest.mark.parametrize(
    ("volume", "at", "percent"),
    [
        (35, "12:00", 35),
        ({"08:00-18:00": 70}, "08:00", 70),
        ({"08:00-18:00": 70}, "18:00", DEFAULT_PERCENT),
        ({"18:00-08:00": 10}, "23:59", 10),
        ({"18:00-08:00": 10}, "07:59", 10),
        ({"18:00-08:00": 10}, "12:00", DEFAULT_PERCENT),
        ({"nonsense": 10, "00:00-23:00": 500}, "12:00", 100),
    ],
)
def test_loudness_by_spans(volume: Any, at: str, percent: int) -> None:
    assert percent_at(volume, time.fromisoformat(at)) == percent


# -- one room, one voice

TWO: dict[str, Any] = {
    "names": ("hall", "door"),
    "languages": ("it",),
    "speakers": ("hall", "door"),
    "by_screen": {"hall": {"counters": ("1", "2")}, "door": {"counters": ("3",)}},
    "room_counters": ("1", "2", "3"),
}


def test_first_screen_of_the_room_speaks_for_all_of_them_in_turn(hall: Open) -> None:
    room = hall(**TWO)
    room.call(call("A001", "1"))
    room.call(call("A003", "3"))
    room.call(call("A009", "9"))
    room.pass_time(20)
    assert [(each.screen, each.label) for each in room.tape] == [("hall", "A001"), ("hall", "A003")]
    assert [screen.shown for screen in room.screens] == [["A001"], ["A003"]]
    assert room.overlaps() == []


def test_when_the_speaker_dies_the_next_one_goes_on_and_repeats_nothing(hall: Open) -> None:
    room = hall(**TWO)
    for label, counter in (("A001", "1"), ("A002", "2"), ("A003", "3")):
        room.call(call(label, counter))
    room.pass_time(3)
    room.screens[0].die()
    room.pass_time(20)
    assert [(each.screen, each.label) for each in room.tape][:1] == [("hall", "A001")]
    assert room.labels.count("A001") == 1
    assert ("door", "A003") in [(each.screen, each.label) for each in room.tape]
    assert set(room.labels) == {"A001", "A002", "A003"}


def test_screen_that_can_only_chime_lets_the_one_that_speaks_go_first(hall: Open) -> None:
    room = hall(**TWO)
    room.screens[0].tones.installed = False
    room.call(call("A001", "1", counter_name="77"))
    room.pass_time(5)
    assert room.screens[0].status["voice"] == "chime"
    room.call(call("A002", "2"))
    room.pass_time(8)
    assert (room.tape[-1].screen, room.tape[-1].label) == ("door", "A002")
    assert room.overlaps() == []


def test_screen_that_does_not_hear_the_dispatcher_leaves_the_room_to_the_others(hall: Open) -> None:
    """It cannot know whether another one has begun to speak in its place."""
    room = hall(**TWO)
    room.heartbeats = False
    room.pass_time(6)
    room.call(call("A001", "1"))
    room.pass_time(3)
    assert room.tape == []
    room.heartbeats = True
    room.pass_time(3)
    assert room.labels == ["A001"]


def test_screens_of_one_program_share_its_loudspeaker(hall: Open) -> None:
    """In turn, and a call that stands on both is sounded once; what one takes back does not silence the other."""
    counters = {"hall": {"counters": ("1", "2")}, "door": {"counters": ("2", "3")}}
    room = hall(names=("hall", "door"), by_screen=counters, one_loudspeaker=True, languages=("it",))
    for label, counter in (("A001", "1"), ("A002", "2"), ("A003", "3")):
        room.call(call(label, counter))
    while len(room.tape) < 3:
        room.pass_time(0.1)
    room.say(topics.call(SITE), Withdrawn(call_id="call-A001", withdrawn=True))
    room.pass_time(20)
    assert sorted(room.labels) == ["A001", "A002", "A003"]
    assert room.overlaps() == []
    assert room.tape[2].ended - room.tape[2].began > 4


def test_calls_of_another_epoch_fall_silent(hall: Open) -> None:
    room = hall(languages=("it",))
    room.call(call("A001", "1"))
    room.call(call("A002", "2"))
    room.pass_time(1)
    room.say(topics.board(SITE), board(1, epoch="e2", at=datetime(2026, 11, 23, 10, tzinfo=UTC)), retain=True)
    room.pass_time(20)
    assert room.labels == ["A001"]
    assert room.tape[0].ended - room.tape[0].began < 2


def test_clips_of_a_name_never_said_before_do_not_hold_up_the_picture(hall: Open) -> None:
    room = hall(languages=("it",))
    room.say(topics.device(SITE, "hall", "config"), config(languages=("it",)), retain=True)
    room.call(call("A045", "9", counter_name="Accettazione"))
    room.pass_time(0.1)
    assert room.screens[0].shown == ["A045"]
    room.pass_time(1)
    assert room.tape[0].words == "it:Numero it:A it:0 it:4 it:5 it:Accettazione"
