"""An office in which nothing happens: what its programs use, and how soon all of it is ready."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from deploy.onebox.parts import accepts
from tests.bench.figures import Figure, median, small
from tests.bench.processes import Child, module, pause, until
from tests.bench.rig import DISPLAY, Rig, free_address

WARM_STARTS = 5
SETTLE_S, REST_S = 10.0, 60.0
CPU_PERCENT, DISPLAY_MB, DISPATCHER_MB = 2.0, 120.0, 150.0
AIM_S = 2.0
MB = 1024.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Use:
    """Means: percent of one core, and MB of memory as the sum of PSS and of RSS over a process and its children."""

    cpu_percent: float
    pss_mb: float
    rss_mb: float


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def ticks(pids: list[int]) -> int:
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total


def _memory_mb(pids: list[int]) -> tuple[float, float]:
    pss = rss = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            pss += int(rest.split()[0]) if name == "Pss" else 0
            rss += int(rest.split()[0]) if name == "Rss" else 0
    return pss / MB, rss / MB


def watch(groups: dict[str, int], seconds: float) -> dict[str, Use]:
    """What each group of processes, by its first one's id, uses in the mean over the next `seconds`."""
    pids = {name: family(pid) for name, pid in groups.items()}
    before = {name: ticks(found) for name, found in pids.items()}
    begun = perf_counter()
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in groups}
    while (left := begun + seconds - perf_counter()) > 0:
        for name, found in pids.items():
            seen[name].append(_memory_mb(found))
        pause(min(5.0, left))
    lasted = perf_counter() - begun
    return {
        name: Use(
            100 * (ticks(found) - before[name]) / TICKS / lasted,
            sum(pss for pss, _ in seen[name]) / len(seen[name]),
            sum(rss for _, rss in seen[name]) / len(seen[name]),
        )
        for name, found in pids.items()
    }


@contextlib.contextmanager
def onebox(folder: Path) -> Iterator[tuple[Child, float]]:
    """The demo office, ready, and the seconds that it took."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    where = ["--data", str(folder / "onebox"), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]
    command = [sys.executable, "-m", "deploy.cli", "onebox", *where, "--headless", "--ready-file", str(ready)]
    begun = perf_counter()
    with Child(command, folder / "onebox.txt") as child:
        until(ready.exists, "the demo office", 60)
        yield child, perf_counter() - begun


def _bare_start(folder: Path) -> float:
    """Seconds until a bare Flask application under gunicorn answers."""
    address = free_address()
    begun = perf_counter()
    with Child(module("tests.bench.bare_parts:web", str(address)), folder / "bare-web.txt"):
        until(lambda: accepts(address.host, address.port), "the bare application")
        return perf_counter() - begun


def measure(rig: Rig, starts: int = WARM_STARTS, settle_s: float = SETTLE_S, rest_s: float = REST_S) -> list[Figure]:
    """Warm starts by turns with bare ones; the last office started is then left alone and watched."""
    folder = rig.folder
    with onebox(folder):
        pass
    took, bare = [], []
    for at in range(starts):
        bare.append(_bare_start(folder))
        with onebox(folder) as (_child, seconds):
            took.append(seconds)
            if at == starts - 1:
                pids = json.loads((folder / "ready.json").read_text(encoding="utf-8"))["pids"]
                pause(settle_s)
                used = watch({name: pids[name] for name in ("dispatcher", f"display-{DISPLAY}")}, rest_s)
    beside = _bare_use(rig, rest_s / 6)
    return [
        *_figures("display", used[f"display-{DISPLAY}"], beside["window"], DISPLAY_MB),
        *_figures("dispatcher", used["dispatcher"], beside["web"], DISPATCHER_MB),
        Figure(
            f"time to ready, warm (aim {AIM_S:g} s)",
            "s",
            "bare Flask until it listens",
            (small(median(took), median(bare)),),
        ),
    ]


def _bare_use(rig: Rig, seconds: float) -> dict[str, Use]:
    address = free_address()
    web = Child(module("tests.bench.bare_parts:web", str(address)), rig.folder / "bare-web.txt")
    window = Child(module("tests.bench.bare_parts:window", rig.url("dispatcher")), rig.folder / "bare-window.txt")
    with web, window:
        until(lambda: accepts(address.host, address.port), "the bare application")
        window.wait(lambda: window.lines, "the bare window")
        pause(1.0)
        return watch({"web": web.process.pid, "window": window.process.pid}, seconds)


def _figures(name: str, used: Use, bare: Use, most_mb: float) -> list[Figure]:
    """Beside what is allowed, which is judged; the bare program of the same kind is told along with it."""
    cpu = f"allowed; bare {bare.cpu_percent:.2g} %"
    memory = f"allowed (PSS); RSS {used.rss_mb:.0f} MB; bare {bare.pss_mb:.0f} MB"
    return [
        Figure(f"idle {name}, of a core", "%", cpu, (small(used.cpu_percent, CPU_PERCENT),), 1),
        Figure(f"idle {name}, memory", "MB", memory, (small(used.pss_mb, most_mb),), 1),
    ]
