"""By ear: somebody who has a number already (B6, B7), and the screens around a visit. Pure, as `kiosk.speech.pages`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kiosk import arriving, flow, moves
from kiosk.aid import Scene
from kiosk.speech.page import Item, Page
from kiosk.speech.words import Aloud, Said, spelled


def uncovered(state: flow.State) -> flow.State:
    """The state as it is under the question whether somebody is still there."""
    return replace(state, screen=state.screen.before) if isinstance(state.screen, moves.StillThere) else state


def entries(words: Aloud) -> list[Item]:
    """What the first screen offers besides services."""
    choices = (("visit.appointment", "check_in"), ("visit.missed", "rejoin"))
    return [Item(purpose, (words.aloud(key),), moves.OpenEntry(purpose)) for key, purpose in choices]


def have(_state: flow.State, _have: moves.Have, words: Aloud, _scene: Scene) -> Page:
    back = Item("back", (words.aloud("speech.back"),), flow.Dismiss())
    return Page(("have",), (words.aloud("visit.have_title"),), (*entries(words), back))


def wait(_state: flow.State, wait: moves.Wait, words: Aloud, _scene: Scene) -> Page:
    back = Item("back", (words.aloud("speech.again"),), flow.Dismiss())
    return Page(("wait",), (words.aloud_count("visit.wait", wait.left_s),), (back,))


def enter(state: flow.State, enter: moves.Enter, words: Aloud, _scene: Scene) -> Page:
    """The characters one after the other; once it can be asked with, OK stands first."""
    back = Item("back", (words.aloud("speech.back"),), flow.Dismiss())
    delete = Item("delete", (words.aloud("visit.delete"),), moves.Key(arriving.BACK))
    characters = tuple(Item(one, (words.spoken(one),), moves.Key(one)) for one in arriving.keys(state, enter.purpose))
    title = (words.aloud(f"visit.enter_{enter.purpose}"), words.aloud("speech.enter"))
    entered = Said(title[0].language, spelled(enter.text)) if enter.text else words.aloud("speech.empty")
    subject, key = ("enter", enter.purpose), ("enter", enter.purpose, enter.text)
    if arriving.complete(enter) is None:
        return Page(key, (*title, entered), (*characters, delete, back), subject, (entered,), keeps=True)
    done = Item("ok", (words.aloud("speech.complete"),), moves.Submit())
    return Page(key, (*title, entered), (done, delete, back, *characters), subject, (entered,))


def asking(_state: flow.State, asking: moves.Asking, words: Aloud, _scene: Scene) -> Page:
    return Page(("asking", asking.key), (words.aloud("speech.issuing"),))


def arrived(_state: flow.State, arrived: moves.Arrived, words: Aloud, scene: Scene) -> Page:
    key = f"visit.arrived.{arrived.result}"
    when = _when(arrived.at, words, scene.local)
    title = [words.aloud(f"{key}.title"), words.aloud(f"{key}.text", counter=arrived.counter or "?", when=when)]
    if arrived.label:
        title.insert(0, Said(title[0].language, spelled(arrived.label)))
    if arrived.ahead is not None:
        title.append(words.aloud_count("ahead", arrived.ahead))
    again = (Item("again", (words.aloud("visit.again"),), moves.Rejoin()),) if arrived.again else ()
    done = Item("back", (words.aloud("speech.done"),), flow.Dismiss())
    return Page(("arrived", arrived.result, arrived.label), tuple(title), (*again, done), final=not again)


def _when(at: datetime | None, words: Aloud, local: datetime) -> str:
    if at is None:
        return ""
    at = at.astimezone(local.tzinfo)
    return words.time(at) if at.date() == local.date() else f"{words.long_date(at)}, {words.time(at)}"
