"""From what is known to what is drawn. Pure; equal views are equal pictures, so nothing is drawn twice."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatcher.wire.messages import BoardCall, CallEvent, DisplayConfig, MissedTicket, Notice, QueueLength, Text
from display import signage, texts, why
from display.announce import HOLD_S, Queue
from display.board import State, is_stale, language_of, lines, office_now
from display.signage import Signage
from display.texts import Catalogue

T = TypeVar("T")

GLOW_STEPS = 8
GLOW_S = 2.5
FRESH_S = 8.0
PAGE_S = 10.0
QUEUES_A_PAGE = 4
MISSED_SHOWN = 8
NAME_AS_NUMBER = 4
_NUMBERS = re.compile(r"(?:[^\W\d_][\s-]*)?\d{1,3}(?:[\s/–-]+\d{1,3}){0,2}")
IN_HOURS_MIN = 90
"""Waits from so many minutes on are told in hours, to five minutes: low ones rounded down, high ones up."""
NOTICE_PART = 190


@dataclass(frozen=True)
class CallView:
    """A call in words. `word` goes before the counter's number, `second_word` is that in the caller's own language."""

    label: str
    counter: str
    word: str = ""
    second_word: str = ""
    service: str = ""
    recall: bool = False
    coming: bool = False
    """It waits for the large place."""


@dataclass(frozen=True)
class QueueView:
    service: str
    text: str


@dataclass(frozen=True)
class BoardView:
    """All of a screen that has a board. `fresh`: the huge call is new; `glow` (0 … GLOW_STEPS) is its light now."""

    layout: str
    site: str
    date: str
    clock: str
    huge: CallView | None
    fresh: bool
    glow: int
    calls: tuple[CallView, ...]
    missed: tuple[str, ...]
    queues: tuple[QueueView, ...]
    notice: str
    stale: str
    simulated: str
    latest_title: str
    missed_title: str
    no_calls: str
    recall: str
    signage: Signage = field(default_factory=Signage)
    missed_pages: int = 1
    """In how many turns those who were missed are shown; `missed` are those of this turn."""


@dataclass(frozen=True)
class PlainView:
    """A screen without a board: what it waits for in several languages, and a line for those who look after it.

    `remedies` say what to do, one for each heading; empty when there is nothing to be done yet.
    """

    headings: tuple[str, ...]
    detail: str
    remedies: tuple[str, ...] = ()


View = BoardView | PlainView


def waiting(state: State, monotonic: float, detail: str) -> PlainView:
    """Before the first board: what is missing, the first thing first; why, and what to do, once that is known."""
    languages = _languages(state.config) if state.config else texts.LANGUAGES
    cause = why.cause(state, monotonic)
    if cause is not None:
        told = [why.words(each)[cause] for each in languages]
        return PlainView(tuple(one.what for one in told), detail, tuple(one.remedy for one in told))
    return PlainView(tuple(dict.fromkeys(_missing(state, texts.catalogue(each)) for each in languages)), detail)


def trouble(detail: str, *, told: bool) -> PlainView:
    """When the picture cannot be drawn; `told`: the office reads so in the screen's status."""
    catalogues = map(texts.catalogue, texts.LANGUAGES)
    return PlainView(tuple(each.trouble if told else each.trouble_untold for each in catalogues), detail)


def compose(state: State, monotonic: float, machine_office: datetime, detail: str) -> View:
    """The picture for this instant. `detail` names the screen while it waits."""
    config, board = state.config, state.board
    if config is None or board is None:
        return waiting(state, monotonic, detail)
    words = texts.catalogue(texts.first_of(config.languages))
    now = office_now(state, machine_office)
    local = now.astimezone(zone_of(config))
    huge, fresh = _huge(state, monotonic)
    stale = is_stale(state, monotonic)
    return BoardView(
        layout=config.layout,
        site=config.site_name,
        date=_date(local, words),
        clock=f"{local:%H:%M}",
        huge=_call(state, config, huge) if huge else None,
        fresh=fresh and not stale,
        glow=0 if stale or not fresh or config.motion == "reduced" else glow(monotonic - state.queue.since),
        calls=_others(state, config, huge),
        missed=_missed(board.missed, monotonic),
        queues=tuple(
            QueueView(
                texts.choose(config.services.get(each.service, {}), config.languages) or each.service,
                _wait(each, words),
            )
            for each in page(board.queues, QUEUES_A_PAGE, monotonic)
        ),
        notice=signage.explanation(state, huge, config, monotonic) or _notice(state, config, now, monotonic),
        stale=_stale(state, local, words) if stale else "",
        simulated=words.simulated if config.simulated_clock else "",
        latest_title=words.latest,
        missed_title=_missed_title(words, len(board.missed), monotonic),
        no_calls=signage.closed(state, now, local.tzinfo) or words.no_calls,
        recall=words.recall,
        signage=signage.compose(state, config, now, monotonic),
        missed_pages=_pages(len(board.missed), MISSED_SHOWN),
    )


def next_change(state: State, view: View, monotonic: float) -> float:
    """When, in wall seconds, the picture may change by time alone, the turn of the minute aside."""
    times = [math.inf]
    if isinstance(view, BoardView):
        since = state.queue.since
        if view.fresh:
            times.append(since + FRESH_S)
            if monotonic < since + GLOW_S and not (state.config and state.config.motion == "reduced"):
                times.append(monotonic + 1 / 15)
        board, config = state.board, state.config
        paged = board is not None and (
            len(board.queues) > QUEUES_A_PAGE or len(board.missed) > MISSED_SHOWN or bool(board.notices)
        )
        if paged and config is not None:
            times.append((monotonic // PAGE_S + 1) * PAGE_S)
        times.append(signage.next_change(state, monotonic))
    else:
        times.append(why.next_change(state, monotonic))
    return min(times)


def glow(age_s: float) -> int:
    """The light of a new call: one soft pulse a second, the third ends in rest (0)."""
    if not 0 <= age_s < GLOW_S:
        return 0
    return round(GLOW_STEPS * (0.5 + 0.5 * math.cos(2 * math.pi * age_s)))


def page(items: Sequence[T], size: int, monotonic: float) -> Sequence[T]:
    """The part of `items` that is on view now; all of it when it fits."""
    first = _turn(len(items), size, monotonic) * size
    return items[first : first + size]


def is_number(counter: str) -> bool:
    """Whether a counter's name needs the word before it: `3`, `B12`, `Est`, also `10-12`; not `Ufficio 12`."""
    return len(counter) <= NAME_AS_NUMBER or _NUMBERS.fullmatch(counter) is not None


def _pages(count: int, size: int) -> int:
    return max(1, math.ceil(count / size))


def _turn(count: int, size: int, monotonic: float) -> int:
    """Which of the pages is on view, from 0."""
    return int(monotonic // PAGE_S) % _pages(count, size)


def _missed(tickets: Sequence[MissedTicket], monotonic: float) -> tuple[str, ...]:
    """The labels of this turn, the latest first; in as many as fit, all of the same length as nearly as can be."""
    labels = [each.label for each in sorted(tickets, key=lambda each: each.missed_at, reverse=True)]
    turns = _pages(len(labels), MISSED_SHOWN)
    return tuple(page(labels, max(1, math.ceil(len(labels) / turns)), monotonic))


def _missed_title(words: Catalogue, count: int, monotonic: float) -> str:
    """With the number of the turn when there are several: whoever misses a number then waits for the next."""
    turns = _pages(count, MISSED_SHOWN)
    return words.missed if turns == 1 else f"{words.missed} · {_turn(count, MISSED_SHOWN, monotonic) + 1}/{turns}"


def zone_of(config: DisplayConfig) -> ZoneInfo:
    """The site's zone; UTC when this machine does not know it."""
    try:
        return ZoneInfo(config.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _languages(config: DisplayConfig) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(each for language in config.languages if (each := texts.spoken(language))))
    return found or (texts.FALLBACK,)


def _missing(state: State, words: Catalogue) -> str:
    if not state.linked:
        return words.waits_for_network
    return words.waits_for_settings if state.config is None else words.waits_for_dispatcher


def _huge(state: State, monotonic: float) -> tuple[BoardCall | CallEvent | None, bool]:
    """The call that stands huge, and whether it is new.

    The announced one keeps its place until the board has a newer one or has it no longer; a call just heard of may be
    ahead of its board.
    """
    shown = lines(state)
    queue: Queue = state.queue
    if queue.current is not None:
        call = queue.current.call
        age_s = monotonic - queue.since
        newest = shown[0].called_at if shown else call.called_at
        held = any(each.call_id == call.call_id for each in shown) and newest <= call.called_at
        if age_s < HOLD_S or queue.waiting or held:
            return call, age_s < FRESH_S
    return (shown[0], False) if shown else (None, False)


def _others(state: State, config: DisplayConfig, huge: BoardCall | CallEvent | None) -> tuple[CallView, ...]:
    """All calls but the huge one: those that wait for its place, the newest first, also ahead of their board; the rest.

    A recall stands for the call before of the same ticket.
    """
    coming = [each.call for each in reversed(state.queue.waiting)]
    ids, tickets = {each.call_id for each in coming}, {(each.label, each.counter) for each in coming}
    hidden = huge.call_id if huge else None
    rest = [
        each
        for each in lines(state)
        if each.call_id not in (hidden, *ids) and (each.label, each.counter) not in tickets
    ]
    waiting = [replace(_call(state, config, each), coming=True) for each in coming if each.call_id != hidden]
    return (*waiting, *(_call(state, config, each) for each in rest))


def _call(state: State, config: DisplayConfig, call: BoardCall | CallEvent) -> CallView:
    first = texts.first_of(config.languages)
    own = texts.spoken(language_of(state, call.call_id) or first) or first
    numbered = is_number(call.counter_name)
    word = texts.catalogue(first).counter if numbered else ""
    second = texts.catalogue(own).counter if numbered and own != first else ""
    current = state.queue.current
    again = current is not None and current.call.call_id == call.call_id and current.recall
    return CallView(
        label=call.label,
        counter=call.counter_name,
        word=word,
        second_word=second,
        service=_service(config.services.get(call.service, {}), config, own),
        recall=call.attempt > 1 or again,
    )


def _service(name: Text, config: DisplayConfig, own: str) -> str:
    """The service in the site's language, and in the caller's own if that is another."""
    return " · ".join(dict.fromkeys(filter(None, (texts.choose(name, config.languages), name.get(own)))))


def _wait(queue: QueueLength, words: Catalogue) -> str:
    if queue.waiting <= 0:
        return words.nobody_waits
    count = words.one_waits if queue.waiting == 1 else words.many_wait.format(n=queue.waiting)
    if queue.wait_low_s is None or queue.wait_high_s is None:
        return count
    low, high = queue.wait_low_s // 60, math.ceil(queue.wait_high_s / 60)
    return f"{count} · {_span(low, high, words)}"


def _span(low: int, high: int, words: Catalogue) -> str:
    """So many minutes in words."""
    if low < 1 and high <= 1:
        return words.wait_short
    if high >= IN_HOURS_MIN:
        low, high = low // 5 * 5 if low >= IN_HOURS_MIN else low, -(-high // 5) * 5
    if low < 1:
        return words.wait_up_to.format(high=_time(high, words))
    if low >= high:
        return words.wait_about.format(low=_time(low, words))
    if high < IN_HOURS_MIN:
        return words.wait_span.format(low=low, high=high)
    return f"{_time(low, words)} – {_time(high, words)}"


def _time(minutes: int, words: Catalogue) -> str:
    if minutes < IN_HOURS_MIN:
        return words.minutes.format(n=minutes)
    hours, over = divmod(minutes, 60)
    return words.hours_minutes.format(h=hours, m=f"{over:02}") if over else words.hours.format(h=hours)


def _date(local: datetime, words: Catalogue) -> str:
    return words.date.format(
        weekday=words.weekdays[local.weekday()], day=local.day, month=words.months[local.month - 1]
    )


def _stale(state: State, local: datetime, words: Catalogue) -> str:
    if state.truth_at is None:
        return words.stale_never
    truth = state.truth_at.astimezone(local.tzinfo)
    time = f"{truth:%H:%M}"
    if abs(local - truth) > timedelta(hours=12):
        time = f"{_date(truth, words)} {time}"
    return words.stale.format(time=time)


def _notice(state: State, config: DisplayConfig, now: datetime, monotonic: float) -> str:
    """The message line: the notices in force by turns, in the site's languages that they have, long ones in parts."""
    if state.board is None:
        return ""
    pages: list[str] = []
    for notice in state.board.notices:
        if (notice.since is None or notice.since <= now) and (notice.until is None or now < notice.until):
            for text in _notice_texts(notice, config):
                pages += textwrap.wrap(text, NOTICE_PART)
    return "".join(page(pages, 1, monotonic))


def _notice_texts(notice: Notice, config: DisplayConfig) -> tuple[str, ...]:
    found = [notice.text[language] for language in config.languages if notice.text.get(language)]
    return tuple(dict.fromkeys(found or [texts.choose(notice.text, ())]))
