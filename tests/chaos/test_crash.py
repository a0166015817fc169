"""kill -9 of dispatcher, broker, kiosk and printer in the middle of everything (A8, A11, B4, C6).

Three seeded rounds in the normal run, which kill each of the four at least once; fifty with `full`. A round: a stream
of presses, issues and calls, two kills at moments drawn from the seed, then quiet; then database, answers, paper and
screen must agree.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import truth
from tests.chaos.storm import Storm
from tests.chaos.telling import tell
from tests.journeys import printers, sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey
KIOSK = "entrance"
VICTIMS = ("dispatcher", "broker", f"kiosk-{KIOSK}", f"printer-{KIOSK}")
KILLS = 2
STORM_S = 3.5
SLOW_BAUD = 9600
SETTLED_S = 60.0
COUNTERS = ["1", "2"]
SERVICES = ["passport", "residence"]
NORMAL = (1, 2, 3)
FULL = [seed for seed in range(50) if seed not in NORMAL]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    text = sites.site()
    for service, letter in zip(SERVICES, "AB", strict=True):
        text += sites.service(service, letter)
    for counter in COUNTERS:
        text += sites.counter(counter, *SERVICES)
    text += sites.table("kiosk", id=KIOSK) + sites.table("display", id="hall")
    with running(tmp_path_factory.mktemp("crash"), text) as office:
        for counter in COUNTERS:
            office.acted(counter, "open")
        yield office


@pytest.mark.parametrize("seed", NORMAL)
def test_killed_in_the_middle(office: Office, seed: int, pytestconfig: pytest.Config) -> None:
    """A round with two kills."""
    tell(pytestconfig, _round(office, seed))


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", FULL)
def test_killed_in_the_middle_often(office: Office, seed: int, pytestconfig: pytest.Config) -> None:
    """The same: fifty rounds, with those of the normal run."""
    tell(pytestconfig, _round(office, seed))


def _round(office: Office, seed: int) -> str:
    """What happened, in a line."""
    chance, data = random.Random(seed), office.folder / "data"
    known = {one.id for one in truth.tickets(data)}
    plan = sorted((chance.uniform(0.3, STORM_S), chance.choice(VICTIMS)) for _ in range(KILLS))
    storm = Storm(office, KIOSK, SERVICES, COUNTERS, seed)
    # a slow line: the kills find a ticket on its way
    printers.of_kiosk(data, KIOSK).fault("slow", baud=SLOW_BAUD)
    killed = _strike(office, storm, plan)
    for part, pid in killed.items():
        office.back(part, pid)
    storm.stop()
    assert storm.errors == []
    _settled(office, data, known)
    _as_promised(office, storm)
    stored = _paper(data, known, sum(part.startswith(("kiosk", "printer")) for _at, part in plan), plan)
    _screen(office, data)
    parts = " ".join(f"{part}@{at:.1f}s" for at, part in plan)
    papers = Counter(one.paper for one in stored if one.kiosk)
    return f"crash {seed}: {parts}: {len(storm.told.issued)} issued, {len(storm.told.called)} called, {dict(papers)}"


def _strike(office: Office, storm: Storm, plan: list[tuple[float, str]]) -> dict[str, int]:
    """Let the storm run and kill as planned; the processes that were, by part."""
    pause, passed, killed = threading.Event(), 0.0, dict[str, int]()
    storm.start()
    for at, part in plan:
        pause.wait(at - passed)
        passed = at
        if part in killed:
            office.back(part, killed[part])
        killed[part] = office.kill(part)
    pause.wait(max(0.0, STORM_S - passed))
    return killed


def _ours(data: Path, known: set[str]) -> list[truth.Stored]:
    """This round's tickets."""
    return [one for one in truth.tickets(data) if one.id not in known]


def _settled(office: Office, data: Path, known: set[str]) -> None:
    """Wait until a last press has its paper and none is under way any more."""
    pressed = sum(one.kiosk is not None for one in _ours(data, known))
    wait_until(lambda: office.press(KIOSK, SERVICES[0]).status == 200, 30, lambda: office.log(f"kiosk-{KIOSK}"))

    def quiet() -> bool:
        fresh = _ours(data, known)
        more = sum(one.kiosk is not None for one in fresh) > pressed
        return more and not any("printing" in (one.state, one.paper) for one in fresh)

    wait_until(quiet, SETTLED_S, lambda: [one for one in _ours(data, known) if one.kiosk])


def _as_promised(office: Office, storm: Storm) -> None:
    """What was answered with success is there; no label lives twice."""
    labels = {one.id: one.label for one in truth.tickets(office.folder / "data")}
    assert {key: labels.get(key) for key in storm.told.issued} == storm.told.issued
    for ticket, counter in storm.told.called.items():
        history = office.ticket(ticket)["history"]
        assert ("called", counter) in [(one["event"], one["counter"]) for one in history], (ticket, history)
    assert truth.living_twice(truth.tickets(office.folder / "data")) == []
    everything = truth.tickets(office.folder / "data")
    for letter in "AB":
        numbers = sorted(int(one.label[1:]) for one in everything if one.label[0] == letter)
        assert len(numbers) == len(set(numbers)), "no number twice"
        held = truth.leased(office.folder / "data", letter)
        ours = [number for number in numbers if number not in held]
        expected = itertools.islice((number for number in itertools.count(1) if number not in held), len(ours))
        assert ours == list(expected), "each gap is a void ticket, or a dispenser's own number"


def _paper(data: Path, known: set[str], kills: int, plan: list[tuple[float, str]]) -> list[truth.Stored]:
    """This round's tickets: none printed twice, at most one unconfirmed for each kill of kiosk or printer."""
    panel = printers.of_kiosk(data, KIOSK)
    wait_until(
        lambda: not truth.paper_faults(truth.tickets(data), panel.tickets()),
        SETTLED_S,
        lambda: (plan, truth.paper_faults(truth.tickets(data), panel.tickets())),
    )
    stored = _ours(data, known)
    unconfirmed = [one.label for one in stored if one.paper == "unconfirmed"]
    assert len(unconfirmed) <= kills, (unconfirmed, plan)
    return stored


def _screen(office: Office, data: Path) -> None:
    """The screen ends on the board that the database says: the revision that it shows, and a call that it draws."""
    wait_until(lambda: _shown(office) == truth.board(data)["revision"], 20, lambda: (_shown(office), truth.board(data)))
    stored = truth.board(data)
    assert office.retained(["board"])["board"] == stored
    shown = [one["label"] for one in stored["calls"]]
    assert set(truth.open_calls(data)) <= set(shown)


def _shown(office: Office) -> object:
    return (office.observer.last("device/hall/status") or {}).get("shown_revision")
