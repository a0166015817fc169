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


def test_pictures_leave_nothing_behind() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split()[-2:] == ["True", "True"]
