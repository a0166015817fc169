"""Layouts as scene classes, chosen by name."""

from __future__ import annotations

from collections.abc import Callable

from display.scenes.call import CallScene
from display.scenes.counter import CounterScene
from display.scenes.list import ListScene
from display.scenes.scene import Scene
from display.scenes.split import SplitScene
from display.scenes.totem import TotemScene
from display.scenes.zone import ZoneScene

SCENES: dict[str, Callable[[], Scene]] = {
    "call": CallScene,
    "list": ListScene,
    "split": SplitScene,
    "zone": ZoneScene,
    "counter": CounterScene,
    "totem": TotemScene,
}
DEFAULT = "list"


def scene(layout: str) -> Scene:
    """The scene of that name; the default one for a name that this version does not have."""
    return SCENES.get(layout, SCENES[DEFAULT])()
