"""Many at once: nobody is called twice, nobody is lost, no number is given twice (B4)."""

from __future__ import annotations

import threading
from collections import Counter as Tally
from collections.abc import Callable

import pytest

from dispatcher.store.session import Store
from dispatcher.usecases import counters, tickets, views
from dispatcher.usecases.desk import Desk
from tests.usecases.house import CLERK, House, counter, office, service

AT_ONCE = 16
WAITING = 400
PATIENCE_S = 150


def together(*tasks: Callable[[], None]) -> None:
    """Run all at the same instant; the first error of any of them is raised."""
    start, errors = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], None]) -> None:
        start.wait()
        try:
            task()
        except Exception as error:  # noqa: BLE001  # raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "a command does not come back"
    if errors:
        raise errors[0]


def issue_all(desks: list[Desk], number: int) -> list[str]:
    """As many tickets at once as there are desks, until there are `number`; their labels."""
    labels: list[str] = []

    def task(desk: Desk) -> None:
        for _ in range(number // len(desks)):
            answer = desk.execute(CLERK, tickets.issue, service="passport")
            assert answer.body is not None
            labels.append(answer.body["label"])

    together(*[lambda desk=desk: task(desk) for desk in desks])
    return labels


def press_all(desks: list[Desk]) -> list[str]:
    """All counters press next until nobody is left; the labels that they were given."""
    given: list[str] = []

    def task(desk: Desk, name: str) -> None:
        while True:
            answer = desk.execute(CLERK, counters.act, counter=name, action="next")
            assert answer.body is not None
            assert answer.ok, answer.body
            if answer.body["ticket"] is None:
                return
            given.append(answer.body["ticket"]["label"])

    together(*[lambda desk=desk, name=str(at): task(desk, name) for at, desk in enumerate(desks, 1)])
    return given


def one_round(house: Callable[..., House], *, waiting: int, processes: int) -> None:
    """Several stores over one database stand for several dispatchers; each has a lock of its own."""
    parts = [service(), *[counter(str(number)) for number in range(1, AT_ONCE + 1)]]
    first = house(*parts)
    others = [Store(first.store.url) for _ in range(processes - 1)]
    stores = [first.store, *others]
    desks = [
        Desk(stores[at % processes], office(*parts), first.clock, base_url="http://127.0.0.1") for at in range(AT_ONCE)
    ]
    try:
        labels = issue_all(desks, waiting)
        assert sorted(labels) == [f"A{number:03d}" for number in range(1, waiting + 1)], "no number twice, no gap"
        given = press_all(desks)
    finally:
        for one in others:
            one.close()
    assert [label for label, times in Tally(given).items() if times > 1] == []
    assert sorted(given) == sorted(labels), "each called once"
    assert first.desk.read(views.figures)["tickets"] == {"served": waiting}
    said = first.calls()
    assert sorted(said) == sorted(labels), "each said once"


@pytest.mark.parametrize("processes", [1, 2])
def test_16_counters_press_next_at_once(house, processes):
    one_round(house, waiting=96, processes=processes)


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(10))
def test_16_counters_press_next_with_400_waiting(house, number):
    """Ten rounds on each database."""
    one_round(house, waiting=WAITING, processes=1 + number % 2)


def test_everything_at_once_calls_each_once(house):
    """Issues, calls by number and presses of next in the same instants: one ticket is at one counter at most."""
    one = house(service(), *[counter(str(number)) for number in range(1, 9)])
    waiting = [one.issue()["label"] for _ in range(8)]
    called: list[str] = []

    def press(name: str) -> None:
        answer = one.act("next", name, holding=None)
        if answer.ok and answer.body and answer.body["ticket"]:
            called.append(answer.body["ticket"]["label"])

    def by_number(name: str, label: str) -> None:
        answer = one.act("call", name, label=label)
        if answer.ok and answer.body:
            called.append(answer.body["ticket"]["label"])

    together(
        *[lambda name=str(at): press(name) for at in range(1, 5)],
        *[lambda name=str(at), label=waiting[at - 5]: by_number(name, label) for at in range(5, 9)],
        *[lambda: one.issue() for _ in range(4)],
    )
    assert len(called) == len(set(called))
    held = [one.at_counter(str(number)) for number in range(1, 9)]
    assert sorted(label for label in held if label) == sorted(called)
