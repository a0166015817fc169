"""The conversation: which choice is at hand, what a key changes, what is said. Pure; times are wall seconds that come
in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk import flow, moves, visits
from kiosk.aid import Scene
from kiosk.speech import pages
from kiosk.speech.page import Item, Page
from kiosk.speech.visit_pages import uncovered
from kiosk.speech.words import Aloud, Said

VOLUMES = (0.25, 0.5, 0.75, 1.0)
DEFAULT_VOLUME = 2
"""The place in VOLUMES with which each use begins."""
IDLE_S = 60.0
"""How long a key is waited for."""
WARN_S = 20.0
"""So long before the end of the time for a key it is said that it ends (WCAG 2.2.1)."""
NOTHING = Page((), ())
HELP_S = 3.0
"""The repeat key pressed twice within it says how the keys work."""
KEPT_S = 20.0
"""How long a ticket can be heard again after its screen has gone, in the middle of what is said of it."""


class Key(StrEnum):
    """What was done with the four keys. The fourth speaks when it is let go: `hush` is when it goes down."""

    PREVIOUS = "previous"
    NEXT = "next"
    OK = "ok"
    HUSH = "hush"
    REPEAT = "repeat"
    VOLUME = "volume"


class Stage(StrEnum):
    """`kept`: the use is over, the ticket's screen has gone, and it can still be heard, in its customer's language and
    at the volume with which each use begins; a step to another choice is the next customer's."""

    ASLEEP = "asleep"
    LANGUAGE = "language"
    SCREEN = "screen"
    KEPT = "kept"


@dataclass(frozen=True)
class Speech:
    """What is to be said; `interrupts`: instead of what is being said, else behind it."""

    said: tuple[Said, ...]
    interrupts: bool = True


@dataclass(frozen=True)
class Session:
    """One use of the guide. `at` is the id of the choice at hand, `last` what the repeat key says."""

    stage: Stage = Stage.ASLEEP
    page: Page = NOTHING
    at: object = None
    last: tuple[Said, ...] = ()
    language: str = ""
    volume: int = DEFAULT_VOLUME
    touched_at: float = 0.0
    warned: bool = False
    repeated_at: float = float("-inf")

    @property
    def awake(self) -> bool:
        return self.stage is not Stage.ASLEEP


@dataclass(frozen=True)
class Turn:
    """The session afterwards, what is said, and what happens: events of the flow, or aid.Pick."""

    session: Session
    speech: Speech | None = None
    events: tuple[object, ...] = ()


def press(session: Session, key: Key, state: flow.State, scene: Scene, now: float) -> Turn:
    """A key. It begins the guide if need be, and cuts off what is being said."""
    if not session.awake:
        return Turn(session) if key is Key.HUSH else _wake(state, scene, now)
    if session.stage is Stage.KEPT and key in (Key.PREVIOUS, Key.NEXT):
        return _wake(state, scene, now)
    before, session = session, replace(session, touched_at=now, warned=False)
    # a key is a sign of life for the screen too, whose time would run out behind the customer's back
    alive, state = (moves.MoreTime(),), uncovered(state)
    match key:
        case Key.HUSH:
            return Turn(session, Speech(()), alive)
        case Key.VOLUME:
            session = replace(session, volume=(session.volume + 1) % len(VOLUMES))
            said = Aloud(_language(session, state)).aloud("speech.volume", n=session.volume + 1, total=len(VOLUMES))
            return Turn(session, Speech((said,)), alive)
        case Key.REPEAT if now - before.repeated_at <= HELP_S:
            return Turn(session, Speech((Aloud(_language(session, state)).aloud("speech.help"),)), alive)
        case Key.REPEAT:
            return Turn(replace(session, repeated_at=now), Speech(session.last), alive)
        case Key.OK:
            turn = _choose(session, state, scene)
            return replace(turn, events=(*alive, *turn.events))
        case _:
            return replace(_move(session, 1 if key is Key.NEXT else -1), events=alive)


def follow(session: Session, state: flow.State, scene: Scene, now: float) -> Turn:
    """What the screen has become since, and what time has brought."""
    if not session.awake:
        return Turn(session)
    covered, state = isinstance(state.screen, moves.StillThere), uncovered(state)
    if session.stage is Stage.LANGUAGE and (state.screen != flow.Choose() or state.language != session.language):
        # a finger was quicker
        session = replace(session, stage=Stage.SCREEN, language=state.language)
    if _waits(session, state) and now - session.touched_at >= _most_s(state):
        # before the screen is looked at, which returns to its beginning at the same time
        ended = Aloud(_language(session, state)).aloud("speech.ended")
        return Turn(Session(), Speech((ended,), interrupts=False))
    turn = Turn(session)
    if session.stage is Stage.SCREEN:
        turn = _screen(session, state, scene, now)
    elif session.stage is Stage.KEPT and _begun_by_another(state):
        return Turn(Session())
    return turn if turn.speech or turn.events else _time(turn.session, state, now, covered=covered)


def _wake(state: flow.State, scene: Scene, now: float) -> Turn:
    """The beginning, whatever the one before has left on the screen."""
    begin: tuple[object, ...] = ()
    if isinstance(state.screen, moves.Attract):
        begin = (moves.Begin(),)
        state, _effects = flow.step(state, moves.Begin())
    state = uncovered(state)
    choose = state.screen
    session = Session(Stage.SCREEN, touched_at=now, language=state.language)
    if not isinstance(choose, flow.Choose):
        return replace(_read(session, pages.page(state, scene), interrupts=True), events=(moves.MoreTime(),))
    events: list[object] = [*begin, *([flow.ToggleAssisted()] if choose.assisted else [])]
    if choose.group is not None:
        events.append(flow.OpenGroup(None))
    if len(pages.spoken_languages(state)) > 1:
        turn = _read(replace(session, stage=Stage.LANGUAGE), pages.languages(state, scene), interrupts=True)
        return replace(turn, events=tuple(events))
    for event in events:
        state, _effects = flow.step(state, event)  # type: ignore[arg-type]
    return replace(_read(session, pages.page(state, scene), interrupts=True), events=tuple(events))


def _read(session: Session, page: Page, *, interrupts: bool) -> Turn:
    """A page from its beginning, with its first choice."""
    first = page.items[0] if page.items else None
    title, same = page.title, page.subject is not None and page.subject == session.page.subject
    if same:
        title = page.news
    if same and page.keeps and any(one.id == session.at for one in page.items):
        return Turn(replace(session, page=page, last=title), Speech(title, interrupts))
    rest = first.said if first else ()
    session = replace(session, page=page, at=first.id if first else None, last=(*page.title, *rest))
    return Turn(session, Speech((*title, *rest), interrupts))


def _screen(session: Session, state: flow.State, scene: Scene, now: float) -> Turn:
    page = pages.page(state, scene)
    before = session.page
    if page.key == before.key:
        # the figures may be others, what is at hand is the same
        return Turn(replace(session, page=page))
    restarted = page.key[:1] == ("choose",) and before.key[:1] != ("choose",)
    if restarted and before.final:
        done = tuple(replace(one, event=pages.End()) for one in before.items)
        page = replace(before, items=done)
        return Turn(replace(session, stage=Stage.KEPT, page=page, volume=DEFAULT_VOLUME, touched_at=now))
    if restarted and state.language != session.language and session.language in state.languages:
        return Turn(session, None, (flow.ChooseLanguage(session.language),))
    return _read(replace(session, language=state.language), page, interrupts=page.urgent)


def _begun_by_another(state: flow.State) -> bool:
    """Whether somebody uses the screen while a ticket is still kept for the ear."""
    if isinstance(state.screen, flow.Choose):
        first = state.languages[0] if state.languages else state.language
        return state.screen != flow.Choose() or state.language != first
    return isinstance(state.screen, flow.Issuing)


def _waits(session: Session, state: flow.State) -> bool:
    """Whether it is the customer's turn."""
    chooses = isinstance(state.screen, flow.Choose | moves.Have | moves.Enter)
    return session.stage is Stage.LANGUAGE or (session.stage is Stage.SCREEN and chooses)


def _most_s(state: flow.State) -> float:
    """How long a key is waited for: as long as the screen waits for a finger."""
    return visits.pace(state, IDLE_S - WARN_S) + WARN_S


def _time(session: Session, state: flow.State, now: float, *, covered: bool) -> Turn:
    """That the time for a key ends soon, and the end of what waits for none. `covered`: the screen asks for more."""
    age = now - session.touched_at
    asks = covered or (_waits(session, state) and age >= _most_s(state) - WARN_S)
    if asks and not session.warned:
        idle = Aloud(_language(session, state)).aloud("speech.idle")
        return Turn(replace(session, warned=True), Speech((idle,), interrupts=False))
    if _waits(session, state):
        return Turn(session)
    # out of service is not the customer's fault: the guide waits longer for what comes after it
    most = KEPT_S if session.stage is Stage.KEPT else 3 * IDLE_S
    return Turn(Session()) if age >= most else Turn(session)


def _item(session: Session) -> Item | None:
    choices = session.page.items
    return next((one for one in choices if one.id == session.at), choices[0] if choices else None)


def focus(session: Session) -> object:
    """What is at hand, as a touch on the screen would mean it; None when nothing is."""
    item = _item(session) if session.awake and session.stage is not Stage.KEPT else None
    match item.event if item else None:
        case pages.Speak(language):
            return flow.ChooseLanguage(language)
        case pages.End():
            return flow.Dismiss()
        case event:
            return event


def _move(session: Session, by: int) -> Turn:
    choices = session.page.items
    if not choices:
        return Turn(session, Speech(session.last))
    at = next((at for at, one in enumerate(choices) if one.id == session.at), 0)
    item = choices[(at + by) % len(choices)]
    said = item.said[:1] if session.stage is Stage.LANGUAGE else item.said
    return Turn(replace(session, at=item.id, last=said), Speech(said))


def _choose(session: Session, state: flow.State, scene: Scene) -> Turn:
    item = _item(session)
    if item is None or item.event is None:
        return Turn(session, Speech(item.said if item else session.last))
    match item.event:
        case pages.Speak(language):
            session = replace(session, stage=Stage.SCREEN, language=language, page=NOTHING)
            return Turn(session, Speech(()), (flow.ChooseLanguage(language),))
        case pages.Languages():
            return _read(replace(session, stage=Stage.LANGUAGE), pages.languages(state, scene), interrupts=True)
        case pages.End():
            bye = Speech((Aloud(_language(session, state)).aloud("speech.bye"),))
            return Turn(Session(), bye, (flow.Dismiss(),) if session.stage is Stage.SCREEN else ())
        case event:
            return Turn(session, Speech(()), (event,))


def _language(session: Session, state: flow.State) -> str:
    """That of the choice at hand while languages are chosen, else the customer's."""
    if session.stage is Stage.LANGUAGE and isinstance(session.at, str):
        return session.at
    return session.language or state.language
