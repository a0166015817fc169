"""The window: pygame's screen, its input, and waking up for what other threads bring. Used from the main thread only.

`wake` is the exception. On X11 SDL is told not to use a GPU for its frame buffer: on machines without one a frame is
ten times as fast. Wayland and KMS take a picture no other way.
"""

from __future__ import annotations

import io
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygame import Surface

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

WINDOWLESS = ("dummy", "offscreen")
FROM_MEMORY = ("x11", *WINDOWLESS)
"""SDL's drivers that take a picture from memory."""


class NoScreen(RuntimeError):
    """There is no screen to draw on; the message says what to do."""


@dataclass(frozen=True)
class Finger:
    """A finger (or the mouse) at `x`, `y` in pixels; `down` False: lifted."""

    x: int
    y: int
    down: bool


@dataclass(frozen=True)
class Stroke:
    """A key of the keyboard by pygame's name for it; `down` False: let go."""

    name: str
    down: bool


@dataclass(frozen=True)
class Typed:
    """A character from a keyboard, or from a scanner that is one."""

    character: str


@dataclass(frozen=True)
class Quit:
    """The window was closed."""


Input = Finger | Stroke | Typed | Quit


class Window:
    """Opens at construction; raises NoScreen."""

    def __init__(self, size: tuple[int, int], *, headless: bool, fullscreen: bool) -> None:
        if headless:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        import pygame

        self._pygame = pygame
        try:
            pygame.display.init()
            driver = pygame.display.get_driver()
            if not headless and driver in WINDOWLESS:
                raise NoScreen(
                    f"no screen was found (SDL offers only '{driver}'): start it in a session, or with --headless"
                )
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0" if driver in FROM_MEMORY else "1")
            whole = fullscreen and not headless
            self.surface = _whole(driver) if whole else pygame.display.set_mode(size)
        except pygame.error as error:
            raise NoScreen(f"the screen cannot be used: {error}") from error
        pygame.display.set_caption("Numeretto")
        if whole:
            pygame.mouse.set_visible(False)
        self._woken = pygame.event.custom_type()
        # SDL without a screen waits by looking a thousand times a second; there is nothing to look for
        self._bell = threading.Event() if headless else None

    def wait(self, timeout_s: float) -> list[Input]:
        """What came within `timeout_s`; returns early when woken."""
        pygame = self._pygame
        if self._bell is not None:
            self._bell.wait(timeout_s)
            self._bell.clear()
            events = pygame.event.get()
        else:
            events = [pygame.event.wait(max(1, int(timeout_s * 1000))), *pygame.event.get()]
        found: list[Input] = []
        for event in events:
            if event.type == pygame.QUIT:
                found.append(Quit())
            elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP) and event.button == 1:
                found.append(Finger(event.pos[0], event.pos[1], event.type == pygame.MOUSEBUTTONDOWN))
            elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
                found.append(Stroke(pygame.key.name(event.key), event.type == pygame.KEYDOWN))
                if event.type == pygame.KEYDOWN and event.unicode:
                    found.append(Typed(event.unicode))
        return found

    def wake(self) -> None:
        """Let `wait` return; from any thread."""
        if self._bell is not None:
            self._bell.set()
            return
        try:
            self._pygame.event.post(self._pygame.event.Event(self._woken))
        except self._pygame.error:
            # the queue is full (it will wake anyway) or the window is closed
            return

    def show(self) -> None:
        """Put the drawn surface on the screen."""
        self._pygame.display.flip()

    def png(self) -> bytes:
        """The surface as it is now."""
        buffer = io.BytesIO()
        self._pygame.image.save(self.surface, buffer, "frame.png")
        return buffer.getvalue()

    def close(self) -> None:
        self._pygame.display.quit()


def _whole(driver: str) -> Surface:
    """The whole monitor. On Wayland SDL makes a window anew when it gets its surface: only then it can be made full."""
    import pygame

    if driver != "wayland":
        return pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
    window = pygame.display.set_mode(pygame.display.get_desktop_sizes()[0])
    pygame.display.toggle_fullscreen()
    return pygame.display.get_surface() or window
