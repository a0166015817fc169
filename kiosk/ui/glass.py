"""What stands on the glass: the last frame, what can be touched on it, and which choice is at hand by other means."""

from __future__ import annotations

from dataclasses import replace

from kiosk import flow
from kiosk.ui import ring, screens
from kiosk.ui.canvas import Target
from kiosk.ui.service_cards import Choice
from kiosk.ui.window import Window

MOST_PAGES = 12


class Glass:
    """Draws a frame only when anything on it has changed. `pressed` is the action whose target is under the finger,
    `targets` all that can be touched."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.targets: list[Target] = []
        self._drawn: object = None
        self._png: bytes | None = None
        self._turned = 0
        self.pressed: object = None

    def forget(self) -> None:
        """Draw the next frame whatever it is."""
        self._drawn = None

    def hit(self, x: int, y: int) -> object:
        """The action of what is at these pixels, the uppermost; None where nothing can be touched."""
        return next((target.action for target in reversed(self.targets) if target.rect.collidepoint(x, y)), None)

    def png(self) -> bytes:
        """The frame that stands there."""
        self._png = self._png or self._window.png()
        return self._png

    def draw(self, state: flow.State, view: screens.View, focus: object) -> flow.TurnPage | None:
        """Show the frame with a ring around `focus`, the choice at hand; or the page to turn to, on which it may be."""
        frame = (replace(state, now=0.0, since=0.0, orders=(), begun=()), view, self.pressed, focus)
        if frame == self._drawn:
            return None
        self.targets = screens.draw(self._window.surface, state, view, self.pressed)
        turn = self._page_of(focus)
        if turn is None:
            self._window.show()
            self._drawn, self._png, self._turned = frame, None, 0
        return turn

    def _page_of(self, focus: object) -> flow.TurnPage | None:
        """Ring what is at hand; None when that is done, or when it stands on no page."""
        if focus is None or ring.draw(self._window.surface, self.targets, focus):
            return None
        turn = next((one.action for one in self.targets if isinstance(one.action, flow.TurnPage)), None)
        self._turned += 1
        searched = isinstance(focus, Choice | flow.OpenGroup) and self._turned <= MOST_PAGES
        return turn if searched else None
