"""What the window brings besides fingers: keys (B10)."""

from __future__ import annotations

import pygame

from kiosk.ui.window import Finger, Stroke, Window


def test_keys_of_a_keyboard_come_by_name_down_and_up() -> None:
    window = Window((200, 200), headless=True, fullscreen=False)
    window._bell = None  # as with a screen, where SDL brings the events
    try:
        for kind, key in (
            (pygame.KEYDOWN, pygame.K_DOWN),
            (pygame.KEYUP, pygame.K_DOWN),
            (pygame.KEYDOWN, pygame.K_RETURN),
        ):
            pygame.event.post(pygame.event.Event(kind, key=key, unicode=""))
        pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1))
        assert [came for came in window.wait(1.0) if came] == [
            Stroke("down", True), Stroke("down", False), Stroke("return", True), Finger(3, 4, True)
        ]  # fmt: skip
    finally:
        window.close()
