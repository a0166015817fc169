"""Measure the office and its raw limits in one run; exit 1 when a ratio is above what is promised in every round."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from tests.bench import booking_pages, calls, day, depth, dispenser, polls, redraw, rest, start, wire_time
from tests.bench.figures import ROUNDS, Figure, median, p99, table
from tests.bench.rig import Rig

PARTS = ("calls", "screen", "redraw", "dispenser", "wire", "depth", "rates", "booking", "polls", "rest", "start", "day")


def main(argv: list[str]) -> int:
    """0: every judged ratio is good in one of the rounds · 1: one is not · 2: wrong usage."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.ERROR)
    begun = perf_counter()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder, Rig(Path(folder)) as rig:
        fsync = sorted(rig.disk.fsync() * 1e3 for _ in range(300))
        disk = f"fsync here: median {median(fsync):.2f} ms, p99 {p99(fsync):.2f} ms"
        print(f"{disk}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        figures = _measure(rig, options)
    print(table(figures))
    bad = [one.name for one in figures if not one.good]
    print(f"{perf_counter() - begun:.0f} s; " + (f"too much: {', '.join(bad)}" if bad else "all ratios are well"))
    if options.json:
        content = {
            "fsync_ms": {"median": median(fsync), "p99": p99(fsync)},
            "cores": os.cpu_count(),
            "quick": options.quick,
            "figures": [one.as_json() for one in figures],
            "good": not bad,
        }
        options.json.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if bad else 0


def _measure(rig: Rig, options: argparse.Namespace) -> list[Figure]:
    quick: bool = options.quick
    rounds = 1 if quick else ROUNDS
    parts: dict[str, Callable[[], list[Figure]]] = {
        "calls": lambda: calls.measure(rig, 30 if quick else 150, rounds),
        "screen": lambda: calls.measure_screen(rig, 20 if quick else 60, rounds),
        "redraw": lambda: redraw.measure(20 if quick else 100, rounds),
        "dispenser": lambda: [dispenser.measure(rig, 10 if quick else 30, rounds)],
        "wire": lambda: [wire_time.measure(rig, 10 if quick else 30, rounds)],
        "depth": lambda: depth.measure(rig.office, rig.folder, 50 if quick else 150, rounds),
        "rates": lambda: depth.measure_rates(rig, 1.0 if quick else 3.0),
        "polls": lambda: [polls.measure(rig, 300 if quick else 4000, rounds)],
        "booking": lambda: booking_pages.measure(rig.folder, rounds, 1 if quick else 5),
        "start": lambda: start.measure(rig.folder, rounds),
        "day": lambda: day.measure(2 * day.SETTLED if quick else day.CALLS),
        "rest": lambda: rest.measure(rig, 1, 2, 6) if quick else rest.measure(rig),
    }
    figures: list[Figure] = []
    for name in options.only or PARTS:
        begun = perf_counter()
        figures += parts[name]()
        print(f"measured: {name} ({perf_counter() - begun:.0f} s)", file=sys.stderr, flush=True)
    return figures


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds there")
    parser.add_argument("--quick", action="store_true", help="few samples and one round, to try it")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone (may be repeated)")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="on the disk to be measured (the temporary one)",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
