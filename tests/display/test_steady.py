"""Large buffers go back to the machine: pictures that are asked for all day leave nothing behind (C1)."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
from tests.bench.day import resident_mb
from display.steady import keep_memory_steady
from display.pictures import png
print(keep_memory_steady())
size = (1920, 1080)
kept = []
def picture():
    pixels = bytes(range(256)) * (1920 * 1080 * 3 // 256)
    kept.append(png(pixels, size, 640))
picture()
before = resident_mb()
for _ in range(20):
    picture()
print(resident_mb() - before < 4)
"""

TIDIED = """
from tests.bench.day import resident_mb
from display.steady import TIDY_S, Tidying
tidying = Tidying()
def churn():
    made = [bytes(1000) for _ in range(60_000)]
    stays = made[::100]
    del made
    return stays, resident_mb()
first, before = churn()
tidying.turn(0.0)
given = before - resident_mb()
second, before = churn()
tidying.turn(TIDY_S - 1)
early = before - resident_mb()
tidying.turn(TIDY_S)
print(given > 30, abs(early) < 1, before - resident_mb() > 30)
"""


def test_pictures_leave_nothing_behind() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split()[-2:] == ["True", "True"]


def test_what_is_free_between_small_things_that_stay_is_given_back_now_and_then() -> None:
    told = subprocess.run([sys.executable, "-c", TIDIED], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split()[-3:] == ["True", "True", "True"]
