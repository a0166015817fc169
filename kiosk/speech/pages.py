"""What each screen of the flow is by ear. Pure. A new screen needs one function in READERS; without one it is said
that the screen can only be seen, and OK leads back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatcher.wire.messages import Issued, MenuGroup, MenuService
from kiosk import flow, moves
from kiosk.aid import Pick, Scene
from kiosk.lease import is_off_line
from kiosk.speech import visit_pages
from kiosk.speech.page import Item, Page
from kiosk.speech.words import Aloud, Said, named, spelled
from kiosk.texts import LANGUAGES, language_name
from kiosk.ui.service_cards import items


@dataclass(frozen=True)
class Speak:
    """This language is wanted."""

    language: str


@dataclass(frozen=True)
class Languages:
    """The choice of languages is wanted."""


@dataclass(frozen=True)
class End:
    """The customer has finished."""


def page(state: flow.State, scene: Scene) -> Page:
    """The screen that is shown now."""
    read = READERS.get(type(state.screen), _unknown)
    return read(state, state.screen, Aloud(state.language), scene)


def spoken_languages(state: flow.State) -> tuple[str, ...]:
    """Those that have texts of their own to be spoken."""
    return tuple(code for code in state.languages if code in LANGUAGES) or state.languages[:1]


def languages(state: flow.State, scene: Scene) -> Page:
    """The choice with which the guide begins: each language in its own voice."""
    codes = spoken_languages(state)
    first, *others = codes
    hints = [Aloud(code).aloud("speech.language_down", name=language_name(code)) for code in others]
    choices = tuple(
        Item(code, (Aloud(code).aloud("speech.language_ok", name=language_name(code)),), Speak(code)) for code in codes
    )
    # the first choice is read behind the title, and the others' hints behind it
    opening = Item(first, (*choices[0].said, *hints), Speak(first))
    title = (Said(first, f"{scene.office}."), Aloud(first).aloud("speech.welcome"))
    return Page(("languages",), title, (opening, *choices[1:]))


def _choose(state: flow.State, choose: flow.Choose, words: Aloud, scene: Scene) -> Page:
    level = choose.group is None and len(flow.named_groups(state)) > 1
    key = "speech.choose_assisted" if choose.assisted else "speech.group" if level else "speech.choose"
    found = [
        _group(one, state, words) if isinstance(one, MenuGroup) else _service(one, state, words, scene)
        for one in items(state, choose)
    ]
    if any(service.assisted for service in flow.services(state)):
        said = ("speech.assisted_on",) if choose.assisted else ("assisted.off", "assisted.off_detail")
        found.append(Item("assisted", tuple(map(words.aloud, said)), flow.ToggleAssisted()))
    if choose.group is None:
        found += visit_pages.entries(words)
    if choose.group is not None:
        found.append(Item("back", (words.aloud("speech.back"),), flow.OpenGroup(None)))
    elif len(spoken_languages(state)) > 1:
        found.append(Item("language", (words.aloud("speech.other_language"),), Languages()))
    total = len(found)
    counted = tuple(
        Item(one.id, (*one.said, words.aloud("speech.position", n=at, total=total)), one.event)
        for at, one in enumerate(found, 1)
    )
    return Page(("choose", choose.group, choose.assisted, state.language), (words.aloud(key),), counted)


def _group(group: MenuGroup, state: flow.State, words: Aloud) -> Item:
    name = named(group.name, state.language, state.languages, group.id)
    n = len(group.services)
    count = words.aloud("speech.group_one") if n == 1 else words.aloud("speech.group_many", n=n)
    return Item(("group", group.id), (name, count), flow.OpenGroup(group.id))


def _service(service: MenuService, state: flow.State, words: Aloud, scene: Scene) -> Item:
    name = named(service.name, state.language, state.languages, service.id)
    if service.open and not state.link:
        return Item(service.id, (name, words.aloud("offline.card")), Pick(service.id))
    if service.open:
        wait = words.wait(service.wait_low_s, service.wait_high_s)
        said = (name, words.spoken(words.count("waiting", service.waiting)), words.spoken(wait))
        return Item(service.id, said, Pick(service.id))
    key = f"closed.{service.reason}"
    reason = words.aloud(key if words.knows(key) else "closed.other")
    return Item(service.id, (name, reason, *_opens(service, words, scene.local)))


def _opens(service: MenuService, words: Aloud, local: datetime) -> tuple[Said, ...]:
    return () if service.opens_at is None else _at(service.opens_at, words, local)


def _at(at: datetime, words: Aloud, local: datetime) -> tuple[Said, ...]:
    """When it opens, aloud."""
    at = at.astimezone(local.tzinfo)
    if at.date() == local.date():
        return (words.aloud("speech.opens", time=words.time(at)),)
    near = at.date() < (local + timedelta(days=7)).date()
    day = words.weekday(at) if near else words.long_date(at)
    return (words.aloud("speech.opens_day", day=day, time=words.time(at)),)


def _issuing(state: flow.State, issuing: flow.Issuing, words: Aloud, _scene: Scene) -> Page:
    service = flow.find(state, issuing.press.service)
    names = service.name if service else {}
    name = named(names, state.language, state.languages, issuing.press.service)
    return Page(("issuing", issuing.press.key), (name, words.aloud("speech.issuing")))


def _ticket(_state: flow.State, ticket: flow.Ticket, words: Aloud, _scene: Scene) -> Page:
    issued = ticket.issued
    number = (
        words.aloud("speech.number"),
        Said(words.aloud("speech.number").language, spelled(issued.label)),
        *_place(issued, words),
    )
    key, subject = ("ticket", issued.label, ticket.paper), ("ticket", issued.label)
    if ticket.paper == "printing":
        return Page(key, (*number, words.aloud("speech.printing")), subject=subject)
    keys = ("speech.take", "speech.called") if ticket.paper == "take" else ("take.unconfirmed",)
    news = tuple(words.aloud(one) for one in keys)
    done = Item("done", (words.aloud("speech.done"),), End())
    return Page(key, (*number, *news), (done,), subject, news, final=True)


def _place(issued: Issued, words: Aloud) -> tuple[Said, Said]:
    """Who stands before, and how long it takes; off line nobody knows."""
    if is_off_line(issued):
        return words.aloud("offline.ticket"), words.aloud("offline.hint")
    ahead, wait = words.count("ahead", issued.ahead), words.wait(issued.wait_low_s, issued.wait_high_s)
    return words.spoken(ahead), words.spoken(wait)


def _sorry(state: flow.State, sorry: flow.Sorry, words: Aloud, scene: Scene) -> Page:
    key = f"sorry.{sorry.code}"
    reason = words.aloud(key if words.knows(key) else "sorry.other")
    back = Item("back", (words.aloud("speech.again"),), flow.Dismiss())
    at = flow.next_opening(state, sorry)
    opens = _at(at, words, scene.local) if at is not None else ()
    # the menu may learn it only after the refusal: then it is said behind it
    subject = ("sorry", sorry.code)
    return Page((*subject, at), (words.aloud("sorry.title"), reason, *opens), (back,), subject=subject, news=opens)


def _out_of_service(_state: flow.State, out: flow.OutOfService, words: Aloud, _scene: Scene) -> Page:
    title = [words.aloud("out.title")]
    if words.knows(f"out.{out.reason}"):
        title.append(words.aloud(f"out.{out.reason}"))
    if out.label is not None:
        title.append(words.aloud("out.held", label=spelled(out.label).rstrip(".")))
    title.append(words.aloud("out.ask"))
    return Page(("out", out.reason, out.label), tuple(title), urgent=True)


def _stopped(_state: flow.State, stopped: flow.Stopped, words: Aloud, _scene: Scene) -> Page:
    label = spelled(stopped.label).rstrip(".")
    title = (words.aloud("speech.stopped", label=label), words.aloud("stopped.ask"), words.aloud("stopped.place"))
    done = Item("done", (words.aloud("speech.done"),), End())
    return Page(("stopped", stopped.label), title, (done,), urgent=True)


def _unknown(_state: flow.State, screen: object, words: Aloud, _scene: Scene) -> Page:
    back = Item("back", (words.aloud("speech.unknown"),), flow.Dismiss())
    return Page(("unknown", type(screen).__name__), (), (back,))


READERS: dict[type, Callable[[flow.State, Any, Aloud, Scene], Page]] = {
    flow.Choose: _choose,
    flow.Issuing: _issuing,
    flow.Ticket: _ticket,
    flow.Sorry: _sorry,
    flow.Stopped: _stopped,
    flow.OutOfService: _out_of_service,
    moves.Have: visit_pages.have,
    moves.Wait: visit_pages.wait,
    moves.Enter: visit_pages.enter,
    moves.Asking: visit_pages.asking,
    moves.Arrived: visit_pages.arrived,
}
