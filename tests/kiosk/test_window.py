"""What comes in by the window: fingers, and a scanner that is a keyboard (B6)."""

from __future__ import annotations

from collections.abc import Iterator

import pygame
import pytest

from kiosk.devices.scanner import Wedge
from kiosk.ui.window import Finger, Typed, Window


@pytest.fixture
def window() -> Iterator[Window]:
    made = Window((320, 240), headless=True, fullscreen=False)
    yield made
    made.close()


def test_a_scanner_types_and_its_text_is_read(window: Window) -> None:
    for letter in "AA07\r":
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, unicode=letter, key=0, mod=0, scancode=0))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, unicode="", key=pygame.K_LSHIFT, mod=0, scancode=0))
    window.wake()
    came = window.wait(1)
    assert [one for one in came if isinstance(one, Typed)] == [Typed(letter) for letter in "AA07\r"]
    wedge = Wedge()
    assert [wedge.take(one.character, 1.0) for one in came if isinstance(one, Typed)][-1] == "AA07"


def test_a_finger_goes_down_and_up(window: Window) -> None:
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, pos=(3, 4), button=1))
    window.wake()
    assert window.wait(1) == [Finger(3, 4, down=True), Finger(3, 4, down=False)]
