"""A customer's visit: when it begins and ends by time, what is set for its length, and how soon the next may begin.

Pure, like `kiosk.flow`, which calls these handlers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.moves import (
    Arrived,
    Asking,
    Attract,
    Begin,
    Choose,
    ChooseLanguage,
    Effect,
    Enter,
    Have,
    Languages,
    MoreTime,
    OpenHave,
    OpenLanguages,
    OutOfService,
    Screen,
    Sorry,
    StillThere,
    Stopped,
    Ticket,
    ToggleEasy,
    Wait,
)

if TYPE_CHECKING:
    from kiosk.flow import State

IDLE_S = 60.0
"""From the last touch to the start again, the warning included."""
WARN_S = 20
"""How long the warning stands (WCAG 2.2.1)."""
READ_S = 15.0
"""An answer of the office, a refusal, or what to do if no paper has come out, is read; then comes the warning."""
ATTRACT_S = 120.0
ASK_S = 12.0
"""Longer than a command is repeated: then the answer is lost."""
SLOWER = 2.5
MINUTE_S = 60.0
RESTING = (Choose, OutOfService, Stopped, Attract, Languages, Have, Wait)
"""What gives way when no ticket can be had; the question whether somebody is there as the screen under it."""


def show(state: State, screen: Screen) -> State:
    return replace(state, screen=screen, since=state.now)


def start_again(state: State) -> State:
    """Ready for the next customer: the first language, the dispenser's own look, its ordinary pace."""
    first = state.languages[0] if state.languages else state.language
    return show(replace(state, language=first, contrast=state.house.contrast, slow=False), Choose())


def pace(state: State, seconds: float) -> float:
    """A time for reading, longer for who has asked for more."""
    return seconds * SLOWER if state.slow else seconds


def untouched(state: State) -> bool:
    """Nothing of the first screen has been changed by anybody."""
    first = state.languages[0] if state.languages else state.language
    own = state.contrast == state.house.contrast and not state.slow
    return state.screen == Choose() and state.language == first and own


def by_time(state: State) -> State:
    """What the passing of time alone changes, on all screens but those of a ticket."""
    age = state.now - state.since
    match state.screen:
        case Choose() if untouched(state):
            return show(state, Attract()) if age >= ATTRACT_S else state
        case Choose() | Languages() | Have() | Enter() | Arrived() | Sorry() | Ticket(paper="unsure") as before:
            rest = READ_S if isinstance(before, Arrived | Sorry | Ticket) else IDLE_S - WARN_S
            return show(state, StillThere(before, WARN_S)) if age >= pace(state, rest) else state
        case StillThere(before, left):
            now_left = math.ceil(WARN_S - age)
            if now_left <= 0:
                return start_again(state)
            return replace(state, screen=StillThere(before, now_left)) if now_left != left else state
        case Wait(_, choose):
            left_s = next_in_s(state)
            return replace(state, screen=Wait(math.ceil(left_s), choose)) if left_s > 0 else show(state, choose)
        case Asking() if age >= ASK_S:
            return show(state, Arrived("away"))
        case _:
            return state


def nobody_there(state: State) -> bool:
    """Nobody uses the screen: a number whose paper comes late may be shown to whom it belongs."""
    return isinstance(state.screen, Attract) or untouched(state)


# -- how soon the next ticket may be had


def next_in_s(state: State) -> float:
    """Seconds until a touch or a push-button may begin a ticket; 0: now."""
    recent, house = _recent(state), state.house
    waits = [0.0]
    if recent:
        waits.append(recent[-1] + house.interval_s - state.now)
    if len(recent) >= house.per_minute:
        waits.append(recent[-house.per_minute] + MINUTE_S - state.now)
    return max(waits)


def note_begun(state: State) -> State:
    """A ticket was begun by touch or push-button."""
    return replace(state, begun=(*_recent(state), state.now))


def hold_back(state: State, choose: Choose) -> State:
    """A touch that came too soon."""
    return show(state, Wait(math.ceil(next_in_s(state)), choose))


def _recent(state: State) -> tuple[float, ...]:
    return tuple(at for at in state.begun if state.now - at < MINUTE_S)


# -- one handler an event


def on_begin(state: State, _event: Begin, _effects: list[Effect]) -> State:
    return start_again(state) if isinstance(state.screen, Attract) else state


def on_more_time(state: State, _event: MoreTime, _effects: list[Effect]) -> State:
    """Also a touch beside everything: somebody is there."""
    if isinstance(state.screen, StillThere):
        return show(state, state.screen.before)
    unsure = isinstance(state.screen, Ticket) and state.screen.paper == "unsure"
    if unsure or isinstance(state.screen, Choose | Languages | Have | Enter | Arrived | Sorry):
        return replace(state, since=state.now)
    return state


def on_easy(state: State, _event: ToggleEasy, _effects: list[Effect]) -> State:
    if not isinstance(state.screen, Choose):
        return state
    slow = not state.slow
    return replace(state, slow=slow, contrast=slow or state.house.contrast, since=state.now)


def on_open_languages(state: State, _event: OpenLanguages, _effects: list[Effect]) -> State:
    return show(state, Languages(before=state.screen)) if isinstance(state.screen, Choose) else state


def on_open_have(state: State, _event: OpenHave, _effects: list[Effect]) -> State:
    return show(state, Have()) if isinstance(state.screen, Choose) else state


def on_language(state: State, event: ChooseLanguage, _effects: list[Effect]) -> State:
    if event.language not in state.languages or not isinstance(state.screen, Choose | Languages):
        return state
    screen = state.screen.before if isinstance(state.screen, Languages) else state.screen
    return show(replace(state, language=event.language), screen)


def dismissed(state: State) -> State | None:
    """ "Back" or "done"; None where this is not for a visit to say."""
    match state.screen:
        case Have() | Enter():
            return show(state, Choose())
        case Languages(_, choose) | Wait(_, choose):
            return show(state, choose)
        case Arrived() | StillThere():
            return start_again(state)
        case _:
            return None
