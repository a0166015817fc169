"""One press of next with 100,000 waiting beside one with 100, and how many commands a second an office can take."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

from dispatcher.engine.model import Office
from dispatcher.usecases import counters, tickets
from tests.bench.figures import ROUNDS, Figure, large, median, small
from tests.bench.rig import Api, Rig
from tests.bench.waiting import SERVICES, STAFF, fill, open_desk

MS, US = 1e3, 1e6
FEW, MANY = 100, 100_000
LIMIT = 1.3


def measure(office: Office, folder: Path, samples: int, rounds: int = ROUNDS, many: int = MANY) -> list[Figure]:
    """Presses by turns at two offices that differ only in how many wait; each press is made good by a new ticket."""
    places = {count: _Place(office, folder, count) for count in (FEW, many)}
    for place in places.values():
        place.next()
    whole, own, probes = [], [], []
    for _ in range(rounds):
        walls: dict[int, list[float]] = {FEW: [], many: []}
        cpus: dict[int, list[float]] = {FEW: [], many: []}
        for at in range(samples):
            for count, place in places.items():
                wall_s, cpu_s = place.next()
                walls[count].append(wall_s * MS)
                cpus[count].append(cpu_s * MS)
                place.issue(SERVICES[at % 2])
        whole.append(small(median(walls[many]), median(walls[FEW])))
        own.append(small(median(cpus[many]), median(cpus[FEW])))
        few_s, many_s = (_probe(places[count].file, samples * 5) for count in (FEW, many))
        probes.append(small(many_s * US, few_s * US))
    for place in places.values():
        place.desk.store.close()
    beside = f"the same with {FEW} waiting"
    return [
        Figure(f"next with {many:,} waiting", "ms", beside, tuple(whole), LIMIT),
        Figure("  of it processor time", "ms", beside, tuple(own), LIMIT),
        Figure("  bare SQLite, two index probes", "µs", beside, tuple(probes)),
    ]


class _Place:
    """An office with so many waiting, and what its counter holds."""

    def __init__(self, office: Office, folder: Path, count: int) -> None:
        self.file = folder / f"waiting-{count}.db"
        self.desk = open_desk(office, self.file)
        fill(self.desk, self.file, count)
        self._held: str | None = None

    def next(self) -> tuple[float, float]:
        """Seconds, and seconds of processor time, of one press."""
        cpu, begun = thread_time(), perf_counter()
        answer = self.desk.execute(STAFF, counters.act, counter="1", action="next", holding=self._held)
        took = perf_counter() - begun, thread_time() - cpu
        assert answer.body is not None
        assert answer.body.get("ticket"), answer.body
        self._held = answer.body["ticket"]["id"]
        return took

    def issue(self, service: str) -> None:
        self.desk.execute(STAFF, tickets.issue, service=service)


def _probe(database: Path, samples: int) -> float:
    """Median seconds of two bare probes for the head of a lane."""
    sql = (
        "SELECT id FROM ticket WHERE site = 'torino' AND queue = ? AND ready = 1 AND lane_class = ? "
        "ORDER BY order_at, calls_made, walk_in, queued_at, number, series LIMIT 1"
    )
    db = sqlite3.connect(database)
    took = []
    for _ in range(samples):
        begun = perf_counter()
        for lane_class in ("L", "N"):
            db.execute(sql, ("s:register", lane_class)).fetchone()
        took.append(perf_counter() - begun)
    db.close()
    return median(took)


def measure_rates(rig: Rig, seconds: float) -> list[Figure]:
    """Issues and calls a second by 1 and 8 clients, each beside bare commits by as many threads just before."""
    with_counters = itertools.cycle(rig.office.counters)
    found = []
    for clients in (1, 8):
        for name in ("issues", "calls"):
            bare = _rate([lambda: rig.disk.commit()] * clients, seconds / 3)
            apis = [rig.client() for _ in range(clients)]
            if name == "issues":
                does = [_issue(api) for api in apis]
            else:
                does = [_call(api, next(with_counters)) for api in apis]
            rate = _rate(does, seconds)
            for api in apis:
                api.close()
            many = "client" if clients == 1 else "clients"
            found.append(Figure(f"{name}, {clients} {many}", "/s", "bare commits", (large(rate, bare),)))
    return found


def _issue(api: Api) -> Callable[[], object]:
    return lambda: api.post("/tickets", {"service": SERVICES[0]})


def _call(api: Api, counter: str) -> Callable[[], object]:
    return lambda: api.post(f"/counters/{counter}/next", {})


def _rate(does: list[Callable[[], object]], seconds: float) -> float:
    """How often a second the threads, one for each of `does`, get it done."""
    counts = [0] * len(does)
    until = perf_counter() + seconds

    def work(at: int) -> None:
        while perf_counter() < until:
            does[at]()
            counts[at] += 1

    threads = [threading.Thread(target=work, args=(at,)) for at in range(len(does))]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (perf_counter() - begun)
