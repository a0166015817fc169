"""Pictures of the dispenser's screens, pairwise over language, contrast, size and orientation: B1, B10.

`python -m tests.kiosk.test_pictures` draws them anew, to be looked at before they are stored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pygame
import pytest
from PIL import Image, ImageChops

from kiosk.texts import LANGUAGES
from tests.kiosk.gallery import GLASS, picture

FOLDER = Path(__file__).parent / "pictures"
WIDEST = 960
COLOURS = 64
SCREENS = (
    ("choose", "four"), ("choose", "twelve"), ("group", "groups"), ("have", "four"), ("code", "four"),
    ("arrived_early", "four"), ("still_there", "four"), ("take", "four"), ("held", "four"), ("attract", "four"),
)  # fmt: skip
ARRAY = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))
"""An orthogonal array: over size, orientation and contrast each pair of values stands in one row."""
DIFFERS = 48
"""So much of 255 in a channel is a difference that can be seen; smoothing of another version of a library is not."""
MOST = 0.01
"""The part of a picture that may differ."""


@dataclass(frozen=True)
class Case:
    """One picture."""

    screen: str
    menu: str
    language: str
    size: str
    orientation: str
    contrast: bool

    @property
    def name(self) -> str:
        menu = "" if self.menu == "four" else f"-{self.menu}"
        look = "contrast" if self.contrast else "normal"
        return f"{self.screen}{menu}-{self.language}-{self.size}-{self.orientation}-{look}.png"

    def draw(self) -> Image.Image:
        """As stored: at most WIDEST wide, in few colours."""
        glass = GLASS[f"{self.size} {self.orientation}"]
        surface = picture(self.screen, self.language, glass, self.menu, contrast=self.contrast)
        image = Image.frombytes("RGB", glass.pixels, pygame.image.tobytes(surface, "RGB"))
        return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


CASES = [
    Case(
        screen,
        menu,
        language,
        ("10", "21")[row[0]],
        ("portrait", "landscape")[row[1]],
        bool(row[2]),
    )
    for (at, (screen, menu)), (number, language) in product(enumerate(SCREENS), enumerate(LANGUAGES))
    for row in [ARRAY[(at + number) % 4]]
]
QUICK = CASES[::5]
"""Looked at in each run; the others in the full one."""


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    pygame.display.init()
    pygame.display.set_mode((8, 8))
    yield
    pygame.display.quit()


def test_every_pair_of_values_is_in_some_picture() -> None:
    def values(case: Case) -> list[object]:
        return [(case.screen, case.menu), case.language, case.size, case.orientation, case.contrast]

    shown = {(a, b, values(case)[a], values(case)[b]) for case in CASES for a, b in combinations(range(5), 2)}
    domains: list[tuple[object, ...]] = [SCREENS, LANGUAGES, ("10", "21"), ("portrait", "landscape"), (False, True)]
    wanted = {(a, b, x, y) for a, b in combinations(range(5), 2) for x in domains[a] for y in domains[b]}
    assert wanted <= shown
    assert len(CASES) <= 40


def test_the_pictures_are_all_there_and_small() -> None:
    stored = sorted(path.name for path in FOLDER.glob("*.png"))
    assert stored == sorted(case.name for case in CASES)
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 2_000_000
    for name in stored:
        with Image.open(FOLDER / name) as image:
            assert image.width <= WIDEST


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=() if case in QUICK else pytest.mark.full) for case in CASES]
)
def test_the_screen_looks_as_it_was_looked_at(case: Case) -> None:
    with Image.open(FOLDER / case.name) as stored:
        difference = ImageChops.difference(case.draw(), stored.convert("RGB")).convert("L")
    differing = sum(difference.histogram()[DIFFERS:])
    assert differing <= MOST * difference.width * difference.height, f"{differing} pixels differ"


def _store() -> None:
    pygame.display.init()
    pygame.display.set_mode((8, 8))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.png"):
        path.unlink()
    for case in CASES:
        few = case.draw().quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(FOLDER / case.name, optimize=True)


if __name__ == "__main__":
    _store()
