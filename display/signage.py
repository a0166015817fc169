"""What a screen shows beside the calls: slides, where its counters are, why somebody came first, when it opens. Pure.

A slide has a place of its own (`split`, `totem`), or that of the newest call while the board has no call at all: so it
never covers one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import accumulate

from dispatcher.wire.messages import BoardCall, CallEvent, DisplayConfig, Look
from display import texts
from display.board import State, lines
from display.draw.pictures import fault
from display.texts.signage import Words, words

EXPLAINED_S = 20.0
ROW_LETTERS, PAGE_ROWS = 40, 9
"""What a page of text holds in a common place for it, roughly: letters a row, rows."""
_DOUBLED = re.compile(r"([A-Z])\1[0-9]")
_NUMBERED = re.compile(r"(.*?)([1-9][0-9]{0,3})")
SHORTEST_RANGE = 3


@dataclass(frozen=True)
class SlideView:
    """A picture (base64), or a page of Markdown. Of a text that fills several pages the one of this `turn` is seen."""

    id: str
    picture: str = ""
    text: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Signage:
    """`counter` is the name of the counter that the screen stands over, `counters` those of its zone."""

    slide: SlideView | None = None
    missed_hint: str = ""
    waits_title: str = ""
    counters_title: str = ""
    counters: tuple[str, ...] = ()
    counter_word: str = ""
    arrow: str = ""
    look: tuple[Look, float | None, float | None] = (Look(), None, None)
    """Theme, diagonal and distance: other settings are another picture."""


def compose(state: State, config: DisplayConfig, now: datetime, monotonic: float) -> Signage:
    """At the office time `now`; slides turn by the wall time `monotonic`."""
    said = _words(config)
    return Signage(
        slide=_slide(config, now, monotonic),
        missed_hint=said.missed_hint if state.board and state.board.missed else "",
        waits_title=said.waits,
        counters_title=said.counters,
        counters=tuple(config.counter_names.values()) if config.counters is not None else (),
        counter_word=texts.catalogue(texts.first_of(config.languages)).counter,
        arrow=config.arrow or "",
        look=(config.theme, config.diagonal_mm, config.distance_m),
    )


def ranges(names: tuple[str, ...], word: str) -> tuple[str, ...]:
    """The names of counters as a sign says them: three and more that follow each other as `1–4`, the rest as they are.

    Numbers stand before names. `word`, which stands above them, is not said again of each: Counter 1 is 1.
    """
    numbers: dict[str, set[int]] = {}
    others: list[str] = []
    for name in names:
        if found := _NUMBERED.fullmatch(name):
            before = "" if found[1].strip().casefold() == word.casefold() else found[1]
            numbers.setdefault(before, set()).add(int(found[2]))
        else:
            others.append(name)
    said = [text for before in sorted(numbers) for text in _runs(before, sorted(numbers[before]))]
    return (*said, *dict.fromkeys(others))


def _runs(before: str, numbers: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = []
    for run in runs:
        if len(run) >= SHORTEST_RANGE:
            said.append(f"{before}{run[0]}–{run[-1]}")
        else:
            said += [f"{before}{number}" for number in run]
    return said


def next_change(state: State, monotonic: float) -> float:
    """When, in wall seconds, the slide turns or an explanation ends.

    The office time of the last heartbeat is near enough to know the slides in force.
    """
    times = [math.inf]
    heard = state.heartbeat or state.board
    if state.config is not None and heard is not None and (pages := _pages(state.config, heard.at)):
        whole = sum(seconds for seconds, _page in pages)
        into = monotonic % whole
        turns = (seconds / parts for seconds, page in pages if (parts := _parts(page.text)) for _turn in range(parts))
        times.append(monotonic - into + next((end for end in accumulate(turns) if into < end), whole))
    until = state.queue.since + EXPLAINED_S
    if state.queue.current is not None and monotonic < until:
        times.append(until)
    return min(times)


def explanation(state: State, huge: BoardCall | CallEvent | None, config: DisplayConfig, monotonic: float) -> str:
    """Why somebody with an appointment came first, for the message line; empty when there is nothing to explain.

    The rule: the call that has just begun has a doubled letter, and others wait for the same service. Whoever sits
    there with an earlier number then reads for 20 s that it is no mistake.
    """
    current = state.queue.current
    if huge is None or current is None or current.call.call_id != huge.call_id or state.board is None:
        return ""
    others = any(each.service == huge.service and each.waiting > 0 for each in state.board.queues)
    begun = monotonic < state.queue.since + EXPLAINED_S
    return _words(config).appointments if begun and others and _DOUBLED.match(huge.label) else ""


def closed(state: State, now: datetime, zone: tzinfo | None) -> str:
    """That the office is closed and when it opens: no service of the dispenser is open, nobody waits or is called."""
    board, menu, config = state.board, state.menu, state.config
    if board is None or menu is None or config is None or lines(state):
        return ""
    services = [service for group in menu.groups for service in group.services]
    if not services or any(service.open for service in services) or any(each.waiting for each in board.queues):
        return ""
    said = _words(config)
    opens = [service.opens_at for service in services if service.opens_at and service.opens_at > now]
    if not opens:
        return said.closed
    first, today = min(opens).astimezone(zone), now.astimezone(zone).date()
    if first.date() == today:
        return f"{said.closed} · {said.opens_today.format(time=f'{first:%H:%M}')}"
    catalogue = texts.catalogue(texts.first_of(config.languages))
    day = catalogue.weekdays[first.weekday()]
    if (first.date() - today).days > 6:
        month = catalogue.months[first.month - 1]
        day = catalogue.date.format(weekday=day, day=first.day, month=month)
    return f"{said.closed} · {said.opens_later.format(day=day, time=f'{first:%H:%M}')}"


def _words(config: DisplayConfig) -> Words:
    return words(texts.first_of(config.languages))


def _slide(config: DisplayConfig, now: datetime, monotonic: float) -> SlideView | None:
    pages = _pages(config, now)
    if not pages:
        return None
    rounds, into = divmod(monotonic, sum(seconds for seconds, _page in pages))
    place = 0
    while place < len(pages) - 1 and into >= pages[place][0]:
        into -= pages[place][0]
        place += 1
    seconds, page = pages[place]
    if page.picture:
        return page
    # Nothing is lost where a page has less room than was reckoned with: what is left over comes in the next round.
    parts = _parts(page.text)
    return replace(page, turn=int(rounds) * parts + min(int(into * parts / seconds), parts - 1))


def _pages(config: DisplayConfig, now: datetime) -> list[tuple[float, SlideView]]:
    """All that is shown in turn, each with its seconds; a text in each of the site's languages that it has."""
    pages: list[tuple[float, SlideView]] = []
    for slide in config.slides:
        if (slide.since and now < slide.since) or (slide.until and slide.until <= now):
            continue
        if slide.picture:
            if not fault(slide.picture):
                pages.append((slide.seconds, SlideView(slide.id, picture=slide.picture)))
            continue
        found = [slide.text[language] for language in config.languages if slide.text.get(language)]
        said = dict.fromkeys(found or [texts.choose(slide.text, ())])
        pages += [(slide.seconds * _parts(text), SlideView(slide.id, text=text)) for text in said]
    return pages


def _parts(text: str) -> int:
    """For how many turns a text stands: how many pages it is likely to fill, and so how long it takes to be read."""
    rows = sum(1 + len(line) // ROW_LETTERS for line in text.splitlines() if line.strip())
    return max(1, math.ceil(rows / PAGE_ROWS))
