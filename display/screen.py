"""The surface that people see. A picture is drawn aside in full and then shown, or not at all."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from display import video
from display.draw.lettering import Lettering
from display.draw.pen import Pen

log = logging.getLogger(__name__)

_CENTRED = 0x2FFF0000
"""SDL_WINDOWPOS_CENTERED_DISPLAY(n) is this or n."""


class NoScreen(Exception):
    """There is nothing to draw on; the text says what to do."""


@dataclass(frozen=True)
class _Wish:
    size: tuple[int, int]
    fullscreen: bool
    headless: bool
    monitor: int


class Screen:
    """A full screen, a window, or (headless) a surface in memory. Opens it; raises NoScreen.

    The machine is told not to blank it. `driver` is SDL's way to it, the first of SDL_VIDEODRIVER that works; `monitor`
    counts from 0.
    """

    def __init__(
        self, size: tuple[int, int], *, fullscreen: bool = False, headless: bool = False, monitor: int = 0
    ) -> None:
        wish = _Wish(size, fullscreen, headless, monitor)
        tried, told = os.environ.get("SDL_VIDEODRIVER"), os.environ.get(video.ACCELERATION)
        for way in (tried or "").split(","):
            error = self._attempt(way, told, wish)
            if error is None:
                return
        raise NoScreen(video.refusal(tried, str(error)) if isinstance(error, pygame.error) else str(error))

    def _attempt(self, way: str, told: str | None, wish: _Wish) -> pygame.error | NoScreen | None:
        """Open it by that way; returns why that did not work."""
        try:
            self._open(way, told, wish)
        except (pygame.error, NoScreen) as error:
            pygame.display.quit()
            log.warning("event=video_failed driver=%s reason=%r", way, str(error))
            return error
        return None

    def _open(self, way: str, told: str | None, wish: _Wish) -> None:
        if way:
            os.environ["SDL_VIDEODRIVER"] = way
        pygame.display.init()
        self.driver = pygame.display.get_driver()
        if not wish.headless and self.driver in video.BLIND:
            raise pygame.error(f"SDL found only the '{self.driver}' driver, on which nobody sees anything")
        _look_for(wish.monitor)
        os.environ[video.ACCELERATION] = told or video.acceleration(self.driver)
        self._window = _whole(self.driver, wish.monitor) if wish.fullscreen else _part(wish.size, wish.monitor)
        pygame.display.set_caption("Numeretto")
        pygame.display.set_allow_screensaver(False)
        pygame.mouse.set_visible(not wish.fullscreen)
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

    @property
    def place(self) -> tuple[int, int]:
        """Where its left upper corner is among all monitors."""
        return pygame.display.get_window_position()

    def snapshot(self) -> tuple[bytes, tuple[int, int]]:
        """What is shown now: bytes of red, green, blue, and the size."""
        return pygame.image.tobytes(self._window, "RGB"), self.size


class SideScreen(Screen):
    """A further screen of this process, beside a Screen that was opened before it and stays."""

    def __init__(
        self, size: tuple[int, int], *, fullscreen: bool = False, headless: bool = False, monitor: int = 1
    ) -> None:
        self.driver = pygame.display.get_driver()
        if not headless:
            _look_for(monitor)
        if fullscreen and not headless:
            size = pygame.display.get_desktop_sizes()[monitor]
        at = _CENTRED | (0 if headless else monitor)
        try:
            self._own = pygame.Window("Numeretto", size, (at, at))
            self._window = self._own.get_surface()
            if fullscreen and not headless:
                # Not before it has its surface: see video.FULL_LATER.
                self._own.set_fullscreen(desktop=True)
        except pygame.error as error:
            raise NoScreen(video.refusal(self.driver, str(error))) from None
        self._prepare()

    @property
    def place(self) -> tuple[int, int]:
        return self._own.position

    def _flip(self) -> None:
        self._own.flip()


def apart(screens: Sequence[Screen]) -> None:
    """Raises NoScreen if on X11 one full screen covers another: monitors with one picture, or X screens of their own.

    Wayland lets nobody ask where a window is.
    """
    if screens[0].driver == "x11" and len({each.place for each in screens}) < len(screens):
        raise NoScreen(
            "the monitors lie on top of each other: put them side by side (xrandr --output … --right-of …); if each "
            "is an X screen of its own, start one program for each, with DISPLAY=:0.0, DISPLAY=:0.1 …"
        )


def _look_for(monitor: int) -> None:
    monitors = pygame.display.get_num_displays()
    if monitor >= monitors:
        raise NoScreen(f"there is no monitor {monitor + 1}: {monitors} found")


def _part(size: tuple[int, int], monitor: int) -> pygame.Surface:
    return pygame.display.set_mode(size, display=monitor)


def _whole(driver: str, monitor: int) -> pygame.Surface:
    if driver not in video.FULL_LATER:
        return pygame.display.set_mode((0, 0), pygame.FULLSCREEN, display=monitor)
    window = pygame.display.set_mode(pygame.display.get_desktop_sizes()[monitor], display=monitor)
    pygame.display.toggle_fullscreen()
    return pygame.display.get_surface() or window
