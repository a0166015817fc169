"""Days in an office, made of chance with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.engine.office import COUNTERS, SERVICES, Rules, utc
from tests.engine.pair import Pair

BEGINNINGS = tuple(
    utc(text)
    for text in (
        "2026-11-23T09:00",  # an ordinary morning
        "2026-11-23T23:00",  # before midnight
        "2026-11-24T03:30",  # before the turn of the day
        "2026-03-29T00:30",  # the clock goes forward at two
        "2026-10-25T01:30",  # and back at three
    )
)
STEPS_S = (0, 0, 1, 30, 60, 180, 179, 300, 600, 601, 1800, 3600, 5400)


def step(pair: Pair, random: Random) -> None:
    """One action of one person."""
    desk = random.choice(list(COUNTERS))
    other = random.choice([name for name in COUNTERS if name != desk])
    service = random.choice(list(SERVICES))
    tickets = list(pair.office.tickets)
    ticket = random.choice(tickets[-12:]) if tickets else pair.walk_in(service)
    actions: dict[str, tuple[int, Callable[[], object]]] = {
        "time": (5, lambda: pair.pass_time(random.choice(STEPS_S))),
        "walk_in": (5, lambda: pair.walk_in(service, assisted=random.random() < 0.15, paper=random.random() < 0.8)),
        "paper": (2, lambda: pair.paper(ticket, failed=random.random() < 0.2)),
        "book": (4, lambda: pair.book(service, random.choice((0, 300, 600, 1800)))),
        "press": (5, lambda: pair.press(desk, absent=random.random() < 0.5)),
        "together": (2, lambda: pair.press(desk, other)),
        "absent": (4, lambda: pair.absent(desk)),
        "serve": (1, lambda: pair.serve(desk)),
        "park": (2, lambda: pair.park(desk, random.choice((None, 0, 5, 20)))),
        "transfer": (2, lambda: pair.transfer(desk, service=service, counter=None, priority=random.random() < 0.2)),
        "send": (1, lambda: pair.transfer(desk, service=None, counter=other, priority=random.random() < 0.2)),
        "call": (1, lambda: pair.call_number(desk, ticket)),
        "more": (1, lambda: pair.ten_more(ticket)),
        "check_in": (3, lambda: pair.check_in(ticket)),
        "rejoin": (2, lambda: pair.rejoin(ticket)),
        "give_up": (1, lambda: pair.give_up(ticket)),
        "desk": (1, lambda: pair.set_desk(desk, random.choice(("open", "open", "open", "paused", "closed")))),
        "closing": (1, lambda: pair.close_service(service)),
    }
    weights = [weight for weight, _do in actions.values()]
    random.choices([do for _weight, do in actions.values()], weights)[0]()


def walk(seed: int, steps: int, rules: Rules | None = None) -> Pair:
    """A day of `steps` actions; AssertionError where engine and oracle differ or a promise is broken."""
    random = Random(seed)
    pair = Pair(BEGINNINGS[seed % len(BEGINNINGS)], rules)
    for _number in range(steps):
        step(pair, random)
    return pair


def first_difference(rules: Rules, seeds: int, steps: int) -> str | None:
    """What shows first within `seeds` days that the rules are not the right ones; None if nothing does."""
    for seed in range(seeds):
        try:
            walk(seed, steps, rules)
        except AssertionError as error:
            return f"day {seed}: {error}"
    return None
