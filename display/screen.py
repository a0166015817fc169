"""The surface that people see. A picture is drawn aside in full and then shown, or not at all."""

from __future__ import annotations

import logging
import os

import pygame

from display import video
from display.draw.lettering import Lettering
from display.draw.pen import Pen

log = logging.getLogger(__name__)

_CENTRED = 0x2FFF0000
"""SDL_WINDOWPOS_CENTERED_DISPLAY(n) is this or n."""


class NoScreen(Exception):
    """There is nothing to draw on; the text says what to do."""


class Screen:
    """A full screen, a window, or (headless) a surface in memory. Opens it; raises NoScreen.

    The machine is told not to blank it. `driver` is SDL's way to it; `monitor` counts from 0.
    """

    def __init__(
        self, size: tuple[int, int], *, fullscreen: bool = False, headless: bool = False, monitor: int = 0
    ) -> None:
        tried = os.environ.get("SDL_VIDEODRIVER")
        try:
            pygame.display.init()
        except pygame.error as error:
            raise NoScreen(video.refusal(tried, str(error))) from None
        self.driver = pygame.display.get_driver()
        if not headless and self.driver in video.BLIND:
            pygame.display.quit()
            reason = f"SDL found only the '{self.driver}' driver, on which nobody sees anything"
            raise NoScreen(video.refusal(tried, reason))
        monitors = pygame.display.get_num_displays()
        if monitor >= monitors:
            pygame.display.quit()
            raise NoScreen(f"there is no monitor {monitor + 1}: {monitors} found")
        pygame.display.set_caption("Numeretto")
        flags = pygame.FULLSCREEN if fullscreen else 0
        try:
            self._window = pygame.display.set_mode((0, 0) if fullscreen else size, flags, display=monitor)
        except pygame.error as error:
            pygame.display.quit()
            raise NoScreen(video.refusal(tried, str(error))) from None
        pygame.display.set_allow_screensaver(False)
        pygame.mouse.set_visible(not fullscreen)
        self._prepare()

    def _prepare(self) -> None:
        self.shift = (0, 0)
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
        """Show the picture, `shift` pixels from its place; what it leaves free at an edge is that edge once more."""
        x, y = self.shift
        self._window.blit(self._back, (x, y))
        width, height = self.size
        for free in range(abs(x)):
            at = free if x > 0 else width - 1 - free
            self._window.blit(self._back, (at, y), (0 if x > 0 else width - 1, 0, 1, height))
        for free in range(abs(y)):
            at = free if y > 0 else height - 1 - free
            self._window.blit(self._window, (0, at), (0, y if y > 0 else height - 1 + y, width, 1))
        self._flip()

    def _flip(self) -> None:
        pygame.display.flip()

    def snapshot(self) -> tuple[bytes, tuple[int, int]]:
        """What is shown now: bytes of red, green, blue, and the size."""
        return pygame.image.tobytes(self._window, "RGB"), self.size


class SideScreen(Screen):
    """A further screen of this process, beside a Screen that was opened before it and stays."""

    def __init__(
        self, size: tuple[int, int], *, fullscreen: bool = False, headless: bool = False, monitor: int = 1
    ) -> None:
        self.driver = pygame.display.get_driver()
        monitors = pygame.display.get_num_displays()
        if monitor >= monitors and not headless:
            raise NoScreen(f"there is no monitor {monitor + 1}: {monitors} found")
        if fullscreen and not headless:
            size = pygame.display.get_desktop_sizes()[monitor]
        at = _CENTRED | (0 if headless else monitor)
        try:
            self._own = pygame.Window("Numeretto", size, (at, at), fullscreen_desktop=fullscreen and not headless)
            self._window = self._own.get_surface()
        except pygame.error as error:
            raise NoScreen(video.refusal(self.driver, str(error))) from None
        self._prepare()

    def _flip(self) -> None:
        self._own.flip()
