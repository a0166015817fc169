"""What the customer sees next. Pure: `step(state, event)` gives the new state and what is to be done; no clock, no
screen.

Times are wall seconds of a clock that never runs backwards; they come in with the events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatcher.wire.messages import Menu, MenuService
from kiosk import arriving, moves, visits
from kiosk.moves import Alone as Alone
from kiosk.moves import Answer as Answer
from kiosk.moves import Choose as Choose
from kiosk.moves import ChooseLanguage as ChooseLanguage
from kiosk.moves import Configured as Configured
from kiosk.moves import Dismiss as Dismiss
from kiosk.moves import Effect as Effect
from kiosk.moves import Event as Event
from kiosk.moves import Held as Held
from kiosk.moves import Issue as Issue
from kiosk.moves import Issuing as Issuing
from kiosk.moves import LinkIs as LinkIs
from kiosk.moves import MenuCame as MenuCame
from kiosk.moves import Misconfigured as Misconfigured
from kiosk.moves import NoTicket as NoTicket
from kiosk.moves import NotTaken as NotTaken
from kiosk.moves import Numbered as Numbered
from kiosk.moves import OpenGroup as OpenGroup
from kiosk.moves import OutOfService as OutOfService
from kiosk.moves import Paper as Paper
from kiosk.moves import Press as Press
from kiosk.moves import PrinterIs as PrinterIs
from kiosk.moves import Progress as Progress
from kiosk.moves import Screen as Screen
from kiosk.moves import Sorry as Sorry
from kiosk.moves import Stopped as Stopped
from kiosk.moves import Taken as Taken
from kiosk.moves import Tick as Tick
from kiosk.moves import Ticket as Ticket
from kiosk.moves import ToggleAssisted as ToggleAssisted
from kiosk.moves import Touch as Touch
from kiosk.moves import TurnPage as TurnPage
from kiosk.moves import Wish as Wish

STARTING = OutOfService("starting")
TAKE_S = 8.0
STOPPED_S = 20.0
"""How long the customer of a ticket that its printer keeps back has the screen; the next one may be waiting."""
TOO_SOON = "too_many"
"""The answer to a push-button that was pressed before the next ticket may be had."""
ORDER_S = 3.5
"""How long an order from the room may wait for the ticket before it: its sender hangs up after 5 s."""


@dataclass(frozen=True)
class State:
    """All that decides what is shown. `trouble` is what hinders the printer, `starting` until it has been asked;
    `alone` why no ticket can be had without the dispatcher, None when it can (`menu` is then what is offered so);
    `held` are the labels, by key, that a printer keeps back: without `trouble` another printer goes on meanwhile;
    `contrast` and `slow` are how this customer wants it, `begun` when the last tickets were begun by hand."""

    screen: Screen = STARTING
    languages: tuple[str, ...] = ()
    language: str = "en"
    menu: Menu | None = None
    link: bool = False
    alone: str | None = "no_link"
    trouble: str | None = "starting"
    misconfigured: bool = False
    held: tuple[tuple[str, str], ...] = ()
    house: moves.House = moves.HOUSE
    contrast: bool = False
    slow: bool = False
    begun: tuple[float, ...] = ()
    orders: tuple[tuple[Press, float], ...] = ()
    since: float = 0.0
    now: float = 0.0


def step(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """The state after `event`, and the effects in their order. An event that is late or does not fit changes
    nothing."""
    effects: list[Effect] = []
    handler: Callable[[State, Event, list[Effect]], State] = _HANDLERS[type(event)]
    state = handler(state, event, effects)
    state = _settle(state)
    state = _take_orders(state, effects)
    return state, tuple(effects)


def services(state: State) -> list[MenuService]:
    """All services of the menu."""
    return [service for group in state.menu.groups for service in group.services] if state.menu else []


def named_groups(state: State) -> list[str]:
    """The ids of the groups that have a name and services: a level of the menu when there are several."""
    groups = state.menu.groups if state.menu else ()
    return [group.id for group in groups if any(group.name.values()) and group.services]


def find(state: State, service_id: str) -> MenuService | None:
    return next((service for service in services(state) if service.id == service_id), None)


def next_opening(state: State, sorry: Sorry) -> datetime | None:
    """When the service that was wanted can be had again, as the menu says by now; None when it does not."""
    service = find(state, sorry.service) if sorry.service else None
    return None if service is None or service.open else service.opens_at


def hindrance(state: State) -> str | None:
    """Why no ticket can be had now: a key below `out.`, or None."""
    if state.misconfigured:
        return "misconfigured"
    if not state.languages:
        return "starting" if state.link else "no_link"
    if state.trouble:
        return state.trouble
    if not state.link and state.alone:
        return state.alone
    if state.menu is None:
        return "starting"
    return None if services(state) else "no_service"


def _settle(state: State) -> State:
    """Out of service shows and goes by itself; a ticket on its way is not interrupted by it."""
    under = state.screen.before if isinstance(state.screen, moves.StillThere) else state.screen
    if not isinstance(under, visits.RESTING):
        return state
    reason = hindrance(state)
    label = state.held[-1][1] if state.held else None
    if reason:
        shown: Screen = OutOfService(reason, label)
    elif isinstance(state.screen, OutOfService):
        shown = Stopped(label) if label and state.screen.label == label else Choose()
    else:
        shown = state.screen
    return state if shown == state.screen else _show(state, shown)


def _show(state: State, screen: Screen) -> State:
    return replace(state, screen=screen, since=state.now)


def _start_again(state: State) -> State:
    return visits.start_again(state)


def busy(state: State) -> bool:
    """Whether a ticket is on its way."""
    return isinstance(state.screen, Issuing) or (isinstance(state.screen, Ticket) and state.screen.paper == "printing")


def _take_orders(state: State, effects: list[Effect]) -> State:
    waiting = []
    for press, deadline in state.orders:
        if hindrance(state) is not None or state.now >= deadline:
            effects.append(Answer(press.order or "", "out_of_service"))
        elif busy(state):
            waiting.append((press, deadline))
        else:
            state = _begin(state, press, effects)
    return replace(state, orders=tuple(waiting))


def _begin(state: State, press: Press, effects: list[Effect]) -> State:
    service = find(state, press.service)
    refusal = "not_found" if service is None else None if service.open else "service_closed"
    if refusal is None and press.paced and visits.next_in_s(state) > 0:
        refusal = TOO_SOON
    if service is None or refusal:
        if press.order:
            effects.append(Answer(press.order, refusal))
            return state
        return _show(state, Sorry(refusal or "other", press.service))
    effects.append(Issue(press, dict(service.name), alone=not state.link))
    if press.paced or press.order is None:
        state = visits.note_begun(state)
    return _show(replace(state, language=press.language), Issuing(press))


# -- one handler an event


def _on_tick(state: State, event: Tick, _effects: list[Effect]) -> State:
    state = replace(state, now=event.now)
    age = event.now - state.since
    match state.screen:
        case Ticket(paper="take") if age >= visits.pace(state, TAKE_S):
            return _start_again(state)
        case Stopped() if age >= visits.pace(state, STOPPED_S):
            return _start_again(state)
        case _:
            return visits.by_time(state)


def _on_configured(state: State, event: Configured, _effects: list[Effect]) -> State:
    language = state.language if state.languages and state.language in event.languages else event.languages[0]
    contrast = state.slow or event.house.contrast
    state = replace(state, house=event.house, contrast=contrast)
    return replace(state, languages=event.languages, language=language, misconfigured=False)


def _on_misconfigured(state: State, _event: Misconfigured, _effects: list[Effect]) -> State:
    return replace(state, misconfigured=True)


def _on_menu(state: State, event: MenuCame, _effects: list[Effect]) -> State:
    state = replace(state, menu=event.menu)
    if isinstance(state.screen, Choose) and state.screen.group not in (None, *named_groups(state)):
        return _show(state, replace(state.screen, group=None, page=0))
    return state


def _on_link(state: State, event: LinkIs, _effects: list[Effect]) -> State:
    return replace(state, link=event.up)


def _on_alone(state: State, event: Alone, _effects: list[Effect]) -> State:
    return replace(state, alone=event.reason)


def _on_printer(state: State, event: PrinterIs, _effects: list[Effect]) -> State:
    return replace(state, trouble=event.trouble)


def _on_group(state: State, event: OpenGroup, _effects: list[Effect]) -> State:
    if not isinstance(state.screen, Choose) or event.group not in (None, *named_groups(state)):
        return state
    return _show(state, replace(state.screen, group=event.group, page=0))


def _on_page(state: State, event: TurnPage, _effects: list[Effect]) -> State:
    if not isinstance(state.screen, Choose | moves.Languages):
        return state
    return _show(state, replace(state.screen, page=event.page))


def _on_assisted(state: State, _event: ToggleAssisted, _effects: list[Effect]) -> State:
    if not isinstance(state.screen, Choose):
        return state
    return _show(state, replace(state.screen, assisted=not state.screen.assisted))


def _on_dismiss(state: State, _event: Dismiss, _effects: list[Effect]) -> State:
    read = isinstance(state.screen, Sorry | Stopped)
    done = read or (isinstance(state.screen, Ticket) and state.screen.paper != "printing")
    return _start_again(state) if done else visits.dismissed(state) or state


def _on_wish(state: State, event: Wish, effects: list[Effect]) -> State:
    language = event.language if event.language in state.languages else state.language
    assisted = event.assisted
    if assisted is None:
        assisted = isinstance(state.screen, Choose) and state.screen.assisted
    press = Press(
        event.key, event.service, event.touched_at, language or state.language, assisted, event.order, event.paced
    )
    if event.order:
        if event.language is None:
            press = replace(press, language=state.languages[0] if state.languages else state.language)
        return replace(state, orders=(*state.orders, (press, state.now + ORDER_S)))
    if not isinstance(state.screen, Choose):
        return state
    if visits.next_in_s(state) > 0:
        return visits.hold_back(state, state.screen)
    return _begin(state, press, effects)


def _mine(state: State, key: str) -> Press | None:
    """The wish that the screen is about, if it is this one."""
    return state.screen.press if isinstance(state.screen, Issuing) and state.screen.press.key == key else None


def _on_taken(state: State, event: Taken, effects: list[Effect]) -> State:
    press = _mine(state, event.key)
    if press and press.order:
        effects.append(Answer(press.order))
    return state


def _on_not_taken(state: State, event: NotTaken, effects: list[Effect]) -> State:
    press = _mine(state, event.key)
    if not press:
        return state
    if press.order:
        effects.append(Answer(press.order, "out_of_service"))
    state = _start_again(state)
    return replace(state, link=False) if event.code == "no_link" else replace(state, trouble=event.code)


def _on_no_ticket(state: State, event: NoTicket, _effects: list[Effect]) -> State:
    press = _mine(state, event.key)
    return _show(state, Sorry(event.code, press.service)) if press else state


def _on_numbered(state: State, event: Numbered, _effects: list[Effect]) -> State:
    return _show(state, Ticket(event.issued, "printing")) if _mine(state, event.key) else state


def _on_held(state: State, event: Held, _effects: list[Effect]) -> State:
    known = dict(state.held)
    if event.key in known:
        return state
    state = replace(state, held=(*state.held, (event.key, event.label)))
    # the screen of who is served by another printer is not taken away: the number then stands on the office's page
    theirs = isinstance(state.screen, Issuing | Ticket | OutOfService)
    if not theirs and not visits.nobody_there(state):
        return state
    reason = hindrance(state)
    return _show(state, OutOfService(reason, event.label) if reason else Stopped(event.label))


def _on_paper(state: State, event: Paper, _effects: list[Effect]) -> State:
    was_held = event.key in dict(state.held)
    state = replace(state, held=tuple(one for one in state.held if one[0] != event.key))
    match state.screen:
        case Ticket(issued):
            theirs = issued.label == event.issued.label
        case OutOfService(_, label) | Stopped(label):
            theirs = label in (None, event.issued.label)
        case _:
            theirs = was_held and visits.nobody_there(state)
    if not theirs:
        return state
    if event.result == "failed":
        return _start_again(state)
    return _show(state, Ticket(event.issued, "take" if event.result == "confirmed" else "unsure"))


_HANDLERS: dict[type[Event], Callable[..., State]] = {
    Tick: _on_tick,
    Configured: _on_configured,
    Misconfigured: _on_misconfigured,
    MenuCame: _on_menu,
    LinkIs: _on_link,
    Alone: _on_alone,
    PrinterIs: _on_printer,
    ChooseLanguage: visits.on_language,
    OpenGroup: _on_group,
    TurnPage: _on_page,
    ToggleAssisted: _on_assisted,
    Dismiss: _on_dismiss,
    Wish: _on_wish,
    Taken: _on_taken,
    NotTaken: _on_not_taken,
    NoTicket: _on_no_ticket,
    Numbered: _on_numbered,
    Held: _on_held,
    Paper: _on_paper,
    moves.Begin: visits.on_begin,
    moves.MoreTime: visits.on_more_time,
    moves.ToggleEasy: visits.on_easy,
    moves.OpenLanguages: visits.on_open_languages,
    moves.OpenHave: visits.on_open_have,
    moves.OpenEntry: arriving.on_open_entry,
    moves.Key: arriving.on_key,
    moves.Submit: arriving.on_submit,
    moves.Rejoin: arriving.on_rejoin,
    moves.Scanned: arriving.on_scanned,
    moves.ScannerIs: arriving.on_scanner,
    moves.Told: arriving.on_told,
}
