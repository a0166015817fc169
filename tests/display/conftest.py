"""A screen in memory for the tests that draw."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from display.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    import pygame

    yield Screen((1920, 1080), headless=True)
    pygame.display.quit()
