"""The surface that people see. A picture is drawn aside in full and then shown, or not at all."""

from __future__ import annotations

import logging

import pygame

from display.draw.lettering import Lettering
from display.draw.pen import Pen

log = logging.getLogger(__name__)


class NoScreen(Exception):
    """There is nothing to draw on; the text says what to do."""


class Screen:
    """A full screen, a window, or (headless) a surface in memory. Opens it; raises NoScreen."""

    def __init__(self, size: tuple[int, int], *, fullscreen: bool = False, headless: bool = False) -> None:
        try:
            pygame.display.init()
        except pygame.error as error:
            raise NoScreen(f"no screen to draw on ({error}): log in to a desktop, or use --headless") from None
        driver = pygame.display.get_driver()
        if not headless and driver in ("offscreen", "dummy"):
            pygame.display.quit()
            raise NoScreen(
                f"SDL found only the '{driver}' driver, on which nobody sees anything: set DISPLAY, or use --headless"
            )
        pygame.display.set_caption("Numeretto")
        self._window = pygame.display.set_mode((0, 0) if fullscreen else size, pygame.FULLSCREEN if fullscreen else 0)
        pygame.mouse.set_visible(not fullscreen)
        self._back = pygame.Surface(self._window.get_size()).convert()
        width, height = self.size
        # The letters of a full picture cover less than half of it, at four bytes a pixel: room for two pictures.
        self.lettering = Lettering(max(4_000_000, width * height * 4))

    @property
    def size(self) -> tuple[int, int]:
        return self._window.get_size()

    def pen(self) -> Pen:
        """A pen for the next picture; nothing is seen before `commit`."""
        return Pen(self._back, self.lettering)

    def commit(self) -> None:
        """Show the picture."""
        self._window.blit(self._back, (0, 0))
        pygame.display.flip()

    def snapshot(self) -> tuple[bytes, tuple[int, int]]:
        """What is shown now: bytes of red, green, blue, and the size."""
        return pygame.image.tobytes(self._window, "RGB"), self.size
